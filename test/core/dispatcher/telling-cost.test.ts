import type { Assignment } from '../../../core/assignments/assignment';
import { changeAssignment } from '../../../core/assignments/change';
import { openClaim, tell } from '../../../core/assignments/claims';
import { Telling } from '../../../core/dispatcher/tell';
import { awaitSignal } from '../../../core/requests/await-signal';
import { openLeases } from '../../../core/requests/change-leases';
import { countedPort } from '../../support/counted-port';
import { keyOf } from '../../support/dispatcher-world';
import { HOUR, NOW, RequestWorld, decided } from '../requests/requests';

const KEYS = Array.from({ length: 60 }, (_, index) => keyOf(index + 1));
const ACCOUNTS = KEYS.map(({ accountId }) => accountId);

/** A world in which requests for sixty accounts wait for their grants. */
function waiting(...ids: readonly string[]): RequestWorld {
  const world = new RequestWorld();
  for (const id of ids) {
    const granting = { status: 'granting', grantingSince: NOW } as const;
    world.requests.items.set(
      id,
      decided(ACCOUNTS, { ...granting, id, waiting: { signal: 'grant', token: `token of ${id}` } }),
    );
  }
  return world;
}

/** Writes that these requests have been granted everywhere, with all of them to tell of it. */
async function grantAll(world: RequestWorld, ...ids: readonly string[]): Promise<Assignment[]> {
  const granted: Assignment[] = [];
  for (const key of KEYS) {
    const written = await changeAssignment(world, key, (present, now) => {
      const lease = { kind: 'lease', from: NOW, until: NOW + HOUR, openedAt: now, grantedAt: now } as const;
      const claims = ids.map((id) => ({ ...lease, id, accounts: KEYS.length }));
      const opened = claims.reduce(openClaim, present);
      return tell({ ...opened, seen: { at: now, exists: true } }, claims);
    });
    granted.push(written);
  }
  return granted;
}

/** Tells these assignments at once; how often each port was called for that. */
async function costOfTelling(
  world: RequestWorld,
  assignments: readonly Assignment[],
): Promise<Record<string, number>> {
  const calls: string[] = [];
  const { clock, observer } = world;
  const telling = new Telling({
    clock,
    observer,
    assignments: countedPort('assignments', world.assignments, calls),
    requests: countedPort('requests', world.requests, calls),
    workflows: countedPort('workflows', world.workflows, calls),
  });
  for (const assignment of assignments) telling.add(assignment);
  await telling.tell();
  const counts: Record<string, number> = {};
  for (const call of calls) counts[call] = (counts[call] ?? 0) + 1;
  return counts;
}

describe('the cost of telling sixty outcomes that came together', () => {
  test('is a read and two writes for each account, and for their request one count and one answer', async () => {
    const world = waiting('req-1');
    const assignments = await grantAll(world, 'req-1');

    const cost = await costOfTelling(world, assignments);

    expect(cost).toEqual({
      'assignments.read': 60,
      'requests.report': 60,
      'assignments.write': 60,
      'requests.read': 1,
      'requests.reports': 1,
      'workflows.answer': 1,
    });
  });

  test('is one count and one answer for each request, where two have leases on the same assignments', async () => {
    const world = waiting('req-1', 'req-2');
    const assignments = await grantAll(world, 'req-1', 'req-2');

    const cost = await costOfTelling(world, assignments);

    expect(cost).toEqual({
      'assignments.read': 60,
      'requests.report': 120,
      'assignments.write': 60,
      'requests.read': 2,
      'requests.reports': 2,
      'workflows.answer': 2,
    });
  });

  test('has no count, where the request waits for nothing by now', async () => {
    const world = waiting('req-1');
    const assignments = await grantAll(world, 'req-1');
    await world.requests.change('req-1', ({ waiting: _nobody, ...rest }) => rest);

    const cost = await costOfTelling(world, assignments);

    expect(cost).not.toHaveProperty(['requests.reports']);
    expect(cost).not.toHaveProperty(['workflows.answer']);
  });
});

describe('a request for sixty accounts whose operations end one after the other', () => {
  test('is counted every 600 ms at most in a pass, and answered once', async () => {
    const world = RequestWorld.with(decided(ACCOUNTS));
    world.identityCenter.latencyMs = 1_000;
    await openLeases(world, 'req-1');
    await awaitSignal(world, { requestId: 'req-1', attempt: 1 }, { signal: 'grant', token: 't' });
    const passes: number[][] = [];
    const count = world.requests.reports.bind(world.requests);
    world.requests.reports = (id) => {
      passes.at(-1)?.push(world.clock.now());
      return count(id);
    };

    do passes.push([]);
    while (await world.pass());

    const pauses = passes.flatMap((counts) => counts.slice(1).map((at, index) => at - (counts[index] ?? 0)));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(600);
    expect(pauses.length).toBeGreaterThan(2);
    expect(world.workflows.answers).toEqual([{ token: 't', answer: { signal: 'grant' } }]);
    expect(await count('req-1')).toHaveLength(60);
  });
});
