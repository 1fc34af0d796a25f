import type { Random } from '../../core/ports/random';
import type { JsonService } from '../aws-api/json-service';
import type { LocalClock } from '../clock/local-clock';
import { createSeededRandom, uuidFrom } from '../clock/seeded-random';
import type { EventEnvelope } from '../events/event-envelope';
import { setUpControlTower, type ControlTowerAccounts, type ControlTowerSetup } from './control-tower';
import { CloudEvents } from './events/cloud-events';
import type { ManagedAccountEvent } from './events/control-tower-drafts';
import type { EmittedEvent } from './events/event-emitter';
import { Faults, type FaultEffect } from './faults';
import { ASYNCHRONOUS_OPERATIONS, IDENTITY_CENTER_INPUTS } from './identity-center-inputs';
import { IdentityCenterService } from './identity-center-service';
import { IDENTITY_STORE_INPUTS } from './identity-store-inputs';
import { IdentityStoreService } from './identity-store-service';
import { drawLatency } from './latency';
import { Listeners, type CallEvent, type OperationEvent, type OrganizationChange } from './listeners';
import { OperationEngine } from './operation-engine';
import {
  operationView,
  progressOf,
  rowOf,
  subjectView,
  type AssignmentRow,
  type OperationView,
} from './operation-views';
import type { AdminOperation } from './operations';
import type { AccountState, Assignment, Caller, Organization, PermissionSet, User } from './organization';
import { ORGANIZATIONS_INPUTS } from './organizations-inputs';
import { OrganizationsService } from './organizations-service';
import { DEFAULT_SETTINGS, type SimulatorSettings } from './settings';
import type { VersionedPermissionSet } from './permission-set-table';
import { World } from './world';

/** What a simulator is made from. */
export interface SimulatorOptions {
  readonly organization: Organization;
  /** Who is known by an access key beside those of the organization; no export has them. @default - nobody */
  readonly callers?: readonly Caller[];
  readonly clock: LocalClock;
  readonly random: Random;
  /** Of the events alone, so that what is drawn for them changes nothing else. @default - seeded with 1 */
  readonly eventRandom?: Random;
  /** @default {@link DEFAULT_SETTINGS}, each by itself */
  readonly settings?: Partial<SimulatorSettings>;
}

/** Identity Center, its Identity Store and the organization around it, as one thing to start, watch and tamper with. */
export interface Simulator {
  /** For the HTTP front: Identity Center, Identity Store, Organizations. */
  readonly services: readonly JsonService[];
  readonly world: World;
  /** As they are now. */
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
  /**
   * As somebody would in the console: no call can.
   * @throws Error for a user that is not in the directory
   */
  setUserStatus(userId: string, status: User['status']): void;
  /**
   * As an edit of the permission set would: its version grows, and accounts that have it stay at theirs.
   * @param change what is edited; nothing that shows unless given
   * @throws Error for a permission set that does not exist
   */
  changePermissionSet(arn: string, change?: (set: PermissionSet) => PermissionSet): VersionedPermissionSet;
  /** Makes the permission sets, groups and assignments that AWS Control Tower makes; no event tells of it. */
  setUpControlTower(accounts?: ControlTowerAccounts): ControlTowerSetup;
  /**
   * Changes settings for what is accepted from now on; operations under way keep the latency and the lags that they drew.
   * @throws Error for a rate that lets no call pass
   */
  changeSettings(change: Partial<SimulatorSettings>): void;
  /** Operations under way in the order of acceptance, and up to `recent` ended ones, the last to end first. */
  operations(recent: number): {
    readonly underWay: readonly OperationView[];
    readonly recent: readonly OperationView[];
  };
  /** Calls so far by `<service>:<Operation>` as IAM names actions, such as `sso:CreateAccountAssignment`; refused ones too. */
  counts(): Readonly<Record<string, number>>;
  /** Short for a fault of the next call of the operation (or of the next `times`). */
  failNext(rule: { readonly operation: string; readonly effect: FaultEffect; readonly times?: number }): void;
  /** Hears of each asynchronous operation at its acceptance and at its end. Answers the end of the subscription. */
  onOperation(listener: (event: OperationEvent) => void): () => void;
  /** Hears of each call when it is answered. Answers the end of the subscription. */
  onCall(listener: (event: CallEvent) => void): () => void;
  /** Hears of what becomes of accounts after the call that asked for it. Answers the end of the subscription. */
  onOrganizationChange(listener: (change: OrganizationChange) => void): () => void;
  /**
   * Hears of each event that EventBridge has of these services, when it arrives there: late, and perhaps never, twice or out
   * of order. What is told while nobody listens is heard by nobody. Answers the end of the subscription.
   */
  onCloudEvent(listener: (event: EventEnvelope) => void): () => void;
  /** The last 200 of these events, oldest first; lost ones, and those that are still on their way, too. */
  cloudEvents(): readonly EmittedEvent[];
  /**
   * Tells that AWS Control Tower did something to an account just now.
   * @throws Error for an account that is not in the organization
   */
  controlTowerEvent(told: Pick<ManagedAccountEvent, 'event' | 'accountId' | 'state'>): void;
}

