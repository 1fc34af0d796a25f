import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { createSeededRandom } from '../../../local/clock/seeded-random';
import { createLocalClock } from '../../../local/clock/virtual-clock';
import { readOrganization } from '../../../local/identity-center/organization-file';
import { createSimulator } from '../../../local/identity-center/simulator';
import { createTestWorld, HOST, MANAGEMENT, refusal, serviceFor, START } from './support';

const PROD = '333333333333';

const idsOf = (output: Record<string, unknown>, member: string): unknown[] =>
  (output[member] as { Id: unknown }[]).map(({ Id }) => Id);

describe('Organizations', () => {
  test('an account has its state, and the retired status only where it is asked for (O1, O9)', async () => {
    const account = {
      Id: '555555555555',
      Arn: `arn:aws:organizations::${MANAGEMENT}:account/o-abcdefghij/555555555555`,
      Email: 'c@example.com',
      Name: 'closed',
      State: 'SUSPENDED',
      Paths: ['o-abcdefghij/r-ab12/ou-ab12-workload/'],
      JoinedMethod: 'CREATED',
      JoinedTimestamp: START / 1000,
    };
    const input = { AccountId: '555555555555' };

    expect(await createTestWorld().call('DescribeAccount', input)).toEqual({ Account: account });
    expect(await createTestWorld({ accountStatus: 'present' }).call('DescribeAccount', input)).toEqual({
      Account: { ...account, Status: 'SUSPENDED' },
    });
  });

  test('a state that the retired status can not express has none (O1)', async () => {
    const { call, simulator } = createTestWorld({ accountStatus: 'present' });
    simulator.setAccountState(PROD, 'PENDING_ACTIVATION');

    const { Account } = await call('DescribeAccount', { AccountId: PROD });

    expect(Account).toMatchObject({ State: 'PENDING_ACTIVATION' });
    expect(Account).not.toHaveProperty('Status');
  });

  test('an unknown account is not found (O2)', async () => {
    const error = await refusal(createTestWorld().call('DescribeAccount', { AccountId: '999999999999' }));

    expect([error.code, error.statusCode]).toEqual(['AccountNotFoundException', 400]);
  });

  test('all accounts are listed, twenty a page at most (O3)', async () => {
    const { call } = createTestWorld();

    const page = await call('ListAccounts', { MaxResults: 3 });
    const rest = await call('ListAccounts', { NextToken: page.NextToken });
    const error = await refusal(call('ListAccounts', { MaxResults: 21 }));

    expect(idsOf(page, 'Accounts')).toEqual([MANAGEMENT, HOST, PROD]);
    expect(idsOf(rest, 'Accounts')).toEqual(['444444444444', '555555555555']);
    expect(error.members).toEqual({ Reason: 'MAX_VALUE_EXCEEDED' });
  });

  test('a page has twenty accounts where none is asked for (O3)', async () => {
    const yaml = readFileSync(join(__dirname, '../../../examples/organization.yaml'), 'utf8');
    const extra = Array.from(
      { length: 20 },
      (_, index) =>
        `  - { id: "7000000000${10 + index}", name: extra-${index}, email: x${index}@example.com }`,
    ).join('\n');
    const organization = readOrganization(yaml.replace(/^accounts:$/m, `accounts:\n${extra}`), 'many.yaml');
    const clock = createLocalClock({ mode: 'manual', startAt: START });
    const { services } = createSimulator({ organization, clock, random: createSeededRandom(1) });

    const page = await serviceFor(services, 'ListAccounts').call({
      operation: 'ListAccounts',
      input: {},
      requestId: 'r',
    });

    expect(page.Accounts).toHaveLength(20);
    expect(page.NextToken).toEqual(expect.any(String));
  });

  test('the tree is walked by direct relations (O4)', async () => {
    const { call } = createTestWorld();

    const roots = await call('ListRoots');
    const units = await call('ListOrganizationalUnitsForParent', { ParentId: 'r-ab12' });
    const below = await call('ListOrganizationalUnitsForParent', { ParentId: 'ou-ab12-workload' });
    const accounts = await call('ListAccountsForParent', { ParentId: 'ou-ab12-workload' });
    const inRoot = await call('ListAccountsForParent', { ParentId: 'r-ab12' });
    const [prodUnit] = below.OrganizationalUnits as { Id: string; Name: string }[];

    expect(idsOf(roots, 'Roots')).toEqual(['r-ab12']);
    expect((units.OrganizationalUnits as { Name: string }[]).map(({ Name }) => Name)).toEqual([
      'Workloads',
      'Security',
    ]);
    expect((below.OrganizationalUnits as { Name: string }[]).map(({ Name }) => Name)).toEqual([
      'Prod',
      'Dev',
    ]);
    expect(idsOf(accounts, 'Accounts')).toEqual(['555555555555']);
    expect(idsOf(inRoot, 'Accounts')).toEqual([MANAGEMENT]);
    expect(await call('ListParents', { ChildId: PROD })).toEqual({
      Parents: [{ Id: prodUnit?.Id, Type: 'ORGANIZATIONAL_UNIT' }],
    });
    expect(await call('ListParents', { ChildId: prodUnit?.Id })).toEqual({
      Parents: [{ Id: 'ou-ab12-workload', Type: 'ORGANIZATIONAL_UNIT' }],
    });
    expect(await call('ListParents', { ChildId: MANAGEMENT })).toEqual({
      Parents: [{ Id: 'r-ab12', Type: 'ROOT' }],
    });
  });

  test.each([
    ['ListAccountsForParent', { ParentId: 'r-zzzz' }, 'ParentNotFoundException'],
    ['ListOrganizationalUnitsForParent', { ParentId: 'ou-ab12-99999999' }, 'ParentNotFoundException'],
    ['ListParents', { ChildId: '999999999999' }, 'ChildNotFoundException'],
    ['ListTagsForResource', { ResourceId: '999999999999' }, 'TargetNotFoundException'],
  ])('%s of an unknown id is refused (O4, O5)', async (operation, input, code) => {
    expect((await refusal(createTestWorld().call(operation, input))).code).toBe(code);
  });

  test('accounts have tags, the root has none (O5)', async () => {
    const { call } = createTestWorld();

    expect(await call('ListTagsForResource', { ResourceId: PROD })).toEqual({
      Tags: [
        { Key: 'environment', Value: 'prod' },
        { Key: 'owner', Value: 'a' },
      ],
    });
    expect(await call('ListTagsForResource', { ResourceId: 'r-ab12' })).toEqual({ Tags: [] });
  });

  test('any account may ask for the organization, and for nothing else (O6)', async () => {
    const { call } = createTestWorld();

    expect(await call('DescribeOrganization', {}, 'member')).toMatchObject({
      Organization: { Id: 'o-abcdefghij', MasterAccountId: MANAGEMENT, MasterAccountEmail: 'm@example.com' },
    });
    expect((await refusal(call('DescribeAccount', { AccountId: PROD }, 'member'))).code).toBe(
      'AccessDeniedException',
    );
  });

  test('the delegate of Identity Center is listed, for its service only (O7)', async () => {
    const { call } = createTestWorld();

    const delegates = await call('ListDelegatedAdministrators', { ServicePrincipal: 'sso.amazonaws.com' });
    const others = await call('ListDelegatedAdministrators', { ServicePrincipal: 'guardduty.amazonaws.com' });

    expect(delegates).toMatchObject({
      DelegatedAdministrators: [{ Id: HOST, State: 'ACTIVE', DelegationEnabledDate: START / 1000 }],
    });
    expect(others).toEqual({ DelegatedAdministrators: [] });
  });

  test.each([
    ['DescribeAccount', {}, 'INPUT_REQUIRED'],
    ['DescribeAccount', { AccountId: '12' }, 'INVALID_PATTERN'],
    ['DescribeAccount', { AccountId: '1234567890123' }, 'MAX_LENGTH_EXCEEDED'],
    ['ListAccounts', { MaxResults: 0 }, 'MIN_VALUE_EXCEEDED'],
    ['ListAccounts', { NextToken: 'not mine' }, 'INVALID_NEXT_TOKEN'],
  ])('%s with %p is refused with its reason (O8)', async (operation, input, Reason) => {
    const error = await refusal(createTestWorld().call(operation, input));

    expect(error.code).toBe('InvalidInputException');
    expect(error.members).toEqual({ Reason });
  });
});
