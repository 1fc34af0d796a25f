import { copyFileSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settingsOf } from '../../cli/local-app';
import { synthesize } from '../../cli/synthesize';
import { readOrganization } from '../../local/identity-center/organization-file';

const ROOT = join(__dirname, '..', '..');

/** Bundles and synthesizes the app as it stands, into a folder that the test processes find by an environment variable. */
export default async function synthesizeOnce(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-test-'));
  const file = join(ROOT, 'examples', 'organization.yaml');
  // Without the permission sets that are shipped: the worlds of the tests have their own, and nothing is rolled out in them.
  const accessDirectory = join(folder, 'access');
  mkdirSync(accessDirectory);
  copyFileSync(join(ROOT, 'access', 'policy.yaml'), join(accessDirectory, 'policy.yaml'));
  const { directory, stackName, furtherStacks } = await synthesize({
    settings: settingsOf(readOrganization(readFileSync(file, 'utf8'), file)),
    accessDirectory,
    outDirectory: join(folder, 'cdk.out'),
  });
  process.env.LATCHKEY_TEST_FOLDER = folder;
  process.env.LATCHKEY_TEST_ASSEMBLY = JSON.stringify({ directory, stackName, furtherStacks });
}
