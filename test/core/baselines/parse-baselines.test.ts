import { deployedBaselines } from '../../../core/baselines/deployed-baselines';
import { parseBaselines } from '../../../core/baselines/parse-baselines';
import { parseYaml } from '../../../lib/yaml-files';
import type { Baselines } from '../../../core/baselines/baseline';

const RULE = `
  - name: operate
    description: the platform team operates
    principal: { group: Platform }
    permissionSets: [Operator]
    target: { ou: Workloads }
`;

function parse(text: string, protectedPermissionSets: readonly string[] = ['BreakGlass*']): Baselines {
  return parseBaselines(parseYaml(text, 'access/baselines.yaml'), { protectedPermissionSets });
}

/** The one rule of a file in which a line is another one. */
function withLine(line: string, instead: string): string {
  const changed = `baselines:${RULE.replace(line, instead)}`;
  if (changed === `baselines:${RULE}`) throw new Error(`there is no ${line} in the rule`);
  return changed;
}

describe('parseBaselines', () => {
  test('fills in what is left out', () => {
    expect(parse(`baselines:${RULE}`)).toEqual({
      mode: 'report',
      guard: { most: 100, percent: 25 },
      baselines: [
        {
          name: 'operate',
          description: 'the platform team operates',
          principal: { group: 'Platform' },
          followsName: false,
          permissionSets: ['Operator'],
          target: [{ ou: 'Workloads' }],
          mode: 'report',
        },
      ],
    });
  });

  test('keeps what is said, and gives a rule the mode of the file unless it has its own', () => {
    const other = RULE.replace('operate', 'look').replace(
      '{ group: Platform }',
      '{ user: alice@example.com }',
    );
    const text = `mode: adopt\nguard: { most: 7 }\nbaselines:${RULE}    mode: enforce\n    followsName: true\n${other}`;

    const { baselines, guard, mode } = parse(text);

    expect({ guard, mode }).toEqual({ guard: { most: 7, percent: 25 }, mode: 'adopt' });
    expect(baselines).toMatchObject([
      { name: 'look', mode: 'adopt', principal: { user: 'alice@example.com' }, followsName: false },
      { name: 'operate', mode: 'enforce', followsName: true },
    ]);
  });

  test('takes a file without rules', () => {
    expect(parse('baselines: []').baselines).toEqual([]);
  });

  test('takes the whole grammar of targets, tags with colons and Unicode among them', () => {
    const target = `[{ tag: { 'cost:Zürich': 'A/*' } }, { ou: /Workloads/Prod, direct: true, except: { account: '412345678901' } }]`;

    expect(parse(withLine('{ ou: Workloads }', target)).baselines[0]?.target).toEqual([
      { tag: { 'cost:Zürich': 'A/*' } },
      { ou: 'Workloads/Prod', direct: true, except: [{ account: '412345678901' }] },
    ]);
  });

  test.each<[string, string, string]>([
    [
      'an unknown key',
      withLine('    description', '    descripton: x\n    description'),
      'line 3: baselines[0].descripton "descripton" is not a key that is known here; did you mean description?',
    ],
    [
      'an unknown key of the file',
      `baselines:${RULE}guards: {}`,
      'line 7: guards "guards" is not a key that is known here; did you mean guard?',
    ],
    [
      'a missing description',
      withLine('    description: the platform team operates\n', ''),
      'line 2: baselines[0].description (missing) is missing; write a description: what the rule is for',
    ],
    [
      'a blank description',
      withLine('the platform team operates', "' '"),
      'line 3: baselines[0].description " " is empty',
    ],
    [
      'a name in capitals',
      withLine('operate', 'Operate'),
      'line 2: baselines[0].name "Operate" is not a name of 1 to 64 lower-case letters, digits and hyphens',
    ],
    [
      'a name that is there already',
      `baselines:${RULE}${RULE}`,
      'line 8: baselines[1].name "operate" is also at baselines[0].name; make it unique',
    ],
    [
      'no principal',
      withLine('{ group: Platform }', '{}'),
      'line 4: baselines[0].principal {} names nobody; give exactly one of user, userId, group, groupId',
    ],
    [
      'two principals',
      withLine('{ group: Platform }', '{ group: Platform, user: alice }'),
      'has user and group; give exactly one of',
    ],
    [
      'a name of two scripts',
      withLine('Platform', 'Plаtform'),
      'line 4: baselines[0].principal.group "Plаtform" mixes scripts (Latin, Cyrillic)',
    ],
    [
      'a group id that is none',
      withLine('group: Platform', 'groupId: Platform'),
      'baselines[0].principal.groupId "Platform" is not a group id of the identity store',
    ],
    [
      'a set that stands twice',
      withLine('[Operator]', '[Operator, ReadOnly, Operator]'),
      'line 5: baselines[0].permissionSets[2] "Operator" is also at baselines[0].permissionSets[0]',
    ],
    [
      'a protected set',
      withLine('[Operator]', '[Operator, breakglassadmin]'),
      'line 5: baselines[0].permissionSets[1] "breakglassadmin" is protected: guardrails.protectedPermissionSets of the policy has "BreakGlass*"; leave it out',
    ],
    [
      'a set of AWS Control Tower',
      withLine('[Operator]', '[AWSReadOnlyAccess]'),
      'baselines[0].permissionSets[0] "AWSReadOnlyAccess" is a permission set of AWS Control Tower',
    ],
    [
      'a group of AWS Control Tower',
      withLine('Platform', 'AWSSecurityAuditors'),
      'baselines[0].principal.group "AWSSecurityAuditors" is a group of AWS Control Tower',
    ],
    [
      'the ARN of a set',
      withLine('[Operator]', '[arn:aws:sso:::permissionSet/ssoins-1/ps-1]'),
      'is not the name of a permission set',
    ],
    ['no set', withLine('[Operator]', '[]'), 'is not a list of 1 to 50 permission sets'],
    [
      '51 sets',
      withLine('[Operator]', JSON.stringify(Array.from({ length: 51 }, (_, n) => `Set${n}`))),
      'is not a list of 1 to 50 permission sets',
    ],
    [
      'a target of another form',
      withLine('{ ou: Workloads }', '{ org: Workloads }'),
      'line 6: baselines[0].target.org "org" is not a field that is known here',
    ],
    [
      'no target',
      withLine('    target: { ou: Workloads }\n', ''),
      'line 2: baselines[0].target (missing) is missing',
    ],
    [
      'an id that followsName is for',
      withLine(
        '{ group: Platform }',
        '{ groupId: 7a2f1b20-2d3c-4b4e-9f50-1b2c3d4e5f01 }\n    followsName: true',
      ),
      'line 5: baselines[0].followsName true stands beside an id, which is always the same',
    ],
    [
      'an unknown mode',
      `mode: correct\nbaselines: []`,
      'line 1: mode "correct" is none of report, adopt, enforce',
    ],
    [
      'a guard that is no number',
      `guard: { percent: '25' }\nbaselines: []`,
      'guard.percent "25" is not a number of percent, from 0 to 100',
    ],
    [
      'a guard above a hundred percent',
      `guard: { percent: 101 }\nbaselines: []`,
      'guard.percent 101 is not a number of percent',
    ],
    ['no list', 'mode: report', 'baselines (missing) is missing; write a list, [] for none'],
    [
      'an empty file',
      '',
      '(file) "null" is not an object of baselines; write it with the keys mode, guard, baselines',
    ],
    [
      '501 rules',
      JSON.stringify({ baselines: Array.from({ length: 501 }, () => 0) }),
      'has more than 500 rules',
    ],
  ])('refuses %s, with line, key path, value and remedy', (_case, text, problem) => {
    expect(() => parse(text)).toThrow(problem);
  });

  test('tells all problems of a file at once, in the order of the lines', () => {
    const text = withLine('Platform', 'AWSAccountFactory')
      .replace('Workloads', "''")
      .replace('[Operator]', '[A, A]');

    expect(() => parse(text)).toThrow(
      /^access\/baselines\.yaml has 3 problems:\n {2}line 4: .*AWSAccountFactory.*\n {2}line 5: .*\n {2}line 6: .*$/,
    );
  });
});

