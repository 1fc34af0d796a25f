import * as z from 'zod';

import { LATENCY_REMEDY, LatencyTextError, latencyText, parseLatency, type LatencyModel } from './latency';
import { MANAGEMENT_ACTIONS, type SimulatorSettings } from './settings';

/**
 * Settings as they are written from outside: latencies as text, all else as it is. Each message is a remedy ("use …"); what
 * stands where, and what value it has, is put before it by problems.ts.
 */

/** A latency as text; a number is that many seconds. */
const latency = z
  .union([z.string(), z.number().transform(String)], { error: LATENCY_REMEDY })
  .transform((text, context): LatencyModel => {
    try {
      return parseLatency(text);
    } catch (error) {
      if (!(error instanceof LatencyTextError)) throw error;
      const problem = error.problem === '' ? '' : `it is a latency ${error.problem}; `;
      context.addIssue({ code: 'custom', message: problem + LATENCY_REMEDY });
      return z.NEVER;
    }
  });

function oneOf<const Value extends string>(...values: readonly Value[]): z.ZodType<Value> {
  return z.enum(values, { error: `use ${values.map((value) => `"${value}"`).join(' or ')}` });
}

/** Larger than anything that a quota or a list of the service could be: above it a number is a slip. */
const LARGEST = 1_000_000;

/** A number with one remedy for whatever is wrong with it. */
function numeric(
  kind: 'whole' | 'any',
  from: number | { readonly above: number },
  error: string,
): z.ZodType<number> {
  const number = (kind === 'whole' ? z.int({ error }) : z.number({ error })).max(LARGEST, { error });
  return typeof from === 'number' ? number.min(from, { error }) : number.gt(from.above, { error });
}

const count = (from: number): z.ZodType<number> =>
  numeric('whole', from, `use a whole number from ${from} to ${LARGEST}`);

function orUnlimited(
  kind: 'whole' | 'any',
  from: number | { readonly above: number },
  what: string,
): z.ZodType<number | 'unlimited'> {
  const error = `use ${what} ${typeof from === 'number' ? `from ${from}` : `above ${from.above}`} up to ${LARGEST}, or "unlimited"`;
  return z.union([numeric(kind, from, error), z.literal('unlimited', { error })], { error });
}

const reason = z.string({ error: 'use a text' }).min(1, { error: 'use a text' });
const outstanding = orUnlimited('whole', 0, 'a whole number');
const SHARE_REMEDY = 'use a share, a number from 0 to 1';
const share = z
  .number({ error: SHARE_REMEDY })
  .min(0, { error: SHARE_REMEDY })
  .max(1, { error: SHARE_REMEDY });

const SETTINGS: { readonly [K in keyof SimulatorSettings]: z.ZodType<SimulatorSettings[K]> } = {
  createLatency: latency,
  deleteLatency: latency,
  provisionLatency: latency,
  provisionLatencyPerAccount: latency,
  requestsPerSecond: orUnlimited('any', { above: 0 }, 'a number'),
  requestBurst: count(1),
  outstandingAssignments: outstanding,
  outstandingCounts: oneOf('creates', 'creates-and-deletes'),
  outstandingProvisions: outstanding,
  tooManyProvisions: oneOf('throttling', 'conflict'),
  conflictScope: oneOf('account', 'account-and-permission-set', 'assignment'),
  roleUpdatesPerAccount: oneOf('parallel', 'one-at-a-time'),
  unassignedProvision: oneOf('fail', 'make-role'),
  provisionReach: count(0),
  listLag: latency,
  describeLag: latency,
  statusListLag: latency,
  statusOrder: oneOf('newest-first', 'oldest-first'),
  statusRetention: orUnlimited('any', 0, 'a number of seconds'),
  pages: oneOf('full', 'short', 'sometimes-empty'),
  omitEmptyLists: oneOf('never', 'provisioned-sets', 'always'),
  unprovisionedList: oneOf('empty', 'not-found'),
  inactiveAccount: oneOf('fail', 'hang'),
  unknownAccountReason: reason,
  unlistedCustomerPolicies: oneOf('present', 'missing'),
  roleQuota: count(1),
  roleQuotaReason: reason,
  setsPerAccountReason: reason,
  policiesPerRole: orUnlimited('whole', 1, 'a whole number'),
  policiesPerRoleReason: reason,
  groupOverflow: oneOf('fails', 'refused'),
  groupQuotaReason: reason,
  managementDeniedAction: oneOf(...MANAGEMENT_ACTIONS),
  deleteOfManagementSet: oneOf('refused', 'allowed'),
  listForPrincipalByDelegatedAdmin: oneOf('refused', 'allowed'),
  quotaVintage: oneOf('2021', '2022', '2024', 'before-newest', 'newest'),
  policyWriteSettles: latency,
  regionLatency: latency,
  updateClears: oneOf('relay-state', 'everything'),
  noInlinePolicy: oneOf('empty-text', 'absent'),
  nameMatching: oneOf('exact', 'ignore-case'),
  identityStoreRequestsPerSecond: orUnlimited('any', { above: 0 }, 'a number'),
  identityStoreRateScope: oneOf('per-operation', 'collective'),
  sharedAddresses: oneOf('refused', 'allowed'),
  personNames: oneOf('required', 'optional'),
  userNameChange: oneOf('refused', 'allowed'),
  organizationsRates: oneOf('as-documented', 'unlimited'),
  otherOrganizationsRate: orUnlimited('any', { above: 0 }, 'a number'),
  accountCreationLatency: latency,
  accountActivationLatency: latency,
  concurrentAccountCreations: outstanding,
  tooManyAccountCreations: oneOf('too-many-requests', 'constraint-violation'),
  organizationAccounts: outstanding,
  accountClosureLatency: latency,
  concurrentAccountClosures: outstanding,
  suspendedDays: orUnlimited('any', 0, 'a number of days'),
  removableAfterDays: count(0),
  standaloneInformation: oneOf('complete', 'missing'),
  accountStatus: oneOf('omitted', 'present'),
  eventLag: latency,
  eventLoss: share,
  eventDuplicates: share,
  eventDisorder: latency,
  identityCenterEventAccounts: oneOf('caller', 'caller-and-instance-owner'),
  consoleAssignmentEvents: oneOf('api', 'console'),
  accountFactory: oneOf('none', 'control-tower'),
  accountFactoryLatency: latency,
};

/** A change of some settings; what it leaves out stays. */
export const SETTINGS_CHANGE = z
  .strictObject(SETTINGS, { error: 'use a map of settings to their new values' })
  .partial();

/** Settings as {@link SETTINGS_CHANGE} reads them. */
export function settingsText(
  settings: SimulatorSettings,
): Readonly<Record<keyof SimulatorSettings, unknown>> {
  const entries = Object.entries(settings).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === 'object' && value !== null ? latencyText(value as LatencyModel) : value,
  ]);
  return Object.fromEntries(entries) as Record<keyof SimulatorSettings, unknown>;
}
