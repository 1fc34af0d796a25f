import { describeKey } from '../../core/assignments/assignment';
import { changeAssignment } from '../../core/assignments/change';
import { settled } from '../../core/assignments/operations';
import type { Clock } from '../../core/ports/clock';
import type { RequestLedger } from '../../core/ports/ledger';
import type { AccessRequest } from '../../core/requests/access-request';
import type { RequestPorts } from '../../core/requests/ports';
import { closeLeases, openLeases } from '../../core/requests/change-leases';
import { decided } from '../core/requests/requests';
import { FakeWorkflows, keyOf } from '../support/dispatcher-world';
import {
  MemoryAssignments,
  MemoryDispatcher,
  MemoryProvisions,
  MemoryRequests,
} from '../support/memory-ledger';
import { clockAt } from './order-programs';
import type { Program } from './replayed-actor';
import {
  REQUEST_ID,
  SHORT_LEASE_MS,
  type Shared,
  type TaskToken,
  WAKING_BEGINS,
  type WakingScenario,
  stateOf,
} from './waking-moments';

/** State machines whose tasks are answered once: what comes then finds a task that is over, and changes nothing. */
class TokenWorkflows extends FakeWorkflows {
  tokens: readonly TaskToken[] = [];

  override answer(token: string): Promise<void> {
    this.tokens = this.tokens.map((each) =>
      each.token === token && each.state === 'open' ? { token, state: 'answered' } : each,
    );
    return Promise.resolve();
  }
}

/** The ledger's requests, whose changes are a read and a conditional write, as in DynamoDB. */
export class VersionedRequests extends MemoryRequests {
  /** Answers what was written, or undefined where somebody was first. */
  put(next: AccessRequest, version: number): Promise<AccessRequest | undefined> {
    if (this.items.get(next.id)?.version !== version) return Promise.resolve(undefined);
    const record = { ...next, version: version + 1 };
    this.items.set(next.id, record);
    return Promise.resolve(record);
  }
}

/** The ports in memory, filled with what is shared. */
export function portsWith(shared: Omit<Shared, 'id'>) {
  const assignments = new MemoryAssignments();
  for (const each of shared.assignments) assignments.items.set(describeKey(each.key), each);
  const requests = new VersionedRequests();
  requests.items.set(REQUEST_ID, shared.request);
  requests.accounts.set(REQUEST_ID, new Map(shared.reports.map((report) => [report.accountId, report])));
  const dispatcher = new MemoryDispatcher();
  dispatcher.record = shared.record;
  const workflows = new TokenWorkflows();
  workflows.tokens = shared.tokens;
  workflows.started.push(...shared.started);
  for (const name of shared.started)
    (shared.running.includes(name) ? workflows.running : workflows.over).add(name);
  const announced = [...shared.announced];
  const announcer = {
    publish: ({ type }: { readonly type: string }) => {
      announced.push(type);
      return Promise.resolve();
    },
  };
  return {
    assignments,
    requests,
    dispatcher,
    workflows,
    announcer,
    announced,
    provisions: new MemoryProvisions(),
  };
}

export function sharedAfter(before: Shared, ports: ReturnType<typeof portsWith>): Omit<Shared, 'id'> {
  const { assignments, requests, dispatcher, workflows, announced } = ports;
  const reports = [...(requests.accounts.get(REQUEST_ID)?.values() ?? [])];
  return {
    assignments: [...assignments.items.values()],
    request: requests.items.get(REQUEST_ID) ?? before.request,
    reports: reports.sort((a, b) => Number(a.accountId) - Number(b.accountId)),
    record: dispatcher.record,
    tokens: workflows.tokens,
    started: [...new Set(workflows.started)],
    running: [...workflows.running],
    announced,
  };
}

/** The task is over without an answer. An answer that came before holds. */
export function withTokenGone(shared: Shared, token: unknown): Omit<Shared, 'id'> {
  const tokens = shared.tokens.map((each) =>
    each.token === token && each.state === 'open' ? { ...each, state: 'gone' as const } : each,
  );
  return { ...shared, tokens };
}

