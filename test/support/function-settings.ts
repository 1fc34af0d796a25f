import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Settings } from '../../core/settings/settings';
import { Environment } from '../../lambdas/runtime/contract';
import type { LocalRuntimeOptions } from '../../local/server/local-runtime';

type Assembly = LocalRuntimeOptions['assembly'];

interface Template {
  readonly Resources: Readonly<
    Record<
      string,
      { readonly Properties?: { readonly Environment?: { Variables: Record<string, unknown> } } }
    >
  >;
}

/** A synthesized app whose functions have other settings than it was synthesized with. */
export interface ChangedAssembly {
  readonly assembly: Assembly;
  /** Takes it away, when nothing runs in it any more. */
  readonly remove: () => void;
}

/**
 * The app of the tests with other settings in the environment of its functions, which costs no synth. Only for settings that functions read
 * and the template does not depend on, such as `prune`.
 */
export function withFunctionSettings(change: Partial<Settings>): ChangedAssembly {
  const assembly = JSON.parse(process.env.LATCHKEY_TEST_ASSEMBLY ?? '') as Assembly;
  const { directory, stackName } = assembly;
  const copy = mkdtempSync(join(tmpdir(), 'latchkey-settings-'));
  let changed = 0;
  for (const name of readdirSync(directory)) {
    const file = join(directory, name);
    if (!name.endsWith('.template.json')) {
      symlinkSync(file, join(copy, name));
      continue;
    }
    const template = JSON.parse(readFileSync(file, 'utf8')) as Template;
    for (const { Properties } of Object.values(template.Resources)) {
      const variables = Properties?.Environment?.Variables;
      const text = variables?.[Environment.settings];
      if (variables === undefined || typeof text !== 'string') continue;
      variables[Environment.settings] = JSON.stringify({ ...(JSON.parse(text) as object), ...change });
      changed += 1;
    }
    writeFileSync(join(copy, name), JSON.stringify(template));
  }
  if (changed === 0) throw new Error(`no function of ${stackName} has ${Environment.settings}`);
  return {
    assembly: { ...assembly, directory: copy },
    remove: () => {
      rmSync(copy, { recursive: true, force: true });
    },
  };
}
