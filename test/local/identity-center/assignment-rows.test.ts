import { readOrganization } from '../../../local/identity-center/organization-file';
import { ORGANIZATION, ORGANIZATION_YAML } from './support';

/** The organization with these rows instead of its own. */
function withRows(...rows: string[]): ReturnType<typeof readOrganization> {
  const text = ORGANIZATION_YAML.replace(
    /^assignments:\n( .*\n)*/m,
    `assignments:\n${rows.map((row) => `  - ${row}\n`).join('')}`,
  );
  return readOrganization(text, 'org.yaml');
}

function inWords({ assignments }: ReturnType<typeof readOrganization>): string[] {
  const nameOf = (id: string): string =>
    [
      ...ORGANIZATION.accounts,
      ...ORGANIZATION.groups.map(({ id: group, displayName: name }) => ({ id: group, name })),
    ].find((one) => one.id === id)?.name ??
    ORGANIZATION.users.find((user) => user.id === id)?.userName ??
    id;
  return assignments.map(
    ({ accountId, permissionSetArn, principalId }) =>
      `${nameOf(accountId)} ${ORGANIZATION.permissionSets.find(({ arn }) => arn === permissionSetArn)?.name ?? ''} ${nameOf(principalId)}`,
  );
}

describe('assignment rows of the organization file', () => {
  test('a row with several of each means every combination (F9)', () => {
    const rows = inWords(
      withRows(
        '{ accounts: [prod, dev], permissionSets: [ReadOnly, PowerUser], groups: [Developers], users: [alice] }',
      ),
    );

    expect(rows).toEqual([
      'prod ReadOnly alice',
      'prod ReadOnly Developers',
      'prod PowerUser alice',
      'prod PowerUser Developers',
      'dev ReadOnly alice',
      'dev ReadOnly Developers',
      'dev PowerUser alice',
      'dev PowerUser Developers',
    ]);
  });

  test('principals that are gone are written by their ids (F9)', () => {
    const user = 'dddddddd-0000-4000-8000-000000000001';
    const group = 'dddddddd-0000-4000-8000-000000000002';
    const { assignments } = withRows(
      `{ account: prod, permissionSet: ReadOnly, deletedUsers: [${user}], deletedGroups: [${group}] }`,
    );

    expect(assignments).toMatchObject([
      { principalType: 'USER', principalId: user },
      { principalType: 'GROUP', principalId: group },
    ]);
  });

  test.each<[string, string[], string]>([
    [
      'one and several accounts',
      ['{ account: prod, accounts: [dev], permissionSet: ReadOnly, user: alice }'],
      'assignments[0].account is "prod": and "accounts": give exactly one of the two',
    ],
    [
      'no account',
      ['{ permissionSet: ReadOnly, user: alice }'],
      'assignments[0].account is missing: give "account", or "accounts" as a list',
    ],
    [
      'nobody',
      ['{ account: prod, permissionSet: ReadOnly }'],
      'assignments[0] is a map: say who has it with "user", "group", "users" or "groups"',
    ],
    [
      'an unknown name in a list',
      ['{ account: prod, permissionSets: [ReadOnly, Nothing], user: alice }'],
      'assignments[0].permissionSets[1] is "Nothing": names nothing in the organization',
    ],
    [
      'rows that overlap',
      [
        '{ account: prod, permissionSet: ReadOnly, user: alice }',
        '{ accounts: [dev, prod], permissionSet: ReadOnly, user: alice }',
      ],
      'assignments[1] is a map: remove from it what assignments[0] says already',
    ],
    [
      'the same name twice in a row',
      ['{ accounts: [prod, prod], permissionSet: ReadOnly, user: alice }'],
      'assignments[0] is a map: name each account, permission set and principal once',
    ],
  ])('%s: refused with its place and its remedy (F9)', (_, rows, message) => {
    expect(() => withRows(...rows)).toThrow(message);
  });
});
