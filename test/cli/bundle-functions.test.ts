import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findHandlers, PROJECT_ROOT } from '../../cli/bundle-functions';
import { FUNCTION_NAMES } from '../support/placeholder-bundles';

/** A folder of sources with these files, all of them empty. */
function sources(...paths: readonly string[]): string {
  const root = mkdtempSync(join(tmpdir(), 'latchkey-lambdas-'));
  for (const path of paths) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), '');
  }
  return root;
}

describe('findHandlers', () => {
  test('finds handlers one folder deep, by the name before the suffix', () => {
    const root = sources(
      'sweep/sweep.handler.ts',
      'sweep/contract.ts',
      'runtime/deep/er.handler.ts',
      'top.handler.ts',
    );
    expect(findHandlers(root)).toEqual({ sweep: join(root, 'sweep/sweep.handler.ts') });
  });

  test('refuses two handlers whose bundles would be one', () => {
    const root = sources('a/same.handler.ts', 'b/same.handler.ts');
    expect(() => findHandlers(root)).toThrow(
      /b\/same\.handler\.ts and .*a\/same\.handler\.ts make one bundle named same/,
    );
  });

  test('finds exactly the functions that the stack deploys', () => {
    expect(Object.keys(findHandlers(join(PROJECT_ROOT, 'lambdas'))).sort()).toEqual(
      [...FUNCTION_NAMES].sort(),
    );
  });
});
