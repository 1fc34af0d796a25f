import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type LocalApp, startLocalApp } from '../../../cli/local-app';
import { RequestClient } from '../../../cli/request-client';
import { withWorkers } from '../designs/design';
import { percent, seconds, table, thousands } from '../report/markdown';
import { quantile } from '../runs/figures';
import { Watch, nameOf } from './watch';
import { type Wish, organizationFor, wishes } from './work';

/** Seconds that a create or delete takes in the simulator. */
const LATENCY = 2;

/** Creates and deletes that may be outstanding, as the service has it; the rate is the simulator's own, 20 a second. */
const SLOTS = 15;

/** Requests that are being sent at a time. */
const SENDERS = 8;

/** Longer than any run that works: what is not granted by then is lost. */
const PATIENCE_MS = 10 * 60_000;

/** What became of one request; milliseconds. */
interface Granted {
  readonly wish: Wish;
  readonly sentAt: number;
  /** When it was answered with 202. */
  readonly takenAt: number;
  /** Undefined: it never was. */
  readonly grantedAt: number | undefined;
}

/** What a run shows, and whether nothing was lost or wrong. */
export interface EndToEnd {
  readonly section: string;
  readonly isGood: boolean;
}

/**
 * The whole app in real time: HTTP, gateway, bundles, state machines, table, and the simulator with its quotas. Answers the section of
 * docs/benchmarks.md.
 */
