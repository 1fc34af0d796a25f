import { UNITS, addAccount, sendEvent, vendingEvents } from '../support/new-accounts';
import { onEveryCall, functionNamed } from '../support/adversary';
import { RulesApp } from '../support/rules-app';

const BASELINES = `mode: report
baselines:
  - name: payments-develops
    description: The payments team builds where nothing is in production
    principal: { group: Payments }
    permissionSets: [PowerUserAccess]
    target: { ou: Workloads/Dev }
  - name: security-looks
    description: Security looks at production
    principal: { group: Security }
    permissionSets: [ReadOnlyAccess]
    target: { ou: Workloads/Prod }
  - name: finance-sees-bills
    description: Finance sees the bills of what it pays for
    principal: { group: Finance }
    permissionSets: [BillingReadOnly]
    target: { ou: Workloads, except: { tag: { 'paid:by': 'others-ü*' } } }
`;

const NEW = { id: '712345678904', name: 'payments-test' } as const;
const DEVELOPED = ['Finance BillingReadOnly', 'Payments PowerUserAccess'];
const PRODUCED = ['Finance BillingReadOnly', 'Security ReadOnlyAccess'];

describe('an account', () => {
  let world: RulesApp;

  afterEach(async () => {
    await world.stop();
  });

  async function vend(): Promise<void> {
    addAccount(world.app, NEW, UNITS.dev);
    for (const event of vendingEvents(world.app, NEW.id, UNITS.dev)) await sendEvent(world.app, event);
    await world.app.advance('PT2M');
  }

  test('that moves and has another tag has what the rules give there, when events tell of it', async () => {
    world = await RulesApp.start(BASELINES);
    await vend();
    const before = world.accessIn(NEW.id);
    world.simulator.world.tree.moveAccount(NEW.id, UNITS.prod);
    const [, move] = vendingEvents(world.app, NEW.id, UNITS.prod);
    await sendEvent(world.app, move ?? {});
    await world.app.advance('PT2M');

    expect(before).toEqual(DEVELOPED);
    expect(world.accessIn(NEW.id)).toEqual(PRODUCED);
  });

  test('that appears, and moves, has it within half an hour where every event is lost', async () => {
    world = await RulesApp.start(BASELINES, { eventLoss: 1 });
    addAccount(world.app, NEW, UNITS.dev);
    await world.app.advance('PT30M');
    const before = world.accessIn(NEW.id);
    world.simulator.world.tree.moveAccount(NEW.id, UNITS.prod);
    await world.app.advance('PT31M');

    expect(before).toEqual(DEVELOPED);
    expect(world.accessIn(NEW.id)).toEqual(PRODUCED);
  });

  test('that is being activated for hours has it when it is active', async () => {
    world = await RulesApp.start(BASELINES);
    addAccount(world.app, NEW, UNITS.dev);
    world.simulator.setAccountState(NEW.id, 'PENDING_ACTIVATION');
    for (const event of vendingEvents(world.app, NEW.id, UNITS.dev)) await sendEvent(world.app, event);
    await world.app.advance('PT3H');
    const before = world.accessIn(NEW.id);
    world.simulator.setAccountState(NEW.id, 'ACTIVE');
    await world.app.advance('PT7M');

    expect(before).toEqual([]);
    expect(world.accessIn(NEW.id)).toEqual(DEVELOPED);
  });

  test.each(['closed', 'gone'] as const)('that is %s has no claims of rules any more', async (how) => {
    world = await RulesApp.start(BASELINES);
    await vend();
    const assignment = { who: 'Payments', set: 'PowerUserAccess', account: NEW.id };
    const before = await world.claimsOn(assignment);
    if (how === 'closed') world.simulator.setAccountState(NEW.id, 'CLOSED');
    else world.simulator.world.tree.removeAccount(NEW.id);
    await world.app.advance('PT32M');

    expect(before).toEqual(['baseline']);
    expect(await world.claimsOn(assignment)).toEqual([]);
    // Where an assignment cannot be taken away any more the run gives up in the end.
    await world.app.advance('PT7H');
    expect((await world.account(NEW.id))?.last?.outcome).toBe('skipped');
  });

  test('is not looked at for an event that somebody else tells, or that somebody made up', async () => {
    world = await RulesApp.start(BASELINES);
    addAccount(world.app, NEW, UNITS.dev);
    const [, move = {}] = vendingEvents(world.app, NEW.id, UNITS.dev);
    await sendEvent(world.app, { ...move, account: '412345678901' });
    await sendEvent(world.app, { ...move, region: 'eu-west-1' });
    const { detail } = move as { detail: object };
    const type = 'AWS API Call via CloudTrail';
    const refusals = [
      await world.putEvent('custom.organizations', type, detail),
      await world.putEvent('custom.organizations', type, detail, 'latchkey-organization'),
      await world.putEvent('aws.organizations', type, detail),
      await world.putEvent('aws.organizations', type, detail, 'latchkey-organization'),
    ];
    await world.app.advance('PT2M');

    expect(refusals).toEqual([undefined, undefined, 'NotAuthorizedForSource', 'NotAuthorizedForSource']);
    expect(await world.account(NEW.id)).toBeUndefined();
    expect(world.accessIn(NEW.id)).toEqual([]);
    // The same event from where AWS tells it is heard.
    await sendEvent(world.app, move);
    await world.app.advance('PT2M');
    expect(world.accessIn(NEW.id)).toEqual(DEVELOPED);
  });

  test('has the same in the end when the function of its baseline is killed in the middle of its calls', async () => {
    world = await RulesApp.start(BASELINES);
    const baseline = functionNamed(world.app, 'AdvanceBaseline');
    let calls = 0;
    let kills = 0;
    onEveryCall(world.app, () => {
      calls += 1;
      if (calls % 7 !== 0 || kills >= 12) return;
      kills += 1;
      world.app.runtime.lambda.killWorkers(baseline);
    });
    await vend();
    await world.app.advance('PT40M');

    expect(kills).toBe(12);
    expect(world.accessIn(NEW.id)).toEqual(DEVELOPED);
    expect(world.witness.repeats()).toEqual([]);
  });

  test('has the same in the end when its executions are stopped again and again', async () => {
    world = await RulesApp.start(BASELINES);
    addAccount(world.app, NEW, UNITS.dev);
    for (const event of vendingEvents(world.app, NEW.id, UNITS.dev)) await sendEvent(world.app, event);
    let stopped = 0;
    for (let times = 0; times < 8; times += 1) {
      await world.app.advance('PT2S');
      stopped += await world.app.stopAllExecutions();
    }
    await world.app.advance('PT40M');

    expect(stopped).toBeGreaterThan(0);
    expect(world.accessIn(NEW.id)).toEqual(DEVELOPED);
    expect(world.witness.repeats()).toEqual([]);
  });
});
