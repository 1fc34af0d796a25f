import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { definitionsHash } from '../../core/permission-sets/definition';
import { compileAccessDefinitions } from '../../lib/access-definitions';

const POLICY = `
callers:
  - name: service-desk
    role: arn:aws:iam::333344445555:role/ServiceDesk
    may: { ask: true }
rules:
  - name: look
    effect: allow
    principals: { users: ['*'] }
    permissionSets: [ReadOnlyAccess]
    accounts: ['*']
    longest: PT8H
`;

/** A folder with this policy, and one to compile into. */
function folders(policy?: string): { readonly access: string; readonly out: string } {
  const work = mkdtempSync(join(tmpdir(), 'latchkey-access-'));
  const access = join(work, 'access');
  mkdirSync(access);
  if (policy !== undefined) writeFileSync(join(access, 'policy.yaml'), policy);
  return { access, out: join(work, 'out') };
}

describe('compileAccessDefinitions', () => {
  test('writes the checked policy and its hash as access.json, and nothing else is left in its folder', () => {
    // GIVEN a folder that an earlier run has left something in
    const { access, out } = folders(POLICY);
    mkdirSync(out);
    writeFileSync(join(out, 'left-behind.json'), '{}');
    // WHEN
    const { policy, hash, directory } = compileAccessDefinitions(access, out, 'aws');
    // THEN
    expect(readdirSync(out)).toEqual(['access.json', 'baselines.json', 'permission-sets.json']);
    expect(JSON.parse(readFileSync(join(directory, 'access.json'), 'utf8'))).toEqual({
      policy: plain(policy),
      hash,
    });
    expect(policy.rules).toHaveLength(1);
  });

  test('gives the same policy the same hash, however it is laid out, and another policy another', () => {
    const hashOf = (policy: string): string => {
      const { access, out } = folders(policy);
      return compileAccessDefinitions(access, out, 'aws').hash;
    };
    expect(hashOf(POLICY)).toMatch(/^[0-9a-f]{64}$/);
    expect(hashOf(`# a comment\n${POLICY.replace("['*']", '["*"]')}`)).toBe(hashOf(POLICY));
    expect(hashOf(POLICY.replace('PT8H', 'PT9H'))).not.toBe(hashOf(POLICY));
  });

  test('names file, line, key, value and remedy of a definition that cannot be used', () => {
    const { access, out } = folders(POLICY.replace('PT8H', 'eight hours'));
    expect(() => compileAccessDefinitions(access, out, 'aws')).toThrow(
      /access\/policy\.yaml, line 12: rules\[0\]\.longest "eight hours"/,
    );
  });

  test('says where a file stops being YAML', () => {
    const { access, out } = folders('callers: [');
    expect(() => compileAccessDefinitions(access, out, 'aws')).toThrow(/policy\.yaml is not YAML: .*line 1/);
  });

  test('names the file that is not there', () => {
    const { access, out } = folders();
    expect(() => compileAccessDefinitions(access, out, 'aws')).toThrow(
      /policy\.yaml cannot be read: make it/,
    );
  });
});

