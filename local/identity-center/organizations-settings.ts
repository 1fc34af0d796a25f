import { NO_LATENCY, type LatencyModel } from './latency';

/** What can be chosen about Organizations. */
export interface OrganizationsSettings {
  /**
   * Whether the rates of Organizations hold that its documentation gives by operation.
   * @default 'as-documented'
   */
  readonly organizationsRates: 'as-documented' | 'unlimited';

  /**
   * Calls a second, and as many at once, of each Organizations operation that the rates above leave out.
   * @default 'unlimited'
   */
  readonly otherOrganizationsRate: number | 'unlimited';

  /**
   * How long a `CreateAccount` is under way.
   * @default uniform, 3 to 30 s
   */
  readonly accountCreationLatency: LatencyModel;

  /**
   * How long a new account is `PENDING_ACTIVATION` before it is `ACTIVE`.
   * @default none
   */
  readonly accountActivationLatency: LatencyModel;

  /**
   * Account creations that may be under way at a time.
   * @default 5
   */
  readonly concurrentAccountCreations: number | 'unlimited';

  /**
   * How one creation too many is refused.
   * @default 'too-many-requests'
   */
  readonly tooManyAccountCreations: 'too-many-requests' | 'constraint-violation';

  /**
   * Accounts that the organization may have, those that are closed for less than ninety days too.
   * @default 'unlimited': the service's own default of 10 is raised for everybody who has more
   */
  readonly organizationAccounts: number | 'unlimited';

  /**
   * How long a closed account is `PENDING_CLOSURE` before it is `SUSPENDED`.
   * @default uniform, 60 to 300 s
   */
  readonly accountClosureLatency: LatencyModel;

  /**
   * Account closures that may be under way at a time.
   * @default 3
   */
  readonly concurrentAccountClosures: number | 'unlimited';

  /**
   * For how many days a closed account is `SUSPENDED` before it is `CLOSED`.
   * @default 90
   */
  readonly suspendedDays: number | 'unlimited';

  /**
   * How many days old a created account must be before it can be removed from the organization.
   * @default 7
   */
  readonly removableAfterDays: number;

  /**
   * Whether member accounts have what an account outside an organization needs; without it they cannot be removed.
   * @default 'complete'
   */
  readonly standaloneInformation: 'complete' | 'missing';

  /**
   * Whether Organizations still answers an account's retired `Status` beside its `State`.
   * @default 'omitted'
   */
  readonly accountStatus: 'omitted' | 'present';
}

export const DEFAULT_ORGANIZATIONS_SETTINGS: OrganizationsSettings = {
  organizationsRates: 'as-documented',
  otherOrganizationsRate: 'unlimited',
  accountCreationLatency: { kind: 'uniform', from: 3, to: 30 },
  accountActivationLatency: NO_LATENCY,
  concurrentAccountCreations: 5,
  tooManyAccountCreations: 'too-many-requests',
  organizationAccounts: 'unlimited',
  accountClosureLatency: { kind: 'uniform', from: 60, to: 300 },
  concurrentAccountClosures: 3,
  suspendedDays: 90,
  removableAfterDays: 7,
  standaloneInformation: 'complete',
  accountStatus: 'omitted',
};
