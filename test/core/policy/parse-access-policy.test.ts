import * as fc from 'fast-check';
import { AccessFileError } from '../../../core/policy/access-file-error';
import { accessPolicyJsonSchema } from '../../../core/policy/access-policy-schema';
import { parseAccessPolicy } from '../../../core/policy/parse-access-policy';
import { rightDocument } from './policies';

const FILE = 'access/policy.yaml';

type Json = Record<string, unknown>;

/** The right document with the value at a path changed; `undefined` removes it. */
function changed(path: readonly (string | number)[], value: unknown): unknown {
  const document = rightDocument();
  const parent = path.slice(0, -1).reduce<unknown>((node, key) => (node as Json)[key], document) as Json;
  const key = path.at(-1) ?? '';
  parent[key] = value;
  return JSON.parse(JSON.stringify(document)) as unknown;
}

function errorOf(document: unknown): AccessFileError {
  try {
    parseAccessPolicy(document, FILE);
  } catch (error) {
    if (error instanceof AccessFileError) return error;
    throw error;
  }
  throw new Error('the document was accepted');
}

describe('parseAccessPolicy', () => {
  test('reads callers, rules and guardrails, with defaults that give nothing', () => {
    const policy = parseAccessPolicy(rightDocument(), FILE);

    expect(policy.callers).toEqual([
      {
        name: 'service-desk',
        identity: { kind: 'role', roleArn: 'arn:aws:iam::222233334444:role/ServiceDesk' },
        mayAsk: true,
        mayRead: 'all',
        mayRevoke: 'all',
        mayPermissionSets: 'none',
        mayReconciliations: 'none',
        trustedForRequester: true,
      },
      expect.objectContaining({
        identity: { kind: 'account', accountId: '222233334444' },
        mayRevoke: 'none',
        mayPermissionSets: 'none',
        mayReconciliations: 'none',
        trustedForRequester: false,
      }),
      expect.objectContaining({ mayAsk: false, mayRead: 'all' }),
    ]);
    expect(policy.rules[0]).toEqual({
      name: 'read-anywhere',
      effect: 'allow',
      callers: undefined,
      principals: { users: ['*@example.com'], groups: [] },
      permissionSets: ['ReadOnly*'],
      accounts: ['*'],
      longestMs: 7 * 86_400_000,
    });
    expect(policy.guardrails).toEqual({
      protectedPermissionSets: ['BreakGlassAdmin'],
      longestMs: 14 * 86_400_000,
    });
  });

  test('lets a deny rule that names no principals forbid users and groups alike', () => {
    expect(parseAccessPolicy(rightDocument(), FILE).rules[1]).toMatchObject({
      principals: { users: ['*'], groups: ['*'] },
    });
  });

  test('has 14 days as the guardrail where the file has none', () => {
    const policy = parseAccessPolicy(changed(['guardrails'], undefined), FILE);

    expect(policy.guardrails).toEqual({ protectedPermissionSets: [], longestMs: 14 * 86_400_000 });
  });

  test.each([
    [[], '(file)', null],
    [['rules'], 'rules', undefined],
    [['callers'], 'callers', []],
    [['ruels'], 'ruels', []],
    [['callers', 0, 'may', 'approve'], 'callers[0].may.approve', true],
    [['callers', 0, 'role'], 'callers[0].role', 'arn:aws:iam::22:role/X'],
    [['callers', 0, 'role'], 'callers[0].role', 'arn:aws:iam::222233334444:user/X'],
    [['callers', 0, 'role'], 'callers[0]', undefined],
    [['callers', 0, 'account'], 'callers[0]', '222233334444'],
    [['callers', 1, 'account'], 'callers[1].account', 222233334444],
    [['callers', 0, 'may', 'read'], 'callers[0].may.read', 'some'],
    [['callers', 0, 'may', 'ask'], 'callers[0].may.ask', 'yes'],
    [['callers', 1, 'name'], 'callers[1].name', 'service-desk'],
    [['callers', 2, 'role'], 'callers[2].role', 'arn:aws:iam::222233334444:role/other-path/ServiceDesk'],
    [['rules', 0], 'rules[0]', 'allow'],
    [['rules', 0, 'effect'], 'rules[0].effect', 'maybe'],
    [['rules', 0, 'name'], 'rules[0].name', 'Read Anywhere'],
    [['rules', 1, 'name'], 'rules[1].name', 'read-anywhere'],
    [['rules', 0, 'callers'], 'rules[0].callers[0]', ['service-dessk']],
    [['rules', 0, 'callers'], 'rules[0].callers[0]', ['auditor']],
    [['rules', 0, 'principals'], 'rules[0].principals', undefined],
    [['rules', 0, 'principals'], 'rules[0].principals', {}],
    [['rules', 0, 'principals', 'users'], 'rules[0].principals.users', 'everybody'],
    [['rules', 0, 'principals', 'users'], 'rules[0].principals.users[1]', ['a', '\u0430lice']],
    [['rules', 1, 'principals'], 'rules[1].principals.users', { users: 'requester' }],
    [['rules', 0, 'permissionSets'], 'rules[0].permissionSets', 'ReadOnlyAccess'],
    [['rules', 0, 'permissionSets'], 'rules[0].permissionSets[0]', ['arn:aws:sso:::permissionSet/x']],
    [['rules', 0, 'permissionSets'], 'rules[0].permissionSets', undefined],
    [['rules', 0, 'accounts'], 'rules[0].accounts[0]', ['3333*']],
    [['rules', 0, 'longest'], 'rules[0].longest', undefined],
    [['rules', 0, 'longest'], 'rules[0].longest', '8h'],
    [['rules', 0, 'longest'], 'rules[0].longest', 'P15D'],
    [['rules', 1, 'longest'], 'rules[1].longest', 'PT1H'],
    [['guardrails', 'longest'], 'guardrails.longest', 'P15D'],
    [['guardrails', 'longest'], 'guardrails.longest', 'P1M'],
    [['guardrails', 'protectedPermissionSets'], 'guardrails.protectedPermissionSets[0]', ['Break Glass']],
  ])('reports %j at %s when it is %j', (path, field, value) => {
    const document = path.length === 0 ? value : changed(path, value);

    expect(errorOf(document).problems.map((problem) => problem.field)).toContain(field);
  });

  test('names the nearest known key and the nearest known caller', () => {
    const problems = [
      ...errorOf(changed(['rules', 0, 'permissionSet'], ['ReadOnlyAccess'])).problems,
      ...errorOf(changed(['rules', 0, 'callers'], ['service-dessk'])).problems,
    ];

    expect(problems.map(({ remedy }) => remedy)).toEqual([
      expect.stringContaining('did you mean permissionSets?'),
      expect.stringContaining('did you mean service-desk?'),
    ]);
  });

  test('lists all problems of a file, those of single values and those between values', () => {
    const document = {
      callers: [{ name: 'a', account: 7, may: {} }],
      rules: [
        { name: 'r', effect: 'allow', callers: ['b'], principals: {}, permissionSets: [], accounts: ['*'] },
      ],
    };

    expect(errorOf(document).problems.map(({ field }) => field)).toEqual([
      'callers[0].account',
      'rules[0].permissionSets',
      'rules[0].longest',
      'rules[0].callers[0]',
      'rules[0].principals',
    ]);
  });

  test('says one problem in one sentence with file, place, value and remedy', () => {
    expect(errorOf(changed(['rules', 0, 'longest'], '8h')).message).toBe(
      'access/policy.yaml: rules[0].longest "8h" is not an ISO 8601 duration; write one such as PT4H, PT90M or P2D',
    );
  });

  test('throws nothing but AccessFileError, whatever the document is', () => {
    const part = fc.constantFrom<(string | number)[]>(
      ['callers'],
      ['rules'],
      ['guardrails'],
      ['callers', 0],
      ['rules', 0],
      ['rules', 0, 'principals'],
      ['callers', 0, 'may'],
    );

    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.tuple(part, fc.jsonValue()).map(([path, value]) => changed(path, value)),
        ),
        (document) => {
          let thrown: unknown;
          try {
            parseAccessPolicy(document, FILE);
          } catch (error) {
            thrown = error;
          }
          expect(
            thrown === undefined || (thrown instanceof AccessFileError && thrown.problems.length > 0),
          ).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a rule with a target', () => {
  const rule = (changes: Json): Json => ({
    name: 'dev',
    effect: 'allow',
    principals: { users: ['*'] },
    permissionSets: ['ReadOnly*'],
    longest: 'PT8H',
    ...changes,
  });
  const problemOf = (changes: Json) => errorOf(changed(['rules'], [rule(changes)])).problems;

  test('is read as the target of a ticket is, and has no accounts', () => {
    const target = { ou: '/Workloads/Dev', except: { accountName: 'payments-*' } };
    const { rules } = parseAccessPolicy(changed(['rules'], [rule({ target })]), FILE);

    expect(rules[0]?.target).toEqual([{ ou: 'Workloads/Dev', except: [{ accountName: 'payments-*' }] }]);
    expect(rules[0]).not.toHaveProperty('accounts');
  });

  test.each<[string, Json, string, string]>([
    ['neither', {}, 'rules[0].accounts', 'is missing'],
    ['both', { accounts: ['*'], target: { all: true } }, 'rules[0].target', 'stands beside accounts'],
    ['a wrong entry', { target: [{ ou: 'A//B' }] }, 'rules[0].target[0].ou', 'has an empty name in its path'],
  ])('is refused with %s', (_case, changes, field, problem) => {
    expect(problemOf(changes)).toEqual([expect.objectContaining({ field, problem })]);
  });

  test('forbids everywhere where a deny rule has neither', () => {
    const deny = { name: 'no', effect: 'deny', permissionSets: ['Admin*'] };
    expect(parseAccessPolicy(changed(['rules'], [deny]), FILE).rules[0]?.accounts).toEqual(['*']);
  });
});

describe('accessPolicyJsonSchema', () => {
  test('describes targets as tickets have them', () => {
    expect(accessPolicyJsonSchema()).toMatchObject({
      $defs: { targetEntry: { additionalProperties: false } },
    });
    expect(JSON.stringify(accessPolicyJsonSchema())).toContain('"$ref":"#/$defs/target"');
  });

  test('describes the file with closed objects and the keys that are needed', () => {
    const schema = accessPolicyJsonSchema();

    expect(schema).toMatchObject({
      type: 'object',
      additionalProperties: false,
      required: ['callers', 'rules'],
    });
    expect(JSON.stringify(schema)).toContain('"const":"requester"');
  });
});
