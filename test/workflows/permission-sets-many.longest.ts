import { accountNumber } from '../support/organizations';
import { RolloutApp, organizationWithSets, setOf } from '../support/rollout-app';

const ACCOUNTS = 2_000;
/** Beside it, others that nobody changes: enough for three pages of the list. */
const OTHERS = 240;

const wide = (policy: string): string => `name: Wide\nawsManagedPolicies: [${policy}]\n`;

/** Sets that are in the service as their files say, with the owner's tag. */
function world() {
  const others = Array.from({ length: OTHERS }, (_, index) => setOf(index + 10, { name: `Other-${index}` }));
  const policy = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
  return {
    organization: organizationWithSets([
      { set: setOf(1, { name: 'Wide', managedPolicies: [policy] }), accounts: ACCOUNTS },
      ...others.map((set) => ({ set, accounts: 0 })),
    ]),
    files: Object.fromEntries(others.map(({ name }) => [`${name}.yaml`, `name: ${name}\n`])),
  };
}

describe('a rollout of a set that 2,000 accounts have, among 250', () => {
  let app: RolloutApp;
  let files: Readonly<Record<string, string>>;
  const pages = (rows: number): number => Math.max(1, Math.ceil(rows / 100));

  beforeAll(async () => {
    const { organization, files: others } = world();
    files = others;
    app = await RolloutApp.start({
      organization,
      access: { permissionSets: { ...files, 'wide.yaml': wide('ReadOnlyAccess') } },
    });
    await app.app.advance('PT30M');
  });

  afterAll(async () => {
    await app.stop();
  });

  beforeEach(() => {
    app.forget();
  });

  /** How many calls of each operation there were. */
  function counted(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { operation } of app.calls) counts[operation] = (counts[operation] ?? 0) + 1;
    return counts;
  }

  const setPages = (): number => pages(app.app.runtime.simulator.world.permissionSets().length);

  test('costs one call for each hundred sets where nothing is to be done', async () => {
    await app.rollOut();
    await app.app.advance('PT5M');

    expect((await app.set('Wide')).status).toBe('current');
    expect(counted()).toEqual({ ListPermissionSets: setPages() });
  });

  test('of one policy is one provision, followed, and at most 15 calls beside pages and looks at its status', async () => {
    app.app.deploy({ ...files, 'wide.yaml': wide('ViewOnlyAccess') });
    await app.app.advance('PT2H');

    const {
      DescribePermissionSetProvisioningStatus: looks = 0,
      ListPermissionSetProvisioningStatus: lists = 0,
      ListPermissionSets: pagesOfSets,
      // The sweep asks for it every hour, whatever is rolled out.
      ListInstances: _hourly,
      ListAccountsForProvisionedPermissionSet: pagesOfAccounts = 0,
      ...calls
    } = counted();
    const sum = Object.values(calls).reduce((all, count) => all + count, 0);
    expect(looks + lists).toBeGreaterThan(0);
    expect(pagesOfSets).toBe(setPages());
    // All of them once, for how many are current, and those that are behind once: none, which is a page.
    expect(pagesOfAccounts).toBeLessThanOrEqual(pages(ACCOUNTS) + 1);
    // The set is read in six parts; what was attached and detached is read again; one question about the management account.
    expect(calls).toEqual({
      DescribePermissionSet: 1,
      ListTagsForResource: 1,
      ListManagedPoliciesInPermissionSet: 1 + 1,
      ListCustomerManagedPolicyReferencesInPermissionSet: 1,
      GetInlinePolicyForPermissionSet: 1,
      GetPermissionsBoundaryForPermissionSet: 1,
      ListPermissionSetsProvisionedToAccount: 1,
      AttachManagedPolicyToPermissionSet: 1,
      DetachManagedPolicyFromPermissionSet: 1,
      ProvisionPermissionSet: 1,
    });
    expect(sum).toBeLessThanOrEqual(15);
    expect(app.roles('Wide').current).toHaveLength(ACCOUNTS);
    expect(app.roles('Wide').current[0]).toBe(accountNumber(0));
  });
});
