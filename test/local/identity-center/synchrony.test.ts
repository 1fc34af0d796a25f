import { IDENTITY_CENTER_INPUTS } from '../../../local/identity-center/identity-center-inputs';
import { IDENTITY_STORE_INPUTS } from '../../../local/identity-center/identity-store-inputs';
import { ORGANIZATIONS_INPUTS } from '../../../local/identity-center/organizations-inputs';
import {
  INSTANCE,
  MANAGEMENT,
  POWER_USER,
  READ_ONLY,
  STORE,
  assignmentInput,
  createTestWorld,
  type Output,
  type TestWorld,
} from './support';

const DEV = '444444444444';
const PROD = '333333333333';
const ROOT = 'r-ab12';
const BOB = 'aaaaaaaa-0000-4000-8000-000000000002';
const ALICE = 'aaaaaaaa-0000-4000-8000-000000000001';
const OPERATORS = 'bbbbbbbb-0000-4000-8000-000000000002';
const POLICY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

/** A call, with what earlier calls of the same case answered; `$.GroupId` stands for a member of the last answer. */
type Call = readonly [operation: string, input: Output];

/** A write: what has to be there before, the write, and a read that answers otherwise right after it. */
interface Case {
  readonly before?: readonly Call[];
  readonly input: Output;
  readonly read: Call;
}

const inst = { InstanceArn: INSTANCE };
const set = { ...inst, PermissionSetArn: READ_ONLY };
const store = { IdentityStoreId: STORE };
const attributes = (source: string): Output => ({
  ...inst,
  InstanceAccessControlAttributeConfiguration: {
    AccessControlAttributes: [{ Key: 'team', Value: { Source: [source] } }],
  },
});
const reference = { ...set, CustomerManagedPolicyReference: { Name: 'Own' } };
const managed = { ...set, ManagedPolicyArn: POLICY };
const boundary = { ...set, PermissionsBoundary: { ManagedPolicyArn: POLICY } };
const inline = { ...set, InlinePolicy: '{"Version":"2012-10-17","Statement":[]}' };
const tags = { ResourceArn: READ_ONLY, Tags: [{ Key: 'team', Value: 'a' }] };
const region = { ...inst, RegionName: 'eu-north-1' };
const delegation = { AccountId: PROD, ServicePrincipal: 'guardduty.amazonaws.com' };
const unit = { ParentId: ROOT, Name: 'New' };
const membership = { ...store, GroupId: OPERATORS, MemberId: { UserId: ALICE } };
const members: Call = ['ListGroupMemberships', { ...store, GroupId: OPERATORS }];
const sets: Call = ['ListPermissionSets', inst];
const described: Call = ['DescribePermissionSet', set];
const accountTags: Call = ['ListTagsForResource', { ResourceId: PROD }];
const noAttributes: Call = ['DescribeInstanceAccessControlAttributeConfiguration', inst];
const boundaryOf: Call = ['GetPermissionsBoundaryForPermissionSet', set];
const inlineOf: Call = ['GetInlinePolicyForPermissionSet', set];
const policiesOf: Call = ['ListManagedPoliciesInPermissionSet', set];
const referencesOf: Call = ['ListCustomerManagedPolicyReferencesInPermissionSet', set];
const units: Call = ['ListOrganizationalUnitsForParent', { ParentId: ROOT }];
const delegates: Call = ['ListDelegatedAdministrators', {}];

