import { openClaim } from '../../../core/assignments/claims';
import { changeAssignment } from '../../../core/assignments/change';
import {
  ACCOUNTS,
  HOST,
  MANAGEMENT,
  ReconcileWorld,
  SUSPENDED,
  assigned,
} from '../../support/reconcile-world';

const [ACCOUNT, OTHER] = ACCOUNTS;
const DAY = 24 * 60 * 60_000;
const RULE = { name: 'ops', mode: 'report', set: 'Admin', group: 'group-ops' } as const;

/** A world in which the rule `ops` holds in two accounts. */
async function ruledWorld(mode: 'report' | 'adopt' | 'enforce' = 'report'): Promise<ReconcileWorld> {
  const world = new ReconcileWorld();
  world.rules = [{ ...RULE, mode }];
  await world.grant('ops', assigned(ACCOUNT, 'Admin', 'group-ops'));
  await world.grant('ops', assigned(OTHER, 'Admin', 'group-ops'));
  return world;
}

describe.each(['principals', 'complete'] as const)('a walk by %s', (walk) => {
  test('finds nothing where everything has a reason', async () => {
    const world = await ruledWorld();

    await world.reconcile({ walk });

    expect(world.findings()).toEqual([]);
    expect(world.events).toEqual([]);
    expect(world.reconciliations.record).toMatchObject({ running: false, last: { outcome: 'done', walk } });
  });

  test('finds what somebody else added, tells of it once, and writes nothing to it', async () => {
    const world = await ruledWorld();
    world.add(assigned(ACCOUNT, 'Reader', 'group-dev'));

    await world.reconcile({ walk });
    world.clock.advance(DAY);
    await world.reconcile({ walk });

    expect(world.findings()).toEqual([`unknown ${ACCOUNT}/ps-reader/GROUP/group-dev`]);
    expect(world.events).toHaveLength(1);
    expect(world.events[0]).toMatchObject({
      type: 'AssignmentDriftFound',
      detail: { new: { unknown: 1 }, examples: [{ kind: 'unknown', accountId: ACCOUNT }] },
    });
    expect(world.assignments.items.size).toBe(2);
    expect(world.observer.measures).toContainEqual({
      name: 'AssignmentDrift',
      value: 1,
      dimension: { kind: 'unknown' },
    });
  });

  test('closes what it does not see any more', async () => {
    const world = await ruledWorld();
    const key = assigned(ACCOUNT, 'Reader', 'group-dev');
    world.add(key);
    await world.reconcile({ walk });
    world.remove(key);

    await world.reconcile({ walk });

    expect(world.findings()).toEqual([]);
    expect([...world.drift.items.values()]).toMatchObject([
      { kind: 'unknown', closedAt: expect.any(Number) as number },
    ]);
  });

  test('finds what a rule wants and somebody took away, after a second look, and does not restore it', async () => {
    const world = await ruledWorld();
    world.remove(assigned(OTHER, 'Admin', 'group-ops'));

    await world.reconcile({ walk });
    await world.reconcile({ walk });

    expect(world.findings()).toEqual([`missing ${OTHER}/ps-admin/GROUP/group-ops`]);
    expect(world.exists(assigned(OTHER, 'Admin', 'group-ops'))).toBe(false);
    expect(world.events).toHaveLength(1);
  });

  test('believes that a row was left out of one listing', async () => {
    const world = await ruledWorld();
    const key = assigned(OTHER, 'Admin', 'group-ops');
    world.remove(key);
    world.lister.onPage = () => {
      if (world.reconciliations.record.run?.doubts.length === 1) world.add(key);
    };

    await world.reconcile({ walk });

    expect(world.findings()).toEqual([]);
    expect((await world.assignment(key)).claims['baseline:ops']).not.toHaveProperty('closedAt');
  });

  test('ends a lease that somebody took away by hand, and does not grant it again', async () => {
    const world = new ReconcileWorld();
    const key = assigned(ACCOUNT, 'Reader', 'user-ann');
    await world.open('req-1', 10 * DAY, key);
    await world.drain();
    world.settle();
    world.remove(key);

    await world.reconcile({ walk });

    expect((await world.assignment(key)).claims['req-1']).toMatchObject({ lostBy: 'removal' });
    expect(world.exists(key)).toBe(false);
    expect(world.events).toMatchObject([{ detail: { new: { missing: 1 } } }]);
    await world.reconcile({ walk });
    expect(world.findings()).toEqual([]);
  });

  test('tells what the ledger has in a suspended account, and does not look there', async () => {
    const world = new ReconcileWorld();
    await world.grant('ops', assigned(SUSPENDED, 'Admin', 'group-ops'));
    world.remove(assigned(SUSPENDED, 'Admin', 'group-ops'));

    await world.reconcile({ walk });

    expect(world.findings()).toEqual([`stale ${SUSPENDED}/ps-admin/GROUP/group-ops`]);
    expect((await world.assignment(assigned(SUSPENDED, 'Admin', 'group-ops'))).doubt).toBeUndefined();
  });

  test("neither tells of Control Tower's sets and groups nor touches them", async () => {
    const world = new ReconcileWorld();
    world.mode = 'enforce';
    world.add(assigned(ACCOUNT, 'AWSControlTowerAdmin', 'group-ops'));
    world.add(assigned(ACCOUNT, 'Reader', 'group-tower'));

    await world.reconcile({ walk });

    expect(world.findings()).toEqual([]);
    expect(world.keys()).toHaveLength(2);
    expect(world.assignments.items.size).toBe(0);
  });

  test('makes standing what the mode adopts', async () => {
    const world = new ReconcileWorld();
    world.mode = 'adopt';
    const key = assigned(ACCOUNT, 'Reader', 'group-dev');
    world.add(key);

    await world.reconcile({ walk });

    expect(world.findings()).toEqual([]);
    expect((await world.assignment(key)).claims).toMatchObject({ standing: { kind: 'standing' } });
    expect(world.events).toMatchObject([{ detail: { adopted: 1 } }]);
  });

  test('is explained by an own operation that is under way, or has just ended', async () => {
    const world = new ReconcileWorld();
    const key = assigned(ACCOUNT, 'Reader', 'user-ann');
    await world.open('req-1', DAY, key);
    await world.pass();

    await world.reconcile({ walk });
    await world.close('req-1', key);
    await world.drain();
    // The list lags: it shows what was deleted.
    world.add(key);
    await world.reconcile({ walk });

    expect(world.findings()).toEqual([]);
  });
});