describe('deployedBaselines', () => {
  const hashOf = (text: string, sets: readonly string[] = []): string =>
    deployedBaselines(parse(text), sets).hash;
  const two = `baselines:${RULE}${RULE.replace('operate', 'look').replace('[Operator]', '[A, B]')}`;

  test('have the same hash whatever the order of rules and of permission sets', () => {
    const turned = `baselines:${RULE.replace('operate', 'look').replace('[Operator]', '[B, A]')}${RULE}`;

    expect(hashOf(two)).toMatch(/^[0-9a-f]{64}$/);
    expect(hashOf(`# a comment\nmode: report\n${turned}`)).toBe(hashOf(two));
  });

  test.each([
    ['a rule', two.replace('Workloads', 'Sandbox')],
    ['the mode', `mode: adopt\n${two}`],
    ['the guard', `guard: { most: 5 }\n${two}`],
  ])('have another hash with another %s', (_what, text) => {
    expect(hashOf(text)).not.toBe(hashOf(two));
  });

  test('tell a file without rules from no file', () => {
    const none = deployedBaselines(undefined, []);
    const empty = deployedBaselines(parse('baselines: []'), []);

    expect(none).toMatchObject({ isPresent: false, baselines: [], mode: 'report' });
    expect(empty).toMatchObject({ isPresent: true, baselines: [] });
    expect(none.hash).not.toBe(empty.hash);
  });

  test('keep the protection that can only be judged by ARNs', () => {
    const globs = ['arn:aws:sso:::permissionSet/*', '*ps-1', 'BreakGlass*', 'a*'];

    expect(deployedBaselines(undefined, globs).protectedArns).toEqual([
      '*ps-1',
      'a*',
      'arn:aws:sso:::permissionSet/*',
    ]);
  });
});