describe('compileAccessDefinitions, of permission sets', () => {
  /** A folder with the policy and these definition files. */
  function foldersWith(files: Readonly<Record<string, string>>): {
    readonly access: string;
    readonly out: string;
  } {
    const { access, out } = folders(POLICY);
    mkdirSync(join(access, 'permission-sets'));
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(access, 'permission-sets', name), text);
    }
    return { access, out };
  }

  test('writes all definitions, in the order of their names, and their hash as permission-sets.json', () => {
    // GIVEN
    const files = {
      'one.yaml': 'name: Writer',
      'two.yml': 'name: Reader',
      'README.md': '# ours',
      '.two.yml.swp': '',
    };
    const { access, out } = foldersWith(files);
    // WHEN
    const { permissionSets, permissionSetsHash, directory } = compileAccessDefinitions(access, out, 'aws');
    // THEN
    expect(permissionSets.map(({ name }) => name)).toEqual(['Reader', 'Writer']);
    expect(permissionSetsHash).toBe(definitionsHash(permissionSets));
    expect(JSON.parse(readFileSync(join(directory, 'permission-sets.json'), 'utf8'))).toEqual({
      definitions: permissionSets,
      hash: permissionSetsHash,
    });
  });

  test('has no definitions where there is no folder of them', () => {
    const { access, out } = folders(POLICY);

    expect(compileAccessDefinitions(access, out, 'aws')).toMatchObject({
      permissionSets: [],
      permissionSetsHash: definitionsHash([]),
    });
  });

  test('names the line of a key, and that of the object where a key is missing, in the order of the lines', () => {
    const text = [
      '# a comment',
      'name: Reader',
      'tags:',
      '  "odd;key": x',
      'inlinePolicy:',
      "  Version: '2012-10-17'",
      '  Statement:',
      '    - Effect: Allow',
      '      Action: [s3:GetObject, nothing]',
      "      Resource: '*'",
      "    - Action: '*'",
      "      Resource: '*'",
    ].join('\n');
    const { access, out } = foldersWith({ 'reader.yaml': text });

    const [title, ...lines] = messageOf(() => compileAccessDefinitions(access, out, 'aws')).split('\n');

    expect(title).toMatch(/reader\.yaml has 3 problems:$/);
    expect(lines.map((line) => line.trim().split(' ').slice(0, 3).join(' '))).toEqual([
      'line 4: tags["odd;key"]',
      'line 9: inlinePolicy.Statement[0].Action[1]',
      'line 11: inlinePolicy.Statement[1].Effect',
    ]);
  });

  test('lists the problems of the policy and those of the definitions together', () => {
    const { access, out } = foldersWith({ 'reader.yaml': 'nmae: Reader' });
    writeFileSync(join(access, 'policy.yaml'), POLICY.replace('PT8H', 'eight hours'));

    const message = messageOf(() => compileAccessDefinitions(access, out, 'aws'));

    expect(message).toMatch(/policy\.yaml, line 12: rules/);
    expect(message).toMatch(
      /reader\.yaml has 2 problems:\n(?:.*\n)? {2}line 1: nmae "nmae".*did you mean name\?/,
    );
  });

  test('holds a set to the protection that the policy gives it', () => {
    const { access, out } = foldersWith({ 'admin.yaml': 'name: Admin' });
    writeFileSync(
      join(access, 'policy.yaml'),
      `${POLICY}guardrails: { protectedPermissionSets: ['Adm*'] }\n`,
    );

    expect(() => compileAccessDefinitions(access, out, 'aws')).toThrow(
      /admin\.yaml.*: protected false has to be true.*write protected: true and approveHash: "[0-9a-f]{64}"/,
    );
  });

  test('refuses a file that would be passed over by its name', () => {
    const { access, out } = foldersWith({ 'reader.json': '{"name": "Reader"}' });

    expect(() => compileAccessDefinitions(access, out, 'aws')).toThrow(
      /reader\.json is not a definition of a permission set: name it \*\.yaml, or put it elsewhere/,
    );
  });

  test.each([
    ['name: Reader\nname: Writer', /reader\.yaml is not YAML: .*unique.*line 2/],
    ['name: *nothing', /reader\.yaml is not YAML: .*nothing/],
  ])('says where %j stops being YAML', (text, message) => {
    const { access, out } = foldersWith({ 'reader.yaml': text });

    expect(() => compileAccessDefinitions(access, out, 'aws')).toThrow(message);
  });
});

describe('compileAccessDefinitions, of baselines', () => {
  const RULE = 'name: look, description: to look, principal: { group: G }, target: { all: true }';
  const FILE = `baselines: [{ ${RULE}, permissionSets: [ReadOnlyAccess] }]`;

  /** A folder with the policy and a file of rules. */
  function foldersWith(text: string, name = 'baselines.yaml', policy = POLICY): ReturnType<typeof folders> {
    const made = folders(policy);
    writeFileSync(join(made.access, name), text);
    return made;
  }

  test('writes them, and their hash, as baselines.json', () => {
    const { access, out } = foldersWith(FILE);

    const { baselines, directory } = compileAccessDefinitions(access, out, 'aws');

    expect(baselines).toMatchObject({ isPresent: true, baselines: [{ name: 'look' }] });
    expect(JSON.parse(readFileSync(join(directory, 'baselines.json'), 'utf8'))).toEqual(baselines);
  });

  test('writes that there are none where there is no file', () => {
    const { access, out } = folders(POLICY);

    compileAccessDefinitions(access, out, 'aws');

    expect(JSON.parse(readFileSync(join(out, 'baselines.json'), 'utf8'))).toMatchObject({
      isPresent: false,
      baselines: [],
      mode: 'report',
      guard: { most: 100, percent: 25 },
    });
  });

  test('holds them to the protection of the policy', () => {
    const policy = `${POLICY}guardrails: { protectedPermissionSets: ['ReadOnly*'] }\n`;
    const { access, out } = foldersWith(FILE, 'baselines.yaml', policy);

    expect(() => compileAccessDefinitions(access, out, 'aws')).toThrow(
      /baselines\.yaml, line 1: baselines\[0\]\.permissionSets\[0\] "ReadOnlyAccess" is protected/,
    );
  });

  test('tells their problems with those of the policy', () => {
    const { access, out } = foldersWith('rules: []', 'baselines.yaml', POLICY.replace('PT8H', 'long'));

    const message = messageOf(() => compileAccessDefinitions(access, out, 'aws'));

    expect(message).toMatch(/policy\.yaml, line 12: rules/);
    expect(message).toMatch(/baselines\.yaml has 2 problems:\n.*\n?.*rules "rules" is not a key/);
  });

  test('refuses a file that would be passed over by its name', () => {
    const { access, out } = foldersWith(FILE, 'baselines.yml');

    expect(() => compileAccessDefinitions(access, out, 'aws')).toThrow(
      /baselines\.yml would be passed over: name it baselines\.yaml/,
    );
  });
});

/** What an error says. */
function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  throw new Error('nothing was wrong');
}

/** As JSON keeps it: what is undefined is not there. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}