/** Writes whose effect the very next read shows. */
const SYNCHRONOUS: Readonly<Record<string, Case>> = {
  // Identity Center
  AttachCustomerManagedPolicyReferenceToPermissionSet: { input: reference, read: referencesOf },
  AttachManagedPolicyToPermissionSet: { input: managed, read: policiesOf },
  CreateInstanceAccessControlAttributeConfiguration: { input: attributes('${path:a}'), read: noAttributes },
  CreatePermissionSet: { input: { ...inst, Name: 'New' }, read: sets },
  DeleteInlinePolicyFromPermissionSet: {
    before: [['PutInlinePolicyToPermissionSet', inline]],
    input: set,
    read: inlineOf,
  },
  DeleteInstance: { input: inst, read: ['ListInstances', {}] },
  DeleteInstanceAccessControlAttributeConfiguration: {
    before: [['CreateInstanceAccessControlAttributeConfiguration', attributes('${path:a}')]],
    input: inst,
    read: noAttributes,
  },
  DeletePermissionSet: { input: { ...inst, PermissionSetArn: POWER_USER }, read: sets },
  DeletePermissionsBoundaryFromPermissionSet: {
    before: [['PutPermissionsBoundaryToPermissionSet', boundary]],
    input: set,
    read: boundaryOf,
  },
  DetachCustomerManagedPolicyReferenceFromPermissionSet: {
    before: [['AttachCustomerManagedPolicyReferenceToPermissionSet', reference]],
    input: reference,
    read: referencesOf,
  },
  DetachManagedPolicyFromPermissionSet: {
    before: [['AttachManagedPolicyToPermissionSet', managed]],
    input: managed,
    read: policiesOf,
  },
  PutInlinePolicyToPermissionSet: { input: inline, read: inlineOf },
  PutPermissionsBoundaryToPermissionSet: { input: boundary, read: boundaryOf },
  UpdateInstance: { input: { ...inst, Name: 'new' }, read: ['DescribeInstance', inst] },
  UpdateInstanceAccessControlAttributeConfiguration: {
    before: [['CreateInstanceAccessControlAttributeConfiguration', attributes('${path:a}')]],
    input: attributes('${path:b}'),
    read: noAttributes,
  },
  UpdatePermissionSet: { input: { ...set, Description: 'New' }, read: described },
  // Identity Store
  CreateGroup: { input: { ...store, DisplayName: 'New' }, read: ['ListGroups', store] },
  CreateGroupMembership: { input: membership, read: members },
  CreateUser: {
    input: { ...store, UserName: 'new', DisplayName: 'New', Name: { GivenName: 'N', FamilyName: 'N' } },
    read: ['ListUsers', store],
  },
  DeleteGroup: { input: { ...store, GroupId: OPERATORS }, read: ['ListGroups', store] },
  DeleteGroupMembership: {
    before: [['CreateGroupMembership', membership]],
    input: { ...store, MembershipId: '$.MembershipId' },
    read: members,
  },
  DeleteUser: { input: { ...store, UserId: BOB }, read: ['ListUsers', store] },
  UpdateGroup: {
    input: {
      ...store,
      GroupId: OPERATORS,
      Operations: [{ AttributePath: 'description', AttributeValue: 'New' }],
    },
    read: ['DescribeGroup', { ...store, GroupId: OPERATORS }],
  },
  UpdateUser: {
    input: {
      ...store,
      UserId: BOB,
      Operations: [{ AttributePath: 'displayName', AttributeValue: 'New' }],
    },
    read: ['DescribeUser', { ...store, UserId: BOB }],
  },
  // Organizations
  CreateOrganizationalUnit: { input: unit, read: units },
  DeleteOrganizationalUnit: {
    before: [['CreateOrganizationalUnit', unit]],
    input: { OrganizationalUnitId: '$.OrganizationalUnit.Id' },
    read: units,
  },
  DeregisterDelegatedAdministrator: {
    before: [['RegisterDelegatedAdministrator', delegation]],
    input: delegation,
    read: delegates,
  },
  MoveAccount: {
    input: { AccountId: '222222222222', SourceParentId: '$.Parents.0.Id', DestinationParentId: ROOT },
    before: [['ListParents', { ChildId: '222222222222' }]],
    read: ['ListParents', { ChildId: '222222222222' }],
  },
  RegisterDelegatedAdministrator: { input: delegation, read: delegates },
  RemoveAccountFromOrganization: { input: { AccountId: PROD }, read: ['ListAccounts', {}] },
  TagResource: { input: tags, read: ['ListTagsForResource', { ResourceArn: READ_ONLY }] },
  UntagResource: {
    input: { ResourceArn: READ_ONLY, TagKeys: ['risk'] },
    read: ['ListTagsForResource', { ResourceArn: READ_ONLY }],
  },
  UpdateOrganizationalUnit: {
    before: [['CreateOrganizationalUnit', unit]],
    input: { OrganizationalUnitId: '$.OrganizationalUnit.Id', Name: 'Newer' },
    read: units,
  },
};

/** Tags of accounts, by the operations of the same names of another service. */
const ACCOUNT_TAGS: readonly (readonly [string, Case])[] = [
  ['TagResource', { input: { ResourceId: PROD, Tags: [{ Key: 'team', Value: 'a' }] }, read: accountTags }],
  ['UntagResource', { input: { ResourceId: PROD, TagKeys: ['owner'] }, read: accountTags }],
];

/** Writes that answer `IN_PROGRESS` and an id, by which their end is asked for; the next read shows nothing of them. */
const ASYNCHRONOUS: Readonly<Record<string, Case & { readonly member: string; readonly id: string }>> = {
  CreateAccount: {
    input: { Email: 'new@example.com', AccountName: 'new' },
    member: 'CreateAccountStatus',
    id: 'Id',
    read: ['ListAccounts', {}],
  },
  CreateAccountAssignment: {
    input: assignmentInput({ account: 'prod', permissionSet: 'ReadOnly', user: 'alice' }),
    member: 'AccountAssignmentCreationStatus',
    id: 'RequestId',
    read: ['ListAccountAssignments', { ...set, AccountId: PROD }],
  },
  DeleteAccountAssignment: {
    input: assignmentInput({ account: 'dev', permissionSet: 'ReadOnly', user: 'bob' }),
    member: 'AccountAssignmentDeletionStatus',
    id: 'RequestId',
    read: ['ListAccountAssignments', { ...set, AccountId: DEV }],
  },
  ProvisionPermissionSet: {
    before: [['UpdatePermissionSet', { ...set, Description: 'New' }]],
    input: { ...set, TargetType: 'ALL_PROVISIONED_ACCOUNTS' },
    member: 'PermissionSetProvisioningStatus',
    id: 'RequestId',
    read: [
      'ListAccountsForProvisionedPermissionSet',
      { ...set, ProvisioningStatus: 'LATEST_PERMISSION_SET_NOT_PROVISIONED' },
    ],
  },
};

