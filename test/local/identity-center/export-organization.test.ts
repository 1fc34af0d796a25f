import { createSeededRandom } from '../../../local/clock/seeded-random';
import { exportOrganization } from '../../../local/identity-center/export-organization';
import { generateOrganization } from '../../../local/identity-center/generate-organization';
import { readOrganization } from '../../../local/identity-center/organization-file';
import { organizationText } from '../../../local/identity-center/organization-text';
import type { World } from '../../../local/identity-center/world';
import { createControlWorld } from './control-world';
import { CallSource, OPERATIONS } from './fuzz-values';
import {
  BREAK_GLASS,
  createTestWorld,
  HOST,
  INSTANCE,
  POWER_USER,
  READ_ONLY,
  UNKNOWN_ID,
  type TestWorld,
} from './support';

const textOf = ({ simulator }: TestWorld): string => organizationText(exportOrganization(simulator.world));

/** Another simulator that starts with what this one has become. */
const reloaded = (world: TestWorld): TestWorld =>
  createTestWorld({}, 2, readOrganization(textOf(world), 'export.yaml'));

/** What a world is, without what an export leaves out: the order of lists, names of roles, when something was made. */
function contentOf(world: World): unknown {
  const sorted = (rows: readonly object[]): string[] => rows.map((row) => JSON.stringify(row)).sort();
  return {
    assignments: sorted(world.assignments.rows()),
    roles: sorted(
      world.provisioning.records().map(({ accountId, permissionSetArn, version }) => ({
        accountId,
        permissionSetArn,
        isStale: version < (world.permissionSet(permissionSetArn)?.version ?? 0),
      })),
    ),
    accounts: world.accounts(),
    users: world.users(),
    groups: world.groups().map(({ members, ...group }) => ({ ...group, members: [...members].sort() })),
    permissionSets: world.permissionSets().map(({ sequence: _s, version: _v, createdAt: _c, ...set }) => set),
    units: world.organizationalUnits().map(({ id, path }) => ({ id, path, tags: world.tree.tagsOf(id) })),
    rootTags: world.tree.tagsOf(world.organization.rootId),
    instance: [world.instance, world.instanceTags, world.accessControlAttributes],
    delegations: world.delegations.all().map((one) => [one.accountId, one.servicePrincipal]),
  };
}

function hasPrototypeTag({ Tags: tags }: Readonly<Record<string, unknown>>): boolean {
  const keys: unknown[] = Array.isArray(tags) ? tags.map((tag: { Key?: unknown } | null) => tag?.Key) : [];
  return keys.includes('__proto__');
}

