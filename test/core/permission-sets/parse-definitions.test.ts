import * as fc from 'fast-check';
import { definitionHash } from '../../../core/permission-sets/definition';
import { definitionJsonSchema } from '../../../core/permission-sets/definition-schema';
import {
  type DefinitionSource,
  parsePermissionSetDefinitions,
} from '../../../core/permission-sets/parse-definitions';
import { AccessFileError, AccessFilesError } from '../../../core/policy/access-file-error';
import { canonicalJson } from '../../../core/tickets/canonical-json';
import { rightDefinition } from '../../support/definitions';

type Json = Record<string, unknown>;

/** The right definition with the value at a path changed; `undefined` removes it. */
function changed(path: readonly (string | number)[], value: unknown): unknown {
  const document = rightDefinition();
  const parent = path.slice(0, -1).reduce<unknown>((node, key) => (node as Json)[key], document) as Json;
  parent[path.at(-1) ?? ''] = value;
  return JSON.parse(JSON.stringify(document)) as unknown;
}

/** A file with this document, whose keys all stand in line 7. */
function file(document: unknown, fileName = 'access/permission-sets/builder.yaml'): DefinitionSource {
  return { fileName, document, lineOf: () => 7 };
}

function parse(sources: readonly DefinitionSource[], guarded: readonly string[] = [], partition = 'aws') {
  return parsePermissionSetDefinitions(sources, { partition, protectedPermissionSets: guarded });
}

function definitionOf(document: unknown, guarded: readonly string[] = [], partition = 'aws') {
  const [only] = parse([file(document)], guarded, partition);
  if (only === undefined) throw new Error('there is no definition');
  return only.definition;
}

function errorOf(
  sources: readonly DefinitionSource[],
  guarded: readonly string[] = [],
): AccessFileError | AccessFilesError {
  try {
    parse(sources, guarded);
  } catch (error) {
    if (error instanceof AccessFileError || error instanceof AccessFilesError) return error;
    throw error;
  }
  throw new Error('the files were accepted');
}

/** The fields that are complained of when the right definition has `value` at `path`. */
function fieldsOf(path: readonly (string | number)[], value: unknown): readonly string[] {
  const error = errorOf([file(path.length === 0 ? value : changed(path, value))]);
  return error instanceof AccessFileError ? error.problems.map(({ field }) => field) : [];
}

