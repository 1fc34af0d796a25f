import { NO_LATENCY, type LatencyModel } from '../latency';

/** What can be chosen about the events of the simulated services. */
export interface EventSettings {
  /**
   * How long after what it tells an event reaches EventBridge: its `time` is later than its `eventTime` by this.
   * @default uniform, 5 to 30 s: 17 s were seen, and minutes are usual where CloudTrail is busy
   */
  readonly eventLag: LatencyModel;

  /**
   * Which share of the events never arrives: delivery by way of CloudTrail is "best effort".
   * @default 0
   */
  readonly eventLoss: number;

  /**
   * Which share of the events arrives twice.
   * @default 0
   */
  readonly eventDuplicates: number;

  /**
   * How much later still each delivery is, drawn for each by itself: the wider this is, the less is left of the order. The
   * event's `time` does not tell it.
   * @default none
   */
  readonly eventDisorder: LatencyModel;

  /**
   * Where the calls of Identity Center and the Identity Store are told: in the account that called, or also in the management
   * account, which owns the instance.
   * @default 'caller'
   */
  readonly identityCenterEventAccounts: 'caller' | 'caller-and-instance-owner';

  /**
   * What the console's edits of assignments are called in their events: as the API's calls, or by the console's own older
   * names, which tell the permission set by another id and no account.
   * @default 'api'
   */
  readonly consoleAssignmentEvents: 'api' | 'console';

  /**
   * Whether the accounts that are created come from AWS Control Tower's Account Factory, which tells `CreateManagedAccount`
   * some time after an account was created and moved to its unit.
   * @default 'none'
   */
  readonly accountFactory: 'none' | 'control-tower';

  /**
   * How long after that move.
   * @default uniform, 600 to 1200 s
   */
  readonly accountFactoryLatency: LatencyModel;
}

export const DEFAULT_EVENT_SETTINGS: EventSettings = {
  eventLag: { kind: 'uniform', from: 5, to: 30 },
  eventLoss: 0,
  eventDuplicates: 0,
  eventDisorder: NO_LATENCY,
  identityCenterEventAccounts: 'caller',
  consoleAssignmentEvents: 'api',
  accountFactory: 'none',
  accountFactoryLatency: { kind: 'uniform', from: 600, to: 1200 },
};
