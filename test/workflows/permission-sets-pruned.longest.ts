import { type ChangedAssembly, withFunctionSettings } from '../support/function-settings';
import { RolloutApp } from '../support/rollout-app';
import type { SeenRequest } from '../support/test-app';

const SET = 'ReadOnlyAccess';
const OTHER = { 'other.yaml': 'name: Other\n' };
const ACCOUNTS = ['512345678902', '523456789013'];
const BECAUSE = `the permission set ${SET} is deleted: its definition is gone`;

describe('a set in use whose file is gone, with prune on', () => {
  let changed: ChangedAssembly;
  let world: RolloutApp;
  let lease: string;

  beforeAll(() => {
    changed = withFunctionSettings({ prune: true });
  });

  afterAll(() => {
    changed.remove();
  });

  beforeEach(async () => {
    world = await RolloutApp.start({
      assembly: changed.assembly,
      access: { permissionSets: { ...OTHER, 'read.yaml': `name: ${SET}\nadopt: true\n` } },
    });
    await world.app.advance('PT1M');
    lease = await world.app.ask({
      principal: { user: 'carol' },
      target: ACCOUNTS.map((account) => ({ account })),
    });
    await world.app.advance('PT1M');
    world.forget();
  });

  afterEach(async () => {
    await world.stop();
  });

  /** Who has the set, whoever gave it. */
  function assigned(): { readonly lent: number; readonly standing: number } {
    const rows = world.app.runtime.simulator
      .assignments()
      .filter(({ permissionSetName }) => permissionSetName === SET);
    const lent = rows.filter(({ principalName }) => principalName === 'carol').length;
    return { lent, standing: rows.length - lent };
  }

  function expectDrained(request: SeenRequest): void {
    expect(request.status).toBe('ended');
    expect(request.accounts.items).toEqual(
      ACCOUNTS.map(
        (account) =>
          expect.objectContaining({
            account,
            status: 'ended',
            endedAs: 'revoked',
            reason: BECAUSE,
          }) as unknown,
      ),
    );
    expect(assigned()).toEqual({ lent: 0, standing: 0 });
    expect(world.inService(SET)).toBeUndefined();
    expect(world.inService('Other')).toBeDefined();
    expect(world.told('PermissionSetRolledOut', SET)).toMatchObject([{ outcome: 'deleted' }]);
  }

  /** Functions that deleted assignments. */
  function deleters(): string[] {
    return [
      ...new Set(
        world.calls.filter((call) => call.operation === 'DeleteAccountAssignment').map(({ by }) => by),
      ),
    ];
  }

  test('is drained by the dispatcher alone, its request ends with the reason, and then it is deleted', async () => {
    const before = assigned();

    world.app.deploy(OTHER);
    await world.app.advance('PT3M');

    expect(before).toEqual({ lent: ACCOUNTS.length, standing: expect.any(Number) as number });
    expect(before.standing).toBeGreaterThan(0);
    expectDrained(await world.app.request(lease));
    expect(deleters()).toEqual([expect.stringContaining('AdvanceOperations')]);
    const order = world.operations(/^Delete/);
    expect(order.lastIndexOf('DeleteAccountAssignment')).toBeLessThan(order.indexOf('DeletePermissionSet'));
  });

  test('comes to the same end where the execution is stopped while it drains', async () => {
    world.app.deploy(OTHER);
    while (deleters().length === 0) await world.app.advance('PT1S');
    const running = await world.running();
    const left = assigned();
    await world.app.stopAllExecutions();
    await world.app.advance('PT10M');

    expect(running).toHaveLength(1);
    expect(left.lent + left.standing).toBeGreaterThan(0);
    expectDrained(await world.app.request(lease));
    expect((await world.set(SET)).status).toBe('deleted');
  });
});
