import { ACCOUNT, BaselineWorld, HOST, MANAGEMENT, given } from '../../support/baseline-world';
import { MINUTE, HOUR } from '../assignments/assignments';
import { rule } from './rules';

const OPERATE = rule({ name: 'operate', principal: { group: 'Platform' }, permissionSets: ['Operate'] });
const READ = rule({
  name: 'read',
  principal: { group: 'Readers' },
  permissionSets: ['Read'],
  target: [{ ou: 'Workloads/Prod' }],
});

/** An account in Workloads/Prod, for which two rules are: of three assignments at most. */
function world(): BaselineWorld {
  const made = new BaselineWorld();
  made.rules = [OPERATE, READ];
  made.organization.set(ACCOUNT, { ou: 'Workloads/Prod' });
  return made;
}

describe('the baseline of an account', () => {
  test('gives what the rules want there, and tells it once', async () => {
    const app = world();

    await app.look();

    expect(app.has(given('Platform', 'Operate'))).toBe(true);
    expect(app.has(given('Readers', 'Read'))).toBe(true);
    expect(app.assigned()).toHaveLength(2);
    expect(app.baselines.items.get(ACCOUNT)).toMatchObject({
      running: false,
      isWanted: false,
      last: { outcome: 'complete', wanted: 2, granted: 2, opened: 2, closed: 0 },
    });
    expect(app.events).toEqual([
      {
        type: 'AccountBaselined',
        detail: expect.objectContaining({ account: ACCOUNT, outcome: 'complete' }) as unknown,
      },
    ]);
  });

  test('changes and tells nothing where everything is there already', async () => {
    const app = world();
    await app.look();
    const calls = app.identityCenter.calls.length;

    await app.look();

    expect(app.identityCenter.calls).toHaveLength(calls);
    expect(app.events).toHaveLength(1);
  });

  test('follows an account that moves', async () => {
    const app = world();
    await app.look();

    app.organization.set(ACCOUNT, { ou: 'Workloads/Dev' });
    await app.look();

    expect(app.has(given('Readers', 'Read'))).toBe(false);
    expect(app.has(given('Platform', 'Operate'))).toBe(true);
    expect(app.baselines.items.get(ACCOUNT)?.last).toMatchObject({ outcome: 'complete', closed: 1 });
  });

  test('gives again what it took away, where the account comes back', async () => {
    const app = world();
    await app.look();
    app.organization.set(ACCOUNT, { ou: 'Workloads/Dev' });
    await app.look();

    app.organization.set(ACCOUNT, { ou: 'Workloads/Prod' });
    await app.look();

    expect(app.has(given('Readers', 'Read'))).toBe(true);
  });

  test('ends the claims of a rule that is removed', async () => {
    const app = world();
    await app.look();

    app.rules = [READ];
    await app.look();

    expect(app.assigned()).toHaveLength(1);
    expect(app.has(given('Readers', 'Read'))).toBe(true);
  });

  test('ends what a narrowed rule does not give any more', async () => {
    const app = world();
    await app.look();

    app.rules = [{ ...OPERATE, target: [{ all: true, except: [{ account: ACCOUNT }] }] }, READ];
    await app.look();

    expect(app.has(given('Platform', 'Operate'))).toBe(false);
    expect(app.has(given('Readers', 'Read'))).toBe(true);
  });

  test('keeps the claims of a rule that cannot be looked up', async () => {
    const app = world();
    await app.look();

    app.unresolvable.add('operate');
    app.organization.set(ACCOUNT, { ou: 'Workloads/Dev' });
    await app.look();

    expect(app.has(given('Platform', 'Operate'))).toBe(true);
    expect(app.has(given('Readers', 'Read'))).toBe(false);
    expect(app.baselines.items.get(ACCOUNT)?.last).toMatchObject({
      outcome: 'incomplete',
      reason: 'rule operate: there is no such group',
    });
  });

  test('closes and opens nothing in a suspended account, and gives the rest once it is back', async () => {
    const app = world();
    app.rules = [OPERATE];
    await app.look();

    app.rules = [{ ...OPERATE, target: [{ ou: 'Workloads/Dev' }] }, READ];
    app.organization.set(ACCOUNT, { state: 'SUSPENDED' });
    await app.look();

    expect(app.has(given('Platform', 'Operate'))).toBe(true);
    expect(app.has(given('Readers', 'Read'))).toBe(false);

    app.organization.set(ACCOUNT, { state: 'ACTIVE' });
    await app.look();

    expect(app.assigned()).toHaveLength(1);
    expect(app.has(given('Readers', 'Read'))).toBe(true);
  });

  test.each([
    [
      'closed',
      (app: BaselineWorld) => {
        app.organization.set(ACCOUNT, { state: 'CLOSED' });
      },
    ],
    [
      'gone from the organization',
      (app: BaselineWorld) => {
        app.organization.accounts.delete(ACCOUNT);
      },
    ],
  ])('ends everything in an account that is %s', async (_case, leave) => {
    const app = world();
    await app.look();

    leave(app);
    await app.look();

    expect(app.assigned()).toEqual([]);
    expect(app.baselines.items.get(ACCOUNT)?.last).toMatchObject({ outcome: 'skipped', closed: 2 });
  });

  test.each([MANAGEMENT, HOST])('gives nothing in account %s, and says why', async (id) => {
    const app = world();

    await app.look(id);

    expect(app.assigned()).toEqual([]);
    expect(app.baselines.items.get(id)?.last?.reason).toMatch(/in which nothing can be granted/);
  });

  test('waits for an account that is being activated', async () => {
    const app = world();
    app.organization.set(ACCOUNT, { state: 'PENDING_ACTIVATION' });
    const begun = app.clock.now();
    app.onCall = (port, method) => {
      if (port === 'accountFacts' && method === 'read' && app.clock.now() - begun > 20 * MINUTE)
        app.organization.set(ACCOUNT, { state: 'ACTIVE' });
    };

    await app.look();

    expect(app.assigned()).toHaveLength(2);
    expect(app.startedEver).toEqual([`${ACCOUNT}-1`]);
  });

  test('waits no longer than six hours for an account that does not become active', async () => {
    const app = world();
    app.organization.set(ACCOUNT, { state: 'PENDING_ACTIVATION' });
    const begun = app.clock.now();

    await app.look();

    expect(app.clock.now() - begun).toBeLessThan(6.2 * HOUR);
    expect(app.assigned()).toEqual([]);
    expect(app.baselines.items.get(ACCOUNT)?.last?.outcome).toBe('not ready');
  });

  test('concludes nothing while Organizations does not answer', async () => {
    const app = world();
    await app.look();
    app.organization.service = 'down';

    await expect(app.look()).rejects.toThrow('does not answer');

    expect(app.assigned()).toHaveLength(2);
    const closed = [...app.assignments.items.values()]
      .flatMap(({ claims }) => Object.values(claims))
      .filter(({ closedAt }) => closedAt !== undefined);
    expect(closed).toEqual([]);
  });

  test('tries for hours what takes longer than usual, and says that it is there in the end', async () => {
    const app = world();
    app.rules = [OPERATE];
    const reason = 'Request failed: it takes longer than usual to set up the account';
    for (let tries = 0; tries < 12; tries += 1) app.identityCenter.faults.push({ at: 'end', reason });
    const begun = app.clock.now();

    await app.look();

    expect(app.has(given('Platform', 'Operate'))).toBe(true);
    // Twelve tries, a minute apart at most, would be over in a quarter of an hour.
    expect(app.clock.now() - begun).toBeGreaterThan(20 * MINUTE);
    expect(app.baselines.items.get(ACCOUNT)?.last?.outcome).toBe('complete');
  });

  test('tells what failed for good in words, and tries it again the next time', async () => {
    const app = world();
    app.rules = [OPERATE];
    app.identityCenter.faults.push({ at: 'end', reason: 'the permission set is broken' });

    await app.look();

    expect(app.events.at(-1)?.detail).toMatchObject({
      outcome: 'incomplete',
      claims: { wanted: 1, granted: 0, failed: 1 },
      troubles: [
        { rule: 'operate', reason: expect.stringContaining('the permission set is broken') as unknown },
      ],
    });

    await app.look();

    expect(app.has(given('Platform', 'Operate'))).toBe(true);
    expect(app.events.at(-1)?.detail).toMatchObject({ outcome: 'complete', claims: { failed: 0 } });
  });
});
