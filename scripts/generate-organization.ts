import { writeFileSync } from 'node:fs';

import { Command } from 'commander';

import { wholeNumber } from '../cli/option-values';
import { createSeededRandom } from '../local/clock/seeded-random';
import { generateOrganization } from '../local/identity-center/generate-organization';
import { organizationText } from '../local/identity-center/organization-text';

interface Options {
  readonly accounts: string;
  readonly permissionSets?: string;
  readonly assignments?: string;
  readonly users?: string;
  readonly seed: string;
  readonly out?: string;
}

/** Above any size that can be made: which ones can, is said where they are made. */
const LARGEST = 1_000_000_000;

function optional(option: string, value: string | undefined): number | undefined {
  return value === undefined ? undefined : wholeNumber(option, value, LARGEST);
}

function generate({ accounts, permissionSets, assignments, users, seed, out }: Options): void {
  const organization = generateOrganization(
    {
      accounts: wholeNumber('--accounts', accounts, LARGEST),
      permissionSets: optional('--permission-sets', permissionSets),
      assignments: optional('--assignments', assignments),
      users: optional('--users', users),
    },
    createSeededRandom(wholeNumber('--seed', seed, Number.MAX_SAFE_INTEGER)),
  );
  const text = organizationText(organization);
  if (out === undefined) process.stdout.write(text);
  else writeFileSync(out, text);
}

const program = new Command('generate-organization')
  .description('Makes up an organization of any size, to start the simulator or the local runtime with')
  .option('--accounts <number>', 'from 4 to 9000', '100')
  .option('--permission-sets <number>', 'default: a quarter of the accounts, from 10 to 500')
  .option('--assignments <number>', 'about so many; default: 50 for each account')
  .option('--users <number>', 'default: 5 for each account')
  .option('--seed <number>', 'the same seed gives the same organization', '1')
  .option('--out <file>', 'where to write it (default: standard output)')
  .action(generate);

try {
  program.parse();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
