import { changeAssignment } from '../../../core/assignments/change';
import { openClaim, tell } from '../../../core/assignments/claims';
import type { Assignment, AssignmentKey } from '../../../core/assignments/assignment';
import { Telling } from '../../../core/dispatcher/tell';
import type { AccessRequest } from '../../../core/requests/access-request';
import { pending, resolved } from '../requests/requests';
import { DispatcherWorld, keyOf } from '../../support/dispatcher-world';

const SECOND = 1_000;
const HOUR = 60 * 60 * SECOND;

/**
 * A world in which a request waits for its grant in so many accounts, and the assignments of the first `granted` are there: what
 * their requests read is out of date.
 */
async function waitingFor(accounts: number, granted = accounts, id = 'req-1') {
  const world = new DispatcherWorld();
  const keys = Array.from({ length: accounts }, (_, n) => keyOf(n + 1));
  await world.requests.create(granting(id, keys, world.clock.now()));
  const told: Assignment[] = [];
  for (const key of keys.slice(0, granted)) told.push(await grant(world, id, key, accounts));
  return { world, told, telling: new Telling(world) };
}

/** A request that waits for its grant at these places. */
function granting(id: string, keys: readonly AssignmentKey[], now: number): AccessRequest {
  return pending({
    id,
    status: 'granting',
    grantingSince: now,
    resolved: resolved({ accounts: keys.map(({ accountId }) => accountId) }),
    decision: {
      effect: 'allow',
      rules: ['r'],
      policyHash: 'hash',
      lease: { from: now, until: now + HOUR },
      at: now,
    },
    waiting: { signal: 'grant', token: `token of ${id}` },
  });
}

/** Writes the grant of a request in one account, with the request among those to tell. */
function grant(world: DispatcherWorld, id: string, key = keyOf(), accounts = 1): Promise<Assignment> {
  return changeAssignment(world, key, (present, now) => {
    const claim = {
      id,
      kind: 'lease',
      from: now,
      until: now + HOUR,
      openedAt: now,
      accounts,
      grantedAt: now,
    } as const;
    return tell({ ...openClaim(present, claim), seen: { at: now, exists: true } }, [claim]);
  });
}

function addAll(telling: Telling, assignments: readonly Assignment[]): void {
  for (const each of assignments) telling.add(each);
}

describe('telling', () => {
  test('reports the account, wakes who waits, and takes the request off the list', async () => {
    const { world, told, telling } = await waitingFor(1);
    addAll(telling, told);

    await telling.tell();

    const [report] = await world.requests.reports('req-1');
    expect(report).toMatchObject({ accountId: keyOf().accountId, status: 'granted' });
    expect(world.workflows.answers).toEqual([{ token: 'token of req-1', answer: { signal: 'grant' } }]);
    expect((await world.assignment()).toTell).toEqual([]);
    expect(telling.hasAny).toBe(false);
  });

  test('wakes a request once for all accounts that came together', async () => {
    const { world, told, telling } = await waitingFor(80);
    addAll(telling, told);

    await telling.tell();

    expect(await world.requests.reports('req-1')).toHaveLength(80);
    expect(world.workflows.answers).toHaveLength(1);
  });

  test('does not wake a request that waits for other accounts still', async () => {
    const { world, told, telling } = await waitingFor(3, 2);
    addAll(telling, told);

    await telling.tell();

    expect(world.workflows.answers).toEqual([]);
    expect(await world.requests.reports('req-1')).toHaveLength(2);
  });

  test('tells a hundred assignments at most, and the others next time', async () => {
    const { world, told, telling } = await waitingFor(130);
    addAll(telling, told);

    await telling.tell();
    const first = (await world.requests.reports('req-1')).length;
    await telling.tell();

    expect(first).toBe(100);
    expect(await world.requests.reports('req-1')).toHaveLength(130);
    expect(telling.hasAny).toBe(false);
  });

  test('tells an assignment that was added twice once', async () => {
    const { world, told, telling } = await waitingFor(1);
    const [only] = told;
    if (only !== undefined) addAll(telling, [only, only]);
    const reported: string[] = [];
    const report = world.requests.report.bind(world.requests);
    world.requests.report = (id, each) => {
      reported.push(id);
      return report(id, each);
    };

    await telling.tell();

    expect(reported).toEqual(['req-1']);
  });
});

