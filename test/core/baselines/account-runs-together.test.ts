import { ACCOUNT, BaselineWorld, given } from '../../support/baseline-world';
import { HOUR } from '../assignments/assignments';
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
