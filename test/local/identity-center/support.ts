import { AwsError, type JsonService } from '../../../local/aws-api/json-service';
import type { LocalClock } from '../../../local/clock/local-clock';
import { createSeededRandom, uuidFrom } from '../../../local/clock/seeded-random';
import { createLocalClock } from '../../../local/clock/virtual-clock';
import type { NamedAssignment } from '../../../local/identity-center/names';
import type { Organization } from '../../../local/identity-center/organization';
import { readOrganization } from '../../../local/identity-center/organization-file';
import { IDENTITY_STORE_INPUTS } from '../../../local/identity-center/identity-store-inputs';
import { ORGANIZATIONS_INPUTS } from '../../../local/identity-center/organizations-inputs';
import type { SimulatorSettings } from '../../../local/identity-center/settings';
import { createSimulator, type Simulator } from '../../../local/identity-center/simulator';

/** An instant to start at, with milliseconds, so that a lost fraction shows. */
export const START = Date.UTC(2026, 10, 24, 8, 0, 0, 125);

export const MANAGEMENT = '111111111111';
export const HOST = '222222222222';
export const INSTANCE = 'arn:aws:sso:::instance/ssoins-1111222233334444';
export const STORE = 'd-1234567890';
export const UNKNOWN_ID = '00000000-0000-4000-8000-00000000dead';

const set = (digit: number): string =>
  `arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-000000000000000${digit}`;
export const READ_ONLY = set(1);
export const POWER_USER = set(2);
export const BREAK_GLASS = set(3);
export const UNKNOWN_SET = set(9);

/** A small organization: enough of each kind to tell things apart. */
export const ORGANIZATION_YAML = `
instance: { arn: "${INSTANCE}", identityStoreId: ${STORE}, region: eu-west-1, name: test }
organization: { id: o-abcdefghij, rootId: r-ab12, managementAccount: "${MANAGEMENT}", delegatedAdministrator: "${HOST}" }
organizationalUnits:
  - { path: Workloads, id: ou-ab12-workload }
accounts:
  - { id: "${MANAGEMENT}", name: management, email: m@example.com }
  - { id: "${HOST}", name: host, email: h@example.com, ou: Security }
  - { id: "333333333333", name: prod, email: p@example.com, ou: Workloads/Prod, tags: { environment: prod, owner: a } }
  - { id: "444444444444", name: dev, email: d@example.com, ou: Workloads/Dev }
  - { id: "555555555555", name: closed, email: c@example.com, ou: Workloads, state: SUSPENDED }
users:
  - { id: aaaaaaaa-0000-4000-8000-000000000001, userName: alice, displayName: Alice, emails: [alice@example.com, shared@example.com] }
  - { id: aaaaaaaa-0000-4000-8000-000000000002, userName: bob, displayName: Bob, emails: [bob@example.com, shared@example.com] }
  - { id: aaaaaaaa-0000-4000-8000-000000000003, userName: zofia, displayName: Zofia Żółkiewska, status: DISABLED }
groups:
  - { id: bbbbbbbb-0000-4000-8000-000000000001, displayName: Developers, members: [alice, bob@example.com] }
  - { id: bbbbbbbb-0000-4000-8000-000000000002, displayName: Operators, description: On call, members: [bob] }
permissionSets:
  - { name: ReadOnly, arn: "${READ_ONLY}", description: Look, sessionDuration: PT4H, tags: { risk: low } }
  - { name: PowerUser, arn: "${POWER_USER}", relayState: "https://example.com/" }
  - { name: BreakGlass, arn: "${BREAK_GLASS}" }
assignments:
  - { account: dev, permissionSet: ReadOnly, user: bob }
  - { account: dev, permissionSet: ReadOnly, group: Developers }
  - { account: management, permissionSet: BreakGlass, group: Operators }
callers:
  - { accessKeyId: desk, secretAccessKey: s, roleArn: "arn:aws:iam::${HOST}:role/team/ServiceDesk", sessionName: night-shift }
  - { accessKeyId: root, secretAccessKey: s, roleArn: "arn:aws:iam::${MANAGEMENT}:role/Admin" }
  - { accessKeyId: member, secretAccessKey: s, roleArn: "arn:aws:iam::333333333333:role/App" }
`;

export const ORGANIZATION: Organization = readOrganization(ORGANIZATION_YAML, 'test.yaml');

export type Output = Readonly<Record<string, unknown>>;

/** A simulator on a manual clock, and short ways to call it. */
export interface TestWorld {
  readonly simulator: Simulator;
  readonly clock: LocalClock;
  /** Calls an operation; `as` is an access key. */
  call(operation: string, input?: Output, as?: string): Promise<Output>;
  /** Starts a create or delete and answers its request id. */
  start(kind: 'create' | 'delete', named: NamedAssignment | Output, as?: string): Promise<string>;
  /** Starts a provision of a permission set, in one account or in all that have it, and answers its request id. */
  provision(permissionSetArn: string, accountId?: string, as?: string): Promise<string>;
  /** What Describe says of an operation. */
  status(kind: 'create' | 'delete' | 'provision', requestId: string): Promise<Output>;
  /** `account/permission set/principal` of each assignment that exists. */
  rows(): string[];
  /** Moves time by seconds. */
  pass(seconds: number): Promise<void>;
}

