import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../../cli/bundle-functions';
import { type LocalApp, startLocalApp } from '../../../cli/local-app';
import { definitionYaml } from '../../../cli/permission-set-yaml';
import { RequestClient } from '../../../cli/request-client';
import { createSeededRandom } from '../../../local/clock/seeded-random';
import { generateOrganization } from '../../../local/identity-center/generate-organization';
import type { PermissionSet } from '../../../local/identity-center/organization';
import { organizationText } from '../../../local/identity-center/organization-text';
import { seconds, table, thousands } from '../report/markdown';
import { total } from '../runs/figures';

const SIZE = { accounts: 2_000, permissionSets: 500, assignments: 100_000 };

/** Calls a second that the service takes, over all admin APIs and all callers. */
const QUOTA = 20;

/** What is asked: calls of a change of one set beside pages and status polls, and of a rollout with nothing to do. */
const MOST_FOR_ONE_CHANGE = 15;
const MOST_FOR_NOTHING = 1 + Math.ceil(SIZE.permissionSets / 100);

/** Terraform's refresh reads each set by five calls, whatever has changed; a set's tags are a sixth. */
const NAIVE_CALLS_PER_SET = 6;

/** What a run shows, and whether it keeps what is asked. */
export interface RolloutFigures {
  readonly section: string;
  readonly isGood: boolean;
}

/** What one rollout cost. */
interface Cost {
  readonly words: string;
  readonly calls: Readonly<Record<string, number>>;
  readonly all: number;
  /** Virtual. */
  readonly seconds: number;
  readonly transitions: number;
  readonly throttled: number;
}

/**
 * Rollouts of a large organization on the local runtime, in virtual time: the deployed machines, functions and roles, and the simulator
 * with its rate. Answers the section of docs/benchmarks.md.
 */
