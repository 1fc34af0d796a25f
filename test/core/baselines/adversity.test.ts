import { changeAssignment } from '../../../core/assignments/change';
import { openClaim } from '../../../core/assignments/claims';
import { unknownAccount } from '../../../core/baselines/account-record';
import { applyEverywhere } from '../../../core/baselines/apply-everywhere';
import { baselineClaimId } from '../../../core/baselines/baseline';
import { StillReadingError } from '../../../core/ports/organization-picture';
import { STEP_TIMES } from '../../../core/runs/run';
import { ACCOUNT, BaselineWorld, given } from '../../support/baseline-world';
import { rule } from './rules';

const PAYMENTS = rule({
  name: 'payments',
  principal: { group: 'Payments' },
  permissionSets: ['Operate'],
  target: [{ tag: { team: 'payments' } }],
});
const ALL = rule({
  name: 'all',
  principal: { group: 'Builders' },
  permissionSets: ['Build'],
  target: [{ all: true }],
});
const MINUTE = 60_000;

describe('what goes wrong in accounts', () => {
  test('stale tags are not acted on', async () => {
    const app = new BaselineWorld();
    app.rules = [PAYMENTS];
    app.organization.set(ACCOUNT, { tags: { team: 'payments' } });
    await app.look();
    expect(app.has(given('Payments', 'Operate'))).toBe(true);
    app.clock.advance(5 * MINUTE);
    app.organization.set(ACCOUNT, { tags: { team: 'secret' } });
    const real = app.organization.tags.bind(app.organization);
    // As SdkOrganizationPictures does when Organizations throttled somebody's reading in the last 30 s.
    app.organization.tags = async (ids) => ({ ...(await real(ids, 24 * 60 * MINUTE)), isStale: true });
    await app.look().catch(() => undefined);
    app.organization.tags = real;
    await app.letPass(60 * MINUTE);
    await app.sweepAccounts();
    await app.letPass(60 * MINUTE);
    expect(app.has(given('Payments', 'Operate'))).toBe(false);
  });

  test('one full assignment does not keep all accounts after it from losing what a rule gave', async () => {
    const app = new BaselineWorld();
    const OLD = rule({
      name: 'old',
      principal: { group: 'Old' },
      permissionSets: ['Operate'],
      target: [{ all: true }],
    });
    const next = '100000000002';
    app.rules = [OLD];
    for (const id of [ACCOUNT, next]) app.organization.set(id);
    await app.applyEverywhere();
    await app.letPass(5 * MINUTE);
    expect(app.has(given('Old', 'Operate', next))).toBe(true);
    for (let n = 0; n < 50; n += 1)
      await changeAssignment(app, given('Builders', 'Build'), (present, now) =>
        openClaim(present, {
          id: `req-${n}`,
          kind: 'lease',
          from: now,
          until: now + 48 * 60 * MINUTE,
          openedAt: now,
          accounts: 1,
        }),
      );
    app.rules = [ALL];
    await app.applyEverywhere();
    await app.letPass(5 * MINUTE);
    expect([app.has(given('Old', 'Operate')), app.has(given('Old', 'Operate', next))]).toEqual([
      false,
      false,
    ]);
  });

  test('held endings of an account that was closed are tried again', async () => {
    const app = new BaselineWorld();
    app.rules = Array.from({ length: 12 }, (_, n) =>
      rule({
        name: `r-${n}`,
        principal: { group: `G${n}` },
        permissionSets: ['Build'],
        target: [{ all: true }],
      }),
    );
    app.guard = { most: 5, percent: 100 };
    app.organization.set(ACCOUNT);
    await app.applyEverywhere();
    await app.letPass(10 * MINUTE);
    app.organization.set(ACCOUNT, { state: 'CLOSED' });
    await app.look();
    expect(app.baselines.items.get(ACCOUNT)?.last?.outcome).toBe('held');
  });

  test('what the guard held as a whole does not end piecemeal', async () => {
    const app = new BaselineWorld();
    app.rules = [ALL];
    const ids = Array.from({ length: 15 }, (_, n) => `2000000000${String(n + 10)}`);
    for (const id of ids) app.organization.set(id);
    app.guard = { most: 10, percent: 100 };
    await app.applyEverywhere();
    await app.letPass(10 * MINUTE);
    app.rules = [];
    await app.applyEverywhere();
    const count = () => ids.filter((id) => app.has(given('Builders', 'Build', id))).length;
    await app.letPass(61 * MINUTE);
    await app.sweepAccounts();
    await app.letPass(10 * MINUTE);
    expect(count()).toBe(15);
  });

  test('a lease that joins a create which rules wait for is not kept waiting for a quarter of an hour', async () => {
    const app = new BaselineWorld();
    const key = given('Builders', 'Build');
    const now = app.clock.now();
    await changeAssignment(app, key, (present) =>
      openClaim(present, {
        id: baselineClaimId('all'),
        kind: 'baseline',
        from: now,
        until: null,
        openedAt: now,
      }),
    );
    await changeAssignment(app, key, (present) => {
      const { operation } = present;
      if (operation === undefined) throw new Error('a claim that counts has an operation');
      return { ...present, operation: { ...operation, attempts: 12, notBefore: now + 15 * MINUTE } };
    });
    app.clock.advance(MINUTE);
    const joined = await changeAssignment(app, key, (present, at) =>
      openClaim(present, {
        id: 'req',
        kind: 'lease',
        from: at,
        until: at + 60 * MINUTE,
        openedAt: at,
        accounts: 1,
      }),
    );
    expect((joined.operation?.notBefore ?? Infinity) - app.clock.now()).toBeLessThanOrEqual(MINUTE);
  });

  test('a lease that somebody took in the same millisecond is not taken as well', async () => {
    const app = new BaselineWorld();
    app.organization.set(ACCOUNT);
    app.rules = [ALL];
    const until = app.clock.now() + STEP_TIMES.leaseMs;
    await app.baselines.writeAccount({
      ...unknownAccount(ACCOUNT),
      number: 1,
      running: true,
      leaseUntil: until,
      nextStepBy: until + 30_000,
    });
    await applyEverywhere(app.baselinePorts, undefined, app.clock.now() + MINUTE);

    const { isWanted, leaseUntil } = app.baselines.items.get(ACCOUNT) ?? {};
    expect({ isWanted, isHeld: leaseUntil === until }).toEqual({ isWanted: true, isHeld: true });
  });
});

