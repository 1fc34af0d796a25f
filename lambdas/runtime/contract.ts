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
  /** Name of Latchkey's own event bus. */
  eventBus: 'EVENT_BUS_NAME',
  /** The settings (core/settings) as JSON. */
  settings: 'LATCHKEY_SETTINGS',
  /** Path of the compiled access definitions (`access.json`), in a layer. */
  accessFile: 'ACCESS_FILE',
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

/** Namespace and service of metrics and logs. */
export const OBSERVABILITY = { namespace: 'Latchkey', service: 'latchkey' } as const;

/** Physical names of the state machines: fixed, since functions name them and they name functions. */
export const STATE_MACHINE_NAMES = {
  accessRequest: 'latchkey-access-request',
  dispatcher: 'latchkey-dispatcher',
} as const;

/** Name of the bus that carries result events, and the `source` of everything on it. */
export const EVENT_BUS = { name: 'latchkey', source: 'latchkey' } as const;
