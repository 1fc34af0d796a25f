import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import type { Settings } from '../core/settings/settings';
import { compileAccessDefinitions } from '../lib/access-definitions';
import { FEATURE_FLAGS } from '../lib/feature-flags';
import { LatchkeyStack, STACK_NAME } from '../lib/latchkey.stack';
import { organizationEventsStacks } from '../lib/organization-events.stack';
import { instanceParts } from '../lib/settings';
import { bundleFunctions, PROJECT_ROOT } from './bundle-functions';

/** What {@link synthesize} makes an assembly of. */
export interface SynthesizeOptions {
  readonly settings: Settings;
  /** The folder with `policy.yaml` and `permission-sets/`. */
  readonly accessDirectory: string;
  /**
   * Where the cloud assembly goes; the folder is cleared first. Never `cdk.out`: `cdk bootstrap` and `cdk ls` write
   * into that one at any time. @default `.latchkey/cdk.out` in the project
   */
  readonly outDirectory?: string;
  /** Bundles that are there already. @default - all functions are bundled into a folder beside the assembly */
  readonly bundles?: { readonly directory: string };
}

/** A cloud assembly on disk. */
export interface SynthesizedAssembly {
  /** The folder with `manifest.json`. */
  readonly directory: string;
  readonly stackName: string;
  /** The stacks that the settings ask for in other accounts and Regions, by name. */
  readonly furtherStacks: readonly string[];
}

/**
 * Bundles and synthesizes in this process: the same stacks that deploy, without the CDK command line, without AWS and
 * without the checks (template check and cdk-nag cost ten times as much as the synthesis, and run in `npm run synth`).
 *
 * @throws Error in one sentence for an access definition that cannot be used
 */
export async function synthesize(options: SynthesizeOptions): Promise<SynthesizedAssembly> {
  const directory = options.outDirectory ?? join(PROJECT_ROOT, '.latchkey', 'cdk.out');
  const { partition } = instanceParts(options.settings.instanceArn);
  // Definitions first: an error in them should not wait for the bundler.
  const access = compileAccessDefinitions(options.accessDirectory, `${directory}.access`, partition);
  const bundles = options.bundles ?? { directory: `${directory}.bundles` };
  if (options.bundles === undefined) await bundleFunctions(bundles.directory);
  rmSync(directory, { recursive: true, force: true });
  // Read by the CDK while it synthesizes; there is no argument for it.
  process.env.CDK_VALIDATION = 'false';
  const app = new App({
    outdir: directory,
    analyticsReporting: false,
    treeMetadata: false,
    postCliContext: FEATURE_FLAGS,
  });
  const { settings } = options;
  const latchkey = new LatchkeyStack(app, STACK_NAME, { settings, bundles, access });
  const further = organizationEventsStacks(app, settings, latchkey);
  app.synth();
  return { directory, stackName: STACK_NAME, furtherStacks: further.map(({ stackName }) => stackName) };
}