/** What the state machine itself does: it makes a token, or gives one up and says what has become of it. */
export function machineStep(
  shared: Shared,
  method: string,
  token: unknown,
): { readonly after: Omit<Shared, 'id'>; readonly value: unknown } {
  if (method === 'makes token') {
    const made: TaskToken = { token: String(token), state: 'open' };
    return { after: { ...shared, tokens: [...shared.tokens, made] }, value: undefined };
  }
  if (method === 'gives token up')
    return { after: withTokenGone(shared, token), value: stateOf(shared, token) };
  return { after: shared, value: undefined };
}

/**
 * A request as its execution has left it before it waits. Granting: its claims are there and its creates are under way. Active: it has
 * been granted. Ending: its claims are closed and its deletes are under way. A pass holds the lease.
 */
export async function sharedAtFirst({
  begins,
  accounts,
  endsSoon,
}: WakingScenario): Promise<Omit<Shared, 'id'>> {
  const keys = Array.from({ length: accounts }, (_, index) => keyOf(index + 1));
  const name = `${REQUEST_ID}-1`;
  const request = decided(keys.map(({ accountId }) => accountId));
  const nothing: Omit<Shared, 'id'> = {
    assignments: [],
    request: endsSoon === true ? endingSoon(request) : request,
    reports: [],
    record: new MemoryDispatcher().record,
    tokens: [],
    started: [name],
    running: [name],
    announced: [],
  };
  const memory = portsWith(nothing);
  const ports = { ...memory, clock: clockAt(WAKING_BEGINS) };
  await openLeases(ports, REQUEST_ID);
  if (begins !== 'awaitGrant') {
    for (const key of keys) {
      await changeAssignment(ports, key, (present, now) => {
        const { operation } = present;
        if (operation === undefined) return undefined;
        return { ...settled(present, operation, 'SUCCEEDED', now), toTell: [] };
      });
    }
    const active = { status: 'active', announced: ['AccessGranted'] } as const;
    await memory.requests.change(REQUEST_ID, (request) => ({ ...request, ...active }));
  }
  if (begins === 'awaitRevoke') {
    const revocation = { at: WAKING_BEGINS, by: 'somebody' };
    await memory.requests.change(REQUEST_ID, (request) => ({ ...request, revocation }));
    await closeLeases(ports, REQUEST_ID);
    for (const key of keys) await changeAssignment(ports, key, (present) => ({ ...present, toTell: [] }));
  }
  const record = {
    epoch: 1,
    running: true,
    wanted: 1,
    wantedAt: WAKING_BEGINS,
    leaseUntil: WAKING_BEGINS + 40_000,
    nextPassBy: WAKING_BEGINS + 60_000,
  };
  return { ...sharedAfter({ ...nothing, id: 0 }, memory), record, started: [name], running: [name] };
}

function endingSoon(request: AccessRequest): AccessRequest {
  const { decision } = request;
  if (decision === undefined) return request;
  const lease = { from: WAKING_BEGINS, until: WAKING_BEGINS + SHORT_LEASE_MS };
  return { ...request, decision: { ...decision, lease } };
}

/** Ports of which every call is a step that somebody else decides about. */
export function portsOf(call: Parameters<Program>[0], clock: Clock): WakingPorts {
  const port = (name: string): never =>
    new Proxy(
      {},
      {
        get:
          (_target, method) =>
          (...args: unknown[]) =>
            call(name, String(method), args),
      },
    ) as never;
  const requests = port('requests') as RequestLedger & Pick<VersionedRequests, 'put'>;
  const change: RequestLedger['change'] = async (id, work) => {
    for (;;) {
      const present = await requests.read(id);
      if (present === undefined) throw new Error(`no request ${id}`);
      const next = work(present);
      if (next === present) return present;
      const written = await requests.put(next, present.version);
      if (written !== undefined) return written;
    }
  };
  return {
    clock,
    observer: { note: () => undefined, warn: () => undefined, measure: () => undefined },
    assignments: port('assignments'),
    requests: Object.assign(Object.create(requests) as typeof requests, { change }),
    provisions: port('provisions'),
    dispatcher: port('dispatcher'),
    workflows: port('workflows'),
    announcer: port('announcer'),
  };
}

/** What execution, pass, sweep and API touch where somebody waits. */
export type WakingPorts = Pick<
  RequestPorts,
  'requests' | 'assignments' | 'dispatcher' | 'workflows' | 'announcer' | 'clock' | 'observer'
> & { readonly provisions: MemoryProvisions };
