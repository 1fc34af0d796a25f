import {
  paginateListAccountAssignments,
  paginateListPermissionSets,
  SSOAdminClient,
} from '@aws-sdk/client-sso-admin';

import { withPageSize } from '../../../local/identity-center/page-sizes';
import { DEFAULT_SETTINGS } from '../../../local/identity-center/settings';
import {
  createTestWorld,
  INSTANCE,
  MANAGEMENT,
  READ_ONLY,
  STORE,
  type Output,
  type TestWorld,
} from './support';

const ROOT = 'r-ab12';
const BOB = 'aaaaaaaa-0000-4000-8000-000000000002';
const DEVELOPERS = 'bbbbbbbb-0000-4000-8000-000000000001';

/** Every list that has pages, with an input that finds something in the test organization. */
const LISTS: readonly (readonly [string, Output])[] = [
  [
    'ListAccountAssignments',
    { InstanceArn: INSTANCE, AccountId: '444444444444', PermissionSetArn: READ_ONLY },
  ],
  ['ListAccountAssignmentsForPrincipal', { InstanceArn: INSTANCE, PrincipalType: 'USER', PrincipalId: BOB }],
  ['ListAccountsForProvisionedPermissionSet', { InstanceArn: INSTANCE, PermissionSetArn: READ_ONLY }],
  ['ListPermissionSetsProvisionedToAccount', { InstanceArn: INSTANCE, AccountId: '444444444444' }],
  ['ListPermissionSets', { InstanceArn: INSTANCE }],
  ['ListManagedPoliciesInPermissionSet', { InstanceArn: INSTANCE, PermissionSetArn: READ_ONLY }],
  [
    'ListCustomerManagedPolicyReferencesInPermissionSet',
    { InstanceArn: INSTANCE, PermissionSetArn: READ_ONLY },
  ],
  ['ListTagsForResource', { ResourceArn: READ_ONLY }],
  ['ListInstances', {}],
  ['ListRegions', { InstanceArn: INSTANCE }],
  ['ListAccountAssignmentCreationStatus', { InstanceArn: INSTANCE }],
  ['ListAccountAssignmentDeletionStatus', { InstanceArn: INSTANCE }],
  ['ListPermissionSetProvisioningStatus', { InstanceArn: INSTANCE }],
  ['ListUsers', { IdentityStoreId: STORE }],
  ['ListGroups', { IdentityStoreId: STORE }],
  ['ListGroupMemberships', { IdentityStoreId: STORE, GroupId: DEVELOPERS }],
  ['ListGroupMembershipsForMember', { IdentityStoreId: STORE, MemberId: { UserId: BOB } }],
  ['ListAccounts', {}],
  ['ListAccountsForParent', { ParentId: ROOT }],
  ['ListOrganizationalUnitsForParent', { ParentId: ROOT }],
  ['ListParents', { ChildId: MANAGEMENT }],
  ['ListRoots', {}],
  ['ListDelegatedAdministrators', {}],
  ['ListTagsForResource', { ResourceId: '333333333333' }],
];

/** A world in which every one of these lists has something. */
async function filledWorld(pages: 'full' | 'short' | 'sometimes-empty', seed: number): Promise<TestWorld> {
  const world = createTestWorld(
    {
      requestsPerSecond: 'unlimited',
      organizationsRates: 'unlimited',
      listForPrincipalByDelegatedAdmin: 'allowed',
    },
    seed,
  );
  const { call } = world;
  const set = { InstanceArn: INSTANCE, PermissionSetArn: READ_ONLY };
  for (const name of ['One', 'Two', 'Three']) {
    const policy = { ...set, ManagedPolicyArn: `arn:aws:iam::aws:policy/${name}` };
    await call('AttachManagedPolicyToPermissionSet', policy);
    await call('AttachCustomerManagedPolicyReferenceToPermissionSet', {
      ...set,
      CustomerManagedPolicyReference: { Name: name },
    });
    await call('TagResource', { ResourceArn: READ_ONLY, Tags: [{ Key: name, Value: name }] });
  }
  for (const RegionName of ['eu-north-1', 'eu-south-1'])
    await call('AddRegion', { InstanceArn: INSTANCE, RegionName });
  for (const user of ['alice', 'bob']) {
    const requestId = await world.start('create', { account: 'prod', permissionSet: 'ReadOnly', user });
    await world.pass(60);
    await world.status('create', requestId);
    await world.start('delete', { account: 'prod', permissionSet: 'ReadOnly', user });
    await world.pass(60);
    await world.provision(READ_ONLY);
    await world.pass(60);
  }
  // Until every Region is there.
  await world.pass(300);
  world.simulator.changeSettings({ pages });
  return world;
}

/** Every page of a list. */
async function walk({ call, pass }: TestWorld, operation: string, input: Output): Promise<unknown[][]> {
  const pages: unknown[][] = [];
  const tokens = new Set<unknown>();
  for (let token: unknown; pages.length < 200;) {
    const answer = await call(operation, token === undefined ? input : { ...input, NextToken: token });
    const { NextToken: next, ...rest } = answer;
    pages.push(Object.values(rest).flatMap((list) => list as unknown[]));
    if (next === undefined) return pages;
    await pass(1);
    // A client that gets the same token twice gives up.
    expect(tokens).not.toContain(next);
    tokens.add(next);
    token = next;
  }
  throw new Error(`${operation} does not end`);
}