export async function endToEnd(count: number): Promise<EndToEnd> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
  const organization = join(folder, 'organization.yaml');
  writeFileSync(organization, organizationFor(count));
  const watch = new Watch();
  const app = await startLocalApp({
    organization,
    clock: 'real',
    latency: String(LATENCY),
    runtime: {
      onTransition: watch.onTransition,
      simulator: { outstandingAssignments: SLOTS, outstandingCounts: 'creates-and-deletes' },
    },
  });
  try {
    await app.runtime.lambda.prewarm();
    watch.follow(app.runtime.simulator);
    const startedAt = Date.now();
    const granted = await run(app, wishes(count), watch);
    return described(app, granted, watch, startedAt);
  } finally {
    await app.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(app: LocalApp, asked: readonly Wish[], watch: Watch): Promise<Granted[]> {
  const client = clientOf(app);
  const sent: (Omit<Granted, 'grantedAt'> & { readonly id: string })[] = [];
  await withWorkers(asked, SENDERS, async (wish) => {
    const sentAt = Date.now();
    const id = await ask(client, wish);
    sent.push({ wish, sentAt, id, takenAt: Date.now() });
  });
  const until = Date.now() + PATIENCE_MS;
  // Looking at the requests takes from the same two cores: only when the service is through.
  while (watch.succeeded < asked.length && Date.now() < until) await pause(250);
  const granted: Granted[] = [];
  for (const { id, ...request } of sent) {
    granted.push({ ...request, grantedAt: await grantOf(client, id, until) });
  }
  return granted;
}

function clientOf({ runtime, organization }: LocalApp): RequestClient {
  const [caller] = organization.callers;
  if (caller === undefined) throw new Error('the organization has no callers: nobody may send requests');
  const { accessKeyId, secretAccessKey } = caller;
  const { region } = organization.instance;
  return new RequestClient({ endpoint: runtime.endpoint, region, accessKeyId, secretAccessKey });
}

async function ask(client: RequestClient, { user, permissionSet, accountId }: Wish): Promise<string> {
  const person = { user: `${user}@example.com` };
  const ticket = {
    ticket: { system: 'servicenow', id: 'RITM0012345' },
    requestedBy: person,
    principal: person,
    permissionSet,
    target: { account: accountId },
    duration: 'PT4H',
    justification: 'Measuring how long it takes',
  };
  const { status, body } = await client.send('POST', '/requests', JSON.stringify(ticket));
  if (status !== 202) throw new Error(`a ticket was answered ${status}: ${JSON.stringify(body)}`);
  return String(body.id);
}

/** When the request says that its account was granted. */
async function grantOf(client: RequestClient, id: string, until: number): Promise<number | undefined> {
  for (;;) {
    const { body } = await client.send('GET', `/requests/${id}`);
    const { items } = body.accounts as { items: { status: string; grantedAt?: string }[] };
    const [account] = items;
    if (account?.grantedAt !== undefined) return Date.parse(account.grantedAt);
    if (Date.now() > until || account?.status === 'failed') return undefined;
    await pause(500);
  }
}

function described(app: LocalApp, granted: readonly Granted[], watch: Watch, startedAt: number): EndToEnd {
  const { simulator } = app.runtime;
  const there = new Set(
    simulator
      .assignments()
      .map(({ accountId, permissionSetName = '', principalName = '' }) =>
        nameOf({ accountId, permissionSet: permissionSetName, user: principalName }),
      ),
  );
  const lost = granted.filter(({ wish }) => !there.has(nameOf(wish))).length;
  const wrong = granted.filter(
    ({ wish, grantedAt }) => (grantedAt !== undefined) !== there.has(nameOf(wish)),
  ).length;
  const told = granted.flatMap(({ sentAt, grantedAt }) =>
    grantedAt === undefined ? [] : [(grantedAt - sentAt) / 1000],
  );
  const waits = granted.flatMap(({ wish, sentAt }) => {
    const acceptedAt = watch.acceptedAt.get(nameOf(wish));
    return acceptedAt === undefined ? [] : [(acceptedAt - sentAt) / 1000];
  });
  const makespan = (Math.max(...granted.map(({ grantedAt = 0 }) => grantedAt)) - startedAt) / 1000;
  const limit = (granted.length * LATENCY) / SLOTS;
  const takenIn = (Math.max(...granted.map(({ takenAt }) => takenAt)) - startedAt) / 1000;
  const rows = [
    ['requests, each for one account', thousands(granted.length)],
    ['makespan, and what it is of the limit', `${seconds(makespan)} s, ${percent(limit / makespan)}`],
    ['all requests answered after', `${seconds(takenIn)} s`],
    ['lost, wrong', `${lost}, ${wrong}`],
    ['admin calls per operation, looks apart', callsText(simulator.counts(), granted.length)],
    ['throttled calls', thousands(watch.throttled)],
    ['most slots in use', String(watch.mostSlots)],
    ['time to grant, p50 / p95', `${seconds(quantile(told, 0.5))} / ${seconds(quantile(told, 0.95))} s`],
    [
      'wait until the create was accepted, p50 / p95',
      `${seconds(quantile(waits, 0.5))} / ${seconds(quantile(waits, 0.95))} s`,
    ],
    ...[...watch.transitions].map(([machine, count]) => [
      `transitions of ${machine}, per 1,000 requests`,
      thousands((1000 * count) / granted.length),
    ]),
  ];
  return {
    section: `${INTRODUCTION}\n\n${table([['figure', 'value'], ...rows])}`,
    isGood: lost === 0 && wrong === 0,
  };
}

const INTRODUCTION = `Measured in real time on one machine, not in virtual time: requests of people through HTTP and the gateway, the bundles in worker threads, the state machines and the table, against the simulator with its real quotas and an operation's latency fixed at ${LATENCY} s. Everything shares two cores, ours and the platform's work alike; on AWS that is many machines. So this run shows that everything fits together and counts calls; its seconds are those of a laptop that plays a Region. They hold receiving, resolving, deciding and opening each lease.`;

function callsText(counts: Readonly<Record<string, number>>, operations: number): string {
  const calls = Object.entries(counts).filter(([name]) => name.startsWith('sso:'));
  const looks = counts['sso:ListAccountAssignments'] ?? 0;
  const sum = calls.reduce((total, [, count]) => total + count, 0) - looks;
  return `${(sum / operations).toFixed(2)}, ${(looks / operations).toFixed(2)}`;
}
