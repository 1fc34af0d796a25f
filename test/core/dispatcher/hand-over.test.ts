import { runPass } from '../../../core/dispatcher/pass';
import { PASSES_PER_EXECUTION } from '../../../lambdas/dispatcher/contract';
import { PASS_LIMIT } from '../../../lib/workflows/dispatcher.workflow';
import { DispatcherWorld, LIMITS, keyOf } from '../../support/dispatcher-world';

const HOUR = 60 * 60_000;

/** ExecutionStarted, and entering and leaving the first state and the last one. */
const EVENTS_AROUND = 1 + 2 + 2 + 1;

/** A task is five events, a choice two, a wait two. */
const EVENTS_OF_A_PASS = 5 + 2 + 2;

/** Plays the state machines: each execution until it ends, then the ones that were started meanwhile. */
async function play(world: DispatcherWorld, passes: number): Promise<number[]> {
  const epochs: number[] = [];
  for (let ended = false; !ended && epochs.length < 50;) {
    const { epoch } = world.dispatcher.record;
    epochs.push(epoch);
    for (let pass = 0, left = true; left; pass += 1) {
      const result = await runPass(world, { epoch, pass }, { ...LIMITS, passes });
      left = result.left;
      if (left) world.clock.advance(result.seconds * 1000);
    }
    ended = world.dispatcher.record.epoch === epoch;
  }
  return epochs;
}

describe('handing over', () => {
  test('comes before an execution has 5,000 events', () => {
    expect(EVENTS_AROUND + PASS_LIMIT * EVENTS_OF_A_PASS).toBeLessThan(5_000);
    expect(PASSES_PER_EXECUTION).toBeLessThan(PASS_LIMIT);
  });

  test('carries long operations over to the next execution, and sends none of them twice', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.latencyMs = 120_000;
    for (const n of [1, 2, 3, 4]) await world.open('lease', HOUR, keyOf(n));

    const epochs = await play(world, 3);

    expect(epochs.length).toBeGreaterThan(2);
    expect(world.workflows.started).toEqual(epochs.map((epoch) => `dispatcher-${epoch}`));
    expect(world.identityCenter.accepted()).toEqual(['create', 'create', 'create', 'create']);
    expect([1, 2, 3, 4].every((n) => world.exists(keyOf(n)))).toBe(true);
    expect(world.dispatcher.record.running).toBe(false);
  });

  test('leaves the execution before without a word: it ends when it comes back', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.latencyMs = HOUR;
    await world.open('lease', 2 * HOUR);
    const { epoch } = world.dispatcher.record;
    await runPass(world, { epoch, pass: 3 }, { ...LIMITS, passes: 3 });

    expect(await runPass(world, { epoch, pass: 4 }, LIMITS)).toMatchObject({ left: false });
    expect(world.identityCenter.calls).toEqual([]);
  });
});

describe('a dispatcher that waits for long between two passes', () => {
  test('is followed by the next one where somebody calls', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.latencyMs = HOUR;
    await world.open('lease', 2 * HOUR);
    const { epoch } = world.dispatcher.record;
    let waits = 0;
    for (let pass = 0; waits < 5; pass += 1) {
      const { seconds } = await runPass(world, { epoch, pass }, LIMITS);
      waits = seconds;
      if (seconds < 5) world.clock.advance(seconds * 1000);
    }

    await world.open('lease', HOUR, keyOf(2));

    expect(world.dispatcher.record.epoch).toBe(epoch + 1);
    expect(await runPass(world, { epoch, pass: 9 }, LIMITS)).toMatchObject({ left: false });
    await runPass(world, { epoch: epoch + 1, pass: 0 }, LIMITS);
    expect(world.identityCenter.accepted()).toEqual(['create', 'create']);
  });

  test('is not followed by two where two call', async () => {
    const world = new DispatcherWorld();
    await world.open('lease', HOUR);
    const { epoch } = world.dispatcher.record;
    const now = world.clock.now();
    world.dispatcher.record = { ...world.dispatcher.record, leaseUntil: now, nextPassBy: now + 50_000 };

    await world.open('lease', HOUR, keyOf(2));
    await world.open('lease', HOUR, keyOf(3));

    expect(world.dispatcher.record.epoch).toBe(epoch + 1);
  });
});