describe('pages on demand', () => {
  test.each(LISTS)(
    'full, short or empty ones are the same list together: %s (W10)',
    async (operation, input) => {
      const world = await filledWorld('full', 1);
      const [full = []] = await walk(world, operation, input);

      for (const pages of ['short', 'sometimes-empty'] as const) {
        world.simulator.changeSettings({ pages });
        const seen: number[] = [];
        for (let run = 1; run <= 20; run += 1) {
          const walked = await walk(world, operation, input);
          expect(walked.flat()).toEqual(full);
          expect(walked.some((page) => page.length === 0) && pages === 'short').toBe(false);
          seen.push(walked.length);
        }
        // Pages are by chance: in some of twenty runs a list of several entries has several.
        expect(Math.max(...seen) > 1).toBe(pages === 'sometimes-empty' || full.length > 1);
      }
    },
  );

  test('are gone through by clients that know nothing of it (W10)', async () => {
    const { call } = await filledWorld('sometimes-empty', 3);
    const client = {
      send: async (command: { input: Output; constructor: { name: string } }) =>
        call(command.constructor.name.replace(/Command$/, ''), command.input),
    };
    // The paginators look only at what class their client has.
    Object.setPrototypeOf(client, SSOAdminClient.prototype);
    const config = { client: client as unknown as SSOAdminClient };
    const found: string[] = [];
    for await (const { PermissionSets: arns = [] } of paginateListPermissionSets(config, {
      InstanceArn: INSTANCE,
    }))
      found.push(...arns);
    const rows: unknown[] = [];
    for await (const { AccountAssignments: page = [] } of paginateListAccountAssignments(config, {
      InstanceArn: INSTANCE,
      AccountId: '444444444444',
      PermissionSetArn: READ_ONLY,
    }))
      rows.push(...page);

    expect(found).toHaveLength(3);
    expect(rows).toHaveLength(2);
  });

  test('draw nothing from chance while they are full, so that the same seed gives the same run (W10)', () => {
    const draws = jest.fn(() => 0.5);
    const input = { MaxResults: 7 };
    const members = { NextToken: { type: 'text' } } as const;

    expect(withPageSize(members, input, DEFAULT_SETTINGS, { next: draws })).toBe(input);
    expect(draws).not.toHaveBeenCalled();
  });
});

describe('a list that changes between two pages', () => {
  const set = { InstanceArn: INSTANCE, PermissionSetArn: READ_ONLY };
  const policy = (name: string): Output => ({ ...set, ManagedPolicyArn: `arn:aws:iam::aws:policy/${name}` });
  const reference = (name: string): Output => ({ ...set, CustomerManagedPolicyReference: { Name: name } });

  test.each([
    ['ListManagedPoliciesInPermissionSet', 'AttachedManagedPolicies', 'ManagedPolicy', policy],
    [
      'ListCustomerManagedPolicyReferencesInPermissionSet',
      'CustomerManagedPolicyReferences',
      'CustomerManagedPolicyReference',
      reference,
    ],
  ] as const)('neither repeats nor hides a policy: %s (W8, D16)', async (list, member, what, input) => {
    const { call } = createTestWorld({ requestsPerSecond: 'unlimited' });
    for (const name of ['C', 'A', 'D', 'B']) await call(`Attach${what}ToPermissionSet`, input(name));
    const first = await call(list, { ...set, MaxResults: 2 });

    await call(`Detach${what}FromPermissionSet`, input('A'));
    const second = await call(list, { ...set, MaxResults: 2, NextToken: first.NextToken });

    const names = (page: Output): unknown[] => (page[member] as Output[]).map(({ Name: name }) => name);
    expect(names(first)).toEqual(['A', 'B']);
    expect(names(second)).toEqual(['C', 'D']);
  });

  test('neither repeats nor hides a tag (W8, D16)', async () => {
    const { call } = createTestWorld({ requestsPerSecond: 'unlimited', pages: 'short' }, 5);
    const keys = Array.from({ length: 40 }, (_, index) => `key-${index + 10}`);
    const tag = (Tags: Output[]): Promise<Output> => call('TagResource', { ResourceArn: READ_ONLY, Tags });
    await call('UntagResource', { ResourceArn: READ_ONLY, TagKeys: ['risk'] });
    await tag(keys.map((Key) => ({ Key, Value: 'v' })));
    const seen: unknown[] = [];
    let token: unknown;
    let page: Output;
    do {
      page = await call('ListTagsForResource', {
        ResourceArn: READ_ONLY,
        ...(token === undefined ? {} : { NextToken: token }),
      });
      const found = (page.Tags as Output[]).map(({ Key: key }) => String(key));
      seen.push(...found);
      token = page.NextToken;
      // What was read already goes: the rest must not move up.
      if (found.length > 0 && token !== undefined)
        await call('UntagResource', { ResourceArn: READ_ONLY, TagKeys: found });
    } while (token !== undefined);

    expect(seen).toEqual(keys);
  });
});
