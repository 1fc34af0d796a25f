import { RulesApp } from '../support/rules-app';

const BASELINES = `mode: report
baselines:
  - name: platform-looks
    description: The platform team looks at production
    principal: { group: Platform }
    permissionSets: [ReadOnlyAccess]
    target: { account: '412345678901' }
  - name: security-looks
    description: Security looks at production, whoever makes the group anew
    principal: { group: Security }
    followsName: true
    permissionSets: [ReadOnlyAccess]
    target: { account: '412345678901' }
`;

const PROD = '412345678901';
const DEV = '523456789013';

describe('somebody who is deleted', () => {
  let world: RulesApp;

  afterEach(async () => {
    await world.stop();
  });

  /** Deletes a user with a lease, and a group with a lease and what a rule gives; answers the requests' ids. */
  async function deleteBoth(): Promise<readonly string[]> {
    const ids = [
      await world.app.ask({ duration: 'PT8H', target: { account: DEV } }),
      await world.app.ask({
        duration: 'PT8H',
        requestedBy: { user: 'bob@example.com' },
        principal: { group: 'Platform' },
        target: { account: DEV },
      }),
    ];
    await world.app.advance('PT3M');
    expect(await Promise.all(ids.map(async (id) => (await world.app.request(id)).status))).toEqual([
      'active',
      'active',
    ]);
    await world.deletePrincipal('alice');
    await world.deletePrincipal('Platform');
    return ids;
  }

  async function expectEnded(ids: readonly string[]): Promise<void> {
    for (const [index, id] of ids.entries()) {
      const { status, accounts } = await world.app.request(id);
      expect(status).toBe('ended');
      expect(JSON.stringify(accounts.items[0])).toContain(
        `the ${index === 0 ? 'user' : 'group'} was deleted`,
      );
    }
    expect(world.has({ who: 'alice', set: 'ReadOnlyAccess', account: DEV })).toBe(false);
    expect(world.has({ who: 'Platform', set: 'ReadOnlyAccess', account: DEV })).toBe(false);
    expect(world.has({ who: 'Platform', set: 'ReadOnlyAccess', account: PROD })).toBe(false);
  }

  test('has no lease and nothing of a rule a few minutes later', async () => {
    world = await RulesApp.start(BASELINES);
    const ids = await deleteBoth();
    await world.app.advance('PT4M');

    await expectEnded(ids);
  });

  test('has none after the next complete reconciliation either, where every event is lost', async () => {
    world = await RulesApp.start(BASELINES, { eventLoss: 1 });
    const ids = await deleteBoth();
    await world.reconcile({ walk: 'complete' });
    await world.app.advance('PT3M');

    await expectEnded(ids);
  });

  test('and made anew under the same name has what a rule gives only where it follows the name', async () => {
    world = await RulesApp.start(BASELINES);
    const before = ['Platform', 'Security'].map((who) => world.idOf(who).principalId);
    for (const who of ['Platform', 'Security']) {
      await world.deletePrincipal(who);
      await world.createGroup(who);
    }
    // Rules are looked up anew by an event; accounts are looked at once a day, or when their facts are others.
    await world.app.advance('PT5M');
    await world.reconcile({ claims: true });
    await world.app.advance('PT3M');

    expect(['Platform', 'Security'].map((who) => world.idOf(who).principalId)).not.toEqual(before);
    expect(world.accessIn(PROD)).toEqual(['Security ReadOnlyAccess']);
  });

  test('or disabled is granted nothing new', async () => {
    world = await RulesApp.start(BASELINES);
    const { principalId } = world.idOf('alice');
    world.simulator.setUserStatus(principalId, 'DISABLED');
    const id = await world.app.ask({ target: { account: DEV } });
    await world.app.advance('PT3M');

    const { status, reason } = await world.app.request(id);
    expect(status).toBe('failed');
    expect(reason).toContain('disabled');
    expect(world.witness.story('alice', 'ReadOnlyAccess', DEV)).toBe('');
  });
});
