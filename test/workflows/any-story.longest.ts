import * as fc from 'fast-check';
import type { FaultEffect } from '../../local/identity-center/faults';
import { Witness, deadLetters, killAllBut, onEveryCall, stopExecutions } from '../support/adversary';
import { ticketFor } from '../support/places';
import { TestApp } from '../support/test-app';

/** Two people in three roles: two free ones in one account, and one where bob's assignment is standing. */
const PLACES = ['alice', 'bob'].flatMap((user) =>
  [
    ['ReadOnlyAccess', '412345678901'],
    ['BillingReadOnly', '412345678901'],
    ['ReadOnlyAccess', '512345678902'],
  ].map(([permissionSet = '', account = '']) => ({ user, permissionSet, account })),
);

/** More runs than a commit needs, by hand: `LATCHKEY_STORIES=200 npm run test:longest -- any-story`. */
const RUNS = Number(process.env.LATCHKEY_STORIES ?? 2);

type Happening =
  | { readonly what: 'ask'; readonly place: number; readonly minutes: number; readonly inMinutes: number }
  | { readonly what: 'revoke'; readonly which: number }
  | { readonly what: 'stop'; readonly machine: 'latchkey-access-request' | 'latchkey-dispatcher' }
  | { readonly what: 'kill'; readonly afterCalls: number }
  | { readonly what: 'fault'; readonly operation: string; readonly effect: FaultEffect }
  | { readonly what: 'remove by hand'; readonly place: number }
  | { readonly what: 'wait'; readonly seconds: number };

const one = <T>(what: T): fc.Arbitrary<T> => fc.constant(what);
const place = fc.nat(PLACES.length - 1);

const effect = fc.constantFrom<FaultEffect>(
  'lose-request',
  'lose-reply',
  'hang',
  { error: 'ThrottlingException', message: 'Rate exceeded' },
  { error: 'ConflictException', message: 'There is a conflicting operation in process.' },
  { error: 'InternalServerException', message: 'try later', statusCode: 500 },
);

const ADMIN_CALLS = [
  'CreateAccountAssignment',
  'DeleteAccountAssignment',
  'ListAccountAssignments',
  'ListAccountAssignmentCreationStatus',
  'ListAccountAssignmentDeletionStatus',
  'DescribeAccountAssignmentCreationStatus',
  'DescribeAccountAssignmentDeletionStatus',
] as const;

const fault = fc.record({
  what: one('fault' as const),
  operation: fc.constantFrom(...ADMIN_CALLS, 'GetUserId', 'DescribeAccount'),
  effect,
});

/** A key that cannot be used, as each of the two services that it encrypts spells it. */
const keyFault = fc.oneof(
  fc.record({
    what: one('fault' as const),
    operation: fc.constantFrom(...ADMIN_CALLS),
    effect: fc.constantFrom<FaultEffect>('kms-access-denied', 'kms-not-found', 'kms-disabled'),
  }),
  fc.record({
    what: one('fault' as const),
    operation: one('GetUserId'),
    effect: fc.constantFrom<FaultEffect>(
      { error: 'ValidationException', message: 'no key', members: { Reason: 'KMS_DISABLED' } },
      { error: 'ResourceNotFoundException', message: 'no key', members: { Reason: 'KMS_KEY_NOT_FOUND' } },
    ),
  }),
);

const failure = fc.record({
  what: one('fault' as const),
  operation: fc.constantFrom('CreateAccountAssignment', 'DeleteAccountAssignment'),
  effect: fc.constantFrom<FaultEffect>(
    { failed: 'Obtaining permissions to manage your AWS account takes longer than usual.' },
    { failed: 'Received a 404 status error: Not supported policy' },
  ),
});

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      what: one('ask' as const),
      place,
      minutes: fc.integer({ min: 5, max: 20 }),
      inMinutes: fc.constantFrom(0, 0, 3),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: one('revoke' as const), which: fc.nat(9) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: one('stop' as const),
      machine: fc.constantFrom('latchkey-access-request' as const, 'latchkey-dispatcher' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: one('kill' as const), afterCalls: fc.nat(60) }) },
  { weight: 2, arbitrary: fc.oneof({ weight: 3, arbitrary: fault }, { weight: 1, arbitrary: keyFault }) },
  { weight: 1, arbitrary: failure },
  { weight: 1, arbitrary: fc.record({ what: one('remove by hand' as const), place }) },
  {
    weight: 6,
    arbitrary: fc.record({ what: one('wait' as const), seconds: fc.integer({ min: 1, max: 300 }) }),
  },
);

