import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type LocalApp, startLocalApp } from '../../../cli/local-app';
import { RequestClient } from '../../../cli/request-client';
import { withWorkers } from '../designs/design';
import { dollars, percent, seconds, table, thousands } from '../report/markdown';
import { quantile, total } from '../runs/figures';
import { Meter, type Usage, costsOf } from './meter';
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

/** The dispatcher ends when nobody has called for 5 s: without a transition for longer than that, everything is through. */
const QUIET_MS = 6_500;

/** What became of one request; milliseconds. */
interface Granted {
  readonly wish: Wish;
  readonly sentAt: number;
  /** When it was answered with 202. */
  readonly takenAt: number;
  /** Undefined: it never was. */
  readonly grantedAt: number | undefined;
}

/** What a run brought, before anybody looked at its requests. */
interface Run {
  readonly granted: readonly Granted[];
  readonly usage: Usage;
  /** By the machine's name. */
  readonly transitions: ReadonlyMap<string, number>;
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
  const meter = new Meter();
  let stopMeter = (): void => undefined;
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
    stopMeter = meter.follow(app.runtime.lambda);
    const startedAt = Date.now();
    return described(app, await run(app, wishes(count), watch, meter), watch, startedAt);
  } finally {
    stopMeter();
    await app.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(app: LocalApp, asked: readonly Wish[], watch: Watch, meter: Meter): Promise<Run> {
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
  await quiet(watch, until);
  const { usage } = meter;
  const transitions = new Map(watch.transitions);
  const granted: Granted[] = [];
  for (const { id, ...request } of sent) {
    granted.push({ ...request, grantedAt: await grantOf(client, id, until) });
  }
  return { granted, usage, transitions };
}

/** The last answers, states and announcements come after the last assignment: looking at the requests must not be counted among them. */
async function quiet(watch: Watch, until: number): Promise<void> {
  const count = (): number => total([...watch.transitions.values()]);
  for (let before = -1; before !== count() && Date.now() < until;) {
    before = count();
    await pause(QUIET_MS);
  }
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

function described(
  app: LocalApp,
  { granted, usage, transitions }: Run,
  watch: Watch,
  startedAt: number,
): EndToEnd {
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
    ...[...transitions].map(([machine, count]) => [
      `transitions of ${machine}, per 1,000 requests`,
      thousands((1000 * count) / granted.length),
    ]),
    ...costRows(usage, total([...transitions.values()]), granted.length),
  ];
  return {
    section: `${INTRODUCTION}\n\n${table([['figure', 'value'], ...rows])}`,
    isGood: lost === 0 && wrong === 0,
  };
}

function costRows(usage: Usage, transitions: number, requests: number): string[][] {
  const perThousand = (value: number): number => (1000 * value) / requests;
  const costs = costsOf(usage, transitions);
  const parts = Object.entries(costs).map(([what, cost]) => `${what} ${dollars(perThousand(cost))}`);
  const { invocations, gigabyteSeconds, tableReads, tableWrites, queueRequests } = usage;
  return [
    [
      'invocations, GB-seconds, per 1,000 requests',
      `${thousands(perThousand(invocations))}, ${thousands(perThousand(gigabyteSeconds))}`,
    ],
    [
      'reads, writes of the table, queue requests, per 1,000 requests',
      [tableReads, tableWrites, queueRequests].map((count) => thousands(perThousand(count))).join(', '),
    ],
    ['cost per 1,000 requests', dollars(perThousand(total(Object.values(costs))))],
    ['of that', parts.join(', ')],
  ];
}

const INTRODUCTION = `Measured in real time on one machine, not in virtual time: requests of people through HTTP and the gateway, the bundles in worker threads, the state machines and the table, against the simulator with its real quotas and an operation's latency fixed at ${LATENCY} s. Everything shares two cores, ours and the platform's work alike; on AWS that is many machines. So this run shows that everything fits together and counts calls; its seconds are those of a laptop that plays a Region. They hold receiving, resolving, deciding and opening each lease.

The cost is that of the whole way of a request until it is granted: transitions, functions, and calls of the table, at the prices above. The time of functions is the wall's, with the wait for a worker and a core, which makes it an upper estimate. A call of the table counts as one unit: entries of indexes, large items and the second half of a strongly consistent read are not counted. Nor are the gateway and its firewall, events and their delivery, logs, metrics, keys and backups, nor the end of each lease, which comes hours later.`;

function callsText(counts: Readonly<Record<string, number>>, operations: number): string {
  const calls = Object.entries(counts).filter(([name]) => name.startsWith('sso:'));
  const looks = counts['sso:ListAccountAssignments'] ?? 0;
  const sum = calls.reduce((total, [, count]) => total + count, 0) - looks;
  return `${(sum / operations).toFixed(2)}, ${(looks / operations).toFixed(2)}`;
}
