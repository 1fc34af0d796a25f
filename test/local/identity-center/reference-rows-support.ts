import { type SimulatorSettings } from '../../../local/identity-center/settings';
import { createTestWorld, INSTANCE, MANAGEMENT, ORGANIZATION, type Output, type TestWorld } from './support';

/** What the tests of the reference's rows have in common: one test for each question about the behaviour of the service. */

export const PROD = '333333333333';
export const DEV = '444444444444';
export const CLOSED = '555555555555';
export const ALICE = 'aaaaaaaa-0000-4000-8000-000000000001';
export const OPERATORS = 'bbbbbbbb-0000-4000-8000-000000000002';

/** An administrator of the delegated administrator's account, as messages name it. */
export const DELEGATE = 'arn:aws:sts::222222222222:assumed-role/IdentityCenterAdministrator/anonymous';

/** Word for word: programs match on it. */
export const CONFLICT = {
  code: 'ConflictException',
  statusCode: 400,
  message: 'There is a conflicting operation in process.',
};

/** One second for everything, so that it is known what is under way. */
export const QUICK = {
  createLatency: { kind: 'fixed', seconds: 1 },
  deleteLatency: { kind: 'fixed', seconds: 1 },
  provisionLatency: { kind: 'fixed', seconds: 1 },
  provisionLatencyPerAccount: { kind: 'fixed', seconds: 0 },
  requestsPerSecond: 'unlimited',
} as const satisfies Partial<SimulatorSettings>;

/** Whose, and where: prod gets nothing from the organization file. */
export const ALICE_IN_PROD = { account: 'prod', permissionSet: 'ReadOnly', user: 'alice' };
export const BOB_IN_DEV = { account: 'dev', permissionSet: 'ReadOnly', user: 'bob' };

/** A world with a caller ("narrow") whose role in the management account IAM lets do nothing. */
export function worldWithNarrowCaller(): TestWorld {
  const narrow = {
    accessKeyId: 'narrow',
    secretAccessKey: 's',
    roleArn: `arn:aws:iam::${MANAGEMENT}:role/Narrow`,
    sessionName: 'night',
    iamInManagementAccount: 'denied',
  } as const;
  return createTestWorld(QUICK, 1, { ...ORGANIZATION, callers: [...ORGANIZATION.callers, narrow] });
}

/** A call about one permission set. */
export function ofSet(
  { call }: TestWorld,
  permissionSetArn: string,
  operation: string,
  input: Output = {},
): Promise<Output> {
  return call(operation, { InstanceArn: INSTANCE, PermissionSetArn: permissionSetArn, ...input });
}

/** Accounts whose role of the set is up to date, or is not. */
export async function provisionedAccounts(
  world: TestWorld,
  permissionSetArn: string,
  status: 'LATEST_PERMISSION_SET_PROVISIONED' | 'LATEST_PERMISSION_SET_NOT_PROVISIONED',
): Promise<unknown> {
  const { AccountIds: ids } = await ofSet(
    world,
    permissionSetArn,
    'ListAccountsForProvisionedPermissionSet',
    { ProvisioningStatus: status },
  );
  return ids;
}
