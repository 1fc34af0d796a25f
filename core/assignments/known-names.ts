import type { BaselineLedger } from '../ports/baseline-ledger';
import type { RequestLedger } from '../ports/ledger';
import type { AccessRequest } from '../requests/access-request';
import { principalType, type PrincipalReference } from '../tickets/ticket';
import type { Assignment, PrincipalType } from './assignment';
import type { KnownNames } from './view';

/** Where the ledger knows names from: the identity store is out of the API's reach. */
export interface NamePorts {
  readonly requests: Pick<RequestLedger, 'read' | 'find'>;
  readonly baselines: Pick<BaselineLedger, 'state'>;
  readonly permissionSetIndex: { read(): Promise<ReadonlyMap<string, string>> };
}

/** A user or group by the identity store's id. */
export interface PrincipalRef {
  readonly type: PrincipalType;
  readonly id: string;
}

/** Requests that are read for a name: those of a name that was given to others later are as many as it had owners. */
const REQUESTS_READ = 25;

/**
 * Names of the permission sets and principals of assignments: sets by the index of all sets, principals by the rules' bindings, and by a
 * request of each other one that has a lease. Two reads, and one for each principal that no rule names.
 */
export async function knownNames(
  { requests, baselines, permissionSetIndex }: NamePorts,
  assignments: readonly Assignment[],
): Promise<KnownNames> {
  const [permissionSets, { bindings }] = await Promise.all([permissionSetIndex.read(), baselines.state()]);
  const principals = new Map(Object.values(bindings).map(({ id, name }) => [id, name]));
  const leases = new Map<string, string>();
  for (const { key, claims } of assignments) {
    const lease = Object.values(claims).find(({ kind }) => kind === 'lease');
    if (lease !== undefined && !principals.has(key.principalId)) leases.set(key.principalId, lease.id);
  }
  const asked = await Promise.all([...leases.values()].map((id) => requests.read(id)));
  for (const request of asked) {
    const principal = request?.resolved?.principal;
    if (principal !== undefined) principals.set(principal.id, principal.name);
  }
  return { permissionSets, principals };
}

/**
 * Everybody whom the ledger knows by a name, or by an e-mail address or id that a request was made with: upper and lower case aside. A query,
 * and a read for each request of that name, up to 25; one read for the rules' bindings.
 * @param reference `undefined` in `type`: users and groups
 */
export async function principalsNamed(
  { requests, baselines }: NamePorts,
  name: string,
  type?: PrincipalType,
): Promise<PrincipalRef[]> {
  const [page, { bindings }] = await Promise.all([
    requests.find({ by: 'principal', name }, REQUESTS_READ),
    baselines.state(),
  ]);
  const found = new Map<string, PrincipalRef>();
  const add = (each: PrincipalRef): void => {
    if (type === undefined || each.type === type) found.set(`${each.type} ${each.id}`, each);
  };
  for (const request of page.requests) for (const each of meantBy(request, name)) add(each);
  for (const { type: boundType, name: boundName, id } of Object.values(bindings))
    if (isSame(boundName, name) || id === name) add({ type: boundType, id });
  return [...found.values()];
}

/** The principal of a request, where it has the name: a request is also found by what its ticket said. */
function meantBy({ resolved, ticket }: AccessRequest, name: string): PrincipalRef[] {
  if (resolved === undefined) return [];
  const { type, id, name: resolvedName, email } = resolved.principal;
  const reference: PrincipalReference = ticket.principal;
  const names = [id, resolvedName, email, principalType(reference) === type ? reference.value : undefined];
  return names.some((each) => each !== undefined && isSame(each, name)) ? [{ type, id }] : [];
}

function isSame(one: string, other: string): boolean {
  return one.normalize('NFC').toLowerCase() === other.normalize('NFC').toLowerCase();
}
