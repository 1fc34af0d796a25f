import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { OrganizationFileError, readOrganization } from '../../../local/identity-center/organization-file';
import { HOST, MANAGEMENT, ORGANIZATION, ORGANIZATION_YAML, READ_ONLY } from './support';

const EXAMPLE = readFileSync(join(__dirname, '../../../examples/organization.yaml'), 'utf8');

function mistake(from: string | RegExp, to: string): () => unknown {
  const text = ORGANIZATION_YAML.replace(from, to);
  if (text === ORGANIZATION_YAML) throw new Error(`${String(from)} is not in the file`);
  return () => readOrganization(text, 'org.yaml');
}

describe('the organization file', () => {
  test('names become ids, and defaults are filled in', () => {
    expect(ORGANIZATION).toMatchObject({
      managementAccountId: MANAGEMENT,
      delegatedAdminAccountId: HOST,
      assignments: [
        { accountId: '444444444444', permissionSetArn: READ_ONLY, principalType: 'USER' },
        { accountId: '444444444444', permissionSetArn: READ_ONLY, principalType: 'GROUP' },
        { accountId: MANAGEMENT, principalType: 'GROUP' },
      ],
    });
    expect(ORGANIZATION.accounts[3]).toEqual({
      id: '444444444444',
      name: 'dev',
      email: 'd@example.com',
      state: 'ACTIVE',
      ou: 'Workloads/Dev',
      tags: {},
    });
    expect(ORGANIZATION.groups[0]?.members).toEqual([
      'aaaaaaaa-0000-4000-8000-000000000001',
      'aaaaaaaa-0000-4000-8000-000000000002',
    ]);
    expect(ORGANIZATION.callers.map(({ sessionName }) => sessionName)).toEqual([
      'night-shift',
      'root',
      'member',
    ]);
  });

  test('units that only paths imply have ids too, the same every time', () => {
    const again = readOrganization(ORGANIZATION_YAML, 'test.yaml').organizationalUnits;

    expect(again).toEqual(ORGANIZATION.organizationalUnits);
    expect(again.map(({ path }) => path)).toEqual([
      'Workloads',
      'Security',
      'Workloads/Prod',
      'Workloads/Dev',
    ]);
    for (const { id } of again) expect(id).toMatch(/^ou-ab12-[a-z0-9]{8}$/);
  });

  test.each<[string | RegExp, string, string]>([
    [
      'id: "333333333333"',
      'id: 333333333333',
      'accounts[2].id is 333333333333 (a number): use 12 digits in quotes, so that leading zeros stay',
    ],
    ['id: "333333333333"', 'id: "3333"', 'accounts[2].id is "3333": use 12 digits in quotes'],
    [
      'state: SUSPENDED',
      'state: GONE',
      'accounts[4].state is "GONE": use one of PENDING_ACTIVATION, ACTIVE,',
    ],
    ['email: p@example.com', 'email: nowhere', 'accounts[2].email is "nowhere": use the e-mail address'],
    ['name: dev,', 'nmae: dev,', 'accounts[3].nmae is "dev": remove this key, or correct its name'],
    ['name: dev,', '', 'accounts[3].name is missing: use a text'],
    [
      'ou: Security',
      'ou: /Security',
      'accounts[1].ou is "/Security": use the names of at most 5 nested units',
    ],
    [
      'user: bob }',
      'user: bobby }',
      'assignments[0].user is "bobby": names nothing in the organization: use a userName',
    ],
    [
      'user: bob }',
      'user: shared@example.com }',
      'assignments[0].user is "shared@example.com": names 2 of them: use the id',
    ],
    [
      'user: bob }',
      'user: bob, group: Developers }',
      'assignments[0].user is "bob": and "group": give exactly one of the two',
    ],
    [
      'account: management, perm',
      'account: nowhere, perm',
      'assignments[2].account is "nowhere": names nothing',
    ],
    [
      'members: [bob]',
      'members: [carol]',
      'groups[1].members[0] is "carol": names nothing in the organization',
    ],
    ['group: Developers', 'user: bob', 'assignments[1] is a map: remove it, assignments[0] says the same'],
    [
      `managementAccount: "${MANAGEMENT}"`,
      'managementAccount: "999999999999"',
      'organization.managementAccount is "999999999999": use the id of one of "accounts"',
    ],
    [
      `delegatedAdministrator: "${HOST}"`,
      `delegatedAdministrator: "${MANAGEMENT}"`,
      'use another account than the management account',
    ],
    [READ_ONLY, READ_ONLY.replace('1111222233334444', '9999222233334444'), 'permissionSets[0].arn'],
    [
      'ou-ab12-workload',
      'ou-zz99-workload',
      'organizationalUnits[0].id is "ou-zz99-workload": begin it with "ou-ab12-"',
    ],
    [
      'sessionDuration: PT4H',
      'sessionDuration: 4h',
      'permissionSets[0].sessionDuration is "4h": use an ISO 8601 duration',
    ],
    ['arn:aws:iam::333333333333:role/App', 'App', 'callers[2].roleArn is "App": use the ARN of a role'],
    [/^accounts:[^]*?(?=^users:)/m, '', 'accounts is missing: use a list of accounts'],
    [/^users:/m, 'users: [\n', 'not valid YAML'],
  ])('%p written as %p is told with its place, value and remedy (F5)', (from, to, message) => {
    expect(mistake(from, to)).toThrow(message);
  });

  test('a single mistake is one line that begins with the file (F5)', () => {
    expect(mistake('state: SUSPENDED', 'state: 5')).toThrow(
      /^org\.yaml: accounts\[4\]\.state is 5 \(a number\): use one of [A-Z_, ]+$/,
    );
  });

  test('all mistakes of a kind are told together, the first ten in words (F5)', () => {
    const text = ORGANIZATION_YAML.replaceAll('permissionSet: ', 'set: ')
      .replaceAll('secretAccessKey', 'secret')
      .replaceAll('accessKeyId', 'key');

    expect(() => readOrganization(text, 'org.yaml')).toThrow(/org\.yaml:\n( {2}.+\n){10} {2}and 5 more$/);
  });

  test('an empty file, and one that is no map, say what to write (F5)', () => {
    expect(() => readOrganization('', 'org.yaml')).toThrow(OrganizationFileError);
    expect(() => readOrganization('', 'org.yaml')).toThrow('org.yaml: the file is empty: use the keys');
    expect(() => readOrganization('- a', 'org.yaml')).toThrow(
      'org.yaml: the file is a list of 1: use the keys',
    );
  });

  test('an inline policy may be written as a map', () => {
    const { permissionSets } = readOrganization(EXAMPLE, 'organization.yaml');
    const policy = permissionSets.find(({ name }) => name === 'DatabaseOperator')?.inlinePolicy ?? '';

    expect(JSON.parse(policy)).toMatchObject({ Version: '2012-10-17', Statement: [{ Effect: 'Allow' }] });
  });

  test('the example has what the tickets and the policy need', () => {
    const example = readOrganization(EXAMPLE, 'organization.yaml');

    expect(example.accounts.filter(({ state }) => state === 'SUSPENDED')).toHaveLength(1);
    expect(example.callers.map(({ accessKeyId }) => accessKeyId)).toEqual([
      'test',
      'engineer',
      'auditor',
      'stranger',
    ]);
    expect(example.permissionSets.map(({ name }) => name)).toEqual([
      'ReadOnlyAccess',
      'PowerUserAccess',
      'AdministratorAccess',
      'BillingReadOnly',
      'DatabaseOperator',
      'BreakGlassAdmin',
    ]);
  });
});
