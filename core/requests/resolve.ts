import type { PolicyInForce } from '../policy/access-policy';
import type { DirectoryEntry, PermissionSetFacts } from '../ports/directory';
import type { AccessRequest, ResolvedRequest } from './access-request';
import { isOver, withEntry } from './access-request';
import { lookUpPrincipal } from './look-up-principal';
import { NotResolvedError } from './not-resolved';
import { subjectOf, type WorkedOut, workOutPolicyTargets } from './policy-targets';
import type { RequestPorts } from './ports';
import { type AccountSettings, resolveAccounts, stalenessWords } from './resolve-accounts';
import {
  type PersonReference,
  type PrincipalReference,
  describePrincipal,
  type Ticket,
  principalType,
} from '../tickets/ticket';

type ResolvePorts = Pick<
  RequestPorts,
  'requests' | 'directory' | 'permissionSets' | 'organization' | 'pictures' | 'clock'
>;

/** Where the workflow goes on. */
export type AfterResolve = 'decide' | 'announceEnd';

/**
 * *Resolve principal and accounts*: looks names up once and pins what they mean. Later runs (after *Await start*, or by a fresh
 * execution) keep what is pinned, ask for the accounts' states again, and work out anew what the targets of the policy's rules mean for them.
 * Costs one or two calls to the identity store, one to Identity Center, one to Organizations per account; for a target that has to be
 * looked up see `OrganizationPictures`.
 */
export async function resolveRequest(
  ports: ResolvePorts,
  settings: AccountSettings,
  inForce: PolicyInForce,
  id: string,
): Promise<AfterResolve> {
  const request = await readRequest(ports, id);
  if (isOver(request.status)) return 'announceEnd';
  if (isPinned(request)) return 'decide';
  if (request.revocation !== undefined) return 'announceEnd';
  try {
    const resolved = await resolveNames(ports, request);
    const found = await resolveAccounts(ports, settings, request);
    if (found.accounts.length === 0) {
      throw new NotResolvedError('none of the accounts can be granted; see each account for its state');
    }
    const subject = subjectOf(inForce, request, resolved);
    const workedOut = await workOutPolicyTargets(ports, inForce, subject, found.accounts);
    const pinned = await ports.requests.change(id, (present) =>
      pin(present, { ...resolved, ...found, at: ports.clock.now() }, workedOut),
    );
    await ports.requests.rememberPrincipal(pinned);
    return 'decide';
  } catch (error) {
    if (!(error instanceof NotResolvedError)) throw error;
    const failed = await ports.requests.change(id, (present) =>
      isPinned(present) ? present : fail(present, ports.clock.now(), error.message),
    );
    return isOver(failed.status) ? 'announceEnd' : 'decide';
  }
}

/**
 * Whether what the names mean is fixed for good: the decision was made for these accounts and no others, and leases may have
 * been opened. A step of a stopped execution may end after the next execution has got this far.
 */
function isPinned({ decision, grantingSince, status }: AccessRequest): boolean {
  return decision?.lease !== undefined || grantingSince !== undefined || isOver(status);
}

/** Reads a request that an execution was started for: it was stored before. */
export async function readRequest(
  { requests }: Pick<RequestPorts, 'requests'>,
  id: string,
): Promise<AccessRequest> {
  const request = await requests.read(id);
  if (request === undefined)
    throw new Error(`request ${id} is not in the ledger: nothing can be done for it`);
  return request;
}

/** Ends a request as failed, with the reason for its owner. */
export function fail(request: AccessRequest, now: number, reason: string): AccessRequest {
  return withEntry({ ...request, status: 'failed', reason }, now, `failed: ${reason}`);
}

function pin(
  request: AccessRequest,
  found: ResolvedRequest,
  workedOut: WorkedOut | undefined,
): AccessRequest {
  if (isPinned(request)) return request;
  // Names are looked up once: the first look-up that was written counts.
  const before = request.ticket.target === undefined ? undefined : request.resolved;
  // What a target meant at first is all that it ever means.
  const kept = found.accounts.filter((account) => before?.accounts.includes(account) !== false);
  const { policyTargets: _before, ...names } = { ...found, ...request.resolved };
  const policyTargets = workedOut?.targets;
  const resolved: ResolvedRequest = {
    ...names,
    accounts: kept,
    at: found.at,
    ...(policyTargets === undefined ? {} : { policyTargets }),
  };
  const { principal, permissionSet, accounts } = resolved;
  const count = accounts.length === 1 ? `account ${accounts[0] ?? ''}` : `${accounts.length} accounts`;
  const text = `resolved: ${principal.type.toLowerCase()} ${principal.name}, permission set ${permissionSet.name}, ${count}`;
  const organization = [resolved.organization, workedOut?.organization].find(
    (look) => look?.isStale === true,
  );
  const staleness = organization === undefined ? '' : stalenessWords(organization);
  return withEntry({ ...request, resolved }, resolved.at, `${text}${staleness}`);
}