/** One story in an app of its own. */
class Story {
  readonly #ids: string[] = [];
  #killAfter = Infinity;

  private constructor(
    readonly app: TestApp,
    readonly witness: Witness,
    readonly standing: Set<string>,
  ) {}

  static async begin(seed: number): Promise<Story> {
    const app = await TestApp.start({ ticks: 'all', seed });
    const story = new Story(app, new Witness(app), new Set(assignmentsOf(app)));
    onEveryCall(app, () => {
      story.#killAfter -= 1;
      if (story.#killAfter === 0) killAllBut(app, 'Sweep', 'RequestApi');
    });
    return story;
  }

  async apply(each: Happening): Promise<void> {
    const { app } = this;
    switch (each.what) {
      case 'ask': {
        const startsAt = new Date(app.runtime.clock.now() + each.inMinutes * 60_000).toISOString();
        const change = { duration: `PT${each.minutes}M`, startsAt };
        this.#ids.push(await app.ask(ticketFor(placeOf(each.place), change)));
        return;
      }
      case 'revoke': {
        const id = this.#ids[each.which % Math.max(this.#ids.length, 1)];
        if (id !== undefined) await app.post(`/requests/${id}/revocation`, '');
        return;
      }
      case 'stop':
        await stopExecutions(app, each.machine);
        return;
      case 'kill':
        this.#killAfter = each.afterCalls;
        return;
      case 'fault':
        app.runtime.simulator.failNext(each);
        return;
      case 'remove by hand': {
        const { user, permissionSet, account } = placeOf(each.place);
        for (const row of app.runtime.simulator.assignments()) {
          const isIt =
            row.principalName === user &&
            row.permissionSetName === permissionSet &&
            row.accountId === account;
          if (isIt && app.runtime.simulator.removeAssignmentByHand(row)) this.standing.delete(keyOf(row));
        }
        return;
      }
      case 'wait':
        await app.advance(`PT${each.seconds}S`);
    }
  }

  /** No more faults, and time to get over those that were: the longest lease, and an hour of looks after a lost create. */
  async end(): Promise<void> {
    this.#killAfter = Infinity;
    this.app.runtime.simulator.faults.clear();
    await this.app.advance('PT1H45M');
  }

  async statuses(): Promise<string[]> {
    return Promise.all(this.#ids.map(async (id) => (await this.app.request(id)).status));
  }
}

function placeOf(index: number): { user: string; permissionSet: string; account: string } {
  const found = PLACES[index];
  if (found === undefined) throw new Error(`there is no place ${index}`);
  return found;
}

function keyOf(row: { accountId: string; permissionSetArn: string; principalId: string }): string {
  return `${row.accountId} ${row.permissionSetArn} ${row.principalId}`;
}

function assignmentsOf(app: TestApp): string[] {
  return app.runtime.simulator.assignments().map(keyOf).sort();
}

describe('the whole app, whatever happens to it', () => {
  test('is left with what was standing, every request over, and nothing dropped', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(happening, { minLength: 8, maxLength: 20 }),
        fc.nat(1000),
        async (happenings, seed) => {
          const story = await Story.begin(seed);
          try {
            for (const each of happenings) await story.apply(each);
            await story.end();

            expect(assignmentsOf(story.app)).toEqual([...story.standing].sort());
            expect((await story.statuses()).filter((status) => !/ended|failed/.test(status))).toEqual([]);
            expect(story.witness.overlaps).toEqual([]);
            expect(await story.app.running()).toEqual([]);
            expect(await deadLetters(story.app)).toEqual({});
          } finally {
            await story.app.stop();
          }
        },
      ),
      { numRuns: RUNS, seed: 20_261_201, endOnFailure: true },
    );
  });
});
