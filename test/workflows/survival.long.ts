import { deadLetters, onSteps, stopExecution, stopExecutions } from '../support/adversary';
import { type Asked, SurvivalWorld, complaints } from '../support/survival-world';

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

describe('a request whose executions are stopped', () => {
  let world: SurvivalWorld;

  beforeAll(async () => {
    world = await SurvivalWorld.start();
  });

  afterAll(async () => {
    await world.app.stop();
  });

  test('B26: in each state, three times over, is granted and ends on time', async () => {
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

describe('a revocation', () => {
  let world: SurvivalWorld;

  beforeAll(async () => {
    world = await SurvivalWorld.start();
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
