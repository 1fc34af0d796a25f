import type { AccountReport } from '../../../core/assignments/report';
import type { AccessPolicy } from '../../../core/policy/access-policy';
import type { DirectoryEntry } from '../../../core/ports/directory';
import type { AccessRequest, ResolvedRequest } from '../../../core/requests/access-request';
import type { RequestPorts } from '../../../core/requests/ports';
import type { Ticket } from '../../../core/tickets/ticket';
import { DispatcherWorld, keyOf } from '../../support/dispatcher-world';
import { FakePictures } from '../../support/fake-pictures';

export const NOW = Date.parse('2026-11-24T08:00:00Z');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DESK = 'arn:aws:iam::222233334444:role/ServiceDesk';

/** The accounts of {@link keyOf}(1) and (2). */
export const [FIRST, SECOND] = [keyOf(1).accountId, keyOf(2).accountId] as const;

export function ticket(changes: Partial<Ticket> = {}): Ticket {
  return {
    principal: { by: 'user', value: 'alice@example.com' },
    permissionSet: { by: 'name', value: 'ReadOnlyAccess' },
    accounts: [FIRST],
    startsAt: NOW,
    expiresAt: NOW + 4 * HOUR,
    durationMs: 4 * HOUR,
    endIsGiven: false,
    justification: 'to find out why payments fail',
    ...changes,
  };
}

/** What the names of {@link ticket} mean. */
export function resolved(changes: Partial<ResolvedRequest> = {}): ResolvedRequest {
  const { permissionSetArn, principalId } = keyOf();
  return {
    principal: { type: 'USER', id: principalId, name: 'alice@example.com' },
    permissionSet: { arn: permissionSetArn, name: 'ReadOnlyAccess', sessionMs: HOUR },
    accounts: [FIRST],
    at: NOW,
    ...changes,
  };
}

export function pending(changes: Partial<AccessRequest> = {}): AccessRequest {
  return {
    id: 'req-1',
    version: 1,
    attempt: 1,
    caller: DESK,
    bodyHash: 'hash',
    ticket: ticket(),
    createdAt: NOW,
    status: 'pending',
    announced: [],
    timeline: [{ at: NOW, text: 'received' }],
    ...changes,
  };
}

/** A request whose lease of four hours was decided, for these accounts. */
export function decided(
  accounts: readonly string[] = [FIRST],
  changes: Partial<AccessRequest> = {},
): AccessRequest {
  const lease = { from: NOW, until: NOW + 4 * HOUR };
  return pending({
    ticket: ticket({ accounts }),
    resolved: resolved({ accounts }),
    decision: { effect: 'allow', rules: ['read-anywhere'], policyHash: 'hash', lease, at: NOW },
    ...changes,
  });
}

export function report(accountId: string, changes: Partial<AccountReport> = {}): AccountReport {
  return { accountId, status: 'granted', grantedAt: NOW, assignmentVersion: 1, ...changes };
}

/** Permits everything for a day, but for the accounts that it denies. */
export function policy(denied: readonly string[] = []): AccessPolicy {
  const everybody = { users: ['*'], groups: ['*'] };
  return {
    callers: [
      {
        name: 'desk',
        identity: { kind: 'role', roleArn: DESK },
        mayAsk: true,
        mayRead: 'all',
        mayRevoke: 'all',
        mayPermissionSets: 'none',
        mayReconciliations: 'none',
        trustedForRequester: true,
      },
    ],
    rules: [
      {
        name: 'read-anywhere',
        effect: 'allow',
        callers: undefined,
        permissionSets: ['*'],
        accounts: ['*'],
        principals: everybody,
        longestMs: 24 * HOUR,
      },
      {
        name: 'not-there',
        effect: 'deny',
        callers: undefined,
        permissionSets: ['*'],
        accounts: denied,
        principals: everybody,
      },
    ],
    guardrails: { protectedPermissionSets: [], longestMs: 14 * 24 * HOUR },
  };
}

/** {@link policy}, as it is deployed. */
export const IN_FORCE = { policy: policy(), policyHash: 'hash-of-a-test-policy' };

/** The domain in memory, with a directory and an organization that a test fills. */
export class RequestWorld extends DispatcherWorld {
  readonly users = new Map<string, DirectoryEntry[]>([
    ['alice@example.com', [{ id: keyOf().principalId, name: 'alice@example.com' }]],
  ]);
  readonly states = new Map<string, string>([
    [FIRST, 'ACTIVE'],
    [SECOND, 'ACTIVE'],
  ]);
  readonly directory: RequestPorts['directory'] = {
    usersNamed: (name) => Promise.resolve(this.users.get(name) ?? []),
    groupsNamed: () => Promise.resolve([]),
    user: (id) => Promise.resolve([...this.users.values()].flat().find((entry) => entry.id === id)),
    group: () => Promise.resolve(undefined),
  };
  readonly permissionSets: RequestPorts['permissionSets'] = {
    named: (name) => Promise.resolve(name === 'ReadOnlyAccess' ? resolved().permissionSet : undefined),
    withArn: (arn) =>
      Promise.resolve(arn === keyOf().permissionSetArn ? resolved().permissionSet : undefined),
  };
  readonly organization: RequestPorts['organization'] = {
    accountState: (accountId) => Promise.resolve(this.states.get(accountId)),
  };

  readonly pictures = new FakePictures();

  /** A world that has this request, and an execution that works on it. */
  static with(request: AccessRequest): RequestWorld {
    const world = new RequestWorld();
    world.requests.items.set(request.id, request);
    world.workflows.running.add(`${request.id}-${request.attempt}`);
    return world;
  }

  async request(id = 'req-1'): Promise<AccessRequest> {
    const request = await this.requests.read(id);
    if (request === undefined) throw new Error(`the world has no request ${id}`);
    return request;
  }

  async words(id = 'req-1'): Promise<string[]> {
    return (await this.request(id)).timeline.map(({ text }) => text);
  }
}