/** Writes that have no request id: what they are about says that it is on its way. With the member that says so. */
const GRADUAL: Readonly<Record<string, Case & { readonly now: string; readonly later: string }>> = {
  AddRegion: { input: region, read: ['ListRegions', inst], now: '"ADDING"', later: '"ACTIVE"' },
  CloseAccount: {
    input: { AccountId: PROD },
    read: ['DescribeAccount', { AccountId: PROD }],
    now: '"PENDING_CLOSURE"',
    later: '"SUSPENDED"',
  },
  RemoveRegion: {
    before: [['AddRegion', region]],
    input: region,
    read: ['ListRegions', inst],
    now: '"REMOVING"',
    later: '"ACTIVE"',
  },
};

/** There is an instance: it is always refused. */
const REFUSED = ['CreateInstance'];

const isRead = (operation: string): boolean => /^(List|Get|Describe|Is)/.test(operation);

/** The management account may do everything. */
const AS = 'root';

function filled(input: Output, last: unknown): Output {
  const at = (path: string): unknown =>
    path
      .split('.')
      .slice(1)
      .reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], last);
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => [
      key,
      typeof value === 'string' && value.startsWith('$.') ? at(value) : value,
    ]),
  );
}

async function prepared(before: readonly Call[] = []): Promise<{ world: TestWorld; last: unknown }> {
  const world = createTestWorld({ requestsPerSecond: 'unlimited', organizationsRates: 'unlimited' });
  let last: unknown;
  for (const [operation, input] of before) {
    last = await world.call(operation, input, AS);
    // Until a Region is there.
    if (operation === 'AddRegion') await world.pass(300);
  }
  return { world, last };
}

/** What a read answers as text; an error by its name. */
async function reading({ call }: TestWorld, [operation, input]: Call): Promise<string> {
  return call(operation, input, AS).then(
    (answer) => JSON.stringify(answer),
    (error: unknown) => String(error),
  );
}

describe('what is there when a call is answered', () => {
  const writes = [IDENTITY_CENTER_INPUTS, IDENTITY_STORE_INPUTS, ORGANIZATIONS_INPUTS]
    .flatMap((table) => Object.keys(table))
    .filter((operation) => !isRead(operation));

  test('is told here of every operation that writes, once (A1, P8)', () => {
    const told = [...[SYNCHRONOUS, ASYNCHRONOUS, GRADUAL].flatMap((table) => Object.keys(table)), ...REFUSED];

    expect(told.sort()).toEqual([...new Set(writes)].sort());
    expect(new Set(told).size).toBe(told.length);
  });

  test.each([...Object.entries(SYNCHRONOUS), ...ACCOUNT_TAGS])(
    'is all of it: %s (D6, U1, H1)',
    async (operation, { before, input, read }) => {
      const { world, last } = await prepared(before);
      const earlier = await reading(world, read);

      const answer = await world.call(operation, filled(input, last), AS);

      expect(await reading(world, read)).not.toBe(earlier);
      expect(JSON.stringify(answer)).not.toContain('IN_PROGRESS');
    },
  );

  test.each(Object.entries(ASYNCHRONOUS))(
    'is an id to ask by, and the rest comes later: %s (A1, A2, P8, J1)',
    async (operation, { before, input, read, member, id }) => {
      const { world, last } = await prepared(before);
      const earlier = await reading(world, read);

      const answer = await world.call(operation, filled(input, last), AS);
      const atOnce = await reading(world, read);
      await world.pass(3600);

      const status = answer[member] as Output;
      expect(status.Status ?? status.State).toBe('IN_PROGRESS');
      expect(status[id]).toEqual(expect.stringMatching(/^[a-z0-9-]{12,36}$/));
      expect(atOnce).toBe(earlier);
      expect(await reading(world, read)).not.toBe(earlier);
    },
  );

  test.each(Object.entries(GRADUAL))(
    'is that it is on its way: %s (E6, J8)',
    async (operation, { before, input, read, now, later }) => {
      const { world, last } = await prepared(before);

      await world.call(operation, filled(input, last), AS);
      const atOnce = await reading(world, read);
      await world.pass(86_400);
      const afterwards = await reading(world, read);

      expect(atOnce).toContain(now);
      expect(afterwards).toContain(later);
      expect(afterwards).not.toContain(now);
    },
  );

  test('is nothing for what is refused: CreateInstance (E2)', async () => {
    const { world } = await prepared();

    for (const as of ['root', 'member'])
      await expect(world.call('CreateInstance', {}, as)).rejects.toMatchObject({ statusCode: 400 });
    expect(await reading(world, ['ListInstances', {}])).toContain(MANAGEMENT);
  });
});
