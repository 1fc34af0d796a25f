/** Bundles the functions into `.latchkey/bundles` (or the folder given) and says how large each is. */
import { join, resolve } from 'node:path';
import { bundleFunctions, PROJECT_ROOT } from '../cli/bundle-functions';

async function main(): Promise<void> {
  const out = resolve(process.argv[2] ?? join(PROJECT_ROOT, '.latchkey', 'bundles'));
  for (const { name, bytes } of await bundleFunctions(out))
    console.log(`${name.padEnd(24)}${Math.ceil(bytes / 1000)} KB`);
  console.log(`bundles are in ${out}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
