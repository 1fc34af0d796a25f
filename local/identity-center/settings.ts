import { DEFAULT_EVENT_SETTINGS, type EventSettings } from './events/event-settings';
import { DEFAULT_IDENTITY_STORE_SETTINGS, type IdentityStoreSettings } from './identity-store-settings';
import { NO_LATENCY, type LatencyModel } from './latency';
import { DEFAULT_ORGANIZATIONS_SETTINGS, type OrganizationsSettings } from './organizations-settings';
import type { QuotaVintage } from './quotas';

/** Actions of IAM that were seen to be denied in the management account. */
export const MANAGEMENT_ACTIONS = [
  'iam:UpdateSAMLProvider',
  'iam:CreateSAMLProvider',
  'iam:ListRolePolicies',
  'iam:GetRole',
] as const;

/**
 * What can be chosen about the simulated service. Where its real behaviour is known, the default is that behaviour; where it
 * is only inferred, the default is the likelier one and a caller should be right under every value. SPEC.md names the
 * setting beside each rule.
 */
export interface SimulatorSettings extends IdentityStoreSettings, OrganizationsSettings, EventSettings {
  /**
   * How long a `CreateAccountAssignment` is under way after it was accepted.
   * @default uniform, 2 to 5 s
   */
  readonly createLatency: LatencyModel;

  /**
   * How long a `DeleteAccountAssignment` is under way after it was accepted.
   * @default uniform, 5 to 15 s
   */
  readonly deleteLatency: LatencyModel;

  /**
   * How long a `ProvisionPermissionSet` is under way for itself …
   * @default uniform, 2 to 5 s
   */
  readonly provisionLatency: LatencyModel;

  /**
   * … and for each account that it reaches, one after the other.
   * @default uniform, 1 to 2 s: dozens of accounts take minutes
   */
  readonly provisionLatencyPerAccount: LatencyModel;

  /**
   * Calls a second over all operations of the Identity Center admin API together; more are refused with `Rate exceeded`.
   * @default 20
   */
  readonly requestsPerSecond: number | 'unlimited';

  /**
   * How many calls may come at once after a quiet time (the size of the token bucket).
   * @default 20
   */
  readonly requestBurst: number;

  /**
   * Assignment operations that may be under way at a time.
   * @default 15
   */
  readonly outstandingAssignments: number | 'unlimited';

  /**
   * Which operations count as outstanding, and are refused when there are too many.
   * @default 'creates'
   */
  readonly outstandingCounts: 'creates' | 'creates-and-deletes';

  /**
   * Provisions that may be under way at a time.
   * @default 3
   */
  readonly outstandingProvisions: number | 'unlimited';

  /**
   * How one provision too many is refused: with the throttling text of too many outstanding operations, or as a conflict.
   * @default 'throttling'
   */
  readonly tooManyProvisions: 'throttling' | 'conflict';

  /**
   * Two operations under way conflict if they are on the same … A provision is on the permission set in every account that
   * it reaches, and on no assignment.
   * @default 'account-and-permission-set'
   */
  readonly conflictScope: 'account' | 'account-and-permission-set' | 'assignment';

  /**
   * Whether operations on one account run beside each other, or each one's latency begins when the one before it has ended.
   * The quota of one role update at a time is documented, but not whether an assignment to a role that exists is one.
   * @default 'parallel': the latencies above were seen from outside, so they have in them whatever waiting there is
   */
  readonly roleUpdatesPerAccount: 'parallel' | 'one-at-a-time';

  /**
   * What becomes of provisioning an account where the permission set has no role: it fails, or it makes the role.
   * @default 'fail'
   */
  readonly unassignedProvision: 'fail' | 'make-role';

  /**
   * How many accounts a provision of all accounts reaches; further ones stay as they are.
   * @default 3500
   */
  readonly provisionReach: number;

  /**
   * After what time the assignment lists show a change that succeeded.
   * @default none
   */
  readonly listLag: LatencyModel;

  /**
   * After what time `Describe…Status` knows an operation that was accepted; before it answers `ResourceNotFoundException`.
   * @default none
   */
  readonly describeLag: LatencyModel;

  /**
   * After what time `List…Status` shows an operation that was accepted.
   * @default none
   */
  readonly statusListLag: LatencyModel;

  /**
   * The order of `List…Status`.
   * @default 'newest-first'
   */
  readonly statusOrder: 'newest-first' | 'oldest-first';

  /**
   * Seconds after which an ended operation is forgotten by `Describe…Status` and `List…Status`.
   * @default 'unlimited'
   */
  readonly statusRetention: number | 'unlimited';

  /**
   * Whether a page has as many entries as it may, or fewer with a token for the rest, by chance; or some pages have none and a
   * token. For every list of all three services.
   * @default 'full'
   */
  readonly pages: 'full' | 'short' | 'sometimes-empty';

  /**
   * Which list operations leave an empty list's member out of the answer, instead of answering `[]`.
   * @default 'provisioned-sets': `ListPermissionSetsProvisionedToAccount` alone
   */
  readonly omitEmptyLists: 'never' | 'provisioned-sets' | 'always';

  /**
   * What `ListAccountAssignments` answers for a permission set that is not provisioned in the account.
   * @default 'empty'
   */
  readonly unprovisionedList: 'empty' | 'not-found';

  /**
   * What becomes of an operation on an account that is not `ACTIVE`: it fails at its end, or stays `IN_PROGRESS` for ever
   * and keeps its lock.
   * @default 'fail'
   */
  readonly inactiveAccount: 'fail' | 'hang';

