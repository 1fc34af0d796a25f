import type { TransitionEvent } from '../../local/step-functions/api/executions';
import { Witness, deadLetters } from '../support/adversary';
import { Histories, MOST_BYTES, MOST_EVENTS } from '../support/histories';
import { UNITS, addAccount, sendEvent, vendingEvents } from '../support/new-accounts';
import { accountNumber, organizationWith } from '../support/organizations';
import { TestApp } from '../support/test-app';

const ACCOUNTS = 100;
const RULES = 10;
const SETS = [
  'ReadOnlyAccess',
  'PowerUserAccess',
  'AdministratorAccess',
  'BillingReadOnly',
  'DatabaseOperator',
];

/** The quotas of the service, and creates that take 10 s: the limit is 15 at a time. */
const LATENCY_S = 10;
const SLOTS = 15;
const SIMULATOR = {
  requestsPerSecond: 20,
  requestBurst: 20,
  outstandingAssignments: SLOTS,
  outstandingCounts: 'creates-and-deletes',
  createLatency: { kind: 'fixed', seconds: LATENCY_S },
  deleteLatency: { kind: 'fixed', seconds: LATENCY_S },
} as const;

const groupName = (rule: number): string => `Team${rule}`;
const setOf = (rule: number): string => SETS[rule % SETS.length] ?? '';
const idOf = (index: number): string => accountNumber(index);

const BASELINES = `baselines:
${Array.from(
  { length: RULES },
  (_, rule) => `  - name: rule-${rule}
    description: One of ten
    principal: { group: ${groupName(rule)} }
    permissionSets: [${setOf(rule)}]
    target: { ou: Workloads/Dev }`,
).join('\n')}
`;

const ORGANIZATION = organizationWith({
  groups: Array.from({ length: RULES }, (_, rule) => ({
    id: `7a2f1b20-2d3c-4b4e-9f50-${String(rule).padStart(12, '0')}`,
    displayName: groupName(rule),
    members: [],
  })),
});

describe('a hundred new accounts at once, each with ten rules', () => {
  const histories = new Histories();
  let app: TestApp;
  let witness: Witness;
  let startedAt: number;
  let endedAt: number;
  let ticketTook: number;

  /** Assignments of rules in the new accounts. */
  const granted = (): number =>
    app.runtime.simulator
      .assignments()
      .filter(
        ({ accountId, principalName = '' }) =>
          accountId.startsWith('7000') && principalName.startsWith('Team'),
      ).length;

  beforeAll(async () => {
    app = await TestApp.start({
      clock: 'skips',
      organization: ORGANIZATION,
      simulator: SIMULATOR,
      access: { baselines: BASELINES },
      onTransition: (event: TransitionEvent) => {
        histories.hear(event);
      },
    });
    witness = new Witness(app);
    // The rules are applied to the accounts that there are.
    await app.runtime.clock.quiet();
    const hold = app.runtime.clock.hold('the accounts are vended');
    startedAt = app.runtime.clock.now();
    for (let index = 0; index < ACCOUNTS; index += 1)
      addAccount(app, { id: idOf(index), name: `new-${index}` }, UNITS.dev);
    for (let index = 0; index < ACCOUNTS; index += 1)
      for (const event of vendingEvents(app, idOf(index), UNITS.dev)) await sendEvent(app, event);
    const isDone = new Promise<void>((resolve) => {
      const stop = app.runtime.simulator.onOperation(({ status }) => {
        if (status !== 'SUCCEEDED' || granted() < ACCOUNTS * RULES) return;
        endedAt = app.runtime.clock.now();
        stop();
        resolve();
      });
    });
    hold();
    // Somebody asks in the middle.
    await new Promise<void>((resolve) => {
      const stop = app.runtime.simulator.onOperation(() => {
        if (granted() < 300) return;
        stop();
        resolve();
      });
    });
    const askedAt = app.runtime.clock.now();
    await app.ask();
    await new Promise<void>((resolve) => {
      const stop = app.runtime.events.events.onEvent(({ event }) => {
        if (event['detail-type'] !== 'AccessGranted') return;
        stop();
        resolve();
      });
    });
    ticketTook = app.runtime.clock.now() - askedAt;
    await isDone;
    await app.runtime.clock.quiet();
  }, 280_000);

  afterAll(async () => {
    await app.stop();
  });

  test('all are done within 1.1 times of what the quota allows', () => {
    const limitMs = (ACCOUNTS * RULES * LATENCY_S * 1000) / SLOTS;

    expect(endedAt - startedAt).toBeLessThanOrEqual(1.1 * limitMs);
  });

  test('none is lost, and each was created once', async () => {
    const wrong = Array.from({ length: ACCOUNTS * RULES }, (_, n) => {
      const [index, rule] = [Math.floor(n / RULES), n % RULES];
      return witness.story(groupName(rule), setOf(rule), idOf(index));
    }).filter((story) => story !== 'create');

    expect(wrong).toEqual([]);
    expect(await deadLetters(app)).toEqual({});
  });

  test('a ticket that comes in the middle overtakes', () => {
    expect(ticketTook).toBeLessThan(2 * LATENCY_S * 1000);
  });

  test('no execution has 5,000 events, and no payload over 8 KiB', () => {
    for (const events of histories.longest.values()) expect(events).toBeLessThan(MOST_EVENTS);
    expect(histories.largest.bytes).toBeLessThanOrEqual(MOST_BYTES);
  });
});