describe('parsePermissionSetDefinitions', () => {
  test('brings a definition to its one form: full ARNs and paths, sorted lists, canonical policy and duration', () => {
    expect(definitionOf(rightDefinition())).toEqual({
      name: 'Builder',
      description: 'Builds things',
      sessionDuration: 'PT1H30M',
      relayState: 'https://console.aws.amazon.com/',
      tags: { risk: 'medium' },
      awsManagedPolicies: [
        'arn:aws:iam::aws:policy/AmazonS3FullAccess',
        'arn:aws:iam::aws:policy/job-function/ViewOnlyAccess',
      ],
      customerManagedPolicies: [
        { name: 'Base', path: '/' },
        { name: 'Extra', path: '/team/' },
      ],
      inlinePolicy: canonicalJson(rightDefinition().inlinePolicy),
      permissionsBoundary: { awsManagedPolicy: 'arn:aws:iam::aws:policy/PowerUserAccess' },
      adopt: true,
      protected: false,
    });
  });

  test('needs a name only; the session then lasts as long as the service lets it', () => {
    expect(definitionOf({ name: 'Nothing' })).toEqual({
      name: 'Nothing',
      sessionDuration: 'PT1H',
      tags: {},
      awsManagedPolicies: [],
      customerManagedPolicies: [],
      adopt: false,
      protected: false,
    });
  });

  test('gives a definition the same hash, in whatever order and notation it is written', () => {
    const other = {
      ...Object.fromEntries(Object.entries(rightDefinition()).reverse()),
      sessionDuration: 'PT1H30M',
      awsManagedPolicies: ['AmazonS3FullAccess', 'job-function/ViewOnlyAccess'],
      customerManagedPolicies: [
        { name: 'Base', path: '/' },
        { path: '/team/', name: 'Extra' },
      ],
      inlinePolicy: JSON.stringify(rightDefinition().inlinePolicy, undefined, 2),
      protected: false,
    };

    expect(definitionHash(definitionOf(other))).toBe(definitionHash(definitionOf(rightDefinition())));
  });

  test('names policies in the partition of Identity Center', () => {
    const { awsManagedPolicies } = definitionOf(
      { name: 'A', awsManagedPolicies: ['Billing', 'service-role/B'] },
      [],
      'aws-us-gov',
    );

    expect(awsManagedPolicies).toEqual([
      'arn:aws-us-gov:iam::aws:policy/job-function/Billing',
      'arn:aws-us-gov:iam::aws:policy/service-role/B',
    ]);
  });

  test('sorts definitions by name', () => {
    const names = parse(['b', 'C', 'a'].map((name) => file({ name }, `${name}.yaml`)));

    expect(names.map(({ fileName }) => fileName)).toEqual(['C.yaml', 'a.yaml', 'b.yaml']);
  });

  const many = (count: number, item: (index: number) => unknown): unknown[] =>
    Array.from({ length: count }, (_, index) => item(index));
  const statements = ['inlinePolicy', 'Statement'] as const;

  test.each<[(string | number)[], string, unknown]>([
    [[], '(file)', null],
    [['name'], 'name', undefined],
    [['name'], 'name', 'with blank'],
    [['name'], 'name', 'a'.repeat(33)],
    [['name'], 'name', 12],
    [['name'], 'name', 'rollout'],
    [['name'], 'name', '..'],
    [['desription'], 'desription', 'x'],
    [['description'], 'description', ''],
    [['description'], 'description', '  '],
    [['description'], 'description', 'x'.repeat(701)],
    [['description'], 'description', 'an em dash — is not Latin-1'],
    [['sessionDuration'], 'sessionDuration', 'PT59M'],
    [['sessionDuration'], 'sessionDuration', 'PT12H1M'],
    [['sessionDuration'], 'sessionDuration', 'PT3601S'],
    [['sessionDuration'], 'sessionDuration', '8h'],
    [['sessionDuration'], 'sessionDuration', 8],
    [['relayState'], 'relayState', 'x'.repeat(241)],
    [['relayState'], 'relayState', 'https://example.com/<script>'],
    [['tags'], 'tags', ['risk']],
    [['tags', 'cost'], 'tags.cost', 17],
    [['tags', 'cost'], 'tags.cost', 'x'.repeat(257)],
    [['tags', 'a;b'], 'tags["a;b"]', 'x'],
    [['tags', 'AWS:x'], 'tags["AWS:x"]', 'x'],
    [['tags', 'latchkey:owner'], 'tags["latchkey:owner"]', 'latchkey'],
    [['tags'], 'tags', Object.fromEntries(many(50, (index) => [`t${index}`, 'x']) as [string, string][])],
    [['awsManagedPolicies'], 'awsManagedPolicies', 'ReadOnlyAccess'],
    [['awsManagedPolicies'], 'awsManagedPolicies', []],
    [['awsManagedPolicies'], 'awsManagedPolicies', many(26, (index) => `P${index}`)],
    [['awsManagedPolicies', 0], 'awsManagedPolicies[0]', 'arn:aws:iam::222233334444:policy/Ours'],
    [['awsManagedPolicies', 0], 'awsManagedPolicies[0]', 'arn:aws:iam::aws:role/X'],
    [['awsManagedPolicies', 0], 'awsManagedPolicies[0]', 'arn:aws-cn:iam::aws:policy/ReadOnlyAccess'],
    [['awsManagedPolicies'], 'awsManagedPolicies[1]', ['Billing', 'job-function/Billing']],
    [['customerManagedPolicies'], 'customerManagedPolicies', many(24, (index) => ({ name: `P${index}` }))],
    [['customerManagedPolicies'], 'customerManagedPolicies[1]', [{ name: 'A' }, { name: 'A', path: '/' }]],
    [['customerManagedPolicies', 0], 'customerManagedPolicies[0]', 'Ours'],
    [['customerManagedPolicies', 0, 'name'], 'customerManagedPolicies[0].name', undefined],
    [['customerManagedPolicies', 0, 'name'], 'customerManagedPolicies[0].name', 'a/b'],
    [['customerManagedPolicies', 0, 'path'], 'customerManagedPolicies[0].path', 'team'],
    [['customerManagedPolicies', 0, 'arn'], 'customerManagedPolicies[0].arn', 'arn:aws:iam::aws:policy/X'],
    [['inlinePolicy'], 'inlinePolicy', 'Allow everything'],
    [['inlinePolicy'], 'inlinePolicy', '{"Version":"2012-10-17","Version":"2008-10-17"}'],
    [['inlinePolicy'], 'inlinePolicy.Version', '{"Statement":[]}'],
    [['inlinePolicy'], 'inlinePolicy', ['x']],
    [['inlinePolicy', 'Version'], 'inlinePolicy.Version', '2012-10-18'],
    [['inlinePolicy', 'Statements'], 'inlinePolicy.Statements', []],
    [statements.slice(), 'inlinePolicy.Statement', undefined],
    [statements.slice(), 'inlinePolicy.Statement', []],
    [statements.slice(), 'inlinePolicy.Statement.Effect', { Action: '*', Resource: '*' }],
    [[...statements, 0], 'inlinePolicy.Statement[0]', 'Allow'],
    [[...statements, 0, 'Effect'], 'inlinePolicy.Statement[0].Effect', 'allow'],
    [[...statements, 0, 'Principal'], 'inlinePolicy.Statement[0].Principal', '*'],
    [[...statements, 0, 'NotAction'], 'inlinePolicy.Statement[0]', '*'],
    [[...statements, 0, 'Action'], 'inlinePolicy.Statement[0]', undefined],
    [[...statements, 0, 'Action'], 'inlinePolicy.Statement[0].Action', 'GetObject'],
    [[...statements, 1, 'NotAction'], 'inlinePolicy.Statement[1].NotAction[1]', ['iam:*', 's3 GetObject']],
    [[...statements, 0, 'NotResource'], 'inlinePolicy.Statement[0]', '*'],
    [[...statements, 0, 'Resource'], 'inlinePolicy.Statement[0]', undefined],
    [[...statements, 0, 'Resource'], 'inlinePolicy.Statement[0].Resource', 'a-bucket'],
    [[...statements, 0, 'Sid'], 'inlinePolicy.Statement[0].Sid', 'look at it'],
    [[...statements, 1, 'Sid'], 'inlinePolicy.Statement[1].Sid', 'Look'],
    [[...statements, 1, 'Condition'], 'inlinePolicy.Statement[1].Condition.Bool', { Bool: 'true' }],
    [
      [...statements, 1, 'Condition'],
      'inlinePolicy.Statement[1].Condition.StringEquals.account',
      { StringEquals: { account: 12345678901 } },
    ],
    [['permissionsBoundary'], 'permissionsBoundary', 'PowerUserAccess'],
    [['permissionsBoundary'], 'permissionsBoundary', {}],
    [['permissionsBoundary', 'customerManagedPolicy'], 'permissionsBoundary', { name: 'Ours' }],
    [
      ['permissionsBoundary', 'awsManagedPolicy'],
      'permissionsBoundary.awsManagedPolicy',
      'arn:aws-cn:iam::aws:policy/PowerUserAccess',
    ],
    [['adopt'], 'adopt', 'yes'],
    [['protected'], 'protected', 1],
    [['approveHash'], 'approveHash', 'abc'],
  ])('refuses %j, at %s, when it is %j', (path, field, value) => {
    expect(fieldsOf(path, value)).toContain(field);
  });

  test('says what is wrong in one sentence with file, line, key, value and remedy', () => {
    expect(errorOf([file(changed(['sessionDuration'], 'PT20H'))]).message).toBe(
      'access/permission-sets/builder.yaml, line 7: sessionDuration "PT20H" is more than 12 hours; ' +
        'write one from PT1H to PT12H',
    );
  });

  test('finds the key that was meant', () => {
    expect(errorOf([file({ ...rightDefinition(), sessionDuraton: 'PT1H' })]).message).toContain(
      'did you mean sessionDuration?',
    );
  });

  test('takes an inline policy of 10,240 characters that are no white space, and none of one more', () => {
    // GIVEN a policy that is as long as the last of its resources makes it
    const policyOf = (last: number): Json => ({
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Action: '*',
        Resource: [1_700, 1_700, 1_700, 1_700, 1_700, last].map((length) => `arn:${'x'.repeat(length)}`),
      },
    });
    const spare = 10_240 - canonicalJson(policyOf(0)).length;
    // THEN
    expect(definitionOf({ name: 'Long', inlinePolicy: policyOf(spare) }).inlinePolicy).toHaveLength(10_240);
    expect(errorOf([file({ name: 'Long', inlinePolicy: policyOf(spare + 1) })]).message).toContain(
      'inlinePolicy 10241 is the number of its characters, white space aside; write at most 10,240',
    );
  });

  test('counts white space in bytes', () => {
    const condition = { StringEquals: { 'aws:PrincipalTag/team': ' '.repeat(32_768) } };
    const document = changed(['inlinePolicy', 'Statement', 1, 'Condition'], condition);

    expect(errorOf([file(document)]).message).toMatch(/inlinePolicy 3\d{4} is the number of its bytes/);
  });

  test('refuses characters that no policy can have', () => {
    const condition = { StringEquals: { 'aws:PrincipalTag/team': '漢' } };
    const document = changed(['inlinePolicy', 'Statement', 1, 'Condition'], condition);

    expect(errorOf([file(document)]).message).toContain(
      'inlinePolicy "漢" is a character that a policy cannot have',
    );
  });

  test('lists all problems of all files', () => {
    const error = errorOf([
      file({ name: 'A', sessionDuration: 'PT20H', awsManagedPolicies: ['A', 'A'] }, 'a.yaml'),
      file({ name: 'B' }, 'b.yaml'),
      file({ nmae: 'C' }, 'c.yaml'),
    ]);

    expect(error.message.split('\n').map((line) => line.split(' ').slice(0, 4).join(' '))).toEqual([
      'a.yaml has 2 problems:',
      '  line 7:',
      '  line 7:',
      'c.yaml has 2 problems:',
      '  line 7:',
      '  line 7:',
    ]);
  });

  test.each([
    ['Reader', 'is the name in a.yaml, line 7, too'],
    ['reader', 'differs only in case from the name in a.yaml, line 7'],
  ])('refuses a second file with the name %s, and names the first', (name, problem) => {
    expect(errorOf([file({ name: 'Reader' }, 'a.yaml'), file({ name }, 'b.yaml')]).message).toBe(
      `b.yaml, line 7: name "${name}" ${problem}; give one of the two another name, or remove its file`,
    );
  });
});

