import type { Random } from '../../core/ports/random';
import type { JsonService } from '../aws-api/json-service';
import type { LocalClock } from '../clock/local-clock';
import { Faults, type FaultRule } from './faults';
import { ASYNCHRONOUS_OPERATIONS, IDENTITY_CENTER_INPUTS } from './identity-center-inputs';
import { IdentityCenterService } from './identity-center-service';
import { IDENTITY_STORE_INPUTS } from './identity-store-inputs';
import { IdentityStoreService } from './identity-store-service';
import { drawLatency } from './latency';
import { Listeners, type CallEvent, type OperationEvent } from './listeners';
import { OperationEngine, type AdminOperation } from './operation-engine';
import type { AccountState, Assignment, Organization } from './organization';
import { ORGANIZATIONS_INPUTS } from './organizations-inputs';
import { OrganizationsService } from './organizations-service';
import { DEFAULT_SETTINGS, type SimulatorSettings } from './settings';
import { World } from './world';

/** What a simulator is made from. */
export interface SimulatorOptions {
  readonly organization: Organization;
  readonly clock: LocalClock;
  readonly random: Random;
  /** @default {@link DEFAULT_SETTINGS}, each by itself */
  readonly settings?: Partial<SimulatorSettings>;
}

/** An assignment with the names that people know; a name is missing for what the organization does not have (an orphan). */
export interface AssignmentRow extends Assignment {
  readonly accountName?: string;
  readonly permissionSetName?: string;
  /** The user name, or the display name of the group. */
  readonly principalName?: string;
}

/** Identity Center, its Identity Store and the organization around it, as one thing to start, watch and tamper with. */
export interface Simulator {
  /** For the HTTP front: Identity Center, Identity Store, Organizations. */
  readonly services: readonly JsonService[];
  readonly world: World;
  readonly settings: SimulatorSettings;
  readonly faults: Faults;

  /** The assignments that exist, oldest first, whatever lists show. */
  assignments(): readonly AssignmentRow[];
  /** As somebody would in the console, at once and without a trace in the statuses; false if it was there already. */
  addAssignmentByHand(assignment: Assignment): boolean;
  /** As somebody would in the console; false if it was not there. */
  removeAssignmentByHand(assignment: Assignment): boolean;
  /** @throws Error for an account that is not in the organization */
  setAccountState(accountId: string, state: AccountState): void;
  /** Calls so far by `<service>:<Operation>` as IAM names actions, such as `sso:CreateAccountAssignment`; refused ones too. */
  counts(): Readonly<Record<string, number>>;
  /** Short for a fault of the next call of the operation (or of the next `times`). */
  failNext(rule: Omit<FaultRule, 'times'> & { readonly times?: number }): void;
  /** Hears of each asynchronous operation at its acceptance and at its end. Answers the end of the subscription. */
  onOperation(listener: (event: OperationEvent) => void): () => void;
  /** Hears of each call when it is answered. Answers the end of the subscription. */
  onCall(listener: (event: CallEvent) => void): () => void;
}

/** Adds the names to an assignment's ids. */
function rowOf(world: World, assignment: Assignment): AssignmentRow {
  const { accountId, permissionSetArn, principalType, principalId } = assignment;
  const accountName = world.account(accountId)?.name;
  const permissionSetName = world.permissionSet(permissionSetArn)?.name;
  const principalName =
    principalType === 'USER' ? world.user(principalId)?.userName : world.group(principalId)?.displayName;
  return {
    ...assignment,
    ...(accountName === undefined ? {} : { accountName }),
    ...(permissionSetName === undefined ? {} : { permissionSetName }),
    ...(principalName === undefined ? {} : { principalName }),
  };
}

function operationEvent(world: World, operation: AdminOperation): OperationEvent {
  const { kind, requestId, status, failureReason, createdAt, endedAt } = operation;
  const row = rowOf(world, operation.assignment);
  const named = <T extends object>(thing: T, name: string | undefined): T & { name?: string } =>
    name === undefined ? thing : { ...thing, name };
  return {
    kind,
    requestId,
    status,
    ...(failureReason === undefined ? {} : { failureReason }),
    account: named({ id: row.accountId }, row.accountName),
    permissionSet: named({ arn: row.permissionSetArn }, row.permissionSetName),
    principal: named({ type: row.principalType, id: row.principalId }, row.principalName),
    at: endedAt ?? createdAt,
  };
}

/** Makes a simulator. The same organization, settings, seed and calls give the same run. */
export function createSimulator({
  organization,
  clock,
  random,
  settings: chosen = {},
}: SimulatorOptions): Simulator {
  const settings: SimulatorSettings = { ...DEFAULT_SETTINGS, ...chosen };
  const now = (): number => clock.now();
  const world = new World({
    organization,
    now,
    random,
    drawListLag: () => drawLatency(settings.listLag, random),
  });
  const calls = new Listeners<CallEvent>();
  const operations = new Listeners<OperationEvent>();
  const inputs = [IDENTITY_CENTER_INPUTS, IDENTITY_STORE_INPUTS, ORGANIZATIONS_INPUTS];
  const faults = new Faults(
    inputs.flatMap((table) => Object.keys(table)),
    ASYNCHRONOUS_OPERATIONS,
  );
  const engine = new OperationEngine({
    clock,
    random,
    settings,
    onChange: (operation) => {
      operations.tell(operationEvent(world, operation));
    },
  });
  const counts = new Map<string, number>();
  calls.add(({ service, operation }) => {
    const name = `${service}:${operation}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  });
  const environment = { world, engine, settings, faults, calls, now };

  return {
    services: [
      new IdentityCenterService(environment),
      new IdentityStoreService(environment),
      new OrganizationsService(environment),
    ],
    world,
    settings,
    faults,
    assignments: () => world.assignments.rows().map((assignment) => rowOf(world, assignment)),
    addAssignmentByHand: (assignment) => world.grant(assignment),
    removeAssignmentByHand: (assignment) => world.withdraw(assignment),
    setAccountState: (accountId, state) => {
      world.setAccountState(accountId, state);
    },
    counts: () => Object.fromEntries(counts),
    failNext: (rule) => {
      faults.add({ times: 1, ...rule });
    },
    onOperation: (listener) => operations.add(listener),
    onCall: (listener) => calls.add(listener),
  };
}
