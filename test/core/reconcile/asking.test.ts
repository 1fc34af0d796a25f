import { askForReconciliation, replaceDeadReconciliation } from '../../../core/reconcile/ask';
import { COMPLETE_EVERY_MS, reconciliationDue } from '../../../core/reconcile/due';
import { NO_RECONCILIATION, type ReconcileRecord } from '../../../core/reconcile/record';
import { viewReconciliations } from '../../../core/reconcile/view';
import { ACCOUNTS, ReconcileWorld, assigned } from '../../support/reconcile-world';

const NOW = Date.parse('2026-11-24T08:00:00Z');
const DAY = 24 * 60 * 60_000;
const HOUR = 60 * 60_000;
const DEPLOYED = { isPresent: true };
const WALKED = { ...NO_RECONCILIATION, dailyAt: NOW - DAY, completeAt: NOW - 2 * DAY };

describe('what is due by itself', () => {
  test.each<readonly [string, ReconcileRecord, unknown]>([
    ['a complete walk where there never was one', NO_RECONCILIATION, { walk: 'complete' }],
    ['a daily one a day after the last', WALKED, { walk: 'principals' }],
    ['none before', { ...WALKED, dailyAt: NOW - DAY + 1 }, undefined],
    [
      'a complete one a week after the last',
      { ...WALKED, completeAt: NOW - COMPLETE_EVERY_MS },
      { walk: 'complete' },
    ],
    [
      'a complete one each day where listing by principal is refused',
      { ...WALKED, refusedByPrincipalAt: NOW - HOUR },
      { walk: 'complete' },
    ],
    [
      'one by principals once that may have changed',
      { ...WALKED, refusedByPrincipalAt: NOW - DAY },
      { walk: 'principals' },
    ],
    ['none while something waits', { ...WALKED, pending: { claims: true } }, undefined],
    [
      'none soon after one that failed',
      { ...WALKED, last: { outcome: 'failed', at: NOW - HOUR + 1 } as ReconcileRecord['last'] & object },
      undefined,
    ],
  ])('%s', (_words, record, scope) => {
    expect(reconciliationDue(record, DEPLOYED, NOW)).toEqual(scope);
  });

  test('nothing where no baselines are deployed', () => {
    expect(reconciliationDue(NO_RECONCILIATION, { isPresent: false }, NOW)).toBeUndefined();
  });
});

describe('asking', () => {
  test('starts one execution, which later askings join', async () => {
    const world = new ReconcileWorld();

    const first = await askForReconciliation(world.reconcilePorts, { walk: 'principals' });
    const second = await askForReconciliation(world.reconcilePorts, { claims: true });

    expect([first, second]).toEqual([
      { joins: false, number: 1 },
      { joins: true, number: 1 },
    ]);
    expect(world.started).toEqual([1]);
    expect(world.reconciliations.record.pending).toEqual({ walk: 'principals', claims: true });
  });

  test('a dead execution is replaced, a living one and one without work are not', async () => {
    const world = new ReconcileWorld();
    await replaceDeadReconciliation(world.reconcilePorts);
    expect(world.started).toEqual([]);
    await askForReconciliation(world.reconcilePorts, { walk: 'principals' });
    await replaceDeadReconciliation(world.reconcilePorts);
    expect(world.started).toEqual([1]);

    world.clock.advance(HOUR);
    await replaceDeadReconciliation(world.reconcilePorts);

    expect(world.started).toEqual([1, 2]);
  });
});

describe('the view', () => {
  test('tells of what runs, waits, and how it stands', async () => {
    const world = new ReconcileWorld();
    const number = await world.ask({ walk: 'principals' });
    world.lister.breaksAt = { page: 1, fault: 'throttled', times: Infinity };
    world.principals.set('group-ops', 'Ops');
    await world.step(number);
    await world.ask({ claims: true });

    const view = viewReconciliations(world.reconciliations.record, { findings: [] });

    expect(view).toMatchObject({
      running: {
        reconciliation: 1,
        walk: 'principals',
        phase: 'principals',
        waitsFor: { reason: expect.stringContaining('broke off') as string },
      },
      waiting: { claims: true },
      findings: [],
    });
  });

  test('tells of the last one and of open findings, page by page', async () => {
    const world = new ReconcileWorld();
    for (const accountId of ACCOUNTS) world.add(assigned(accountId, 'Reader', 'group-dev'));
    await world.reconcile();

    const first = await world.drift.open(2);
    const rest = await world.drift.open(2, first.next);

    expect(viewReconciliations(world.reconciliations.record, first)).toMatchObject({
      last: {
        reconciliation: 1,
        walk: 'complete',
        outcome: 'done',
        open: { unknown: 3 },
        new: { unknown: 3 },
      },
      walkedCompletelyAt: '2026-11-24T08:00:00.000Z',
      findings: [
        {
          kind: 'unknown',
          accountId: ACCOUNTS[0],
          principalType: 'GROUP',
          principalId: 'group-dev',
          mode: 'report',
        },
        { accountId: ACCOUNTS[1] },
      ],
      next: expect.stringContaining(ACCOUNTS[1]) as string,
    });
    expect(viewReconciliations(world.reconciliations.record, rest)).not.toHaveProperty('next');
  });
});

test('rules that changed are worked out first, as many steps as it takes, and what fails for a while is gone on with', async () => {
  const world = new ReconcileWorld();
  const positions: unknown[] = [];
  const ports = world.reconcilePorts;
  const applying = {
    ...ports,
    baselines: {
      ...ports.baselines,
      applyEverywhere: (position: unknown) => {
        positions.push(position);
        world.clock.advance(80_000);
        return Promise.resolve(
          positions.length < 3 ? { cursor: { after: positions.length } } : ('done' as const),
        );
      },
    },
  };

  await world.run(await world.ask({ claims: true }), applying);

  expect(positions).toEqual([undefined, { after: 1 }, { after: 2 }]);
  expect(world.reconciliations.record).toMatchObject({ running: false, last: { outcome: 'done' } });
  expect(world.reconciliations.record.dailyAt).toBeUndefined();
});