describe('the export of an organization', () => {
  test('is the file that it was made from, with its assignments in few rows (F12)', () => {
    const world = createTestWorld();

    expect(contentOf(reloaded(world).simulator.world)).toEqual(contentOf(world.simulator.world));
    expect(exportOrganization(world.simulator.world).assignments).toEqual([
      { accounts: ['dev'], permissionSets: ['ReadOnly'], groups: ['Developers'], users: ['bob'] },
      { accounts: ['management'], permissionSets: ['BreakGlass'], groups: ['Operators'] },
    ]);
  });

  test('writes as one row what is a product of accounts, permission sets and principals (F12)', () => {
    const world = createTestWorld();
    for (const accountId of ['333333333333', HOST])
      for (const permissionSetArn of [POWER_USER, READ_ONLY])
        for (const digit of [1, 2])
          world.simulator.addAssignmentByHand({
            accountId,
            permissionSetArn,
            principalType: 'GROUP',
            principalId: `bbbbbbbb-0000-4000-8000-00000000000${digit}`,
          });

    expect(exportOrganization(world.simulator.world).assignments).toContainEqual({
      accounts: ['host', 'prod'],
      permissionSets: ['ReadOnly', 'PowerUser'],
      groups: ['Developers', 'Operators'],
    });
  });

  test('is answered as the text of a file over HTTP (F12)', () => {
    const { get, simulator } = createControlWorld();

    expect(get('organization')).toEqual({ yaml: organizationText(exportOrganization(simulator.world)) });
  });

  test('keeps orphans: assignments of who is gone, in accounts that are gone (F12)', () => {
    const world = createTestWorld();
    const orphan = { permissionSetArn: READ_ONLY, principalType: 'USER', principalId: UNKNOWN_ID } as const;
    world.simulator.addAssignmentByHand({ ...orphan, accountId: '444444444444' });
    world.simulator.addAssignmentByHand({ ...orphan, accountId: '999999999999' });

    expect(exportOrganization(world.simulator.world).assignments).toContainEqual({
      accounts: ['dev'],
      deletedAccounts: ['999999999999'],
      permissionSets: ['ReadOnly'],
      deletedUsers: [UNKNOWN_ID],
    });
    expect(contentOf(reloaded(world).simulator.world)).toEqual(contentOf(world.simulator.world));
  });

  test('keeps roles without an assignment, and those that an edit left behind (F12)', () => {
    // GIVEN a role of an older version beside one of the present, and one that nobody is assigned
    const { simulator } = createTestWorld();
    const world = { ...createTestWorld(), simulator };
    simulator.changePermissionSet(READ_ONLY);
    simulator.world.provision('333333333333', READ_ONLY);
    simulator.world.provision(HOST, BREAK_GLASS);

    expect(exportOrganization(simulator.world).roles).toEqual([
      { permissionSet: 'ReadOnly', accounts: ['prod'] },
      { permissionSet: 'ReadOnly', accounts: ['dev'], stale: true },
      { permissionSet: 'BreakGlass', accounts: ['host'] },
    ]);
    expect(contentOf(reloaded(world).simulator.world)).toEqual(contentOf(simulator.world));
  });

  test('keeps what only calls could say so far: tags, attributes for access control, delegates, a key (F12)', async () => {
    const world = createTestWorld();
    const tags = [{ Key: 'owner', Value: 'a' }];
    const kms = 'arn:aws:kms:eu-west-1:222222222222:key/1234abcd';
    await world.call('TagResource', { ResourceArn: INSTANCE, Tags: tags }, 'root');
    await world.call('TagResource', { ResourceId: 'r-ab12', Tags: tags }, 'root');
    await world.call('TagResource', { ResourceId: 'ou-ab12-workload', Tags: tags }, 'root');
    await world.call('CreateInstanceAccessControlAttributeConfiguration', {
      InstanceArn: INSTANCE,
      InstanceAccessControlAttributeConfiguration: {
        AccessControlAttributes: [{ Key: 'team', Value: { Source: ['${path:title}'] } }],
      },
    });
    await world.call('UpdateInstance', {
      InstanceArn: INSTANCE,
      EncryptionConfiguration: { KeyType: 'CUSTOMER_MANAGED_KEY', KmsKeyArn: kms },
    });
    const delegate = { AccountId: '333333333333', ServicePrincipal: 'guardduty.amazonaws.com' };
    await world.call('RegisterDelegatedAdministrator', delegate, 'root');

    expect(contentOf(reloaded(world).simulator.world)).toEqual(contentOf(world.simulator.world));
    expect(textOf(world)).toContain('guardduty.amazonaws.com');
    expect(textOf(world)).toContain(kms);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'of a world after random calls reads back as the same world: seed %i (F12)',
    async (seed) => {
      // GIVEN whatever calls have made of the organization
      const world = createTestWorld(
        {
          requestsPerSecond: 'unlimited',
          identityStoreRequestsPerSecond: 'unlimited',
          organizationsRates: 'unlimited',
          unassignedProvision: 'make-role',
          personNames: 'optional',
        },
        seed,
      );
      const source = new CallSource(createSeededRandom(seed), world.simulator.world);
      const writes = OPERATIONS.filter(([, name]) => !/^(List|Get|Describe|Is|DeleteInstance$)/.test(name));
      for (let call = 0; call < 500; call += 1) {
        const { targetPrefix, operation, input, as } = source.next(writes);

        // A tag of this name is the one thing that no file keeps.
        if (hasPrototypeTag(input)) continue;
        const service = world.simulator.services.find((one) => one.targetPrefix === targetPrefix);
        const requestId = `00000000-0000-4000-8000-${String(call).padStart(12, '0')}`;
        await service
          ?.call({ operation, input, requestId, ...(as === undefined ? {} : { accessKeyId: as }) })
          .then((output) => {
            source.hear(output);
          })
          .catch(() => undefined);
        if (call % 20 === 0) await world.pass(5);
      }
      await world.pass(600);

      // WHEN it is exported and read back
      const copy = reloaded(world);

      // THEN nothing is missing or added, and a second export is the first
      expect(contentOf(copy.simulator.world)).toEqual(contentOf(world.simulator.world));
      expect(textOf(copy)).toBe(textOf(world));
    },
  );

  test('holds a large organization in about as many rows as made it (F12)', () => {
    const generated = generateOrganization({ accounts: 500 }, createSeededRandom(1));
    const world = createTestWorld({}, 1, readOrganization(organizationText(generated), 'generated.yaml'));

    const { assignments = [] } = exportOrganization(world.simulator.world);

    expect(world.simulator.world.assignments.rows().length).toBeGreaterThan(10_000);
    expect(assignments.length).toBeLessThan(2 * (generated.assignments ?? []).length);
  });
});
