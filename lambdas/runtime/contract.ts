/**
 * Names that the infrastructure sets and the functions read: one place, read by both sides.
 */
export const Environment = {
  /** Name of the ledger table. */
  ledgerTable: 'LEDGER_TABLE',
  /** ARN of the access-request state machine. */
  accessRequestMachine: 'ACCESS_REQUEST_MACHINE_ARN',
  /** ARN of the dispatcher state machine. */
  dispatcherMachine: 'DISPATCHER_MACHINE_ARN',
  /** ARN of the permission-set-rollout state machine. */
  rolloutMachine: 'ROLLOUT_MACHINE_ARN',
  /** ARN of the account-baseline state machine. */
  baselineMachine: 'BASELINE_MACHINE_ARN',
  /** ARN of the reconcile state machine. */
  reconcileMachine: 'RECONCILE_MACHINE_ARN',
  /** Name of Latchkey's own event bus. */
  eventBus: 'EVENT_BUS_NAME',
  /** The settings (core/settings) as JSON. */
  settings: 'LATCHKEY_SETTINGS',
  /** Path of the compiled access definitions (`access.json`), in a layer. */
  accessFile: 'ACCESS_FILE',
  /** Path of the compiled permission set definitions (`permission-sets.json`), in the same layer. */
  permissionSetsFile: 'PERMISSION_SETS_FILE',
  /** Path of the compiled baselines (`baselines.json`), in the same layer. */
  baselinesFile: 'BASELINES_FILE',
} as const;

/** Keys and indexes of the ledger table. Sparse: an item is in an index while it has the index's two attributes. */
export const LedgerTable = {
  partitionKey: 'pk',
  sortKey: 'sk',
  indexes: {
    /** Operations: open ones, and waiting ones by class, not before and rank. */
    work: { name: 'work', partitionKey: 'workPartition', sortKey: 'workSort' },
    /** Items to look at again, by instant. */
    looks: { name: 'looks', partitionKey: 'lookPartition', sortKey: 'lookSort' },
    /** Requests by status and time. */
    requests: { name: 'requests', partitionKey: 'statusPartition', sortKey: 'statusSort' },
    /** Requests (and later assignments) by principal or ticket. */
    finder: { name: 'finder', partitionKey: 'finderPartition', sortKey: 'finderSort' },
  },
} as const;

/** File names inside the layer that carries the access definitions; `/opt` is where Lambda mounts layers. */
export const ACCESS_FILE_IN_LAYER = '/opt/access.json';

/** See {@link ACCESS_FILE_IN_LAYER}. */
export const PERMISSION_SETS_FILE_IN_LAYER = '/opt/permission-sets.json';

/** See {@link ACCESS_FILE_IN_LAYER}. */
export const BASELINES_FILE_IN_LAYER = '/opt/baselines.json';

/**
 * Namespace and service of metrics and logs. Every metric of Latchkey has the dimension `service` with this value; measures
 * (core/ports/observer.ts) have their own dimensions beside it.
 */
export const OBSERVABILITY = { namespace: 'Latchkey', service: 'latchkey' } as const;

/** What a sweep notes when it came to its end. An alarm waits for the metric of that name, so it is written here once. */
export const SWEEP_SUCCEEDED = 'sweep succeeded';

/** The metric that counts log lines of one name: `operation settled` → `OperationSettled`. */
export function metricName(what: string): string {
  return what
    .split(/[^A-Za-z]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** Names of topic and alarms: fixed, since the runbook, the key's policy and the topic's name them. All begin with `latchkey-`. */
export const ALARM_TOPIC_NAME = 'latchkey-alarms';

/** See {@link ALARM_TOPIC_NAME}. */
export const ALARM_NAMES = {
  overdueRevoke: 'latchkey-overdue-revoke',
  sweepScheduleDeadLetters: 'latchkey-dead-letters-sweep-schedule',
  sweepDeadLetters: 'latchkey-dead-letters-sweep',
  resultDeadLetters: 'latchkey-dead-letters-results',
  dispatcherFailed: 'latchkey-dispatcher-failed',
  dispatcherTimedOut: 'latchkey-dispatcher-timed-out',
  dispatcherAborted: 'latchkey-dispatcher-aborted',
  passesFail: 'latchkey-passes-fail',
  noSweep: 'latchkey-no-sweep',
  rolloutFailed: 'latchkey-rollout-failed',
  permissionSetsFailed: 'latchkey-permission-sets-failed',
  rolloutDeadLetters: 'latchkey-dead-letters-rollout',
  deployRuleDeadLetters: 'latchkey-dead-letters-deploy-rule',
  changeRuleDeadLetters: 'latchkey-dead-letters-change-rules',
  changeDeadLetters: 'latchkey-dead-letters-changes',
  organizationBusDeadLetters: 'latchkey-dead-letters-organization-bus',
  baselineFailed: 'latchkey-baseline-failed',
  reconcileFailed: 'latchkey-reconcile-failed',
  endingsHeld: 'latchkey-endings-held',
  unknownAssignments: 'latchkey-unknown-assignments',
} as const;

/** Physical names of the state machines: fixed, since functions name them and they name functions. */
export const STATE_MACHINE_NAMES = {
  accessRequest: 'latchkey-access-request',
  dispatcher: 'latchkey-dispatcher',
  rollout: 'latchkey-permission-set-rollout',
  baseline: 'latchkey-account-baseline',
  reconcile: 'latchkey-reconcile',
} as const;

/** Name of the bus that carries result events, and the `source` of everything on it. */
export const EVENT_BUS = { name: 'latchkey', source: 'latchkey' } as const;
