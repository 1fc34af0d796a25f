import * as fc from 'fast-check';
import type { Refusal } from '../../../core/assignments/outcomes';
import { learnedAtFirst } from '../../../core/dispatcher/learned';
import { Lessons } from '../../../core/dispatcher/lessons';
import { Pace } from '../../../core/dispatcher/pace';
import { REGISTERED_PER_SECOND, RegisteredPace, rateLeft } from '../../../core/dispatcher/registered-rate';
import { type DispatcherRecord, RATE_HOLDERS } from '../../../core/ports/ledger';
import { DispatcherWorld, LIMITS, keyOf } from '../../support/dispatcher-world';
import { FakeClock } from '../../support/fake-clock';
import { MemoryDispatcher } from '../../support/memory-ledger';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const NOW = Date.parse('2026-11-24T08:00:00Z');
const RATE: Refusal = { name: 'ThrottlingException', message: 'Rate exceeded', fault: 'client' };

/** How many of these instants lie in the densest window of so many milliseconds. */
function mostWithin(instants: readonly number[], window: number): number {
  const sorted = [...instants].sort((a, b) => a - b);
  return Math.max(...sorted.map((from) => sorted.filter((at) => at >= from && at < from + window).length));
}

describe('what is left to the dispatcher', () => {
  const rate = (until: number, perSecond = REGISTERED_PER_SECOND) => ({ perSecond, until });

  test('is everything where nothing is registered', () => {
    expect(rateLeft(18, {}, NOW)).toBe(18);
  });

  test('is less by what is registered, until that is over', () => {
    const registered = { rollout: rate(NOW + 2), plan: rate(NOW + 1), reconcile: rate(NOW) };

    expect([NOW - 1, NOW, NOW + 1, NOW + 2].map((now) => rateLeft(18, { registered }, now))).toEqual([
      9, 12, 15, 18,
    ]);
  });

  test('is what revokes need, whatever is registered', () => {
    expect(rateLeft(18, { registered: { rollout: rate(NOW + 1, 100) } }, NOW)).toBe(3);
  });

  test('is never more than the setting with what the others have, where the setting has room for all', () => {
    const registered = fc.record(
      Object.fromEntries(RATE_HOLDERS.map((holder) => [holder, fc.integer({ min: -5, max: 5 })])),
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.integer({ min: 12, max: 20 }), registered, (setting, ends) => {
        const entries = Object.entries(ends).map(
          ([holder, end]) => [holder, rate(NOW + (end ?? 0))] as const,
        );
        const record: Pick<DispatcherRecord, 'registered'> = { registered: Object.fromEntries(entries) };
        const others = entries.filter(([, { until }]) => until > NOW).length * REGISTERED_PER_SECOND;

        expect(rateLeft(setting, record, NOW) + others).toBe(setting);
      }),
    );
  });
});

