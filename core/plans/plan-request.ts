import type { Assignment, Claim } from '../assignments/assignment';
import { counts } from '../assignments/claims';
import type { PolicyInForce } from '../policy/access-policy';
import type { AssignmentLedger } from '../ports/ledger';
import type { Organization } from '../ports/directory';
import type { OrganizationPictures } from '../ports/organization-picture';
import type { AccessRequest } from '../requests/access-request';
import { decideRequest } from '../requests/decide-request';
import type { RequestPorts } from '../requests/ports';
import { problemsOfNames, resolveRequest } from '../requests/resolve';
import { type AccountSettings, resolveAccounts } from '../requests/resolve-accounts';
import { NotResolvedError } from '../requests/not-resolved';
import type { Ticket } from '../tickets/ticket';
import { DraftRequests } from './draft-requests';
import { ASSUMPTIONS, grantTakesSeconds, revokeTakesSeconds } from './estimate';
import { inBatches } from './in-batches';

/** What planning a request touches; nothing is written. */
export interface RequestPlanPorts extends Pick<
  RequestPorts,
  'directory' | 'permissionSets' | 'organization' | 'pictures' | 'clock' | 'observer'
> {
  readonly assignments: Pick<AssignmentLedger, 'read'>;
}

/** Who asks for what. */
export interface RequestPlanQuestion {
  /** Role ARN of the caller. */
  readonly caller: string;
  readonly ticket: Ticket;
  /** Whether the caller may read who has what. */
  readonly maySeeAssignments: boolean;
}

/** JSON of a plan, as `POST /plans` answers it; instants in RFC 3339. */
export type PlanView = Readonly<Record<string, unknown>>;

/** More accounts than this are not asked for one by one: 50 calls are up to 5 s, and somebody waits. */
const ASKED_ONE_BY_ONE = 50;

/** States of many accounts are those of a picture that requests by target go by, too. */
const PICTURE_MS = 15 * 60_000;

const DRAFT_ID = 'req-draft';

/**
 * What a request would come to if it were sent now: resolved and decided by the very steps of the workflow, on a request that is stored
 * nowhere. Costs what resolving it costs, and a read of the ledger for each account, twenty at a time.
 */
export async function planRequest(
  ports: RequestPlanPorts,
  settings: AccountSettings,
  inForce: PolicyInForce,
  question: RequestPlanQuestion,
): Promise<PlanView> {
  const now = ports.clock.now();
  const requests = new DraftRequests(draftOf(question, now));
  const { accounts: listed, target } = question.ticket;
  const isMany = target === undefined && listed.length > ASKED_ONE_BY_ONE;
  const organization = isMany ? await picturedStates(ports.pictures) : ports.organization;
  const announcer = { publish: () => Promise.resolve() };
  const draftPorts = { ...ports, requests, organization, announcer };
  await resolveRequest(draftPorts, settings, inForce, DRAFT_ID);
  await decideRequest(draftPorts, { ...inForce, settings }, DRAFT_ID);
  const request = await requests.change(DRAFT_ID, (present) => present);
  const skipped = (await requests.reports()).map(({ accountId, reason }) => ({ account: accountId, reason }));
  const { resolved, decision } = request;
  if (resolved === undefined || decision === undefined) {
    const names = await problemsOfNames(draftPorts, question.ticket);
    const targets = await problemsOfAccounts(() => resolveAccounts(draftPorts, settings, request));
    const problems = new Set([
      ...names,
      ...targets,
      ...(request.reason === undefined ? [] : [request.reason]),
    ]);
    // What a request would say first is one of them, or that nothing is left of the accounts.
    return { outcome: 'not resolved', problems: [...problems], accounts: { skipped } };
  }
  return {
    outcome: request.status === 'denied' ? 'denied' : request.status === 'failed' ? 'failed' : 'allowed',
    problems: request.status === 'failed' && request.reason !== undefined ? [request.reason] : [],
    principal: resolved.principal,
    permissionSet: { name: resolved.permissionSet.name, arn: resolved.permissionSet.arn },
    decision: {
      effect: decision.effect,
      rules: decision.rules,
      ...(decision.reason === undefined ? {} : { reason: decision.reason }),
    },
    ...periodOf(request, now),
    ...(resolved.organization === undefined
      ? {}
      : {
          organization: {
            asOf: iso(resolved.organization.at),
            stale: resolved.organization.isStale === true,
          },
        }),
    // Who has what already is told to those who may read it.
    ...(question.maySeeAssignments ? await operationsOf(ports, request, now, skipped) : {}),
  };
}

function draftOf({ caller, ticket }: RequestPlanQuestion, now: number): AccessRequest {
  return {
    id: DRAFT_ID,
    version: 0,
    attempt: 1,
    caller,
    bodyHash: '',
    ticket,
    createdAt: now,
    status: 'pending',
    announced: [],
    timeline: [],
  };
}

async function picturedStates(pictures: OrganizationPictures): Promise<Organization> {
  const { found } = await pictures.picture(PICTURE_MS);
  const states = new Map(found.accounts.map(({ id, state }) => [id, state]));
  return { accountState: (id) => Promise.resolve(states.get(id)) };
}

async function problemsOfAccounts(look: () => Promise<unknown>): Promise<string[]> {
  try {
    await look();
    return [];
  } catch (error) {
    if (error instanceof NotResolvedError) return [error.message];
    throw error;
  }
}

function periodOf({ decision, ticket }: AccessRequest, now: number): PlanView {
  const from = decision?.lease?.from ?? Math.max(ticket.startsAt, now);
  const until = decision?.lease?.until ?? (ticket.endIsGiven ? ticket.expiresAt : from + ticket.durationMs);
  return { from: iso(from), until: iso(until) };
}

/** What each account would take, by what the ledger knows of it now. */
async function operationsOf(
  { assignments }: Pick<RequestPlanPorts, 'assignments'>,
  { resolved }: AccessRequest,
  now: number,
  skipped: readonly object[],
): Promise<PlanView> {
  if (resolved === undefined) return {};
  const { principal, permissionSet, accounts } = resolved;
  const items = await inBatches(accounts, async (accountId) => {
    const assignment = await assignments.read({
      accountId,
      permissionSetArn: permissionSet.arn,
      principalType: principal.type,
      principalId: principal.id,
    });
    const thereBy = assignment === undefined ? undefined : holderOf(assignment, now);
    return { account: accountId, ...(thereBy === undefined ? { operation: 'create' } : { thereBy }) };
  });
  const creates = items.filter((item) => 'operation' in item).length;
  return {
    accounts: { total: items.length, items, skipped },
    operations: { create: creates, none: items.length - creates },
    takes: {
      grantSeconds: grantTakesSeconds(creates),
      revokeSeconds: revokeTakesSeconds(creates),
      assumptions: ASSUMPTIONS,
    },
  };
}

/** What holds an assignment that is there; undefined where it is not, or is on its way out. */
function holderOf({ seen, operation, claims }: Assignment, now: number): Claim['kind'] | undefined {
  if (seen?.exists !== true || operation?.kind === 'delete') return undefined;
  const kinds = Object.values(claims)
    .filter((claim) => counts(claim, now))
    .map(({ kind }) => kind);
  return (['standing', 'baseline', 'lease'] as const).find((kind) => kinds.includes(kind));
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