async function resolveNames(
  ports: ResolvePorts,
  { ticket, resolved }: AccessRequest,
): Promise<Omit<ResolvedRequest, 'accounts' | 'at'>> {
  if (resolved !== undefined) {
    await checkStillThere(ports, resolved);
    return resolved;
  }
  const principal = await resolveEnabled(ports, ticket.principal);
  const permissionSet = await resolvePermissionSet(ports, ticket.permissionSet);
  const requester = ticket.requestedBy && (await resolvePrincipal(ports, ticket.requestedBy, 'requestedBy'));
  return {
    principal: {
      type: principalType(ticket.principal),
      id: principal.id,
      name: principal.name,
      ...(principal.email === undefined ? {} : { email: principal.email }),
    },
    permissionSet,
    ...(requester === undefined ? {} : { requester: { id: requester.id, name: requester.name } }),
  };
}

type NamePorts = Pick<RequestPorts, 'directory' | 'permissionSets'>;

/** Why each name of a ticket cannot be resolved: all of them, where a request fails with the first. */
export async function problemsOfNames(ports: NamePorts, ticket: Ticket): Promise<string[]> {
  const { principal, permissionSet, requestedBy } = ticket;
  const looks = [
    () => resolveEnabled(ports, principal),
    () => resolvePermissionSet(ports, permissionSet),
    ...(requestedBy === undefined ? [] : [() => resolvePrincipal(ports, requestedBy, 'requestedBy')]),
  ];
  const problems: string[] = [];
  for (const look of looks) {
    try {
      await look();
    } catch (error) {
      if (!(error instanceof NotResolvedError)) throw error;
      problems.push(error.message);
    }
  }
  return problems;
}

async function resolvePermissionSet(
  { permissionSets }: Pick<NamePorts, 'permissionSets'>,
  { by, value }: Ticket['permissionSet'],
): Promise<PermissionSetFacts> {
  const found = await (by === 'arn' ? permissionSets.withArn(value) : permissionSets.named(value));
  if (found === undefined)
    throw new NotResolvedError(`permission set ${value} does not exist, check its ${by}`);
  return found;
}

/** Whom a request is for: nothing new is granted to a user who may not sign in. */
async function resolveEnabled(
  ports: Pick<NamePorts, 'directory'>,
  reference: PrincipalReference,
): Promise<DirectoryEntry> {
  const entry = await resolvePrincipal(ports, reference, 'principal');
  if (entry.isDisabled === true) throw new NotResolvedError(disabled('principal', entry.name));
  return entry;
}

/** A request that starts later, or again: nothing is granted to somebody who was deleted or disabled meanwhile. */
async function checkStillThere(
  { directory }: ResolvePorts,
  { principal }: Pick<ResolvedRequest, 'principal'>,
): Promise<void> {
  const { type, id, name } = principal;
  const found = type === 'USER' ? await directory.user(id) : await directory.group(id);
  if (found === undefined)
    throw new NotResolvedError(`principal: the ${type.toLowerCase()} ${name} was deleted meanwhile`);
  if (found.isDisabled === true) throw new NotResolvedError(disabled('principal', name));
}

function disabled(field: string, name: string): string {
  return `${field}: the user ${name} is disabled, have it enabled, or ask for somebody else`;
}

/** Exactly one entry, or a sentence about why not: ambiguity is refused, never guessed. */
async function resolvePrincipal(
  { directory }: Pick<NamePorts, 'directory'>,
  reference: PrincipalReference | PersonReference,
  field: string,
): Promise<DirectoryEntry> {
  const found = await lookUpPrincipal(directory, reference);
  const [entry, ...others] = found;
  const words = describePrincipal(reference);
  if (entry === undefined)
    throw new NotResolvedError(`${field}: ${words} was not found in the directory, check the spelling`);
  if (others.length > 0) {
    const ids = found.map(({ id }) => id).join(', ');
    throw new NotResolvedError(
      `${field}: ${words} is ambiguous (${ids}), name the one that is meant by its id`,
    );
  }
  return entry;
}