describe('the turns of somebody else', () => {
  class Others {
    readonly clock = new FakeClock();
    readonly dispatcher = new MemoryDispatcher();
    readonly pace = new RegisteredPace(this.clock, this.dispatcher, 'rollout');

    get registered() {
      return this.dispatcher.record.registered?.rollout;
    }
  }

  test('are registered before the first call, for a minute', async () => {
    const { clock, pace, dispatcher } = new Others();
    const began = clock.now();

    await pace.turn();

    expect(clock.now()).toBe(began);
    expect(dispatcher.record.registered).toEqual({ rollout: { perSecond: 3, until: began + MINUTE } });
  });

  test('come evenly, in the order of the asking, and never three and one more in a second', async () => {
    const { clock, pace } = new Others();
    const came: (readonly [number, number])[] = [];

    await Promise.all(
      Array.from({ length: 7 }, async (_, n) => {
        await pace.turn();
        came.push([n, clock.now()]);
      }),
    );

    expect(came.map(([n]) => n)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    const gaps = came.slice(1).map(([, at], n) => at - (came[n]?.[1] ?? 0));
    expect(gaps.every((gap) => gap >= 333 && gap <= 335)).toBe(true);
  });

  test('are at most three a second and always registered, however they are asked for', async () => {
    const asking = fc.record({ afterMs: fc.nat(30 * SECOND), together: fc.integer({ min: 1, max: 9 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(asking, { minLength: 1, maxLength: 12 }), async (askings) => {
        const others = new Others();
        const { clock, pace } = others;
        const turns: number[] = [];
        const unregistered: number[] = [];
        for (const { afterMs, together } of askings) {
          clock.advance(afterMs);
          await Promise.all(
            Array.from({ length: together }, async () => {
              await pace.turn();
              turns.push(clock.now());
              if ((others.registered?.until ?? 0) - clock.now() < 20 * SECOND) unregistered.push(clock.now());
            }),
          );
        }

        expect(unregistered).toEqual([]);
        expect(mostWithin(turns, SECOND)).toBeLessThanOrEqual(REGISTERED_PER_SECOND);
      }),
      { numRuns: 50 },
    );
  });

  test('cost a write every forty seconds', async () => {
    const { clock, dispatcher, pace } = new Others();
    const register = jest.spyOn(dispatcher, 'register');
    const began = clock.now();

    while (clock.now() < began + 110 * SECOND) await pace.turn();

    expect(register.mock.calls.length).toBe(3);
  });

  test('are given back at the end, and registered again by the next one', async () => {
    const others = new Others();
    await others.pace.turn();

    await others.pace.close();
    const closed = others.registered;
    await others.pace.turn();

    expect(closed).toBeUndefined();
    expect(others.registered).toBeDefined();
  });

  test('leave the record alone where none was taken', async () => {
    const { dispatcher, pace } = new Others();
    const unregister = jest.spyOn(dispatcher, 'unregister');

    await pace.close();

    expect(unregister).not.toHaveBeenCalled();
  });

  test('are not taken where the rate could not be registered; the next one tries it anew', async () => {
    const others = new Others();
    jest.spyOn(others.dispatcher, 'register').mockRejectedValueOnce(new Error('the ledger is away'));

    const [first, second] = await Promise.allSettled([others.pace.turn(), others.pace.turn()]);

    expect([first.status, second.status]).toEqual(['rejected', 'fulfilled']);
    expect(others.registered).toBeDefined();
  });
});

describe('what a pass has learned of the rate', () => {
  function lessons() {
    const clock = new FakeClock();
    const pace = new Pace(clock, 18);
    const learned = learnedAtFirst({ slots: 15, perSecond: 18 }, clock.now());
    return { clock, pace, lessons: new Lessons(clock, pace, learned) };
  }

  test('outlives a registration: the full rate is back when that ends', () => {
    const { lessons: taught } = lessons();

    taught.leave(15);
    const during = [taught.perSecond, taught.learned.perSecond];
    taught.leave(18);

    expect(during).toEqual([15, 18]);
    expect(taught.perSecond).toBe(18);
  });

  test('is a quarter less than what was in use when the service throttled, and stays so when the registration ends', async () => {
    const { clock, pace, lessons: taught } = lessons();
    taught.leave(12);
    clock.advance(2 * SECOND);
    for (let call = 0; call < 3; call += 1) {
      await pace.turn();
      taught.refused(RATE);
    }

    taught.leave(18);

    expect(taught.perSecond).toBe(9);
    expect(taught.learned.perSecond).toBe(9);
  });

  test('is not raised by what others leave', () => {
    const { lessons: taught } = lessons();

    taught.leave(100);

    expect(taught.perSecond).toBe(18);
  });
});

describe('a dispatcher under load', () => {
  /** A world with more work than a pass can do, and when each of its calls was made, since the beginning. */
  async function busyWorld() {
    const world = new DispatcherWorld();
    world.identityCenter.latencyMs = 200;
    const calls: number[] = [];
    await Promise.all(Array.from({ length: 400 }, (_, n) => world.open('lease', HOUR, keyOf(n))));
    const began = world.clock.now();
    const { calls: made } = world.identityCenter;
    jest.spyOn(made, 'push').mockImplementation((...names: string[]) => {
      calls.push(world.clock.now() - began);
      return names.length;
    });
    const within = (from: number, until: number) =>
      calls.filter((at) => at >= from * SECOND && at < until * SECOND).length / (until - from);
    return { world, calls, within };
  }

  test('goes slower within a second of a registration, and as fast as before within a second of its end', async () => {
    const { world, within } = await busyWorld();
    const { clock, dispatcher } = world;
    clock.after(5 * SECOND, () => {
      for (const holder of RATE_HOLDERS)
        void dispatcher.register(holder, REGISTERED_PER_SECOND, clock.now() + MINUTE);
    });
    clock.after(11 * SECOND, () => {
      for (const holder of RATE_HOLDERS) void dispatcher.unregister(holder);
    });

    await world.pass();

    expect(within(1, 5)).toBeGreaterThan(16);
    expect(within(6.2, 11)).toBeLessThanOrEqual(9.5);
    expect(within(6.2, 11)).toBeGreaterThan(8);
    expect(within(12.2, 16)).toBeGreaterThan(16);
    expect(world.dispatcher.record.learned?.perSecond).toBe(LIMITS.callsPerSecond);
  });

  test('is at its full rate by itself where a holder died', async () => {
    const { world, within } = await busyWorld();
    const until = world.clock.now() + 8 * SECOND;
    for (const holder of RATE_HOLDERS) await world.dispatcher.register(holder, REGISTERED_PER_SECOND, until);

    await world.pass();

    expect(within(1, 8)).toBeLessThanOrEqual(9.5);
    expect(within(9.2, 15)).toBeGreaterThan(16);
  });

  test('stays with the other one below what Latchkey may send', async () => {
    const { world, calls } = await busyWorld();
    const { clock, dispatcher } = world;
    const pace = new RegisteredPace(clock, dispatcher, 'rollout');
    const began = clock.now();
    const others: number[] = [];
    const rollout = async (): Promise<void> => {
      while (clock.now() < began + 15 * SECOND) {
        await pace.turn();
        others.push(clock.now() - began);
      }
      await pace.close();
    };

    await Promise.all([world.pass(), rollout()]);

    const all = [...calls, ...others].filter((at) => at >= 2 * SECOND);
    expect(others.length).toBeGreaterThan(40);
    for (const seconds of [1, 5, 10])
      expect(mostWithin(all, seconds * SECOND)).toBeLessThanOrEqual(seconds * LIMITS.callsPerSecond + 6);
    // As much as there is to do.
    expect(all.filter((at) => at < 12 * SECOND).length / 10).toBeGreaterThan(16);
  });
});
