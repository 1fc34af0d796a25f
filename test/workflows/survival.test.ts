import type { OperationEvent } from '../../local/identity-center/listeners';
import {
  QUICK,
  Transitions,
  Witness,
  deadLetters,
  functionNamed,
  killAllBut,
  onEveryCall,
  onSteps,
  stopExecution,
  stopExecutions,
} from '../support/adversary';
import { type Place, placeAt, placesOf, ticketFor } from '../support/places';
import { TestApp } from '../support/test-app';

const MINUTE = 60_000;

/** The states of the access-request machine in which something is under way. */
const STATES = [
  'Resolve principal and accounts',
  'Decide',
  'Open leases',
  'Await grant',
  'Announce grant',
  'Await end',
  'Close leases',
  'Await revoke',
  'Announce end',
];

/** A request of a test, and where it wants access. */
interface Asked {
  readonly id: string;
  readonly place: Place;
}

/** One app for stories that leave its functions alone, as starting their workers costs more than most of them. */
class World {
  #asked = 0;

  private constructor(
    readonly app: TestApp,
    readonly witness: Witness,
    readonly transitions: Transitions,
  ) {}

  static async start(): Promise<World> {
    const transitions = new Transitions();
    const app = await TestApp.start({ ticks: 'all', simulator: QUICK, onTransition: transitions.hear });
    return new World(app, new Witness(app), transitions);
  }

  /** Asks for access in places where nobody has asked before. */
  async ask(count: number, duration: string): Promise<Asked[]> {
    const places = ['alice', 'carol', 'dave'].flatMap((user) =>
      placesOf(this.app).map((place) => ({ ...place, user })),
    );
    const asked: Asked[] = [];
    for (let index = 0; index < count; index += 1) {
      const place = placeAt(places, this.#asked);
      this.#asked += 1;
      asked.push({ id: await this.app.ask(ticketFor(place, { duration })), place });
    }
    return asked;
  }

  has({ place }: Asked): boolean {
    return this.app.has(place.user, place.permissionSet, place.account);
  }
}

/** What is wrong with how requests went, in words; an empty list if each was granted once and taken away once, in time. */
async function complaints(
  { app, witness }: World,
  asked: readonly Asked[],
  latestMs: number,
): Promise<string[]> {
  const found = [...witness.overlaps, ...witness.repeats()];
  for (const { id, place } of asked) {
    const { status, until = '' } = await app.request(id);
    const operations = witness.of(place.user, place.permissionSet, place.account);
    const [, deletion] = operations;
    const kinds = operations.map(({ kind, status: ending }) => `${kind} ${ending}`).join(', ');
    const early = (deletion?.acceptedAt ?? Infinity) - Date.parse(until);
    const late = (deletion?.endedAt ?? Infinity) - Date.parse(until);
    const isRight = status === 'ended' && kinds === 'create SUCCEEDED, delete SUCCEEDED';
    if (!isRight || early < 0 || late > latestMs) {
      found.push(`${id} is ${status}: ${kinds}; taken away from ${early} to ${late} ms after its end`);
    }
  }
  return found;
}

describe('a request whose executions are stopped', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.start();
  });

  afterAll(async () => {
    await world.app.stop();
  });

  test('in each state, three times over, is granted and ends on time', async () => {
    const { app, transitions } = world;
    const stopIn = new Map<string, string>();
    const unused = [...STATES];
    let stopped = 0;
    const letGo = onSteps(transitions, ({ requestId, attempt, executionArn, state, entered }) => {
      if (!stopIn.has(requestId)) stopIn.set(requestId, unused.shift() ?? '');
      // The first and the third execution before the state's function has begun, the second one when it is done.
      if (state !== stopIn.get(requestId) || entered !== (attempt !== 2) || attempt > 3) return;
      stopped += 1;
      void stopExecution(app, executionArn);
    });

    const asked = await world.ask(STATES.length, 'PT10M');
    await app.advance('PT9M');
    const during = asked.map((each) => world.has(each));
    await app.advance('PT10M');
    letGo();

    expect(stopped).toBeGreaterThanOrEqual(2 * STATES.length);
    expect(during).toEqual(STATES.map(() => true));
    expect(await complaints(world, asked, 2 * MINUTE)).toEqual([]);
    expect(await app.running()).toEqual([]);
    expect(await deadLetters(app)).toEqual({});
  });

  test('all of them, every minute of its life, is granted and ends on time', async () => {
    const { app } = world;
    const asked = await world.ask(2, 'PT10M');
    let stopped = 0;
    for (let minute = 0; minute < 20; minute += 1) {
      await app.advance('PT50S');
      stopped += await app.stopAllExecutions();
      await app.advance('PT10S');
    }
    await app.advance('PT5M');

    expect(stopped).toBeGreaterThan(15);
    expect(await complaints(world, asked, 5 * MINUTE)).toEqual([]);
  });

  test('of the dispatcher, every minute, is granted and ends on time', async () => {
    const { app } = world;
    await app.advance('PT30S');
    const asked = await world.ask(2, 'PT10M');
    for (let minute = 0; minute < 20; minute += 1) {
      await stopExecutions(app, 'latchkey-dispatcher');
      await app.advance('PT1M');
    }

    expect(await complaints(world, asked, 4 * MINUTE)).toEqual([]);
  });

  test('and whose dispatcher is never let past one pass, is granted and ends on time', async () => {
    const { app, transitions } = world;
    const letGo = transitions.on(({ machine, executionArn, event: { type } }) => {
      if (machine === 'latchkey-dispatcher' && type === 'WaitStateEntered')
        void stopExecution(app, executionArn);
    });
    const asked = await world.ask(2, 'PT10M');
    await app.advance('PT20M');
    letGo();

    expect(await complaints(world, asked, 4 * MINUTE)).toEqual([]);
  });
});