describe('a complete walk', () => {
  test('finds what users have whom nobody knew, and what is left of those who are gone', async () => {
    const world = new ReconcileWorld();
    world.add(assigned(ACCOUNT, 'Reader', 'user-bob'));
    world.add(assigned(ACCOUNT, 'Reader', 'user-left'));

    await world.reconcile();

    expect(world.findings()).toEqual([
      `orphaned ${ACCOUNT}/ps-reader/USER/user-left`,
      `unknown ${ACCOUNT}/ps-reader/USER/user-bob`,
    ]);
  });

  test('does not lose a finding to a daily walk that cannot ask about it', async () => {
    const world = new ReconcileWorld();
    world.add(assigned(ACCOUNT, 'Reader', 'user-left'));
    await world.reconcile();

    await world.reconcile({ walk: 'principals' });

    expect(world.findings()).toEqual([`orphaned ${ACCOUNT}/ps-reader/USER/user-left`]);
  });

  test('has the claims of somebody who is gone ended, once, and what they had taken away', async () => {
    const world = await ruledWorld();
    world.principals.delete('group-ops');

    await world.reconcile();

    expect(world.gone).toEqual(['group-ops']);
    expect(world.keys()).toEqual([]);
    expect(world.findings()).toEqual([]);
  });

  test('removes what nobody knows where the mode enforces, but in what is guarded', async () => {
    const world = await ruledWorld();
    world.mode = 'enforce';
    const guarded = [
      assigned(MANAGEMENT, 'Reader', 'group-dev'),
      assigned(HOST, 'Reader', 'group-dev'),
      assigned(ACCOUNT, 'Guarded', 'group-dev'),
    ];
    for (const key of guarded) world.add(key);
    world.add(assigned(ACCOUNT, 'Reader', 'group-dev'));
    world.add(assigned(ACCOUNT, 'Writer', 'user-left'));

    await world.reconcile();

    expect(world.keys()).toHaveLength(5);
    expect(world.exists(assigned(ACCOUNT, 'Reader', 'group-dev'))).toBe(false);
    expect(world.exists(assigned(ACCOUNT, 'Writer', 'user-left'))).toBe(false);
    expect(world.reserved).toEqual([2]);
    await world.reconcile();
    expect(world.findings('unknown')).toHaveLength(3);
  });

  test('restores what a rule wants where it enforces', async () => {
    const world = await ruledWorld('enforce');
    world.remove(assigned(OTHER, 'Admin', 'group-ops'));

    await world.reconcile();

    expect(world.exists(assigned(OTHER, 'Admin', 'group-ops'))).toBe(true);
    expect(world.events).toMatchObject([{ detail: { restored: 1 } }]);
  });

  test('removes nothing where the guard holds all of it back, and says so', async () => {
    const world = new ReconcileWorld();
    world.mode = 'enforce';
    world.mostEndings = 1;
    world.add(assigned(ACCOUNT, 'Reader', 'group-dev'));
    world.add(assigned(OTHER, 'Reader', 'group-dev'));

    await world.reconcile();

    expect(world.keys()).toHaveLength(2);
    expect(world.reconciliations.record.last).toMatchObject({
      outcome: 'held',
      done: { held: 2, removed: 0 },
    });
    expect(world.events).toMatchObject([{ detail: { held: 2 } }]);
  });

  test('lets be what has got a claim after the walk saw it', async () => {
    const world = new ReconcileWorld();
    world.mode = 'enforce';
    const key = assigned(ACCOUNT, 'Reader', 'user-ann');
    world.add(key);
    world.lister.onPage = () => {
      if (world.reserved.length === 0) return;
      world.lister.onPage = () => undefined;
      void changeAssignment(world, key, (present, now) =>
        openClaim(present, { id: 'req-1', kind: 'lease', from: now, until: now + DAY, openedAt: now }),
      );
    };

    await world.reconcile();

    expect(world.reserved).toEqual([1]);
    expect(world.exists(key)).toBe(true);
  });

  test('does no more than the mildest rule that speaks of it, or may', async () => {
    const world = new ReconcileWorld();
    world.mode = 'enforce';
    world.rules = [
      { name: 'hard', mode: 'enforce', set: 'Reader', group: 'group-dev' },
      { name: 'mild', mode: 'report', set: 'Reader', group: 'group-dev' },
      { name: 'unclear', mode: 'report', set: 'Writer', group: 'group-nobody' },
    ];
    world.problems = ['unclear'];
    world.add(assigned(ACCOUNT, 'Reader', 'group-dev'));
    world.add(assigned(ACCOUNT, 'Admin', 'group-dev'));

    await world.reconcile();
    expect(world.keys()).toHaveLength(2);
    world.problems = [];
    await world.reconcile();

    expect(world.keys()).toEqual([assigned(ACCOUNT, 'Reader', 'group-dev')]);
    expect(world.drift.opened.map(({ rule }) => rule)).toContain('mild');
  });

  test('leaves more of the rate to the dispatcher', async () => {
    const world = await ruledWorld();
    const paces = new Set<number>();
    world.lister.onPage = (operation) => {
      if (operation === 'assignees') paces.add(world.pace.perSecond);
    };

    await world.reconcile();

    expect([...paces]).toEqual([2]);
  });
});