describe('the pace of telling', () => {
  test('is at once for the first', async () => {
    const { told, telling } = await waitingFor(1);
    expect(telling.nextAt).toBeUndefined();

    addAll(telling, told);

    expect(telling.isDue).toBe(true);
  });

  test.each([
    [1, 250],
    [100, SECOND],
    [500, 5 * SECOND],
  ])(
    'leaves a pause that grows with the accounts of a request (%i accounts: %i ms)',
    async (accounts, pause) => {
      const { world, told, telling } = await waitingFor(accounts, 2);
      const [first, second] = told;
      if (first !== undefined) telling.add(first);
      await telling.tell();
      if (second !== undefined) telling.add(second);
      else telling.add(await grant(world, 'req-1', keyOf(1000)));

      expect(telling.isDue).toBe(false);
      expect(telling.nextAt).toBe(world.clock.now() + pause);
      world.clock.advance(pause);
      expect(telling.isDue).toBe(true);
    },
  );

  test('keeps nobody waiting for the pause of somebody else’s request', async () => {
    const { world, told, telling } = await waitingFor(400, 2);
    const [first, second] = told;
    if (first !== undefined) telling.add(first);
    await telling.tell();
    if (second !== undefined) telling.add(second);
    await world.requests.create(granting('small', [keyOf(900)], world.clock.now()));
    telling.add(await grant(world, 'small', keyOf(900)));

    expect(telling.isDue).toBe(true);
    await telling.tell();

    expect(world.workflows.answers).toEqual([{ token: 'token of small', answer: { signal: 'grant' } }]);
    expect(await world.requests.reports('req-1')).toHaveLength(1);
  });

  test('lets the smallest requests go first', async () => {
    const { world, told, telling } = await waitingFor(150);
    addAll(telling, told);
    await world.requests.create(granting('small', [keyOf(900)], world.clock.now()));
    telling.add(await grant(world, 'small', keyOf(900)));

    await telling.tell();

    expect(world.workflows.answers.map(({ token }) => token)).toEqual(['token of small']);
  });

  test('lets nothing be told twice at a time', async () => {
    const { told, telling } = await waitingFor(2);
    const [first, second] = told;
    if (first !== undefined) telling.add(first);
    const underWay = telling.tell();
    if (second !== undefined) telling.add(second);

    expect(telling.isDue).toBe(false);
    await underWay;
    expect(telling.nextAt).toBeDefined();
  });
});

describe('a telling that fails', () => {
  test('keeps what it had to tell, and is tried again after two seconds', async () => {
    const { world, told, telling } = await waitingFor(2);
    addAll(telling, told);
    const report = world.requests.report.bind(world.requests);
    world.requests.report = () => Promise.reject(new Error('the ledger is away'));

    await telling.tell();
    const nextAt = telling.nextAt;
    world.requests.report = report;
    world.clock.advance(2 * SECOND);
    await telling.tell();

    expect(nextAt).toBe(world.clock.now());
    expect(await world.requests.reports('req-1')).toHaveLength(2);
    expect(world.workflows.answers).toHaveLength(1);
    expect(world.observer.warnings.map(({ what }) => what)).toContain('telling failed');
  });

  test('keeps nobody else from being told', async () => {
    const { world, told, telling } = await waitingFor(3);
    addAll(telling, told);
    const report = world.requests.report.bind(world.requests);
    world.requests.report = (id, account) =>
      account.accountId === keyOf(1).accountId
        ? Promise.reject(new Error('the ledger is away'))
        : report(id, account);

    await telling.tell();

    const reported = (await world.requests.reports('req-1')).map(({ accountId }) => accountId);
    expect(reported.sort()).toEqual([keyOf(2).accountId, keyOf(3).accountId]);
    expect((await world.assignment(keyOf(1))).toTell).toEqual(['req-1']);
    expect((await world.assignment(keyOf(2))).toTell).toEqual([]);
  });

  test('is left to the next pass, which is not far', async () => {
    const world = new DispatcherWorld();
    world.requests.report = () => Promise.reject(new Error('the ledger is away'));
    await world.open('lease', HOUR);
    const began = world.clock.now();

    expect(await world.pass()).toBe(true);

    const tries = world.observer.warnings.filter(({ what }) => what === 'telling failed').length;
    expect(world.clock.now() - began).toBeLessThan(15 * SECOND);
    expect(tries).toBeGreaterThan(1);
    expect(tries).toBeLessThan(10);
  });

  test('because nobody can be woken holds up nothing: the request looks by itself', async () => {
    const { world, told, telling } = await waitingFor(1);
    addAll(telling, told);
    world.workflows.answer = () => Promise.reject(new Error('no such token'));

    await telling.tell();

    expect((await world.assignment()).toTell).toEqual([]);
    expect(world.observer.warnings.map(({ what }) => what)).toContain(
      'waking failed, the request looks again by itself',
    );
  });

  test('in its last step repeats itself, and the request is not taken off before', async () => {
    const { world, told, telling } = await waitingFor(1);
    addAll(telling, told);
    const write = world.assignments.write.bind(world.assignments);
    world.assignments.write = () => Promise.reject(new Error('the function died'));

    await telling.tell();
    const toTell = (await world.assignment()).toTell;
    world.assignments.write = write;
    world.clock.advance(2 * SECOND);
    await telling.tell();

    expect(toTell).toEqual(['req-1']);
    expect((await world.assignment()).toTell).toEqual([]);
    expect(world.workflows.answers).toHaveLength(2);
  });
});

describe('what changes while it is told', () => {
  test('is told again: the newer report is not lost', async () => {
    const { world, told, telling } = await waitingFor(1);
    addAll(telling, told);
    const answer = world.workflows.answer.bind(world.workflows);
    world.workflows.answer = async (token, how) => {
      await answer(token, how);
      await world.close('req-1');
    };

    await telling.tell();
    const isLeft = telling.hasAny;
    world.clock.advance(SECOND);
    await telling.tell();

    const [report] = await world.requests.reports('req-1');
    expect(isLeft).toBe(true);
    expect(report?.status).toBe('ending');
  });
});
