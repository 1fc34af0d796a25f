import { describeKey } from '../../../core/assignments/assignment';
import { STEPS_PER_EXECUTION } from '../../../core/reconcile/advance';
import { ReconcileWorld, assigned } from '../../support/reconcile-world';
import { AFTERWARDS, CLOSED, MISSING, ORPHAN, UNKNOWN, mixedWorld, rows } from './mixed-world';

test('a complete walk that enforces ends where the rules are', async () => {
  const world = await mixedWorld();

  await world.reconcile();

  expect(rows(world)).toEqual(AFTERWARDS);
  // What was put right is not told any more, nor what was gone before.
  expect(world.findings()).toEqual([]);
  expect([...world.drift.items.values()].map(({ key }) => describeKey(key)).sort()).toEqual(
    [CLOSED, MISSING, ORPHAN, UNKNOWN].map(describeKey).sort(),
  );
});

describe.each(['principals', 'complete'] as const)('a walk by %s', (walk) => {
  test('goes on after any page that breaks off', async () => {
    const whole = await mixedWorld();
    const before = whole.lister.calls.length;
    await whole.reconcile({ walk });
    const pages = whole.lister.calls.length - before;
    for (let page = 1; page <= pages; page += 1) {
      const world = await mixedWorld();
      world.lister.breaksAt = { page: before + page, fault: 'throttled', times: 2 };

      await world.reconcile({ walk });

      expect({ page, rows: rows(world) }).toEqual({ page, rows: rows(whole) });
      expect({ page, findings: world.findings() }).toEqual({ page, findings: whole.findings() });
    }
  });

  test('concludes nothing where a page breaks off for good', async () => {
    const whole = await mixedWorld();
    const before = whole.lister.calls.length;
    await whole.reconcile({ walk });
    const pages = whole.lister.calls.filter((call, index) => index >= before && call !== 'nameOf').length;
    for (let page = 1; page <= pages; page += 1) {
      const world = await mixedWorld();
      world.lister.breaksAt = {
        page: before + page,
        fault: page % 2 === 0 ? 'unavailable' : 'denied',
        times: Infinity,
      };
      const hadReserved = world.reserved.length;

      await world.reconcile({ walk });

      const { last } = world.reconciliations.record;
      const isConcluded = world.reserved.length > hadReserved;
      if (isConcluded) continue;
      expect({ page, outcome: last?.outcome }).toEqual({ page, outcome: 'failed' });
      expect(world.exists(UNKNOWN) && world.exists(ORPHAN)).toBe(true);
      expect(world.exists(MISSING)).toBe(false);
      expect(world.findings()).toContain(`unknown ${describeKey(CLOSED)}`);
    }
  });
});

test('two executions do not work at a time, and the one that was replaced ends', async () => {
  const world = await mixedWorld();
  const number = await world.ask({ walk: 'complete' });

  const [one, other] = await Promise.all([world.step(number), world.step(number)]);
  expect([one.next, other.next]).toContain('wait');
  const next = await world.replaceDead();
  await expect(world.step(number)).resolves.toMatchObject({ next: 'done' });
  await world.run(next);

  expect(world.reconciliations.record).toMatchObject({ running: false, walks: 2 });
});

test('an execution hands over before its history grows too long', async () => {
  const world = await mixedWorld();
  const number = await world.ask({ walk: 'complete' });

  const step = await world.step(number, STEPS_PER_EXECUTION);

  expect(step.next).toBe('done');
  expect(world.started).toEqual([number - 1, number, number + 1]);
  await expect(world.step(number + 1)).resolves.toMatchObject({ next: 'wait' });
});

test('who asks while one runs joins it, and it goes on with that', async () => {
  const world = await mixedWorld();
  const number = await world.ask({ walk: 'principals' });
  await world.step(number);

  expect(await world.ask({ walk: 'principals' })).toBe(number);
  await world.run(number);

  expect(world.reconciliations.record).toMatchObject({ running: false, walks: 3, last: { number: 3 } });
  expect(world.started).toEqual([number - 1, number]);
});

test('the record stays small however much there is', async () => {
  const world = new ReconcileWorld();
  for (let n = 0; n < 2_000; n += 1)
    world.add(assigned(String(200_000_000_000 + n), 'Reader', n % 2 === 0 ? 'group-dev' : 'user-ann'));
  world.pictures.isStale = true;

  await world.reconcile();

  expect(world.findings()).toHaveLength(2_000);
  expect(world.reconciliations.largest).toBeLessThan(30_000);
  expect(world.reconciliations.record.last).toMatchObject({ outcome: 'done', found: { unknown: 2_000 } });
});

test('places that are asked for while a walk goes on are looked at before it goes on', async () => {
  const world = await mixedWorld();
  const number = await world.ask({ walk: 'complete' });
  // As a walk of hours is, in the middle.
  world.lister.breaksAt = { page: world.lister.calls.length + 1, fault: 'throttled', times: 1 };
  await world.step(number);
  const { accountId, permissionSetArn } = UNKNOWN;
  await world.ask({ places: [{ accountId, permissionSetArn }] });
  const before = world.lister.calls.length;
  await world.step(number);

  expect(world.lister.calls[before]).toBe('assignees');
  expect(world.reconciliations.record.pending).toBeUndefined();
  await world.run(number);
  await world.dispatch();
  expect(rows(world)).toEqual(AFTERWARDS);
});

test('nothing is removed that some rule may want, nor anything while other rules are not applied', async () => {
  const world = await mixedWorld();
  world.mayBeWanted.add(describeKey(UNKNOWN));
  await world.reconcile();
  const kept = [world.exists(UNKNOWN), world.exists(ORPHAN)];
  const other = await mixedWorld();
  other.isApplied = false;
  await other.reconcile();

  expect(kept).toEqual([true, false]);
  expect([other.exists(UNKNOWN), other.exists(ORPHAN), other.exists(MISSING)]).toEqual([true, true, false]);
  expect(other.findings()).toContain(`unknown ${describeKey(UNKNOWN)}`);
});