  /**
   * The failure reason for an account outside the organization; `{account}` stands for its id.
   * @default a text of the service's kind, never observed
   */
  readonly unknownAccountReason: string;

  /**
   * Whether an account whose customer managed policies the organization file does not list has every policy, or none.
   * @default 'present'
   */
  readonly unlistedCustomerPolicies: 'present' | 'missing';

  /**
   * IAM roles that an account may have, unless the organization file says another number.
   * @default 1000
   */
  readonly roleQuota: number;

  /**
   * The failure reason for a role too many; `{account}` and `{quota}` stand for its id and the number.
   * @default a text of the service's kind, never observed
   */
  readonly roleQuotaReason: string;

  /**
   * The same for a permission set too many in the account.
   * @default a text of the service's kind, never observed
   */
  readonly setsPerAccountReason: string;

  /**
   * Managed policies that IAM lets one role have, unless the organization file says another number for the account. IAM's own
   * default is 10.
   * @default 'unlimited': raised in every account
   */
  readonly policiesPerRole: number | 'unlimited';

  /**
   * The failure reason for a role with more policies than that, with `{account}` and `{quota}`.
   * @default a text of the service's kind, never observed
   */
  readonly policiesPerRoleReason: string;

  /**
   * What becomes of a create for one group too many in a place: it is accepted and fails, or it is refused at once with
   * `ServiceQuotaExceededException`.
   * @default 'fails'
   */
  readonly groupOverflow: 'fails' | 'refused';

  /**
   * The failure reason for a group too many, with `{account}` and `{quota}`.
   * @default a text of the service's kind, never observed
   */
  readonly groupQuotaReason: string;

  /**
   * The action of IAM that a caller without rights in the management account is told to lack.
   * @default 'iam:UpdateSAMLProvider'
   */
  readonly managementDeniedAction: (typeof MANAGEMENT_ACTIONS)[number];

  /**
   * May the delegated administrator delete an assignment of a permission set that is also provisioned in the management account?
   * @default 'refused'
   */
  readonly deleteOfManagementSet: 'refused' | 'allowed';

  /**
   * May the delegated administrator call `ListAccountAssignmentsForPrincipal`?
   * @default 'refused': the documentation names the management account only
   */
  readonly listForPrincipalByDelegatedAdmin: 'refused' | 'allowed';

  /**
   * The edition of the service's page of limits whose quotas hold, for permission sets and what they have.
   * @default 'newest'
   */
  readonly quotaVintage: QuotaVintage;

  /**
   * How long after attaching or detaching a policy another one is a conflict, on whatever permission set of the instance.
   * @default none
   */
  readonly policyWriteSettles: LatencyModel;

  /**
   * How long a Region is being added, or removed.
   * @default uniform, 60 to 300 s
   */
  readonly regionLatency: LatencyModel;

  /**
   * What `UpdatePermissionSet` clears where it is not given: the relay state alone, or description and session duration too.
   * @default 'relay-state'
   */
  readonly updateClears: 'relay-state' | 'everything';

  /**
   * What `GetInlinePolicyForPermissionSet` answers where there is none.
   * @default 'empty-text'
   */
  readonly noInlinePolicy: 'empty-text' | 'absent';
}

/** The settings that hold unless a caller says otherwise. */
export const DEFAULT_SETTINGS: SimulatorSettings = {
  createLatency: { kind: 'uniform', from: 2, to: 5 },
  deleteLatency: { kind: 'uniform', from: 5, to: 15 },
  provisionLatency: { kind: 'uniform', from: 2, to: 5 },
  provisionLatencyPerAccount: { kind: 'uniform', from: 1, to: 2 },
  requestsPerSecond: 20,
  requestBurst: 20,
  outstandingAssignments: 15,
  outstandingCounts: 'creates',
  outstandingProvisions: 3,
  tooManyProvisions: 'throttling',
  conflictScope: 'account-and-permission-set',
  roleUpdatesPerAccount: 'parallel',
  unassignedProvision: 'fail',
  provisionReach: 3500,
  listLag: NO_LATENCY,
  describeLag: NO_LATENCY,
  statusListLag: NO_LATENCY,
  statusOrder: 'newest-first',
  statusRetention: 'unlimited',
  pages: 'full',
  omitEmptyLists: 'provisioned-sets',
  unprovisionedList: 'empty',
  inactiveAccount: 'fail',
  unknownAccountReason: 'Received a 404 status error: Account {account} was not found in the organization.',
  unlistedCustomerPolicies: 'present',
  roleQuota: 1000,
  roleQuotaReason: 'Received a 409 status error: Cannot exceed quota for RolesPerAccount: {quota}',
  setsPerAccountReason:
    'Received a 409 status error: Cannot exceed quota for PermissionSetsPerAccount: {quota}',
  policiesPerRole: 'unlimited',
  policiesPerRoleReason: 'Received a 409 status error: Cannot exceed quota for PoliciesPerRole: {quota}',
  groupOverflow: 'fails',
  groupQuotaReason: 'Received a 409 status error: Cannot exceed quota for GroupsPerPermissionSet: {quota}',
  managementDeniedAction: 'iam:UpdateSAMLProvider',
  deleteOfManagementSet: 'refused',
  listForPrincipalByDelegatedAdmin: 'refused',
  quotaVintage: 'newest',
  policyWriteSettles: NO_LATENCY,
  regionLatency: { kind: 'uniform', from: 60, to: 300 },
  updateClears: 'relay-state',
  noInlinePolicy: 'empty-text',
  ...DEFAULT_IDENTITY_STORE_SETTINGS,
  ...DEFAULT_ORGANIZATIONS_SETTINGS,
  ...DEFAULT_EVENT_SETTINGS,
};
