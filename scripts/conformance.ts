import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { readOrganizationFile, EXAMPLE_ORGANIZATION } from '../cli/local-app';
import { startIdentityCenter } from '../local/server/identity-center-server';
import { runAwsCli } from './conformance/aws-cli-client';

/**
 * `npm run conformance`: clients that were not written for this simulator use it as they use the service. Each starts with an
 * organization of its own; one that is not installed is skipped. Fails if a check of any client does.
 */

/** What became of one check: `ok`, or what went wrong. */
export interface Outcome {
  readonly check: string;
  readonly outcome: string;
}

interface Client {
  readonly name: string;
  /** A command that only works where the client is installed. */
  readonly probe: readonly [command: string, ...options: string[]];
  readonly remedy: string;
  readonly run: (environment: NodeJS.ProcessEnv) => Promise<Outcome[]>;
}

const run = promisify(execFile);

/** All checks of one client, on a slow machine. */
const CLIENT_TIMEOUT_MS = 10 * 60_000;

const CLIENTS: readonly Client[] = [
  {
    name: 'boto3',
    probe: ['python3', '-c', 'import boto3'],
    remedy: 'pip install boto3',
    run: async (env) => {
      const { stdout } = await run('python3', [join('test', 'conformance', 'boto3_client.py')], {
        env,
        timeout: CLIENT_TIMEOUT_MS,
      });
      const lines = stdout.split('\n').filter((line) => line !== '');
      return lines.map((line) => JSON.parse(line) as Outcome);
    },
  },
  { name: 'aws cli', probe: ['aws', '--version'], remedy: 'pip install awscli', run: runAwsCli },
];

async function outcomesOf({
  name,
  probe: [command, ...options],
  remedy,
  run: check,
}: Client): Promise<Outcome[]> {
  try {
    await run(command, options, { timeout: 60_000 });
  } catch {
    console.log(`skipped: ${name} is not installed (${remedy})`);
    return [];
  }
  const server = await startIdentityCenter({
    organization: readOrganizationFile(EXAMPLE_ORGANIZATION),
    // Time passes as on the client's clock, only operations are quick.
    clock: 'real',
    settings: {
      createLatency: { kind: 'fixed', seconds: 0.5 },
      deleteLatency: { kind: 'fixed', seconds: 0.5 },
      requestsPerSecond: 'unlimited',
      organizationsRates: 'unlimited',
    },
    report: (sentence) => {
      console.error(sentence);
    },
  });
  try {
    return await check({
      ...process.env,
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_ACCESS_KEY_ID: 'conformance',
      AWS_SECRET_ACCESS_KEY: 'conformance',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_MAX_ATTEMPTS: '1',
      AWS_PAGER: '',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    });
  } finally {
    await server.stop();
  }
}

function printTable(results: ReadonlyMap<string, readonly Outcome[]>): void {
  const checks = [...new Set([...results.values()].flatMap((all) => all.map(({ check }) => check)))];
  const width = Math.max(5, ...checks.map(({ length }) => length));
  console.log(['check'.padEnd(width), ...results.keys()].join(' | '));
  for (const check of checks) {
    const cells = [...results].map(([name, all]) => {
      const outcome = all.find((one) => one.check === check)?.outcome ?? '-';
      return (outcome === 'ok' || outcome === '-' ? outcome : 'FAILED').padEnd(name.length);
    });
    console.log([check.padEnd(width), ...cells].join(' | '));
  }
}

async function main(): Promise<void> {
  const results = new Map<string, readonly Outcome[]>();
  for (const client of CLIENTS) results.set(client.name, await outcomesOf(client));
  if ([...results.values()].some(({ length }) => length > 0)) printTable(results);
  for (const [name, all] of results) {
    for (const { check, outcome } of all) {
      if (outcome === 'ok') continue;
      console.error(`${name}, ${check}: ${outcome}`);
      process.exitCode = 1;
    }
  }
}

void main();
