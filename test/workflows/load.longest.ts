import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { LedgerTable } from '../../lambdas/runtime/contract';
import { Witness, deadLetters } from '../support/adversary';
import { Histories, MOST_BYTES, MOST_EVENTS } from '../support/histories';
import { scanLedger } from '../support/ledger-scan';
import { accountNumber, organizationWithAccounts } from '../support/organizations';
import { TestApp } from '../support/test-app';

/** Three requests of 200 accounts: 600 creates, and, hours later, 600 deletes. */
const ACCOUNTS = 200;
const REQUESTS = [
  { user: 'alice', permissionSet: 'ReadOnlyAccess' },
  { user: 'carol', permissionSet: 'BillingReadOnly' },
  { user: 'dave', permissionSet: 'PowerUserAccess' },
] as const;

/** The quotas of the service, and operations that take a typical time. */
const SIMULATOR = {
  requestsPerSecond: 20,
  requestBurst: 20,
  outstandingAssignments: 15,
  outstandingCounts: 'creates-and-deletes',
  createLatency: { kind: 'fixed', seconds: 2 },
  deleteLatency: { kind: 'fixed', seconds: 2 },
} as const;

/** Counts the calls of the admin API, which has one rate for all of them. */
class AdminCalls {
  total = 0;
  throttled = 0;

  constructor(app: TestApp) {
    app.runtime.simulator.onCall(({ service, outcome }) => {
      if (service !== 'sso') return;
      this.total += 1;
      if (outcome === 'ThrottlingException') this.throttled += 1;
    });
  }
}

/** Resolves when as many events of this type are on the bus as there are requests. */
function announced(app: TestApp, wanted: string): Promise<void> {
  let left = REQUESTS.length;
  return new Promise((resolve) => {
    const stop = app.runtime.events.events.onEvent(({ event }) => {
      if (event['detail-type'] !== wanted) return;
      left -= 1;
      if (left > 0) return;
      stop();
      resolve();
    });
  });
}

function ask(app: TestApp, { user, permissionSet }: (typeof REQUESTS)[number]): Promise<string> {
  const person = { user: `${user}@example.com` };
  return app.ask({
    requestedBy: person,
    principal: person,
    permissionSet,
    target: Array.from({ length: ACCOUNTS }, (_, index) => ({ account: accountNumber(index) })),
    duration: 'PT4H',
  });
}

/** Assignments on which operations were others than these, with what they were. */
function otherThan(witness: Witness, wanted: string): string[] {
  return REQUESTS.flatMap(({ user, permissionSet }) =>
    Array.from({ length: ACCOUNTS }, (_, index) => accountNumber(index)).flatMap((account) => {
      const operations = witness.of(user, permissionSet, account);
      const story = operations.map(({ kind, status }) => `${kind} ${status}`).join(', ');
      return story === wanted ? [] : [`${account} ${permissionSet} ${user}: ${story}`];
    }),
  );
}

/** Keys of items in the index of operations that are under way, waiting, or to be told. */
function openOperations(items: readonly Record<string, AttributeValue>[]): string[] {
  const { partitionKey } = LedgerTable.indexes.work;
  return items
    .filter((item) => item[partitionKey] !== undefined)
    .map(({ pk, sk }) => `${pk?.S ?? ''} ${sk?.S ?? ''}`);
}

describe('1,200 operations at the quotas of the service', () => {
  const histories = new Histories();
  let app: TestApp;
  let witness: Witness;
  let calls: AdminCalls;
  let ids: readonly string[];
  let notGranted: readonly string[];

  beforeAll(async () => {
    app = await TestApp.start({
      clock: 'skips',
      organization: organizationWithAccounts(ACCOUNTS),
      simulator: SIMULATOR,
      onTransition: histories.hear,
    });
    witness = new Witness(app);
    calls = new AdminCalls(app);
    const granted = announced(app, 'AccessGranted');
    const revoked = announced(app, 'AccessRevoked');
    ids = await Promise.all(REQUESTS.map((each) => ask(app, each)));
    await granted;
    notGranted = otherThan(witness, 'create SUCCEEDED');
    await revoked;
    await app.runtime.clock.quiet();
  }, 240_000);

  afterAll(async () => {
    await app.stop();
  });

  test('none is lost: each account is granted once, and taken away once', async () => {
    const requests = await Promise.all(ids.map((id) => app.request(id)));

    expect(notGranted).toEqual([]);
    expect(otherThan(witness, 'create SUCCEEDED, delete SUCCEEDED')).toEqual([]);
    expect(requests).toEqual(
      REQUESTS.map(
        () =>
          expect.objectContaining({
            status: 'ended',
            accounts: expect.objectContaining({ total: ACCOUNTS, byStatus: { ended: ACCOUNTS } }) as unknown,
          }) as unknown,
      ),
    );
    expect(await deadLetters(app)).toEqual({});
  });

  test('none stays open in the ledger', async () => {
    const items = await scanLedger(app);

    expect(items.filter(({ sk }) => sk?.S?.startsWith('ASSIGNMENT#'))).toHaveLength(
      ACCOUNTS * REQUESTS.length,
    );
    expect(openOperations(items)).toEqual([]);
  });

  test('an execution has less than 5,000 events, and no payload over 8 KiB', () => {
    const { longest, largest } = histories;

    expect([...longest.keys()].sort()).toEqual(['latchkey-access-request', 'latchkey-dispatcher']);
    for (const events of longest.values()) expect(events).toBeLessThan(MOST_EVENTS);
    expect(largest.bytes).toBeGreaterThan(0);
    expect(largest.bytes).toBeLessThanOrEqual(MOST_BYTES);
  });

  test('at most one call in fifty is throttled', () => {
    const { total, throttled } = calls;

    // A submission and a status for each of them, and now and then a list.
    expect(total).toBeGreaterThan(2 * 2 * ACCOUNTS * REQUESTS.length);
    expect(throttled / total).toBeLessThanOrEqual(0.02);
  });
});
