/** The CDK app, run by `cdk` (see `cdk.json`): bundles the functions, makes the stacks, and has cdk-nag look at it. */
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { bundleFunctions, PROJECT_ROOT } from '../cli/bundle-functions';
import { compileAccessDefinitions } from '../lib/access-definitions';
import { FEATURE_FLAGS } from '../lib/feature-flags';
import { LatchkeyStack, STACK_NAME } from '../lib/latchkey.stack';
import { organizationEventsStacks } from '../lib/organization-events.stack';
import { instanceParts, readSettings } from '../lib/settings';

async function main(): Promise<void> {
  const app = new App({ postCliContext: FEATURE_FLAGS });
  const settings = readSettings(app);
  const work = join(PROJECT_ROOT, '.latchkey', 'deploy');
  const { partition } = instanceParts(settings.instanceArn);
  const access = compileAccessDefinitions(join(PROJECT_ROOT, 'access'), join(work, 'access'), partition);
  const bundles = { directory: join(work, 'bundles') };
  await bundleFunctions(bundles.directory);
  const latchkey = new LatchkeyStack(app, STACK_NAME, { settings, bundles, access });
  organizationEventsStacks(app, settings, latchkey);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  // At once: the CDK would otherwise synthesize the unfinished app when the process ends.
  process.exit(1);
});