describe('a request whose functions are killed', () => {
  test('at each moment of an operation’s life is granted once and taken away once', async () => {
    const world = await World.start();
    const { app } = world;
    const places = placesOf(app);
    const moments = [
      'call CreateAccountAssignment',
      'accepted create',
      'call DescribeAccountAssignmentCreationStatus',
      'ended create',
      'call DeleteAccountAssignment',
      'accepted delete',
      'call DescribeAccountAssignmentDeletionStatus',
      'ended delete',
    ];
    const dispatcher = functionNamed(app, 'AdvanceOperations');
    const plan = new Map(moments.map((moment, index) => [placeAt(places, index).account, moment]));
    const killed: string[] = [];
    const happened = (account: string, moment: string): void => {
      if (plan.get(account) !== moment) return;
      plan.delete(account);
      killed.push(moment);
      app.runtime.lambda.killWorkers(dispatcher);
    };
    // A status call names no account: the operation that it asks for does.
    const accountOf = new Map<unknown, string>();
    app.runtime.simulator.onOperation(({ kind, status, requestId, account }: OperationEvent) => {
      accountOf.set(requestId, account.id);
      happened(account.id, `${status === 'IN_PROGRESS' ? 'accepted' : 'ended'} ${kind}`);
    });
    app.runtime.simulator.onCall(({ operation, input }) => {
      const { TargetId, AccountAssignmentCreationRequestId, AccountAssignmentDeletionRequestId } = input;
      const requestId = AccountAssignmentCreationRequestId ?? AccountAssignmentDeletionRequestId;
      const account = typeof TargetId === 'string' ? TargetId : accountOf.get(requestId);
      happened(account ?? 'none', `call ${operation}`);
    });

    const asked = await world.ask(moments.length, 'PT15M');
    await app.advance('PT14M');
    const during = asked.map((each) => world.has(each));
    await app.advance('PT12M');

    expect([...killed].sort()).toEqual([...moments].sort());
    expect(during).toEqual(moments.map(() => true));
    expect(await complaints(world, asked, 6 * MINUTE)).toEqual([]);
    expect(await deadLetters(app)).toEqual({});
    await app.stop();
  });

  test('in the middle of every eleventh call is granted once and taken away once', async () => {
    const world = await World.start();
    const { app } = world;
    const asked = await world.ask(2, 'PT20M');
    let calls = 0;
    let kills = 0;
    onEveryCall(app, () => {
      calls += 1;
      if (calls % 11 !== 0 || kills >= 20) return;
      kills += 1;
      killAllBut(app, 'Sweep', 'RequestApi');
    });
    await app.advance('PT45M');

    expect(kills).toBe(20);
    expect(await complaints(world, asked, 15 * MINUTE)).toEqual([]);
    expect(await deadLetters(app)).toEqual({});
    await app.stop();
  });
});

describe('a revocation', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.start();
  });

  afterAll(async () => {
    await world.app.stop();
  });

  test('that meets any state of the workflow is never lost', async () => {
    const { app, transitions } = world;
    const revokeIn = new Map<string, string>();
    const unused = [...STATES];
    const answers: Promise<{ readonly status: number }>[] = [];
    const asked: Asked[] = [];
    const letGo = onSteps(transitions, ({ requestId, state, entered }) => {
      if (!revokeIn.has(requestId)) revokeIn.set(requestId, unused.shift() ?? '');
      if (state !== revokeIn.get(requestId) || !entered) return;
      revokeIn.set(requestId, 'none');
      answers.push(app.post(`/requests/${requestId}/revocation`, ''));
    });

    asked.push(...(await world.ask(STATES.length, 'PT10M')));
    await app.advance('PT2M');
    const early = asked.map((each) => world.has(each));
    await app.advance('PT10M');
    letGo();

    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(STATES.map(() => 202));
    // The last three states come only at the end of the lease.
    expect(early).toEqual([false, false, false, false, false, false, true, true, true]);
    expect(asked.map((each) => world.has(each))).toEqual(STATES.map(() => false));
    for (const { id } of asked) expect(await app.request(id)).toMatchObject({ status: 'ended' });
  });

  test('that is answered while every execution is dead takes access away within minutes', async () => {
    const { app } = world;
    const [asked, creating] = [await world.ask(1, 'PT12H'), [] as Asked[]];
    await app.advance('PT10M');
    creating.push(...(await world.ask(1, 'PT12H')));
    await app.advance('PT1S');
    await app.stopAllExecutions();

    for (const { id } of [...asked, ...creating]) await app.post(`/requests/${id}/revocation`, '');
    await app.stopAllExecutions();
    await app.advance('PT4M');

    for (const each of [...asked, ...creating]) {
      expect(await app.request(each.id)).toMatchObject({ status: 'ended' });
      expect(world.has(each)).toBe(false);
    }
  });
});
