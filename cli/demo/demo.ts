import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../bundle-functions';
import { type LocalApp, startLocalApp } from '../local-app';
import { RequestClient } from '../request-client';
import { type DemoPrinter, jsonPrinter, textPrinter } from './demo-printer';
import { isAsVended, tellOfNewAccount, withoutRules } from './new-account';
import { DemoAccess, isAsExpected, setOutcomes, tellOfPermissionSets } from './permission-sets';
import { Story } from './story';
import { compareAssignments } from './summary';

/** Options of `npm run demo`. */
export interface DemoOptions {
  readonly json?: boolean;
}

/** Virtual time begins here, so that the transcript is the same every day. */
const BEGINS = Date.parse('2026-12-01T08:00:00Z');

/** Parts of the names of functions that tickets need at once; the others start when they are first called. */
const FIRST = [
  'RequestApi',
  'ResolveRequest',
  'DecideRequest',
  'ChangeLeases',
  'AwaitSignal',
  'Announce',
  'AdvanceOperations',
] as const;

const TICKETS = join(PROJECT_ROOT, 'examples', 'tickets');

/**
 * `npm run demo`: sends the example tickets to the request API, lets virtual time run until nothing is left to do, rolls permission
 * sets out, and compares the assignments that are left with those before. Answers the exit code: 0 if what should be gone is gone, and
 * nothing else, and the permission sets stand as they should.
 */
export async function demo(options: DemoOptions, write: (line: string) => void): Promise<number> {
  const startedAt = Date.now();
  const printer = options.json === true ? jsonPrinter(write) : textPrinter(write);
  const story = new Story(printer);
  const access = new DemoAccess();
  const app = await startLocalApp({
    clock: 'skips',
    access: access.directory,
    // A file that is deleted is meant so.
    settings: { prune: true, mostDeletionsPercent: 50 },
    runtime: {
      startAt: BEGINS,
      seed: 7,
      onTransition: (event) => {
        story.transition(event);
      },
    },
  });
  try {
    const { lambda } = app.runtime;
    const first = lambda.functions().filter(({ name }) => FIRST.some((part) => name.includes(part)));
    await lambda.prewarm(first.map(({ name }) => name));
    return await tell(app, access, story, printer, startedAt);
  } finally {
    await app.stop();
    access.remove();
  }
}

async function tell(
  app: LocalApp,
  access: DemoAccess,
  story: Story,
  printer: DemoPrinter,
  startedAt: number,
): Promise<number> {
  const { runtime, organization } = app;
  const before = runtime.simulator.assignments();
  printer.assignments('Assignments before', before);
  const [caller] = organization.callers;
  if (caller === undefined) throw new Error('the organization file has no caller to send tickets as');
  const client = new RequestClient({
    endpoint: runtime.endpoint,
    region: organization.instance.region,
    ...caller,
  });
  const leave = story.follow(runtime, client);
  const release = runtime.clock.hold('the tickets are being sent');
  for (const file of readdirSync(TICKETS)
    .filter((name) => name.endsWith('.json'))
    .sort()) {
    await story.send(file, readFileSync(join(TICKETS, file), 'utf8'));
  }
  release();
  await story.ended();
  await tellOfPermissionSets(app, access, story);
  await story.ended();
  const after = withoutRules(runtime.simulator.assignments(), before);
  const sets = await setOutcomes(client);
  const account = await tellOfNewAccount(app, story, client);
  leave();
  printer.requests(await story.outcomes());
  printer.permissionSets(sets);
  printer.assignments('Assignments after, without those of the rules', after);
  const difference = compareAssignments(before, after);
  printer.verdict(difference);
  printer.account(account);
  printer.counts({
    calls: runtime.simulator.counts(),
    transitions: runtime.states.transitions,
    virtualMs: runtime.clock.now() - BEGINS,
    realMs: Date.now() - startedAt,
  });
  const isBack = difference.missing.length + difference.left.length === 0;
  return isBack && isAsExpected(sets) && isAsVended(account) ? 0 : 1;
}
