import { ACCOUNT, BaselineWorld, type Death, given } from '../../support/baseline-world';
import { rule } from './rules';

const DEATHS = (['before', 'after'] as const).flatMap((when) =>
  (['function', 'execution'] as const).map((kills) => ({ when, kills })),
);

/** An account that has moved: one assignment has to go, one has to come, one stays, and nothing was done about it yet. */
async function movedAccount(): Promise<BaselineWorld> {
  const app = new BaselineWorld();
  app.rules = [
    rule({ name: 'all', principal: { group: 'Platform' }, permissionSets: ['Operate'] }),
    rule({
      name: 'prod',
      principal: { group: 'Readers' },
      permissionSets: ['Read'],
      target: [{ ou: 'Workloads/Prod' }],
    }),
    rule({
      name: 'dev',
      principal: { group: 'Builders' },
      permissionSets: ['Build'],
      target: [{ ou: 'Workloads/Dev' }],
    }),
  ];
  app.organization.set(ACCOUNT, { ou: 'Workloads/Prod' });
  // Working out all accounts is also what says that the rules have been applied.
  await app.applyEverywhere();
  app.organization.set(ACCOUNT, { ou: 'Workloads/Dev' });
  await app.organization.outdate();
  return app;
}

/** Does `work` once for each call of a port that it makes, dies there, and holds what comes of it to what should. */
async function dieEverywhere(
  { when, kills }: Pick<Death, 'when' | 'kills'>,
  work: (app: BaselineWorld) => Promise<void>,
): Promise<number> {
  for (let call = 1; ; call += 1) {
    const app = await movedAccount();
    app.killAt = { call: app.calls + call, when, kills };
    await work(app);
    const hasLived = app.isToDie;

    const where = `killed ${when} call ${call}`;
    expect([where, app.has(given('Platform', 'Operate'))]).toEqual([where, true]);
    expect([where, app.has(given('Builders', 'Build'))]).toEqual([where, true]);
    expect([where, app.assigned().length]).toEqual([where, 2]);
    expect(app.baselines.items.get(ACCOUNT)).toMatchObject({
      isWanted: false,
      running: false,
      last: { wanted: 2 },
    });
    if (hasLived) return call;
  }
}

describe('an account comes to what the rules want, wherever', () => {
  test.each(DEATHS)('a $kills dies $when a call of its run', async (death) => {
    const calls = await dieEverywhere(death, (app) => app.look());

    expect(calls).toBeGreaterThan(15);
  });

  test.each(DEATHS)('a $kills dies $when a call while all accounts are worked out', async (death) => {
    const calls = await dieEverywhere(death, async (app) => {
      await app.applyEverywhere();
      // Work that nobody called for is found by the sweep within a minute.
      await app.letPass(5 * 60_000);
    });

    expect(calls).toBeGreaterThan(15);
  });

  test.each(DEATHS)('a $kills dies $when a call of the sweep that finds it', async (death) => {
    const calls = await dieEverywhere(death, (app) => app.sweepAccounts());

    expect(calls).toBeGreaterThan(15);
  });
});
