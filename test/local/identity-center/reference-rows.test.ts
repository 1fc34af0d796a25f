import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** How many questions about the service's behaviour the reference answers. */
const ROWS = 35;

describe('the rows of the reference', () => {
  test('have each at least one test, which has the number in its name', () => {
    const tests = readdirSync(__dirname)
      .filter((file) => /^reference-rows-\d+\.test\.ts$/.test(file))
      .map((file) => readFileSync(join(__dirname, file), 'utf8'))
      .join('\n');
    // A test that is skipped, or commented out, does not count.
    const named = [
      ...tests.matchAll(/^ *(?:test\(|test\.each\(.*\)\(|\]\)\(|\] as const\)\(|\))\s*'row (\d+): /gm),
    ].map(([, row]) => Number(row));
    const rows = Array.from({ length: ROWS }, (_, index) => index + 1);

    expect(rows.filter((row) => !named.includes(row))).toEqual([]);
    expect(named.filter((row) => !rows.includes(row))).toEqual([]);
  });
});
