import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { seconds, table, thousands } from '../report/markdown';
import { quantile } from '../runs/figures';
import type { ServerReport } from './server';

/** Connections that each wait for an answer before they send again. */
const CONNECTIONS = 32;

/** Seconds that each kind of call is measured, and before that is made without measuring. */
const SECONDS = 1;
const WARM_UP_SECONDS = 0.5;

/** What is promised: calls a second over HTTP, seconds to load, bytes. */
const TARGETS = { callsPerSecond: 3_000, loadSeconds: 10, megabytes: 500 };

const INSTANCE = 'arn:aws:sso:::instance/ssoins-1111222233334444';
const STORE = 'd-1234567890';

/** One kind of call; `input` gives that of the nth. */
interface Kind {
  readonly target: string;
  readonly words: string;
  readonly input: (index: number) => object;
}

/** What a kind of call brought. */
interface Rate {
  readonly words: string;
  readonly calls: number;
  readonly callsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly failed: number;
}

/** What a run shows, and whether it is what is promised. */
export interface Throughput {
  readonly section: string;
  readonly isGood: boolean;
}

/**
 * The stand-alone simulator with a large organization, called over HTTP from another process, as fast as it answers. Answers
 * the section of docs/benchmarks.md.
 */
export async function throughput(): Promise<Throughput> {
  const child = fork(join(__dirname, 'server.ts'));
  try {
    const loaded = await reportOf(child);
    const rates: Rate[] = [];
    for (const kind of kindsOf(loaded)) {
      // The compilers of both processes work for a while on what is new to them.
      const warmUp = await rateOf(loaded.endpoint, kind, { seconds: WARM_UP_SECONDS, from: 0 });
      // On from there: the same create again would be in conflict with itself.
      rates.push(await rateOf(loaded.endpoint, kind, { seconds: SECONDS, from: warmUp.calls }));
    }
    child.send('tell');
    const afterwards = await reportOf(child);
    return shown(loaded, afterwards, rates);
  } finally {
    child.kill();
  }
}

async function reportOf(child: ChildProcess): Promise<ServerReport> {
  const [report] = (await once(child, 'message')) as [ServerReport];
  return report;
}

function kindsOf({ accounts, permissionSets, groups, userNames }: ServerReport): Kind[] {
  const pick = (list: readonly string[], index: number): string => list[index % list.length] ?? '';
  const admin = (operation: string, words: string, input: (index: number) => object): Kind => ({
    target: `SWBExternalService.${operation}`,
    words,
    input: (index) => ({ InstanceArn: INSTANCE, ...input(index) }),
  });
  const assignment = (index: number): object => ({
    TargetId: pick(accounts, index),
    TargetType: 'AWS_ACCOUNT',
    PermissionSetArn: pick(permissionSets, index * 7),
    PrincipalType: 'GROUP',
    PrincipalId: pick(groups, index * 3),
  });
  return [
    admin('DescribePermissionSet', 'DescribePermissionSet', (index) => ({
      PermissionSetArn: pick(permissionSets, index),
    })),
    admin('ListAccountAssignments', 'ListAccountAssignments', (index) => ({
      AccountId: pick(accounts, index),
      PermissionSetArn: permissionSets[0],
    })),
    admin(
      'ListAccountAssignmentsForPrincipal',
      'ListAccountAssignmentsForPrincipal, first 10 of 2,000',
      () => ({
        PrincipalId: groups[0],
        PrincipalType: 'GROUP',
        MaxResults: 10,
      }),
    ),
    admin(
      'ListPermissionSetsProvisionedToAccount',
      'ListPermissionSetsProvisionedToAccount, some 50',
      (index) => ({
        AccountId: pick(accounts, index),
      }),
    ),
    admin(
      'ListAccountsForProvisionedPermissionSet',
      'ListAccountsForProvisionedPermissionSet, 100 of 2,000',
      () => ({
        PermissionSetArn: permissionSets[0],
        MaxResults: 100,
      }),
    ),
    admin('CreateAccountAssignment', 'CreateAccountAssignment', assignment),
    admin('ListAccountAssignmentCreationStatus', 'ListAccountAssignmentCreationStatus, 10', () => ({
      MaxResults: 10,
    })),
    {
      target: 'AWSIdentityStore.GetUserId',
      words: 'GetUserId of 10,000',
      input: (index) => ({
        IdentityStoreId: STORE,
        AlternateIdentifier: {
          UniqueAttribute: { AttributePath: 'userName', AttributeValue: pick(userNames, index * 11) },
        },
      }),
    },
    {
      target: 'AWSOrganizationsV20161128.DescribeAccount',
      words: 'DescribeAccount',
      input: (index) => ({ AccountId: pick(accounts, index) }),
    },
  ];
}

/** Makes calls of one kind, from its `from`th on. */
async function rateOf(
  endpoint: string,
  { target, words, input }: Kind,
  { seconds: duration, from }: { readonly seconds: number; readonly from: number },
): Promise<Rate> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const latencies: number[] = [];
  let index = from;
  let failed = 0;
  const startedAt = performance.now();
  const until = startedAt + duration * 1000;
  const connection = async (): Promise<void> => {
    while (performance.now() < until) {
      const sentAt = performance.now();
      index += 1;
      if ((await call(agent, endpoint, target, JSON.stringify(input(index)))) !== 200) failed += 1;
      latencies.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  const took = (performance.now() - startedAt) / 1000;
  agent.destroy();
  return {
    words,
    calls: latencies.length,
    callsPerSecond: latencies.length / took,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    failed,
  };
}

function call(agent: Agent, endpoint: string, target: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      endpoint,
      {
        agent,
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'content-length': Buffer.byteLength(body),
          'x-amz-target': target,
        },
      },
      (response) => {
        response.resume();
        response.on('end', () => {
          resolve(response.statusCode ?? 0);
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

function shown(loaded: ServerReport, afterwards: ServerReport, rates: readonly Rate[]): Throughput {
  const megabytes = Math.max(loaded.memory, afterwards.memory) / 1e6;
  const slowest = Math.min(...rates.map(({ callsPerSecond }) => callsPerSecond));
  const failed = rates.reduce((sum, rate) => sum + rate.failed, 0);
  const { callsPerSecond, loadSeconds } = TARGETS;
  const isGood =
    failed === 0 &&
    slowest >= callsPerSecond &&
    loaded.loadMs / 1000 < loadSeconds &&
    megabytes < TARGETS.megabytes;
  const introduction = `The simulator by itself, as \`npm run identity-center\` starts it, with ${thousands(loaded.accounts.length + 1)} accounts, ${thousands(loaded.permissionSets.length)} permission sets and ${thousands(loaded.assignments)} assignments, on two cores: one has the simulator, the other the client with ${CONNECTIONS} connections over HTTP. Rates and outstanding operations are unlimited. Loaded from the text of the file in ${seconds(loaded.loadMs / 1000)} s (asked: less than ${loadSeconds}); memory of the process ${thousands(loaded.memory / 1e6)} MB after loading, ${thousands(afterwards.memory / 1e6)} MB after all calls (asked: less than ${TARGETS.megabytes}). Asked of the calls: ${thousands(callsPerSecond)} a second. ${failed} calls failed.`;
  const rows = rates.map((rate) => [
    rate.words,
    thousands(rate.callsPerSecond),
    rate.p50.toFixed(1),
    rate.p99.toFixed(1),
  ]);
  return {
    section: `${introduction}\n\n${table([['call', 'calls a second', 'p50, ms', 'p99, ms'], ...rows])}`,
    isGood,
  };
}
