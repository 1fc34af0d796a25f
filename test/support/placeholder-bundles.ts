import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every function that the stack deploys, by the name of its bundle. */
export const FUNCTION_NAMES = [
  'request-api',
  'resolve-request',
  'decide-request',
  'change-leases',
  'await-signal',
  'announce',
  'advance-operations',
  'sweep',
  'start-rollout',
  'plan-rollout',
  'apply-rollout',
  'look-at-rollout',
  'report-rollout',
  'plan-permission-sets',
  'notice-change',
  'advance-baseline',
  'advance-reconciliation',
  'plan-access',
] as const;

/** Writes a bundle for each function that does nothing, so that a test of the stack needs no esbuild. */
export function placeholderBundles(directory: string): { readonly directory: string } {
  for (const name of FUNCTION_NAMES) {
    mkdirSync(join(directory, name), { recursive: true });
    writeFileSync(
      join(directory, name, 'index.js'),
      `exports.handler = async () => ({ name: '${name}' });\n`,
    );
  }
  return { directory };
}
