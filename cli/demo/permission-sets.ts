import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventEnvelope } from '../../local/events/event-envelope';
import { PROJECT_ROOT } from '../bundle-functions';
import type { LocalApp } from '../local-app';
import type { RequestClient } from '../request-client';
import { RULES } from './new-account';
import type { Story } from './story';

/** How a set of the chapter stands at its end, by the request API. */
export interface SetOutcome {
  readonly name: string;
  readonly status: string;
  /** Why it is not as its definition wants it, or how many accounts have it. */
  readonly remark: string;
}

/** How the sets have to stand at the end of the chapter. */
const EXPECTED: Readonly<Record<string, string>> = {
  Developer: 'behind',
  ReadOnly: 'current',
  SecurityAudit: 'deleted',
};

/** Whether the chapter came out as it should. */
export function isAsExpected(outcomes: readonly SetOutcome[]): boolean {
  const found = Object.fromEntries(outcomes.map(({ name, status }) => [name, status]));
  return Object.entries(EXPECTED).every(([name, status]) => found[name] === status);
}

/** Asks the request API how the sets of the chapter stand. */
export async function setOutcomes(client: RequestClient): Promise<SetOutcome[]> {
  const outcomes: SetOutcome[] = [];
  for (const name of Object.keys(EXPECTED)) {
    const { body } = await client.send('GET', `/permission-sets/${name}`);
    const { status, accounts, last } = body as SeenSet;
    const [failed] = accounts?.failed ?? [];
    const remark =
      failed === undefined
        ? `${last?.outcome ?? ''}, ${accounts?.current ?? 0} account(s)`
        : `${failed.accountId}: ${failed.reason}`;
    outcomes.push({ name, status: String(status), remark });
  }
  return outcomes;
}

/** What is read of `GET /permission-sets/{name}`. */
interface SeenSet {
  readonly status?: string;
  readonly last?: { readonly outcome: string };
  readonly accounts?: {
    readonly current: number;
    readonly failed: readonly { readonly accountId: string; readonly reason: string }[];
  };
}

/** The chapter's own access definitions, at first those of the project's policy and no permission sets. */
export class DemoAccess {
  readonly directory = mkdtempSync(join(tmpdir(), 'latchkey-demo-'));
  readonly #sets = join(this.directory, 'permission-sets');

  constructor() {
    mkdirSync(this.#sets);
    copyFileSync(join(PROJECT_ROOT, 'access', 'policy.yaml'), join(this.directory, 'policy.yaml'));
  }

  /** Takes one of the project's files over, changed as `edit` says. */
  write(file: string, edit: (text: string) => string = (text) => text): void {
    const text = readFileSync(join(PROJECT_ROOT, 'access', 'permission-sets', file), 'utf8');
    writeFileSync(join(this.#sets, file), edit(text));
  }

  /** The rules of the baselines. */
  writeRules(text: string): void {
    writeFileSync(join(this.directory, 'baselines.yaml'), text);
  }

  delete(file: string): void {
    rmSync(join(this.#sets, file));
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Who gets what while the chapter lasts; the accounts of each are where its set is then. */
const TICKETS = [
  ticket('RITM0012351', 'alice@example.com', 'ReadOnly', ['412345678901', '423456789012', '512345678902']),
  ticket('RITM0012352', 'bob@example.com', 'Developer', ['512345678902', '523456789013']),
  ticket('RITM0012353', 'carol@example.com', 'SecurityAudit', ['434567890123']),
];

/** An account without the policy that the chapter's second deploy refers to. */
const WITHOUT_POLICY = '523456789013';

/**
 * The chapter of the permission sets: three are created; one is changed, and its accounts follow; one refers to a policy that an account
 * lacks; the file of one is deleted, and it is drained and deleted. Time goes on only while something happens.
 */
export async function tellOfPermissionSets(app: LocalApp, access: DemoAccess, story: Story): Promise<void> {
  const { clock, simulator } = app.runtime;
  let goOn = clock.hold('the chapter begins');
  for (const file of ['read-only.yaml', 'developer.yaml', 'security-audit.yaml']) access.write(file);
  goOn = await deploy(app, story, 'three permission sets', goOn);

  for (const each of TICKETS) await story.send(each.ticket.id, JSON.stringify(each));
  const granted = story.granted();
  goOn();
  goOn = await granted;

  const extras = { name: 'DeveloperExtras', path: '/' };
  simulator.world.accountPolicies.set(WITHOUT_POLICY, extras, false);
  const page = 'relayState: https://console.aws.amazon.com/cloudwatch/';
  access.write('read-only.yaml', (text) => `${text}\n${page}\n`);
  const reference = `customerManagedPolicies:\n  - { name: ${extras.name} }`;
  access.write('developer.yaml', (text) => `${text}\n${reference}\n`);
  access.delete('security-audit.yaml');
  access.writeRules(RULES);
  const title =
    'ReadOnly begins at another page, Developer refers to a policy that one account lacks, the file of SecurityAudit is gone; two rules say what groups have, by the unit of an account';
  goOn = await deploy(app, story, title, goOn);
  goOn();
}

/** Deploys the definitions as they are, and waits until the rollout that follows has reported. Answers how to let time go on. */
async function deploy(app: LocalApp, story: Story, title: string, goOn: () => void): Promise<() => void> {
  const { runtime } = app;
  const { events } = runtime.events;
  const heard = events.recorded('latchkey').length;
  story.tell({ at: runtime.clock.now(), from: 'Deploy', text: title });
  const ended = story.executionEnded('latchkey-permission-set-rollout');
  app.deploy();
  goOn();
  const release = await ended;
  for (const event of events.recorded('latchkey').slice(heard)) {
    const text = rolloutWords(event);
    if (text !== undefined) story.tell({ at: Date.parse(event.time), from: 'Rollout', text });
  }
  return release;
}

function rolloutWords({ 'detail-type': type, detail }: EventEnvelope): string | undefined {
  if (!type.startsWith('PermissionSetRoll')) return undefined;
  const { permissionSet, outcome, reason } = detail as Readonly<Record<string, string>>;
  return `${permissionSet ?? ''}: ${outcome ?? ''}${reason === undefined ? '' : `; ${reason}`}`;
}

function ticket(id: string, user: string, permissionSet: string, accounts: readonly string[]) {
  return {
    ticket: { system: 'servicenow', id },
    requestedBy: { user },
    principal: { user },
    permissionSet,
    target: accounts.map((account) => ({ account })),
    duration: 'PT1H',
    justification: 'Shows what becomes of access when its permission set changes',
  };
}
