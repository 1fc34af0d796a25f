import type { LocalAssembly, LocalResource } from '../../../local/assembly/local-assembly';
import { Authorization, type DecidedCall } from '../../../local/iam/authorization';
import { roleSessions } from '../../../local/iam/role-session';
import { templateRoles } from '../../../local/iam/template-roles';

const ACCOUNT = '222233334444';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/tools/Worker`;
const FUNCTION = `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:worker`;
const TABLE = `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/Ledger`;

/** Names and ARNs of the resources below, as a loaded assembly answers them. */
const ARNS: Readonly<Record<string, string>> = { Role: ROLE, Function: FUNCTION };

function assemblyOf(resources: readonly LocalResource[]): LocalAssembly {
  return {
    region: 'eu-west-1',
    accountId: ACCOUNT,
    stackName: 'Test',
    ofType: (type) => resources.filter((resource) => resource.type === type),
    ref: (logicalId) => (logicalId === 'Role' ? 'Worker' : logicalId),
    attribute: (logicalId) => ARNS[logicalId] ?? logicalId,
    assetPath: (key) => key,
  };
}

const document = (...statements: readonly object[]) => ({ Version: '2012-10-17', Statement: statements });
const READ = { Sid: 'Read', Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: TABLE };
const GUARD = { Sid: 'Guard', Effect: 'Deny', Action: 'sso:*', Resource: '*' };

const worker: LocalResource = {
  logicalId: 'Function',
  type: 'AWS::Lambda::Function',
  properties: { Role: ROLE },
};
const role = (properties: Readonly<Record<string, unknown>>): LocalResource => ({
  logicalId: 'Role',
  type: 'AWS::IAM::Role',
  properties,
});
const inline = (...statements: readonly object[]): LocalResource =>
  role({ Policies: [{ PolicyName: 'Own', PolicyDocument: document(...statements) }] });

function authorizationOf(resources: readonly LocalResource[]) {
  const decided: DecidedCall[] = [];
  const authorization = new Authorization({
    sessions: roleSessions(assemblyOf(resources)),
    place: {
      region: 'eu-west-1',
      accountId: ACCOUNT,
      managementAccountId: '111122223333',
      organizationId: 'o-a1b2c3d4e5',
      machineOfToken: () => undefined,
    },
    onDecision: (call) => decided.push(call),
  });
  const read = (tableName = 'Ledger'): void => {
    authorization.check(authorization.sessionOf(FUNCTION), {
      service: 'DynamoDB_20120810',
      operation: 'GetItem',
      input: { TableName: tableName },
    });
  };
  return { authorization, decided, read };
}

describe('sessions of roles', () => {
  test('have the function’s name, and keys of their own that are the same on every start', () => {
    const [first, second] = [1, 2].map(() => roleSessions(assemblyOf([worker, inline(READ)])).get(FUNCTION));
    expect(first?.arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/Worker/worker`);
    expect(first?.credentials.accessKeyId).toMatch(/^ASIA[0-9A-F]{16}$/);
    expect(second?.credentials).toEqual(first?.credentials);
  });

  test('cannot be of a role outside of the stack', () => {
    expect(() => roleSessions(assemblyOf([worker]))).toThrow(/Function works in the role .*not in the stack/);
  });
});

describe('roles of a template', () => {
  test('have inline policies, attached ones and managed ones that are known', () => {
    const attached: LocalResource = {
      logicalId: 'More',
      type: 'AWS::IAM::Policy',
      properties: { PolicyName: 'More', PolicyDocument: document(READ), Roles: ['Worker'] },
    };
    const basic = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
    const { read } = authorizationOf([worker, role({ ManagedPolicyArns: [basic] }), attached]);
    expect(() => {
      read();
    }).not.toThrow();
  });

  test.each<[string, Readonly<Record<string, unknown>>, RegExp]>([
    [
      'a managed policy that nobody here knows',
      { ManagedPolicyArns: ['arn:aws:iam::aws:policy/PowerUserAccess'] },
      /Role has the managed policy .*PowerUserAccess/,
    ],
    ['a permissions boundary', { PermissionsBoundary: ROLE }, /Role.*PermissionsBoundary/],
  ])('%s stops the start', (_case, properties, text) => {
    expect(() => templateRoles(assemblyOf([role(properties)]))).toThrow(text);
  });
});

describe('authorization', () => {
  test('lets pass what a statement allows, and tells which one did', () => {
    const { decided, read } = authorizationOf([worker, inline(GUARD, READ)]);
    read();
    expect(decided).toEqual([
      {
        answer: 'allowed',
        by: [{ policy: 'Role/Own', index: 1, sid: 'Read' }],
        role: 'Role',
        action: 'dynamodb:GetItem',
        resource: TABLE,
      },
    ]);
  });

  test('refuses what no statement allows, in the service’s words', () => {
    const { read } = authorizationOf([worker, inline(READ)]);
    expect(() => {
      read('Other');
    }).toThrow(
      `User: arn:aws:sts::${ACCOUNT}:assumed-role/Worker/worker is not authorized to perform: dynamodb:GetItem ` +
        `on resource: ${TABLE.replace('Ledger', 'Other')} because no identity-based policy allows the dynamodb:GetItem action`,
    );
  });

  test('says when a statement denies it', () => {
    const { read } = authorizationOf([worker, inline(READ, { ...READ, Effect: 'Deny' })]);
    expect(() => {
      read();
    }).toThrow(/with an explicit deny in an identity-based policy$/);
  });

  test('asks nobody who has no role of the template', () => {
    const { authorization, decided } = authorizationOf([worker, inline()]);
    const call = { service: 'lambda', operation: 'ListFunctions', input: {} };
    authorization.check(authorization.sessionOfKey('test'), call);
    expect(decided).toEqual([]);
  });

  test('refuses without a grant what only that grant allows, until it is back', () => {
    const { authorization, read } = authorizationOf([worker, inline(READ)]);
    const grant = { role: 'Role', policy: 'Role/Own', index: 0 };
    const others = authorization.without({ ...grant, action: 'dynamodb:PutItem' });
    expect(read).not.toThrow();
    const giveBack = authorization.without(grant);
    expect(read).toThrow(/not authorized/);
    giveBack();
    expect(read).not.toThrow();
    others();
  });
});
