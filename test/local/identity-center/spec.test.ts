import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { DEFAULT_SETTINGS } from '../../../local/identity-center/settings';

const SPEC = readFileSync(join(__dirname, '../../../local/identity-center/SPEC.md'), 'utf8');
const rules = [...SPEC.matchAll(/^\| ([A-Z]\d+) /gm)].map(([, rule = '']) => rule);

describe('SPEC.md', () => {
  test('has a test for each rule, and a rule for each that a test names', () => {
    const tests = [__dirname, join(__dirname, '..', 'server')]
      .flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)))
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
    const named = [...tests.matchAll(/\(((?:[A-Z]\d+)(?:, [A-Z]\d+)*)\)['"]/g)].flatMap(([, list = '']) =>
      list.split(', '),
    );

    expect(rules.filter((rule) => !named.includes(rule))).toEqual([]);
    expect(named.filter((rule) => !rules.includes(rule))).toEqual([]);
  });

  test('numbers each rule once', () => {
    expect(new Set(rules).size).toBe(rules.length);
  });

  test('names every setting', () => {
    for (const setting of Object.keys(DEFAULT_SETTINGS)) expect(SPEC).toContain(`\`${setting}\``);
  });
});
