import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import { accessSchemas, checkAccess, writeAccessSchemas } from '../../cli/access';
import {
  type ImportOptions,
  importPermissionSets,
  type PermissionSetReads,
} from '../../cli/import-permission-sets';
import { definitionYaml } from '../../cli/permission-set-yaml';
import { definitionHash, type PermissionSetContents } from '../../core/permission-sets/definition';
import { parsePermissionSetDefinitions } from '../../core/permission-sets/parse-definitions';
import { readAccessFiles } from '../../lib/access-definitions';
import { parseYaml } from '../../lib/yaml-files';
import { anyContents, setName } from '../support/definitions';

const ROOT = join(__dirname, '..', '..');
const ACCESS = join(ROOT, 'access');

/** A folder with the shipped policy and these definition files. */
function accessWith(files: Readonly<Record<string, string>> = {}): string {
  const access = mkdtempSync(join(tmpdir(), 'latchkey-access-'));
  copyFileSync(join(ACCESS, 'policy.yaml'), join(access, 'policy.yaml'));
  mkdirSync(join(access, 'permission-sets'));
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(access, 'permission-sets', name), text);
  return access;
}

const EMPTY: PermissionSetContents = {
  sessionDuration: 'PT1H',
  tags: {},
  awsManagedPolicies: [],
  customerManagedPolicies: [],
};

/** An instance with these sets; undefined for one that is deleted while it is read. */
function instanceOf(sets: Readonly<Record<string, PermissionSetContents | undefined>>): PermissionSetReads {
  const nameIn = (arn: string): string => arn.replace('arn:', '');
  return {
    list: () => Promise.resolve(Object.keys(sets).map((name) => `arn:${name}`)),
    nameOf: (arn) => Promise.resolve(sets[nameIn(arn)] === undefined ? undefined : nameIn(arn)),
    read: (arn) => Promise.resolve(sets[nameIn(arn)]),
  };
}

async function importFrom(
  admin: PermissionSetReads,
  options: ImportOptions,
): Promise<{ readonly usable: boolean; readonly lines: readonly string[] }> {
  const lines: string[] = [];
  const usable = await importPermissionSets(
    options,
    (line) => lines.push(line),
    () => admin,
  );
  return { usable, lines };
}

describe('access check', () => {
  test('prints what each shipped file defines, with its hash', () => {
    const lines: string[] = [];

    checkAccess({}, (line) => lines.push(line));

    expect(lines.map((line) => line.replace(/[0-9a-f]{64}$/, '<hash>'))).toEqual([
      expect.stringMatching(/policy\.yaml: policy <hash>$/),
      expect.stringMatching(/administrator\.yaml: Administrator <hash>$/),
      expect.stringMatching(/billing\.yaml: Billing <hash>$/),
      expect.stringMatching(/developer\.yaml: Developer <hash>$/),
      expect.stringMatching(/operator\.yaml: Operator <hash>$/),
      expect.stringMatching(/read-only\.yaml: ReadOnly <hash>$/),
      expect.stringMatching(/security-audit\.yaml: SecurityAudit <hash>$/),
      expect.stringMatching(/baselines\.yaml: 3 baselines <hash>$/),
    ]);
  });

  test('throws the problems of the files, and prints nothing', () => {
    const lines: string[] = [];
    const access = accessWith({ 'a.yaml': 'name: A\nsessionDuration: PT20H' });

    expect(() => {
      checkAccess({ access }, (line) => lines.push(line));
    }).toThrow(/a\.yaml, line 2: sessionDuration "PT20H" is more than 12 hours/);
    expect(lines).toEqual([]);
  });
});

describe('the shipped permission sets', () => {
  test('have other names than those of the example organization', () => {
    const { permissionSets } = parse(readFileSync(join(ROOT, 'examples', 'organization.yaml'), 'utf8')) as {
      readonly permissionSets: readonly { readonly name: string }[];
    };
    const names = readAccessFiles(ACCESS, 'aws').permissionSetFiles.map(({ definition }) => definition.name);

    expect(permissionSets.filter(({ name }) => names.includes(name))).toEqual([]);
  });

  test('need no policy that an account could lack', () => {
    const definitions = readAccessFiles(ACCESS, 'aws').permissionSetFiles.map(({ definition }) => definition);

    expect(JSON.stringify(definitions)).not.toContain('customerManagedPolicy"');
    expect(definitions.flatMap(({ customerManagedPolicies }) => customerManagedPolicies)).toEqual([]);
  });

  test('name the schema that editors check them by', () => {
    const folder = join(ACCESS, 'permission-sets');
    const lines = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8').split('\n')[0]);

    expect(new Set(lines)).toEqual(
      new Set(['# yaml-language-server: $schema=../schemas/permission-set.schema.json']),
    );
  });
});

