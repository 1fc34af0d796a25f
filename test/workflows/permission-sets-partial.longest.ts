import { accountNumber } from '../support/organizations';
import { RolloutApp, organizationWithSets, setOf } from '../support/rollout-app';

const ACCOUNTS = Array.from({ length: 6 }, (_, index) => accountNumber(index));

/** Sets that all accounts have, and how many of these lack the policy of the same name. Tickets may ask for each of them. */
const LACKED = { ReadOnly: 1, Developer: 3, Operator: 6 } as const;
const NAMES = Object.keys(LACKED) as (keyof typeof LACKED)[];

/** The first accounts lack most policies. */
function organization() {
  const made = organizationWithSets(
    NAMES.map((name, index) => ({ set: setOf(index + 1, { name }), accounts: ACCOUNTS.length })),
  );
  const accounts = made.accounts.map((account) => {
    const index = ACCOUNTS.indexOf(account.id);
    if (index < 0) return account;
    const there = NAMES.filter((name) => LACKED[name] <= index);
    return { ...account, customerManagedPolicies: there.map((name) => ({ name, path: '/' })) };
  });
  return { ...made, accounts };
}

/** The most updates of one role (a set in an account) that were under way at once. */
class RoleUpdates {
  readonly #open = new Map<string, number>();
  mostAtOnce = 0;

  constructor({ app }: RolloutApp) {
    app.runtime.simulator.onOperation((event) => {
      const accounts = event.kind === 'provision' ? event.accounts.map(({ id }) => id) : [event.account.id];
      for (const id of accounts) {
        const role = `${event.permissionSet.arn} ${id}`;
        const open = (this.#open.get(role) ?? 0) + (event.status === 'IN_PROGRESS' ? 1 : -1);
        this.#open.set(role, open);
        this.mostAtOnce = Math.max(this.mostAtOnce, open);
      }
    });
  }
}

describe('B25: a provision of every account that fails', () => {
  let world: RolloutApp;
  let updates: RoleUpdates;
  /** Asked for while the roles are being brought up to date. */
  let ticket: string;

  beforeAll(async () => {
    world = await RolloutApp.start({
      organization: organization(),
      access: {
        permissionSets: Object.fromEntries(
          NAMES.map((name) => [
            `${name}.yaml`,
            `name: ${name}\ncustomerManagedPolicies: [{ name: ${name} }]\n`,
          ]),
        ),
      },
    });
    updates = new RoleUpdates(world);
    while (world.operations(/^Provision/).length === 0) await world.app.advance('PT1S');
    ticket = await world.app.ask({
      principal: { user: 'bob' },
      permissionSet: 'ReadOnly',
      target: { account: ACCOUNTS.at(-1) },
    });
    await world.app.advance('PT4M');
  });

  afterAll(async () => {
    await world.stop();
  });

  test.each(Object.entries(LACKED))(
    'for %s of six accounts (%i) keeps the outcome of each account, and the others are current',
    async (name, lacked) => {
      const failed = ACCOUNTS.slice(0, lacked);
      const { status, accounts } = await world.set(name);

      expect(status).toBe('behind');
      expect(accounts).toMatchObject({ current: ACCOUNTS.length - lacked, stale: lacked });
      expect(accounts?.failed).toEqual(
        failed.map((accountId) => ({ accountId, reason: expect.stringContaining(name) as string })),
      );
      expect(world.roles(name)).toEqual({ current: ACCOUNTS.slice(lacked), stale: failed });
    },
  );

  test('meets no conflict with what the rollout sends beside it: one update of a role at a time', () => {
    expect(world.operations(/^Provision/).length).toBeGreaterThanOrEqual(NAMES.length);
    // A grant may meet the provision of every account, which holds no place in the dispatcher: it is sent again.
    const conflicts = world.calls.filter(
      ({ operation, outcome }) => outcome === 'ConflictException' && operation !== 'CreateAccountAssignment',
    );
    expect(conflicts).toEqual([]);
    expect(updates.mostAtOnce).toBe(1);
  });

  test('keeps nobody from getting access that is asked for meanwhile', async () => {
    expect((await world.app.request(ticket)).status).toBe('active');
  });
});