test('rules are applied again when what they name can be looked up, which it could not before', async () => {
  const app = new BaselineWorld();
  app.organization.set(ACCOUNT);
  app.rules = [ALL];
  app.unresolvable.add('all');
  await app.applyEverywhere();
  await app.letPass(5 * MINUTE);
  const before = app.has(given('Builders', 'Build'));
  app.unresolvable.delete('all');
  await app.sweepAccounts();
  await app.letPass(5 * MINUTE);

  expect(before).toBe(false);
  expect(app.has(given('Builders', 'Build'))).toBe(true);
});

test('accounts that are newer than the picture do not count as endings', async () => {
  const app = new BaselineWorld();
  app.rules = [ALL];
  app.guard = { most: 10, percent: 100 };
  app.organization.set(ACCOUNT);
  await app.applyEverywhere();
  const ids = Array.from({ length: 12 }, (_, n) => String(300_000_000_000 + n));
  // Vended, and each looked at by its event, while the picture of the organization stays as it was.
  for (const id of ids) app.organization.set(id);
  for (const id of ids) await app.look(id);
  app.rules = [ALL, PAYMENTS];
  await app.applyEverywhere();

  expect((await app.baselines.state()).held).toBe(0);
  expect(ids.every((id) => app.has(given('Builders', 'Build', id)))).toBe(true);
});

test('a tick while tags are still being read asks for nothing, and the next one goes on', async () => {
  const app = new BaselineWorld();
  app.rules = [PAYMENTS];
  await app.applyEverywhere();
  app.organization.set(ACCOUNT, { tags: { team: 'payments' } });
  const real = app.organization.tags.bind(app.organization);
  app.organization.tags = () => Promise.reject(new StillReadingError('tags of 1 of 2 accounts are read'));
  await app.letPass(15 * MINUTE);
  await app.sweepAccounts();
  await app.letPass(MINUTE);
  const before = app.has(given('Payments', 'Operate'));
  app.organization.tags = real;
  await app.letPass(15 * MINUTE);
  await app.sweepAccounts();
  await app.letPass(5 * MINUTE);

  expect([before, app.has(given('Payments', 'Operate'))]).toEqual([false, true]);
});
