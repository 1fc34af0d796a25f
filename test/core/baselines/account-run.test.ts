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

describe('an account about which many events come', () => {
  test('is worked on by one execution', async () => {
    const app = world();

    for (let event = 0; event < 6; event += 1) await app.ask();
    await app.run();

    expect(app.startedEver).toEqual([`${ACCOUNT}-1`]);
    expect(app.assigned()).toHaveLength(2);
    expect(app.identityCenter.accepted()).toEqual(['create', 'create']);
  });

  test.each(['finder', 'rules', 'accountFacts', 'pictures', 'dispatcher', 'announcer'])(
    'is looked at again by the same execution where one comes while it asks %s',
    async (moment) => {
      const app = world();
      let isAsked = false;
      app.onCall = (port) => {
        if (port !== moment || isAsked) return;
        isAsked = true;
        app.organization.set(ACCOUNT, { ou: 'Workloads/Dev' });
        // As another function would: its asking is over before this call goes on.
        const present = app.baselines.items.get(ACCOUNT);
        if (present !== undefined)
          app.baselines.items.set(ACCOUNT, { ...present, isWanted: true, version: present.version + 1 });
      };

      await app.look();

      expect(isAsked).toBe(true);
      expect(app.startedEver).toEqual([`${ACCOUNT}-1`]);
      expect(app.has(given('Readers', 'Read'))).toBe(false);
      expect(app.has(given('Platform', 'Operate'))).toBe(true);
      expect(app.baselines.items.get(ACCOUNT)?.isWanted).toBe(false);
    },
  );

  test('is told of with all that was opened, though it was looked at twice', async () => {
    const app = world();
    let isAsked = false;
    app.onCall = (port, method) => {
      const present = app.baselines.items.get(ACCOUNT);
      if (port !== 'dispatcher' || method !== 'want' || isAsked || present === undefined) return;
      isAsked = true;
      app.baselines.items.set(ACCOUNT, { ...present, isWanted: true, version: present.version + 1 });
    };

    await app.look();

    expect(app.events).toHaveLength(1);
    expect(app.events[0]?.detail).toMatchObject({ outcome: 'complete', claims: { opened: 2, granted: 2 } });
  });
});

describe('two executions of one account', () => {
  test('do not work at a time: the one that was replaced ends', async () => {
    const app = world();
    await app.ask();
    const [first] = app.started.splice(0);
    if (first === undefined) throw new Error('nothing was started');
    const inTheMiddle = await app.step(first);

    // It is not heard of for so long that it counts as dead; then it wakes up beside its successor.
    app.clock.advance(HOUR);
    await app.replaceDead();
    await app.run();
    if (inTheMiddle !== undefined) await app.execute(inTheMiddle);

    expect(app.startedEver).toEqual([`${ACCOUNT}-1`, `${ACCOUNT}-2`]);
    expect(app.assigned()).toHaveLength(2);
    expect(app.identityCenter.accepted()).toEqual(['create', 'create']);
  });

  test('take turns where both are called step by step', async () => {
    const app = world();
    await app.ask();
    const [first] = app.started.splice(0);
    if (first === undefined) throw new Error('nothing was started');

    let left = [first, first];
    for (let round = 0; round < 200 && left.length > 0; round += 1) {
      const after = await Promise.all(left.map((each) => app.step(each)));
      left = after.filter((each) => each !== undefined);
    }

    expect(left).toEqual([]);
    expect(app.assigned()).toHaveLength(2);
    expect(app.identityCenter.accepted()).toEqual(['create', 'create']);
  });
});

describe('the guard against mass change', () => {
  test('closes nothing of an account that would lose too much at once, and goes on opening', async () => {
    const app = world();
    const sets = Array.from({ length: 12 }, (_, at) => `Set${at}`);
    app.rules = [rule({ name: 'many', permissionSets: sets })];
    await app.look();

    app.guard = { most: 11, percent: 100 };
    app.rules = [OPERATE];
    await app.look();

    expect(app.assigned()).toHaveLength(13);
    expect(app.has(given('Platform', 'Operate'))).toBe(true);
    expect(app.baselines.items.get(ACCOUNT)?.last).toMatchObject({ outcome: 'held', opened: 1, closed: 0 });
    expect(app.events.at(-1)?.detail).toMatchObject({ outcome: 'held', claims: { held: 12 } });
    expect(app.observer.measured('EndingsHeld')).toEqual([12]);
  });

  test('lets go of what it held once it is allowed', async () => {
    const app = world();
    const sets = Array.from({ length: 12 }, (_, at) => `Set${at}`);
    app.rules = [rule({ name: 'many', permissionSets: sets })];
    await app.look();
    app.guard = { most: 11, percent: 100 };
    app.rules = [OPERATE];
    await app.look();

    app.guard = { most: 100, percent: 100 };
    app.baselines.shared = { ...app.baselines.shared, claims: 100 };
    await app.look();

    expect(app.assigned()).toHaveLength(1);
  });
});

describe('an assignment of a rule that somebody removes by hand', () => {
  async function removed(mode: 'report' | 'enforce'): Promise<BaselineWorld> {
    const app = world();
    app.rules = [{ ...OPERATE, mode }];
    await app.look();
    await app.removeByHand(given('Platform', 'Operate'));
    return app;
  }

  test('is told as missing, and not given again', async () => {
    const app = await removed('report');

    await app.look();

    expect(app.assigned()).toEqual([]);
    expect(app.baselines.items.get(ACCOUNT)?.last).toMatchObject({ outcome: 'incomplete', granted: 0 });
  });

  test('is given again where the rule enforces', async () => {
    const app = await removed('enforce');

    await app.look();

    expect(app.has(given('Platform', 'Operate'))).toBe(true);
  });

  test('is given again after the rule had not wanted it for a while', async () => {
    const app = await removed('report');
    app.rules = [];
    await app.look();

    app.rules = [OPERATE];
    await app.look();

    expect(app.has(given('Platform', 'Operate'))).toBe(true);
  });
});