describe('protection', () => {
  const wanted = { name: 'BreakGlass', awsManagedPolicies: ['AdministratorAccess'] };

  /** The hash that an error says is to be written down. */
  function hashIn(message: string): string {
    return /approveHash: "([0-9a-f]{64})"/.exec(message)?.[1] ?? 'none';
  }

  test('takes a set that the policy protects only with protected and the hash that the error tells', () => {
    // GIVEN
    const { message } = errorOf([file(wanted)], ['breakglass*']);
    expect(message).toContain(
      'protected false has to be true: guardrails.protectedPermissionSets of the policy has "breakglass*"',
    );
    // WHEN what the error says is written down
    const approved = { ...wanted, protected: true, approveHash: hashIn(message) };
    // THEN
    const definition = definitionOf(approved, ['breakglass*']);
    expect(definition.approveHash).toBe(definitionHash(definition));
  });

  test('takes a change of a protected set only with its new hash', () => {
    const first = hashIn(errorOf([file({ ...wanted, protected: true })]).message);
    const change = { ...wanted, protected: true, approveHash: first, sessionDuration: 'PT2H' };

    const { message } = errorOf([file(change)]);

    expect(message).toContain(`approveHash "${first}" is not the hash of what the file says`);
    expect(definitionOf({ ...change, approveHash: hashIn(message) }).sessionDuration).toBe('PT2H');
  });

  test('can be lifted with the hash of the file that lifts it', () => {
    const { message } = errorOf([file({ ...wanted, approveHash: 'a'.repeat(64) })]);
    const lifted = definitionOf({ ...wanted, approveHash: hashIn(message) });
    expect(lifted).toMatchObject({ protected: false, approveHash: definitionHash(lifted) });
  });

  test('refuses a hash where nothing is protected', () => {
    expect(errorOf([file({ ...wanted, approveHash: 'a'.repeat(64) })]).message).toContain(
      'is of no use: the set is not protected; write protected: true beside it, or remove it',
    );
  });
});

describe('any document', () => {
  test('is taken, or refused with problems', () => {
    const part = fc.constantFrom(...Object.keys(rightDefinition()));
    const anything = fc.oneof(
      fc.anything(),
      fc.tuple(part, fc.jsonValue()).map(([key, value]) => changed([key], value)),
    );

    fc.assert(
      fc.property(anything, (document) => {
        let thrown: unknown;
        try {
          parse([file(document)]);
        } catch (error) {
          thrown = error;
        }
        expect(
          thrown === undefined || (thrown instanceof AccessFileError && thrown.problems.length > 0),
        ).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('definitionJsonSchema', () => {
  test('describes the file with closed objects, and the key that is needed', () => {
    expect(definitionJsonSchema()).toMatchObject({
      type: 'object',
      additionalProperties: false,
      required: ['name'],
      properties: { awsManagedPolicies: { type: 'array', maxItems: 25 } },
    });
  });
});
