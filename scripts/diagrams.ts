/**
 * Draws the state machines of the synthesized template into `docs/architecture.md`, between marker comments. With `--check`
 * nothing is written, and the exit code is 1 where the file shows something else than what would deploy.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../cli/bundle-functions';
import { drawMachine, machineDefinitions, replaceDiagram } from '../cli/machine-diagram';
import { synthesize } from '../cli/synthesize';
import { parseSettings } from '../core/settings/settings';

const DOCUMENT = join(PROJECT_ROOT, 'docs', 'architecture.md');

async function main(): Promise<void> {
  const before = readFileSync(DOCUMENT, 'utf8');
  let after = before;
  for (const [name, definition] of Object.entries(machineDefinitions(await synthesizedTemplate()))) {
    after = replaceDiagram(after, name, drawMachine(definition));
  }
  if (after === before) {
    console.log('the diagrams of docs/architecture.md show what would deploy');
  } else if (process.argv.includes('--check')) {
    throw new Error(
      'the diagrams of docs/architecture.md are out of date: run npm run diagrams and commit the change',
    );
  } else {
    writeFileSync(DOCUMENT, after);
    console.log('the diagrams of docs/architecture.md are drawn anew');
  }
}

async function synthesizedTemplate(): Promise<unknown> {
  const work = mkdtempSync(join(tmpdir(), 'latchkey-diagrams-'));
  try {
    const { context } = JSON.parse(readFileSync(join(PROJECT_ROOT, 'cdk.json'), 'utf8')) as {
      readonly context?: { readonly latchkey?: unknown };
    };
    const { directory, stackName } = await synthesize({
      settings: parseSettings(context?.latchkey, 'context "latchkey" in cdk.json'),
      accessDirectory: join(PROJECT_ROOT, 'access'),
      outDirectory: join(work, 'cdk.out'),
    });
    return JSON.parse(readFileSync(join(directory, `${stackName}.template.json`), 'utf8')) as unknown;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
