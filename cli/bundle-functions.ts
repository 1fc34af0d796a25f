import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

/** A function's bundle: `<out>/<name>/index.js`, exporting `handler`. */
export interface Bundle {
  /** The file's name without `.handler.ts`; the stack finds the bundle by it. */
  readonly name: string;
  readonly bytes: number;
}

/**
 * Largest bundle that is allowed, in bytes. An SDK client is about 300 KB minified; three of them with logger and schemas
 * are below 560 KB. A bundle above it has usually taken in something by accident, and costs every cold start.
 */
const BUNDLE_BUDGET = 600_000;

/** Those that look at everything have five or six clients, some 40 KB each beyond the first three. Nobody waits for their cold starts. */
const WIDE_BUDGET = 700_000;
const WIDE: readonly string[] = [
  'advance-baseline',
  'advance-reconciliation',
  'notice-change',
  'plan-access',
];

/** How large a function's bundle may be, in bytes. */
export function bundleBudget(name: string): number {
  return WIDE.includes(name) ? WIDE_BUDGET : BUNDLE_BUDGET;
}

const HANDLER_SUFFIX = '.handler.ts';

/** The folder of the repository: the sources of the functions and `access/` are found from it. */
export const PROJECT_ROOT = join(__dirname, '..');

/**
 * Every `lambdas/<workflow>/<name>.handler.ts`, as bundle name → path.
 * Throws where two handlers have one name, since their bundles would overwrite each other.
 */
export function findHandlers(lambdasDirectory: string): Readonly<Record<string, string>> {
  const handlers: Record<string, string> = {};
  for (const folder of readdirSync(lambdasDirectory, { withFileTypes: true })) {
    if (!folder.isDirectory()) continue;
    for (const file of readdirSync(join(lambdasDirectory, folder.name)).sort()) {
      if (!file.endsWith(HANDLER_SUFFIX)) continue;
      const name = basename(file, HANDLER_SUFFIX);
      const path = join(lambdasDirectory, folder.name, file);
      if (handlers[name] !== undefined) {
        throw new Error(
          `${path} and ${handlers[name]} make one bundle named ${name}: rename one of the two files`,
        );
      }
      handlers[name] = path;
    }
  }
  return handlers;
}

/**
 * Bundles every function, the SDK included, into `<outDirectory>/<name>/index.js`, after clearing that folder.
 *
 * One esbuild call for all: starting esbuild once per function costs a second or two each. CommonJS with the packages'
 * module fields is what makes tree shaking work for a bundle that `require` can load; `node20` makes the very bytes that
 * deploy (to a newer runtime) run on a laptop.
 */
export async function bundleFunctions(outDirectory: string): Promise<readonly Bundle[]> {
  const handlers = findHandlers(join(PROJECT_ROOT, 'lambdas'));
  rmSync(outDirectory, { recursive: true, force: true });
  await build({
    absWorkingDir: PROJECT_ROOT,
    entryPoints: Object.fromEntries(Object.entries(handlers).map(([name, path]) => [`${name}/index`, path])),
    outdir: outDirectory,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    logLevel: 'error',
  });
  return Object.keys(handlers).map((name) => ({ name, bytes: bundleBytes(outDirectory, name) }));
}

function bundleBytes(outDirectory: string, name: string): number {
  const file = join(outDirectory, name, 'index.js');
  if (!existsSync(file)) throw new Error(`no bundle at ${file}: look at what esbuild said above`);
  return statSync(file).size;
}
