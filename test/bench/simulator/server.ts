import { createSeededRandom } from '../../../local/clock/seeded-random';
import { generateOrganization } from '../../../local/identity-center/generate-organization';
import { readOrganization } from '../../../local/identity-center/organization-file';
import { organizationText } from '../../../local/identity-center/organization-text';
import { giveBackMemory } from '../../../local/server/give-back-memory';
import { startIdentityCenter } from '../../../local/server/identity-center-server';

/** What the process of the simulator tells of itself, once when it answers and once when it is asked. */
export interface ServerReport {
  readonly endpoint: string;
  readonly accounts: readonly string[];
  readonly permissionSets: readonly string[];
  readonly groups: readonly string[];
  readonly userNames: readonly string[];
  readonly assignments: number;
  /** From the text of the file to the open port. */
  readonly loadMs: number;
  /** Bytes, with everything that Node.js itself takes. */
  readonly memory: number;
}

const SIZE = { accounts: 2_000, permissionSets: 500, assignments: 100_000 };

/** A process of its own, as it is started from the command line; only quotas and rates are off, which would be measured otherwise. */
async function main(): Promise<void> {
  const text = organizationText(generateOrganization(SIZE, createSeededRandom(1)));
  let hasReported = false;
  const startedAt = process.hrtime.bigint();
  const organization = readOrganization(text, 'the generated file');
  const { endpoint } = await startIdentityCenter({
    organization,
    settings: {
      requestsPerSecond: 'unlimited',
      outstandingAssignments: 'unlimited',
      identityStoreRequestsPerSecond: 'unlimited',
      organizationsRates: 'unlimited',
      listForPrincipalByDelegatedAdmin: 'allowed',
    },
    // The first tells enough: a defect would be told with every call.
    report: (sentence) => {
      if (!hasReported) process.stderr.write(`${sentence}\n`);
      hasReported = true;
    },
  });
  giveBackMemory();
  const loadMs = Number(process.hrtime.bigint() - startedAt) / 1e6;
  const tell = (): void => {
    const report: ServerReport = {
      endpoint,
      accounts: organization.accounts.slice(1).map(({ id }) => id),
      permissionSets: organization.permissionSets.map(({ arn }) => arn),
      groups: organization.groups.map(({ id }) => id),
      userNames: organization.users.map(({ userName }) => userName),
      assignments: organization.assignments.length,
      loadMs,
      memory: process.memoryUsage.rss(),
    };
    process.send?.(report);
  };
  process.on('message', tell);
  tell();
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
