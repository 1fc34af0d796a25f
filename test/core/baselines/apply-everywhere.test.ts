import type { EverywhereCursor } from '../../../core/baselines/apply-everywhere';
import { BaselineWorld, given, type BaselineExecution } from '../../support/baseline-world';
import { rule } from './rules';

const ALL = rule({ name: 'all', principal: { group: 'Platform' }, permissionSets: ['Operate'] });
const PROD = rule({
  name: 'prod',
  principal: { group: 'Readers' },
  permissionSets: ['Read'],
  target: [{ ou: 'Workloads/Prod' }],
});

function accountId(n: number): string {
  return String(100_000_000_000 + n);
}

/** Accounts 1 to `count`, every other one in Workloads/Prod. */
function world(count = 6): BaselineWorld {
  const app = new BaselineWorld();
  app.rules = [ALL, PROD];
  for (let n = 1; n <= count; n += 1)
    app.organization.set(accountId(n), { ou: n % 2 === 0 ? 'Workloads/Prod' : 'Workloads/Dev' });
  return app;
}

describe('rules that are applied to every account', () => {
  test('give what they mean everywhere, and are told once', async () => {
    const app = world();

    await app.applyEverywhere();

    expect(app.assigned()).toHaveLength(9);
    expect(app.has(given('Readers', 'Read', accountId(2)))).toBe(true);
    expect(app.baselines.shared).toMatchObject({ appliedHash: app.deployed.hash });
    expect(app.events).toEqual([
      {
        type: 'BaselinesApplied',
        detail: expect.objectContaining({ rules: 2, opened: 9, closed: 0, held: 0 }) as unknown,
      },
    ]);
  });

  test('start no execution for an account, and change nothing the second time', async () => {
    const app = world();
    await app.applyEverywhere();
    const calls = app.identityCenter.calls.length;

    await app.applyEverywhere();

    expect(app.startedEver).toEqual([]);
    expect(app.identityCenter.calls).toHaveLength(calls);
    expect(app.events).toHaveLength(1);
  });

  test('come to the same in many short steps, each with a small cursor', async () => {
    const app = world();
    const cursors: EverywhereCursor[] = [];
    // A query takes so long that a step has the time for two accounts.
    app.onCall = (port) => {
      if (port === 'finder') app.clock.advance(30_000);
    };

    await app.applyEverywhere(50_000, (cursor) => cursors.push(cursor));

    expect(app.assigned()).toHaveLength(9);
    expect(cursors.length).toBeGreaterThan(4);
    for (const cursor of cursors) expect(JSON.stringify(cursor).length).toBeLessThan(2_048);
  });

  test('begin anew where other rules are deployed in the middle', async () => {
    const app = world();
    let steps = 0;
    app.onCall = (port) => {
      if (port === 'finder') app.clock.advance(30_000);
    };

    await app.applyEverywhere(50_000, () => {
      steps += 1;
      if (steps === 6) app.rules = [ALL];
    });

    expect(app.has(given('Readers', 'Read', accountId(2)))).toBe(false);
    expect(app.assigned()).toHaveLength(6);
    expect(app.baselines.shared.appliedHash).toBe(app.deployed.hash);
  });

  test('end what a removed rule gave, also in an account that has left the organization', async () => {
    const app = world();
    await app.applyEverywhere();
    app.organization.accounts.delete(accountId(2));
    await app.organization.outdate();

    app.rules = [ALL];
    await app.applyEverywhere();

    expect(app.assigned()).toHaveLength(5);
    expect(app.has(given('Platform', 'Operate', accountId(2)))).toBe(false);
  });

  test('are held back as a whole where more would end than the guard lets, and open all the same', async () => {
    const app = world(24);
    await app.applyEverywhere();

    app.guard = { most: 11, percent: 100 };
    app.rules = [
      ALL,
      rule({ name: 'builders', principal: { group: 'Builders' }, permissionSets: ['Build'] }),
    ];
    await app.applyEverywhere();

    expect(app.assigned()).toHaveLength(24 + 12 + 24);
    expect(app.has(given('Readers', 'Read', accountId(2)))).toBe(true);
    expect(app.events.at(-1)?.detail).toMatchObject({ opened: 24, closed: 0, held: 12 });
    expect(app.observer.measured('EndingsHeld')).toContain(12);
  });

  test('leave an account alone on which an execution works, and have it looked at again', async () => {
    const app = world();
    await app.applyEverywhere();
    app.rules = [ALL];
    await app.ask(accountId(2));
    const [execution] = app.started.splice(0);
    if (execution === undefined) throw new Error('nothing was started');
    const working: BaselineExecution | undefined = await app.step(execution);
    if (working === undefined) throw new Error('the execution is over already');

    app.started.push(working);
    await app.applyEverywhere();

    expect(app.assigned()).toHaveLength(6);
    expect(app.startedEver).toEqual([`${accountId(2)}-1`]);
  });
});

describe('the sweep of accounts', () => {
  test('asks for an account that is new, and that no event told of', async () => {
    const app = world();
    await app.applyEverywhere();
    app.organization.set(accountId(7), { ou: 'Workloads/Prod' });
    app.clock.advance(15 * 60_000);

    await app.sweepAccounts();

    expect(app.startedEver).toEqual([`${accountId(7)}-1`]);
    expect(app.has(given('Readers', 'Read', accountId(7)))).toBe(true);
  });

  test('asks for an account that has moved', async () => {
    const app = world();
    await app.applyEverywhere();
    app.organization.set(accountId(1), { ou: 'Workloads/Prod' });
    app.clock.advance(15 * 60_000);

    await app.sweepAccounts();

    expect(app.startedEver).toEqual([`${accountId(1)}-1`]);
    expect(app.has(given('Readers', 'Read', accountId(1)))).toBe(true);
  });

  test('asks for nothing while nothing has changed', async () => {
    const app = world();
    await app.applyEverywhere();
    app.clock.advance(15 * 60_000);

    await app.sweepAccounts();

    expect(app.startedEver).toEqual([]);
  });

  test('leaves rules that were not applied yet to whoever applies them to all accounts', async () => {
    const app = world();

    await app.sweepAccounts();

    expect(app.assigned()).toEqual([]);
  });

  test('has all accounts worked out where more than a hundred have changed', async () => {
    const app = world(2);
    await app.applyEverywhere();
    for (let n = 10; n <= 110; n += 1) app.organization.set(accountId(n));
    app.clock.advance(15 * 60_000);

    await app.sweepAccounts();

    expect(app.startedEver).toEqual([]);
    expect(app.has(given('Platform', 'Operate', accountId(110)))).toBe(true);
  });
});
