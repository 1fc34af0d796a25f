import { UNITS, addAccount, sendEvent, vendingEvents } from '../support/new-accounts';
import { TestApp } from '../support/test-app';

const BASELINES = `baselines:
  - name: payments-develops
    description: The payments team builds where nothing is in production
    principal: { group: Payments }
    permissionSets: [PowerUserAccess]
    target: { ou: Workloads/Dev }
  - name: security-looks
    description: Security looks at all workloads
    principal: { group: Security }
    permissionSets: [ReadOnlyAccess, BillingReadOnly]
    target: { ou: Workloads, except: { tag: { 'data:class': 'geheim-ü*' } } }
`;

const NEW = { id: '712345678904', name: 'payments-test' } as const;

/** Names of what groups have in an account, sorted. */
function accessIn(app: TestApp, account: string): string[] {
  return app.runtime.simulator
    .assignments()
    .filter(({ accountId, principalType }) => accountId === account && principalType === 'GROUP')
    .map(({ principalName = '', permissionSetName = '' }) => `${principalName} ${permissionSetName}`)
    .sort();
}

describe('a new account', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ access: { baselines: BASELINES } });
    // The rules are applied to the accounts that there are.
    await app.advance('PT3M');
  });

  afterAll(async () => {
    await app.stop();
  });

  test('has what the rules give once, a minute after it was vended, whatever is told twice', async () => {
    addAccount(app, NEW, UNITS.dev);
    const events = vendingEvents(app, NEW.id, UNITS.dev);
    for (const event of [...events, ...events.slice(1)]) await sendEvent(app, event);
    await app.advance('PT1M');

    expect(accessIn(app, NEW.id)).toEqual([
      'Payments PowerUserAccess',
      'Security BillingReadOnly',
      'Security ReadOnlyAccess',
    ]);
  });
});
