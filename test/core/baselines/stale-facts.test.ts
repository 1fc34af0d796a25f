import { ACCOUNT, BaselineWorld, given } from '../../support/baseline-world';
import { rule } from './rules';

const DEV = rule({
  name: 'dev',
  principal: { group: 'Builders' },
  permissionSets: ['Build'],
  target: [{ ou: 'Workloads/Dev' }],
});
const PAYMENTS = rule({
  name: 'payments',
  principal: { group: 'Payments' },
  permissionSets: ['Operate'],
  target: [{ tag: { team: 'payments' } }],
});

describe('facts that were read before something changed', () => {
  test('of tags are not believed by a look that an event about the account asked for', async () => {
    const app = new BaselineWorld();
    app.rules = [PAYMENTS];
    app.organization.set(ACCOUNT);
    await app.ask();
    await app.workOn(3);

    // As vending does it: the account is there, and seconds later it has its tags.
    app.clock.advance(5_000);
    app.organization.set(ACCOUNT, { tags: { team: 'payments' } });
    await app.look();

    expect(app.has(given('Payments', 'Operate'))).toBe(true);
  });

  test('of places do not give back what a look at the account as it is now has taken away', async () => {
    const app = new BaselineWorld();
    app.rules = [DEV];
    app.organization.set(ACCOUNT, { ou: 'Workloads/Dev' });
    await app.applyEverywhere();
    app.organization.set(ACCOUNT, { ou: 'Workloads/Prod' });
    await app.look();

    // The picture of the organization is some minutes old: in it the account is where it was.
    app.rules = [DEV, PAYMENTS];
    await app.applyEverywhere();
    await app.letPass(60_000);

    expect(app.has(given('Builders', 'Build'))).toBe(false);
  });
});