describe('the guide', () => {
  test('shows a definition that can be used', () => {
    const guide = readFileSync(join(ROOT, 'docs', 'guide.md'), 'utf8');
    const [, example = ''] =
      /```yaml\n(# yaml-language-server: \$schema=\S*permission-set\.schema\.json\n[^]*?)```/.exec(guide) ??
      [];
    const access = accessWith({ 'example.yaml': example });

    expect(readAccessFiles(access, 'aws').permissionSetFiles).toMatchObject([
      { definition: { name: 'DataEngineer', sessionDuration: 'PT4H' } },
    ]);
  });
});

describe('the guide, of baselines', () => {
  test('shows rules that can be used', () => {
    const guide = readFileSync(join(ROOT, 'docs', 'guide.md'), 'utf8');
    const [, example = ''] =
      /```yaml\n(# yaml-language-server: \$schema=\S*baselines\.schema\.json\n[^]*?)```/.exec(guide) ?? [];
    const access = accessWith();
    writeFileSync(join(access, 'baselines.yaml'), example);

    expect(readAccessFiles(access, 'aws').baselines.baselines).toHaveLength(1);
  });
});

describe('access schema', () => {
  test.each(Object.keys(accessSchemas()))('has written %s anew since the grammar changed', (name) => {
    expect(readFileSync(join(ACCESS, 'schemas', name), 'utf8')).toBe(accessSchemas()[name]);
  });

  test('writes the schemas where the files look for them', () => {
    const access = accessWith();
    const lines: string[] = [];

    writeAccessSchemas({ access }, (line) => lines.push(line));

    expect(readdirSync(join(access, 'schemas'))).toEqual(Object.keys(accessSchemas()));
    expect(lines).toHaveLength(3);
  });
});

