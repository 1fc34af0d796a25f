/** Bundles the functions into a folder of its own, says each size, and exits 1 where one is over the budget. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleBudget, bundleFunctions } from '../cli/bundle-functions';

async function main(): Promise<void> {
  const out = mkdtempSync(join(tmpdir(), 'latchkey-bundles-'));
  try {
    const bundles = await bundleFunctions(out);
    if (bundles.length === 0) throw new Error('no lambdas/*/*.handler.ts found: nothing would be deployed');
    for (const { name, bytes } of bundles) {
      const verdict = bytes <= bundleBudget(name) ? 'ok' : 'over the budget';
      console.log(
        `${name.padEnd(24)}${kilobytes(bytes).padStart(8)} of ${kilobytes(bundleBudget(name))}  ${verdict}`,
      );
    }
    if (bundles.some(({ name, bytes }) => bytes > bundleBudget(name))) process.exitCode = 1;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1000)} KB`;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