function operationEvent(world: World, operation: AdminOperation): OperationEvent {
  const { subject, createdAt, endedAt } = operation;
  return { ...subjectView(world, subject), ...progressOf(operation), at: endedAt ?? createdAt };
}

/** Makes a simulator. The same organization, settings, seed and calls give the same run. */
export function createSimulator({
  organization,
  callers = [],
  clock,
  random,
  eventRandom = createSeededRandom(1),
  settings: chosen = {},
}: SimulatorOptions): Simulator {
  // One object for all parts, which read it at each use: so a change reaches everywhere.
  const settings: SimulatorSettings = { ...DEFAULT_SETTINGS, ...chosen };
  const now = (): number => clock.now();
  const world = new World({
    organization,
    callers,
    now,
    random,
    drawListLag: () => drawLatency(settings.listLag, random),
  });
  const calls = new Listeners<CallEvent>();
  const operations = new Listeners<OperationEvent>();
  const changes = new Listeners<OrganizationChange>();
  const inputs = [IDENTITY_CENTER_INPUTS, IDENTITY_STORE_INPUTS, ORGANIZATIONS_INPUTS];
  const faults = new Faults({
    operations: inputs.flatMap((table) => Object.keys(table)),
    asynchronous: ASYNCHRONOUS_OPERATIONS,
    random,
  });
  const engine = new OperationEngine({
    clock,
    random,
    settings,
    onChange: (operation) => {
      if (!operations.isEmpty) operations.tell(operationEvent(world, operation));
    },
  });
  const counts = new Map<string, number>();
  calls.add(({ service, operation }) => {
    const name = `${service}:${operation}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  });
  const environment = { world, engine, clock, random, settings, faults, calls, changes, now };
  const identityCenter = new IdentityCenterService(environment);
  const events = new CloudEvents({ clock, random: eventRandom, settings, world, calls, changes });

  return {
    services: [identityCenter, new IdentityStoreService(environment), new OrganizationsService(environment)],
    world,
    settings,
    faults,
    assignments: () => world.assignments.rows().map((assignment) => rowOf(world, assignment)),
    addAssignmentByHand: (assignment) => {
      const isNew = world.grant(assignment);
      if (isNew) events.edited({ kind: 'assign', assignment });
      return isNew;
    },
    removeAssignmentByHand: (assignment) => {
      const wasThere = world.withdraw(assignment);
      if (wasThere) events.edited({ kind: 'unassign', assignment });
      return wasThere;
    },
    setAccountState: (accountId, state) => {
      world.setAccountState(accountId, state);
    },
    setUserStatus: (userId, status) => {
      world.setUserStatus(userId, status);
      events.edited({ kind: status === 'ENABLED' ? 'enable-user' : 'disable-user', userId });
    },
    setUpControlTower: (accounts) =>
      setUpControlTower(world, { newId: () => uuidFrom(random), now: now() }, accounts),
    changePermissionSet: (arn, change) => {
      const changed = world.sets.change(arn, change);
      events.edited({ kind: 'change-permission-set', arn });
      return changed;
    },
    changeSettings: (change) => {
      identityCenter.limitRate({ ...settings, ...change });
      Object.assign(settings, change);
    },
    operations: (recent) => operationsOf(world, engine, recent),
    counts: () => Object.fromEntries(counts),
    failNext: (rule) => {
      faults.add({ times: 1, ...rule });
    },
    onOperation: (listener) => operations.add(listener),
    onCall: (listener) => calls.add(listener),
    onOrganizationChange: (listener) => changes.add(listener),
    onCloudEvent: (listener) => events.emitter.onEvent(listener),
    cloudEvents: () => events.emitter.recent(),
    controlTowerEvent: (told) => {
      events.controlTower(told);
    },
  };
}

function operationsOf(
  world: World,
  { logs }: OperationEngine,
  recent: number,
): ReturnType<Simulator['operations']> {
  const all: AdminOperation[] = [
    ...logs.create.remembered(),
    ...logs.delete.remembered(),
    ...logs.provision.remembered(),
  ];
  all.sort((a, b) => a.sequence - b.sequence);
  const underWay = all.filter(({ endedAt }) => endedAt === undefined);
  const ended = all.filter(({ endedAt }) => endedAt !== undefined).reverse();
  ended.sort((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0));
  return {
    underWay: underWay.map((operation) => operationView(world, operation)),
    recent: ended.slice(0, recent).map((operation) => operationView(world, operation)),
  };
}