/** Which service has which operations; Identity Center has all others. */
const TABLES: readonly (readonly [string, object])[] = [
  ['AWSIdentityStore', IDENTITY_STORE_INPUTS],
  ['AWSOrganizationsV20161128', ORGANIZATIONS_INPUTS],
];

/** The service that has the operation; two have tags, and name what has them differently. */
export function serviceFor(
  services: readonly JsonService[],
  operation: string,
  input: Output = {},
): JsonService {
  const named = TABLES.find(([, operations]) => Object.hasOwn(operations, operation))?.[0];
  const prefix = 'ResourceArn' in input || named === undefined ? 'SWBExternalService' : named;
  const service = services.find(({ targetPrefix }) => targetPrefix === prefix);
  if (service === undefined) throw new Error(`no service has the prefix ${prefix}`);
  return service;
}

/** The input of a create or delete call, for names in {@link ORGANIZATION}. */
export function assignmentInput(named: NamedAssignment, world = createTestWorld().simulator.world): Output {
  const { accountId, permissionSetArn, principalType, principalId } = world.resolve(named);
  return {
    InstanceArn: INSTANCE,
    TargetId: accountId,
    TargetType: 'AWS_ACCOUNT',
    PermissionSetArn: permissionSetArn,
    PrincipalType: principalType,
    PrincipalId: principalId,
  };
}

export function createTestWorld(
  settings: Partial<SimulatorSettings> = {},
  seed = 1,
  organization = ORGANIZATION,
): TestWorld {
  const clock = createLocalClock({ mode: 'manual', startAt: START });
  const ids = createSeededRandom(seed + 1000);
  const simulator = createSimulator({
    organization,
    clock,
    random: createSeededRandom(seed),
    eventRandom: createSeededRandom(seed + 2000),
    settings,
  });
  const call: TestWorld['call'] = (operation, input = {}, as) =>
    serviceFor(simulator.services, operation, input).call({
      operation,
      input,
      requestId: uuidFrom(ids),
      ...(as === undefined ? {} : { accessKeyId: as }),
    });
  const member = { create: 'Creation', delete: 'Deletion' } as const;
  return {
    simulator,
    clock,
    call,
    async start(kind, named, as) {
      const input =
        'account' in named ? assignmentInput(named as unknown as NamedAssignment, simulator.world) : named;
      const operation = kind === 'create' ? 'CreateAccountAssignment' : 'DeleteAccountAssignment';
      const output = await call(operation, input, as);
      return (output[`AccountAssignment${member[kind]}Status`] as { RequestId: string }).RequestId;
    },
    async provision(permissionSetArn, accountId, as) {
      const target =
        accountId === undefined
          ? { TargetType: 'ALL_PROVISIONED_ACCOUNTS' }
          : { TargetType: 'AWS_ACCOUNT', TargetId: accountId };
      const input = { InstanceArn: INSTANCE, PermissionSetArn: permissionSetArn, ...target };
      const output = await call('ProvisionPermissionSet', input, as);
      return (output.PermissionSetProvisioningStatus as { RequestId: string }).RequestId;
    },
    async status(kind, requestId) {
      if (kind === 'provision') {
        const answer = await call('DescribePermissionSetProvisioningStatus', {
          InstanceArn: INSTANCE,
          ProvisionPermissionSetRequestId: requestId,
        });
        return answer.PermissionSetProvisioningStatus as Output;
      }
      const name = `AccountAssignment${member[kind]}`;
      const output = await call(`Describe${name}Status`, {
        InstanceArn: INSTANCE,
        [`${name}RequestId`]: requestId,
      });
      return output[`${name}Status`] as Output;
    },
    rows: () =>
      simulator
        .assignments()
        .map((row) =>
          [row.accountName, row.permissionSetName, row.principalName ?? row.principalId].join('/'),
        ),
    pass: (seconds) => clock.advance(seconds * 1000),
  };
}

/** The error that a call was refused with; fails if it was not. */
export async function refusal(call: Promise<unknown>): Promise<AwsError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
  throw new Error('expected the call to be refused, but it was answered');
}

/** Starts an operation, lets it end within a second, and answers how. */
export async function ended(
  world: TestWorld,
  kind: 'create' | 'delete' | 'provision',
  start: Promise<string>,
): Promise<Output> {
  const requestId = await start;
  await world.pass(1);
  const { Status: status, FailureReason: reason } = await world.status(kind, requestId);
  return { status, ...(reason === undefined ? {} : { reason }) };
}