describe('access import', () => {
  test('writes a file for each set, with all that it has and nothing else', async () => {
    // GIVEN
    const access = accessWith();
    const statement = { Effect: 'Allow', Action: ['s3:Get*'], Resource: '*', Sid: 'Look' };
    const full: PermissionSetContents = {
      description: 'Operates',
      sessionDuration: 'PT2H',
      relayState: 'https://example.com/',
      tags: { risk: 'low', 'latchkey:owner': 'latchkey', 'aws:createdBy': 'somebody' },
      awsManagedPolicies: ['arn:aws:iam::aws:policy/job-function/ViewOnlyAccess'],
      customerManagedPolicies: [{ name: 'Ours', path: '/team/' }],
      inlinePolicy: JSON.stringify({ Statement: [statement], Version: '2012-10-17' }),
      permissionsBoundary: { customerManagedPolicy: { name: 'Limits', path: '/' } },
    };
    // WHEN
    const { usable, lines } = await importFrom(instanceOf({ Operator: full, Nothing: EMPTY }), { access });
    // THEN
    expect(usable).toBe(true);
    expect(lines).toEqual([
      expect.stringMatching(/^Operator is written to .*permission-sets\/Operator\.yaml$/),
      expect.stringMatching(/^Nothing is written to .*permission-sets\/Nothing\.yaml$/),
    ]);
    expect(
      readFileSync(join(access, 'permission-sets', 'Nothing.yaml'), 'utf8')
        .split('\n')
        .slice(1),
    ).toEqual(['name: Nothing', 'sessionDuration: PT1H', '']);
    expect(
      readFileSync(join(access, 'permission-sets', 'Operator.yaml'), 'utf8')
        .split('\n')
        .slice(1),
    ).toEqual([
      'name: Operator',
      'description: Operates',
      'sessionDuration: PT2H',
      'relayState: https://example.com/',
      'tags:',
      '  risk: low',
      'awsManagedPolicies:',
      '  - arn:aws:iam::aws:policy/job-function/ViewOnlyAccess',
      'customerManagedPolicies:',
      '  - name: Ours',
      '    path: /team/',
      'inlinePolicy:',
      '  Version: 2012-10-17',
      '  Statement:',
      '    - Sid: Look',
      '      Effect: Allow',
      '      Action:',
      '        - s3:Get*',
      "      Resource: '*'",
      'permissionsBoundary:',
      '  customerManagedPolicy:',
      '    name: Limits',
      '    path: /',
      '',
    ]);
  });

  test('says adopt: true where it is asked to', async () => {
    const access = accessWith();

    await importFrom(instanceOf({ Operator: EMPTY }), { access, adopt: true });

    expect(readAccessFiles(access, 'aws').permissionSetFiles).toMatchObject([
      { definition: { adopt: true } },
    ]);
  });

  test('passes over a set that a file has, until it is forced to write over that file', async () => {
    // GIVEN a file by another name
    const access = accessWith({ 'ops.yaml': 'name: operator\nsessionDuration: PT3H' });
    const instance = instanceOf({ Operator: EMPTY });
    // WHEN
    const { lines } = await importFrom(instance, { access });
    // THEN
    expect(lines).toEqual([
      expect.stringMatching(/^Operator is passed over: .*ops\.yaml has it; write over it with --force$/),
    ]);
    expect(readdirSync(join(access, 'permission-sets'))).toEqual(['ops.yaml']);
    // WHEN
    await importFrom(instance, { access, force: true });
    // THEN
    expect(readdirSync(join(access, 'permission-sets'))).toEqual(['ops.yaml']);
    expect(readAccessFiles(access, 'aws').permissionSetFiles).toMatchObject([
      { definition: { name: 'Operator', sessionDuration: 'PT1H' } },
    ]);
  });

  test('never writes over the file of another set', async () => {
    const access = accessWith({ 'Operator.yaml': 'name: SomethingElse' });

    const { lines } = await importFrom(instanceOf({ Operator: EMPTY }), { access, force: true });

    expect(lines).toEqual([
      expect.stringMatching(/^Operator is passed over: .*with another set; rename that file$/),
    ]);
    expect(readFileSync(join(access, 'permission-sets', 'Operator.yaml'), 'utf8')).toBe(
      'name: SomethingElse',
    );
  });

  test('gives a set that the policy protects its hash', async () => {
    const access = accessWith();

    const { usable } = await importFrom(instanceOf({ BreakGlassAdmin: EMPTY }), { access });

    const [file] = readAccessFiles(access, 'aws').permissionSetFiles;
    expect(usable).toBe(true);
    expect(file?.definition).toMatchObject({ protected: true });
    expect(file?.definition.approveHash).toBe(file && definitionHash(file.definition));
  });

  test('writes what no definition may have as it is, and says what is wrong', async () => {
    const access = accessWith();
    const odd = { ...EMPTY, tags: { 'latchkey:team': 'a' }, inlinePolicy: 'none of JSON' };

    const { usable, lines } = await importFrom(instanceOf({ Odd: odd, Fine: EMPTY }), { access });

    expect(usable).toBe(false);
    expect(lines[0]).toMatch(
      /Odd\.yaml has 2 problems:\n.*latchkey:team[^]*inlinePolicy[^]*\(written as it is\)$/,
    );
    expect(readdirSync(join(access, 'permission-sets'))).toEqual(['Fine.yaml', 'Odd.yaml']);
  });

  test('leaves out a set that is deleted meanwhile', async () => {
    const access = accessWith();

    const { lines } = await importFrom(instanceOf({ Gone: undefined }), { access });

    expect(lines).toEqual([]);
  });

  test('writes nothing that reads as anything else: any set survives its file', () => {
    fc.assert(
      fc.property(setName, anyContents, fc.boolean(), fc.boolean(), (name, contents, adopt, isProtected) => {
        const text = definitionYaml(name, contents, { adopt, protected: isProtected });
        const [file] = parsePermissionSetDefinitions([parseYaml(text, 'a.yaml')], {
          partition: 'aws',
          protectedPermissionSets: [],
        });
        expect(file?.definition).toEqual({
          name,
          ...contents,
          adopt,
          protected: isProtected,
          ...(isProtected && { approveHash: file && definitionHash(file.definition) }),
        });
      }),
      { numRuns: 200 },
    );
  });
});