export async function rollouts(): Promise<RolloutFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
  const organization = join(folder, 'organization.yaml');
  writeFileSync(organization, organizationText(generateOrganization(SIZE, createSeededRandom(1))));
  const access = new Access(join(folder, 'access'));
  const watch = { throttled: 0 };
  const app = await startLocalApp({ organization, access: access.directory, clock: 'manual' });
  try {
    app.runtime.simulator.onCall(({ service, outcome }) => {
      if (service === 'sso' && outcome === 'ThrottlingException') watch.throttled += 1;
    });
    return described(await measure(app, access, watch));
  } finally {
    await app.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The access definitions of the run. */
class Access {
  readonly #sets: string;

  constructor(readonly directory: string) {
    this.#sets = join(directory, 'permission-sets');
    mkdirSync(this.#sets, { recursive: true });
    copyFileSync(join(PROJECT_ROOT, 'access', 'policy.yaml'), join(directory, 'policy.yaml'));
  }

  write({ name, tags, sessionDuration, managedPolicies, ...set }: PermissionSet): void {
    const { description, relayState, inlinePolicy, customerManagedPolicies } = set;
    const contents = {
      tags,
      sessionDuration,
      awsManagedPolicies: managedPolicies,
      customerManagedPolicies,
      ...(description === undefined ? {} : { description }),
      ...(relayState === undefined ? {} : { relayState }),
      ...(inlinePolicy === undefined ? {} : { inlinePolicy }),
    };
    writeFileSync(
      join(this.#sets, `${name}.yaml`),
      definitionYaml(name, contents, { adopt: true, protected: false }),
    );
  }
}

async function measure(
  app: LocalApp,
  access: Access,
  watch: { readonly throttled: number },
): Promise<Cost[]> {
  const { provisioning } = app.runtime.simulator.world;
  const client = clientOf(app);
  const cost = (words: string, begin: () => unknown): Promise<Cost> =>
    costOf(app, client, watch, words, begin);
  const deploy = (): void => {
    app.deploy();
  };
  const start = (body: object): Promise<unknown> =>
    client.send('POST', '/permission-sets/rollout', JSON.stringify(body));

  const sets = app.organization.permissionSets;
  for (const set of sets) access.write(set);
  const costs = [await cost(`${sets.length} sets are taken over`, deploy)];
  costs.push(await cost('nothing has changed', () => start({})));
  const [widest] = [...sets].sort(
    (one, other) => provisioning.countOfPermissionSet(other.arn) - provisioning.countOfPermissionSet(one.arn),
  );
  if (widest === undefined) throw new Error('the organization has no permission sets');
  const managedPolicies = [...widest.managedPolicies, 'arn:aws:iam::aws:policy/AWSSupportAccess'];
  access.write({ ...widest, managedPolicies });
  const accounts = provisioning.countOfPermissionSet(widest.arn);
  costs.push(await cost(`one policy of a set in ${thousands(accounts)} accounts`, deploy));
  costs.push(await cost(`verify: all ${sets.length} sets are read`, () => start({ verify: true })));
  return costs;
}

/** Begins a rollout and moves virtual time until it is over. */
async function costOf(
  { runtime }: LocalApp,
  client: RequestClient,
  watch: { readonly throttled: number },
  words: string,
  begin: () => unknown,
): Promise<Cost> {
  const { clock, simulator, states } = runtime;
  const before = { calls: simulator.counts(), at: clock.now(), transitions: states.transitions, ...watch };
  await begin();
  let over: Rollout;
  do {
    await clock.advance(60_000);
    const { body } = await client.send('GET', '/permission-sets');
    over = body.rollout as Rollout;
  } while (over.running !== undefined || over.waiting !== undefined);
  const calls = Object.entries(simulator.counts())
    .map(([name, count]) => [name, count - (before.calls[name] ?? 0)] as const)
    .filter(([name, count]) => name.startsWith('sso:') && name !== 'sso:ListInstances' && count > 0);
  return {
    words,
    calls: Object.fromEntries(calls),
    all: total(calls.map(([, count]) => count)),
    seconds: (Date.parse(over.last?.at ?? '') - before.at) / 1000,
    transitions: states.transitions - before.transitions,
    throttled: watch.throttled - before.throttled,
  };
}

/** What `GET /permission-sets` says of rollouts. */
interface Rollout {
  readonly running?: object;
  readonly waiting?: object;
  readonly last?: { readonly at: string };
}

function clientOf({ runtime, organization }: LocalApp): RequestClient {
  const [caller] = organization.callers;
  if (caller === undefined) throw new Error('the organization has no callers: nobody may start rollouts');
  const { region } = organization.instance;
  return new RequestClient({ endpoint: runtime.endpoint, region, ...caller });
}

/** Calls that are neither further pages of a list nor looks at a status. */
function callsBeside({ calls }: Cost): number {
  // The list of sets, of accounts that are behind, and of all accounts: each has a first page.
  const pages =
    (calls['sso:ListPermissionSets'] ?? 0) + (calls['sso:ListAccountsForProvisionedPermissionSet'] ?? 0);
  const polls = Object.entries(calls).filter(([name]) => name.includes('ProvisioningStatus'));
  return total(Object.values(calls)) - Math.max(0, pages - 3) - total(polls.map(([, count]) => count));
}

function described(costs: readonly Cost[]): RolloutFigures {
  const [, nothing, change, verify] = costs;
  if (nothing === undefined || change === undefined || verify === undefined)
    throw new Error('a rollout was not measured');
  const naive = NAIVE_CALLS_PER_SET * SIZE.permissionSets;
  const rows = costs.map((cost) => [
    cost.words,
    thousands(cost.all),
    `${seconds(cost.seconds)} s`,
    `${seconds(cost.all / QUOTA)} s`,
    thousands(cost.transitions),
    thousands(cost.throttled),
  ]);
  const section = [
    `Rollouts in an organization with ${thousands(SIZE.accounts)} accounts, ${SIZE.permissionSets} permission sets and about ${thousands(SIZE.assignments)} assignments: the app on the local runtime in virtual time, the simulator with its ${QUOTA} calls a second. A rollout paces itself to 3 calls a second, which the dispatcher leaves to it; beside it stands the time that the calls alone would take at the whole quota.`,
    table([['rollout', 'admin calls', 'time', 'calls at 20/s', 'state transitions', 'throttled'], ...rows]),
    `A change of one set: ${callsBeside(change)} calls beside status polls and further pages of lists (asked: at most ${MOST_FOR_ONE_CHANGE}), one of them the provision of all accounts, which takes the simulator most of the time. Nothing changed: ${nothing.all} calls (asked: at most ${MOST_FOR_NOTHING}); a tool that reads every set at each run makes some ${thousands(naive)}.`,
    `The calls of the change: ${Object.entries(change.calls)
      .map(([name, count]) => `${name.replace('sso:', '')} ${count}`)
      .join(', ')}.`,
  ].join('\n\n');
  const isGood =
    callsBeside(change) <= MOST_FOR_ONE_CHANGE &&
    (change.calls['sso:ProvisionPermissionSet'] ?? 0) === 1 &&
    nothing.all <= MOST_FOR_NOTHING &&
    costs.every(({ throttled }) => throttled === 0);
  return { section, isGood };
}
