import { RulesApp } from '../support/rules-app';

const rules = (more: string): string => `${more}
baselines:
  - name: security-looks
    description: Security looks at production
    principal: { group: Security }
    permissionSets: [ReadOnlyAccess]
    target: { ou: Workloads/Prod }
`;

const PROD = '412345678901';
const OTHER_PROD = '423456789012';
const DEV = '512345678902';
const NETWORK = '345678901234';
const SUSPENDED = '645678901236';

describe('a reconciliation', () => {
  let world: RulesApp;

  afterEach(async () => {
    await world.stop();
  });

  test.each(['refused', 'allowed'] as const)(
    'finds without any event what was added by hand, where listing by principal is %s',
    async (listForPrincipalByDelegatedAdmin) => {
      world = await RulesApp.start(rules('mode: report'), {
        eventLoss: 1,
        listForPrincipalByDelegatedAdmin,
      });
      const byHand = { who: 'Finance', set: 'PowerUserAccess', account: DEV };
      world.addByHand(byHand);
      const before = world.simulator.counts();
      const { outcome, walk } = await world.reconcile({ walk: 'principals' });
      const asked = (operation: string): number =>
        (world.simulator.counts()[operation] ?? 0) - (before[operation] ?? 0);

      expect(outcome).toBe('done');
      expect(walk).toBe(listForPrincipalByDelegatedAdmin === 'refused' ? 'complete' : 'principals');
      expect(asked('sso:ListAccountAssignments') > 0).toBe(listForPrincipalByDelegatedAdmin === 'refused');
      expect(await world.findings('Finance')).toEqual([`unknown PowerUserAccess ${DEV}`]);
      expect(world.has(byHand)).toBe(true);
    },
  );

  test('that enforces removes what was added by hand once all was seen, and not after an event alone', async () => {
    world = await RulesApp.start(rules('mode: enforce'));
    const standing = world.accessIn(DEV);
    const byHand = { who: 'Security', set: 'ReadOnlyAccess', account: DEV };
    world.addByHand(byHand);
    await world.app.advance('PT5M');
    const afterEvent = [await world.findings('Security'), world.has(byHand)];
    const { done } = await world.reconcile({ walk: 'complete' });

    expect(afterEvent).toEqual([expect.arrayContaining([`unknown ReadOnlyAccess ${DEV}`]), true]);
    expect(done.removed).toBe(1);
    expect(world.accessIn(DEV)).toEqual(standing);
    await world.reconcile({ walk: 'complete' });
    expect(await world.findings('Security')).toEqual([]);
  });

  test('that would remove more than the guard lets through removes nothing', async () => {
    world = await RulesApp.start(rules('mode: enforce'), { eventLoss: 1 });
    const sets = ['ReadOnlyAccess', 'PowerUserAccess', 'AdministratorAccess', 'BillingReadOnly'];
    const added = [PROD, OTHER_PROD, DEV].flatMap((account) =>
      sets.map((set) => ({ who: 'Finance', set, account })),
    );
    for (const each of added) world.addByHand(each);
    const { outcome, done } = await world.reconcile({ walk: 'complete' });
    await world.app.advance('PT10M');

    expect({ outcome, held: done.held, removed: done.removed }).toEqual({
      outcome: 'held',
      held: added.length,
      removed: 0,
    });
    expect(added.every((each) => world.has(each))).toBe(true);
  });

  test('does not grant a lease again that somebody removed, and tells its request', async () => {
    world = await RulesApp.start(rules('mode: enforce'));
    const lease = { who: 'alice', set: 'ReadOnlyAccess', account: PROD };
    const id = await world.app.ask();
    await world.app.advance('PT3M');
    const granted = world.has(lease);
    world.removeByHand(lease);
    await world.app.advance('PT10M');
    await world.reconcile({ walk: 'complete' });
    await world.app.advance('PT10M');

    expect(granted).toBe(true);
    expect(world.has(lease)).toBe(false);
    expect(world.witness.story('alice', 'ReadOnlyAccess', PROD)).toBe('create');
    expect((await world.app.request(id)).accounts.items[0]?.status).toBe('removed');
  });

  test('tells assignments of a deleted group as orphaned', async () => {
    world = await RulesApp.start(rules('mode: report'));
    await world.deletePrincipal('Platform');
    await world.app.advance('PT2M');
    await world.reconcile({ walk: 'complete' });

    expect(await world.findings('Platform')).toContain(`orphaned PowerUserAccess ${NETWORK}`);
    expect(world.accessIn(NETWORK)).toHaveLength(1);
  });

  test('neither tells nor touches what is Control Tower’s, even where it enforces', async () => {
    world = await RulesApp.start(rules('mode: enforce'));
    world.simulator.setUpControlTower();
    const before = world.simulator.assignments().length;
    await world.reconcile({ walk: 'complete' });
    await world.app.advance('PT10M');

    // What the example organization has in its management account is nobody's, and is left alone as everything there.
    expect(await world.findings()).toEqual(['unknown BreakGlassAdmin 111122223333']);
    expect(world.simulator.assignments()).toHaveLength(before);
  });

  test('finds nothing in what Latchkey grants and ends while it walks', async () => {
    world = await RulesApp.start(rules('mode: enforce'), {
      createLatency: { kind: 'fixed', seconds: 40 },
      deleteLatency: { kind: 'fixed', seconds: 40 },
    });
    const found = new Set<string>();
    const asked: string[] = [];
    for (const account of [PROD, OTHER_PROD, DEV]) {
      asked.push(await world.app.ask({ target: { account }, duration: 'PT15M' }));
      await world.app.advance('PT20S');
      const { done } = await world.reconcile({ walk: 'complete' });
      if (done.removed + done.held > 0) found.add('removed');
      for (const each of await world.findings('alice')) found.add(each);
    }
    for (let minutes = 0; minutes < 20; minutes += 4) {
      await world.app.advance('PT4M');
      await world.reconcile({ walk: 'complete' });
      for (const each of await world.findings('alice')) found.add(each);
    }

    expect([...found]).toEqual([]);
    for (const id of asked) expect((await world.app.request(id)).status).toBe('ended');
  });

  test('tells what is assigned in an account that was suspended as stale', async () => {
    world = await RulesApp.start(rules('mode: report'));
    await world.app.ask({ duration: 'PT8H' });
    await world.app.advance('PT2M');
    world.simulator.setAccountState(PROD, 'SUSPENDED');
    await world.app.advance('PT20M');
    await world.reconcile({ walk: 'complete' });

    expect(await world.findings('alice')).toEqual([`stale ReadOnlyAccess ${PROD}`]);
    expect(world.accessIn(SUSPENDED)).toEqual([]);
  });
});
