import { UNITS, addAccount, sendEvent, vendingEvents } from '../support/new-accounts';
import { TestApp } from '../support/test-app';

const BASELINES = `baselines:
  - name: payments-develops
    description: The payments team builds where nothing is in production
    principal: { group: Payments }
    permissionSets: [PowerUserAccess]
    target: { ou: Workloads/Dev }
  - name: security-looks
    description: Security looks at all workloads but those that are secret
    principal: { group: Security }
    permissionSets: [ReadOnlyAccess, BillingReadOnly]
    target: { ou: Workloads, except: { tag: { 'data:class': 'geheim-ü*' } } }
`;

const LOOKS = ['Security BillingReadOnly', 'Security ReadOnlyAccess'];
const BUILDS = 'Payments PowerUserAccess';

/** A new id for each story. */
let accounts = 0;
function newAccount(): { readonly id: string; readonly name: string } {
  accounts += 1;
  return { id: String(712_345_678_900 + accounts), name: `new-${accounts}` };
}

/** Names of what groups have in an account, sorted. */
function accessIn(app: TestApp, account: string): string[] {
  return app.runtime.simulator
    .assignments()
    .filter(({ accountId, principalType }) => accountId === account && principalType === 'GROUP')
    .map(({ principalName = '', permissionSetName = '' }) => `${principalName} ${permissionSetName}`)
    .sort();
}

describe('an account', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ access: { baselines: BASELINES } });
    // The rules are applied to the accounts that there are.
    await app.advance('PT3M');
  });

  afterAll(async () => {
    await app.stop();
  });

  /** So that no sweep of accounts comes within the next minutes, and does what an event should have. */
  async function pastTheSweepOfAccounts(): Promise<void> {
    const minute = new Date(app.runtime.clock.now()).getUTCMinutes() % 15;
    if (minute >= 10) await app.advance(`PT${16 - minute}M`);
  }

  /** Vended in a unit, and told of. */
  async function vended(unit: string): Promise<string> {
    const account = newAccount();
    addAccount(app, account, unit);
    for (const event of vendingEvents(app, account.id, unit)) await sendEvent(app, event);
    return account.id;
  }

  test('has what the rules give a minute after it was vended, once, whatever is told twice', async () => {
    const account = newAccount();
    const creates = new Set<string>();
    const stop = app.runtime.simulator.onOperation((event) => {
      if (event.kind === 'create' && event.account.id === account.id) creates.add(event.requestId);
    });
    addAccount(app, account, UNITS.dev);
    const events = vendingEvents(app, account.id, UNITS.dev);
    for (const event of [...events].reverse()) await sendEvent(app, event);
    for (const event of events) await sendEvent(app, event);
    await app.advance('PT1M');
    stop();

    expect(accessIn(app, account.id)).toEqual([BUILDS, ...LOOKS]);
    expect(creates.size).toBe(3);
  });

  test('that moves to another unit keeps what both give, and loses the rest', async () => {
    const id = await vended(UNITS.dev);
    await app.advance('PT1M');
    app.runtime.simulator.world.tree.moveAccount(id, UNITS.prod);
    const [, moved] = vendingEvents(app, id, UNITS.prod);
    await sendEvent(app, moved ?? {});
    await app.advance('PT1M');

    expect(accessIn(app, id)).toEqual(LOOKS);
  });

  test('that is tagged so that a rule excepts it loses what the rule gave', async () => {
    const id = await vended(UNITS.prod);
    await app.advance('PT1M');
    const had = accessIn(app, id);
    app.runtime.simulator.world.tree.setTags(id, { 'data:class': 'geheim-über' });
    await sendEvent(app, {
      source: 'aws.tag',
      account: app.organization.managementAccountId,
      region: 'us-east-1',
      resources: [
        `arn:aws:organizations::${app.organization.managementAccountId}:account/o-a1b2c3d4e5/${id}`,
      ],
      'detail-type': 'Tag Change on Resource',
      detail: { 'changed-tag-keys': ['data:class'], service: 'organizations', 'resource-type': 'account' },
    });
    await app.advance('PT1M');

    expect(had).toEqual(LOOKS);
    expect(accessIn(app, id)).toEqual([]);
  });

  test('that no event told of is found by the sweep of accounts', async () => {
    const account = newAccount();
    addAccount(app, account, UNITS.dev);
    await app.advance('PT31M');

    expect(accessIn(app, account.id)).toEqual([BUILDS, ...LOOKS]);
  });

  test.each([
    ['another account than the management account', { account: '345678901234' }],
    ['another Region', { region: 'ap-south-1' }],
  ])('starts nothing by an event of %s', async (_where, change) => {
    await pastTheSweepOfAccounts();
    const account = newAccount();
    addAccount(app, account, UNITS.dev);
    const [created] = vendingEvents(app, account.id, UNITS.dev);
    await sendEvent(app, { ...created, ...change });
    await app.advance('PT50S');

    expect(accessIn(app, account.id)).toEqual([]);
  });
});
