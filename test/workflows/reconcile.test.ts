import { RulesApp } from '../support/rules-app';

const BASELINES = `mode: report
baselines:
  - name: security-looks
    description: Security looks at production
    principal: { group: Security }
    permissionSets: [ReadOnlyAccess]
    target: { ou: Workloads/Prod }
  - name: payments-sees-bills
    description: What the payments team was given before is kept
    principal: { group: Payments }
    permissionSets: [BillingReadOnly]
    target: { ou: Workloads/Dev }
    mode: adopt
  - name: platform-operates
    description: Only this rule gives the platform team databases
    principal: { group: Platform }
    permissionSets: [DatabaseOperator]
    target: { ou: Infrastructure }
    mode: enforce
`;

const PROD = '412345678901';
const OTHER_PROD = '423456789012';
const DEV = '512345678902';
const SANDBOX = '612345678903';
const NETWORK = '345678901234';

describe('what somebody else changes', () => {
  let world: RulesApp;

  beforeAll(async () => {
    world = await RulesApp.start(BASELINES, { deleteLatency: { kind: 'fixed', seconds: 3 } });
  });

  afterAll(async () => {
    await world.stop();
  });

  test('an assignment by hand is found within a minute as unknown, and stays', async () => {
    const byHand = { who: 'Finance', set: 'ReadOnlyAccess', account: DEV };
    world.addByHand(byHand);
    await world.app.advance('PT1M');

    expect(await world.findings('Finance')).toEqual([`unknown ReadOnlyAccess ${DEV}`]);
    expect(world.has(byHand)).toBe(true);
  });

  test('an assignment by hand where the rules adopt becomes standing', async () => {
    const byHand = { who: 'Payments', set: 'BillingReadOnly', account: SANDBOX };
    world.addByHand(byHand);
    await world.app.advance('PT1M');

    expect(await world.claimsOn(byHand)).toEqual(['standing']);
    expect(await world.findings('Payments')).not.toContain(`unknown BillingReadOnly ${SANDBOX}`);
    expect(world.has(byHand)).toBe(true);
  });

  test('what a rule gives and somebody takes away is told as missing, and given again only where the rules enforce', async () => {
    const reported = { who: 'Security', set: 'ReadOnlyAccess', account: PROD };
    const enforced = { who: 'Platform', set: 'DatabaseOperator', account: NETWORK };
    const unknown = { who: 'Platform', set: 'DatabaseOperator', account: OTHER_PROD };
    world.removeByHand(reported);
    world.removeByHand(enforced);
    world.addByHand(unknown);
    await world.app.advance('PT2M');
    const found = [...(await world.findings('Security')), ...(await world.findings('Platform'))];
    const before = [reported, enforced, unknown].map((each) => world.has(each));
    const { outcome } = await world.reconcile({ walk: 'complete' });

    expect(found).toEqual(
      expect.arrayContaining([
        `missing ReadOnlyAccess ${PROD}`,
        `missing DatabaseOperator ${NETWORK}`,
        `unknown DatabaseOperator ${OTHER_PROD}`,
      ]),
    );
    expect(before).toEqual([false, false, true]);
    expect(outcome).toBe('done');
    expect([reported, enforced, unknown].map((each) => world.has(each))).toEqual([false, true, false]);
  });
});