describe('a walk by principals', () => {
  test('removes nothing, whatever the mode', async () => {
    const world = new ReconcileWorld();
    world.mode = 'enforce';
    world.add(assigned(ACCOUNT, 'Reader', 'group-dev'));

    await world.reconcile({ walk: 'principals' });

    expect(world.keys()).toHaveLength(1);
    expect(world.reserved).toEqual([]);
  });

  test('goes by provisioned pairs where the service refuses, and does not ask again for a day', async () => {
    const world = await ruledWorld();
    world.lister.isRefusedByPrincipal = true;
    world.add(assigned(ACCOUNT, 'Reader', 'group-dev'));

    await world.reconcile({ walk: 'principals' });
    await world.reconcile({ walk: 'principals' });

    expect(world.findings('unknown')).toHaveLength(1);
    expect(world.lister.calls.filter((call) => call === 'ofPrincipal')).toHaveLength(1);
    expect(world.reconciliations.record.last).toMatchObject({ walk: 'complete', outcome: 'done' });
  });
});

describe('a look at places', () => {
  test('finds and closes there, and nowhere else', async () => {
    const world = new ReconcileWorld();
    const [key, other] = [assigned(ACCOUNT, 'Reader', 'group-dev'), assigned(OTHER, 'Reader', 'group-dev')];
    world.add(key);
    world.add(other);

    await world.reconcile({ places: [key] });
    expect(world.findings()).toEqual([`unknown ${ACCOUNT}/ps-reader/GROUP/group-dev`]);
    expect(world.events).toMatchObject([{ detail: { scope: 'places', new: { unknown: 1 } } }]);
    world.remove(key);
    await world.reconcile({ places: [key] });

    expect(world.findings()).toEqual([]);
  });
});
