import type { LocalClockOptions } from '../../../local/clock/clock-options';
import { createLocalClock } from '../../../local/clock/virtual-clock';
import type { LocalClock } from '../../../local/clock/local-clock';

const START = Date.parse('2026-12-01T08:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const everyMinute = (instant: number): number => (Math.floor(instant / MINUTE) + 1) * MINUTE;

const clocks: LocalClock[] = [];
function startClock(options: Partial<LocalClockOptions> = {}): LocalClock {
  const clock = createLocalClock({ mode: 'manual', startAt: START, ...options });
  clocks.push(clock);
  return clock;
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A skipping clock jumps within a few turns of the event loop; this many are far more than it needs. */
const PLENTY_OF_TURNS = 200;

afterEach(() => {
  for (const clock of clocks.splice(0)) clock.stop();
});

describe('a manual clock', () => {
  test('stands still until it is advanced, and then by exactly so much', async () => {
    const clock = startClock();

    await turns(3);
    const before = clock.now();
    await clock.advance(1234);

    expect([before, clock.now()]).toEqual([START, START + 1234]);
  });

  test('runs the deadlines on the way in order, each at its own instant', async () => {
    const clock = startClock();
    const ran: [string, number][] = [];
    const record = (name: string) => () => ran.push([name, clock.now() - START]);
    clock.at(START + 300, record('late'));
    clock.at(START + 100, record('early'));
    clock.at(START + 100, record('early too'));
    clock.at(START + 501, record('beyond'));

    await clock.advance(500);

    expect(ran).toEqual([
      ['early', 100],
      ['early too', 100],
      ['late', 300],
    ]);
  });

  test('runs deadlines that were set while it advanced, if they are before its target', async () => {
    const clock = startClock();
    const ran: number[] = [];
    const again = (): void => {
      ran.push(clock.now() - START);
      clock.at(clock.now() + 40, again);
    };
    clock.at(START + 40, again);

    await clock.advance(100);

    expect(ran).toEqual([40, 80]);
  });

  test('waits for the work of one deadline before it runs the next, even at the same instant', async () => {
    const clock = startClock();
    const log: string[] = [];
    clock.at(START + 10, () => {
      const leave = clock.enter('slow work');
      void turns(20).then(() => {
        log.push('work done');
        leave();
      });
    });
    clock.at(START + 10, () => log.push('next deadline'));

    await clock.advance(10);

    expect(log).toEqual(['work done', 'next deadline']);
  });

  test('waits for the work that is under way before it moves at all', async () => {
    const clock = startClock();
    const ran: number[] = [];
    const leave = clock.enter('a request');
    void turns(10).then(() => {
      clock.at(START + 5, () => ran.push(clock.now() - START));
      leave();
    });

    await clock.advance(10);

    expect(ran).toEqual([5]);
  });

  test('runs what is due already without being advanced, also for a sleep of nothing or less', async () => {
    const clock = startClock();
    const ran: string[] = [];
    clock.at(START - 5, () => ran.push('past'));
    clock.at(START, () => ran.push('present'));

    await clock.sleep(0);
    await clock.sleep(-1);

    expect([ran, clock.now()]).toEqual([['past', 'present'], START]);
  });

  test('does not run a cancelled deadline, and cancelling one that ran does nothing', async () => {
    const clock = startClock();
    const ran: string[] = [];
    const first = clock.at(START + 1, () => ran.push('first'));
    const second = clock.at(START + 2, () => ran.push('second'));
    const atOnce = clock.at(START, () => ran.push('at once'));
    second.cancel();
    atOnce.cancel();

    await clock.advance(5);
    first.cancel();

    expect(ran).toEqual(['first']);
  });

  test('serialises advances that are asked for at the same time', async () => {
    const clock = startClock();
    const ran: number[] = [];
    clock.at(START + 15, () => ran.push(clock.now() - START));

    await Promise.all([clock.advance(10), clock.advance(10)]);

    expect([ran, clock.now() - START]).toEqual([[15], 20]);
  });

  test('gives up on work that never ends and names it', async () => {
    const clock = startClock({ patienceMs: 20 });
    clock.at(START + 10, () => clock.enter('function sweep'));

    const advance = clock.advance(100);

    await expect(advance).rejects.toThrow(
      /time stopped at 2026-12-01T08:00:00.010Z.*still under way: 1 × function sweep/,
    );
  });

  test('advances again after an advance that failed', async () => {
    const clock = startClock({ patienceMs: 20 });
    const leave = clock.enter('slow');
    await expect(clock.advance(1)).rejects.toThrow('slow');
    leave();

    await clock.advance(7);

    expect(clock.now() - START).toBe(7);
  });

  test('refuses to go back, and deadlines that are no instants', async () => {
    const clock = startClock();

    await expect(clock.advance(-1)).rejects.toThrow('got -1');
    await expect(clock.advance(0.5)).rejects.toThrow('got 0.5');
    expect(() => clock.at(Number.NaN, () => undefined)).toThrow('got NaN');
  });

  test('runs nothing after it was stopped', async () => {
    const clock = startClock();
    const ran: string[] = [];
    clock.at(START + 1, () => ran.push('deadline'));
    clock.at(START, () => ran.push('at once'));

    clock.stop();
    clock.at(START, () => ran.push('later'));
    await turns(10);

    await expect(clock.advance(10)).rejects.toThrow('stopped');
    expect(ran).toEqual([]);
  });

  test('hands what a callback throws to its error sink and goes on', async () => {
    const errors: unknown[] = [];
    const clock = startClock({ onError: (error) => errors.push(error) });
    const ran: string[] = [];
    clock.at(START + 1, () => {
      throw new Error('broken');
    });
    clock.at(START + 2, () => ran.push('next'));

    await clock.advance(5);

    expect([errors, ran]).toEqual([[new Error('broken')], ['next']]);
  });
});

describe('schedules', () => {
  test('tick once per 15 minutes while nothing else is due', async () => {
    const clock = startClock();
    const ticks: number[] = [];
    clock.schedule(everyMinute, () => ticks.push((clock.now() - START) / MINUTE));

    await clock.advance(HOUR);

    expect(ticks).toEqual([1, 16, 31, 46]);
  });

  test('tick at the next regular instant after each deadline', async () => {
    const clock = startClock();
    const ticks: number[] = [];
    clock.schedule(everyMinute, () => ticks.push((clock.now() - START) / MINUTE));
    clock.at(START + 20.5 * MINUTE, () => undefined);
    clock.at(START + 30 * MINUTE, () => undefined);

    await clock.advance(40 * MINUTE);

    expect(ticks).toEqual([1, 16, 21, 31]);
  });

  test('tick at every regular instant if all ticks are wanted', async () => {
    const clock = startClock({ ticks: 'all' });
    let ticks = 0;
    clock.schedule(everyMinute, () => (ticks += 1));

    await clock.advance(HOUR);

    expect(ticks).toBe(60);
  });

  test('keep their own rhythm if it is slower than the thinning', async () => {
    const clock = startClock();
    const ticks: number[] = [];
    clock.schedule(
      (instant) => (Math.floor(instant / DAY) + 1) * DAY,
      () => ticks.push(clock.now()),
    );

    await clock.advance(3 * DAY);

    expect(ticks).toEqual([1, 2, 3].map((day) => Date.parse(`2026-12-0${day + 1}T00:00:00Z`)));
  });

  test('stop when they are cancelled', async () => {
    const clock = startClock();
    let ticks = 0;
    const timer = clock.schedule(everyMinute, () => (ticks += 1));
    await clock.advance(MINUTE);

    timer.cancel();
    await clock.advance(HOUR);

    expect(ticks).toBe(1);
  });

  test('are refused if they do not go forward', () => {
    const clock = startClock();

    const standing = (): unknown =>
      clock.schedule(
        (instant) => instant,
        () => undefined,
      );

    expect(standing).toThrow(`must be later than that, got ${START}`);
  });

  test('alone never make a skipping clock jump', async () => {
    const clock = startClock({ mode: 'skips' });
    let ticks = 0;
    clock.schedule(everyMinute, () => (ticks += 1));

    await turns(PLENTY_OF_TURNS);

    expect(ticks).toBe(0);
    expect(clock.now() - START).toBeLessThan(MINUTE);
  });

  test('tick thinly on the way of a jump', async () => {
    const clock = startClock({ mode: 'skips' });
    const ticks: number[] = [];
    clock.schedule(everyMinute, () => ticks.push(Math.floor((clock.now() - START) / MINUTE)));

    await clock.sleep(40 * MINUTE);

    expect(ticks).toEqual([1, 16, 31]);
  });
});

describe('a skipping clock', () => {
  test('jumps to the next deadline when all is quiet, so that 14 days take no time', async () => {
    const clock = startClock({ mode: 'skips' });

    await clock.sleep(14 * DAY);

    expect(clock.now() - START).toBeGreaterThanOrEqual(14 * DAY);
    expect(clock.now() - START).toBeLessThan(14 * DAY + MINUTE);
  });

  test('takes deadlines beyond the longest delay of a machine timer', async () => {
    const clock = startClock({ mode: 'skips' });

    await clock.sleep(60 * DAY);

    expect(clock.now() - START).toBeGreaterThanOrEqual(60 * DAY);
  });

  test('does not jump while work is under way', async () => {
    const clock = startClock({ mode: 'skips' });
    let ran = false;
    clock.at(START + HOUR, () => (ran = true));
    const leave = clock.enter('a request');

    await turns(PLENTY_OF_TURNS);
    const ranDuringWork = ran;
    leave();
    await turns(PLENTY_OF_TURNS);

    expect([ranDuringWork, ran]).toEqual([false, true]);
  });

  test('does not jump while a person has to answer', async () => {
    const clock = startClock({ mode: 'skips' });
    let ran = false;
    clock.at(START + HOUR, () => (ran = true));
    const release = clock.hold('approval of a request');

    await turns(PLENTY_OF_TURNS);
    const ranDuringHold = ran;
    release();
    await turns(PLENTY_OF_TURNS);

    expect([ranDuringHold, ran]).toEqual([false, true]);
  });

  test('lets work that begins a few promises later begin before it jumps', async () => {
    const clock = startClock({ mode: 'skips' });
    const leave = clock.enter('first step');
    let jumped = false;
    clock.at(START + HOUR, () => (jumped = true));

    leave();
    await turns(2);
    const leaveAgain = clock.enter('second step');
    await turns(PLENTY_OF_TURNS);

    expect(jumped).toBe(false);
    leaveAgain();
  });

  test('jumps to one deadline after the other, each with the work before it done', async () => {
    const clock = startClock({ mode: 'skips' });
    const log: string[] = [];
    const waitAndWork = async (name: string, ms: number): Promise<void> => {
      await clock.sleep(ms);
      const leave = clock.enter(name);
      log.push(`${name} begins`);
      await turns(10);
      log.push(`${name} ends`);
      leave();
    };

    await Promise.all([waitAndWork('second', 2 * HOUR), waitAndWork('first', HOUR)]);

    expect(log).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  });

  test('can be advanced although a person has to answer, and ends exactly there', async () => {
    const clock = startClock({ mode: 'skips' });
    const release = clock.hold('approval');
    const seen: number[] = [];
    clock.at(clock.now() + HOUR, () => seen.push(clock.now()));
    const [before] = [clock.now()];

    await clock.advance(2 * HOUR);

    expect(seen).toHaveLength(1);
    expect(clock.now() - before).toBeGreaterThanOrEqual(2 * HOUR);
    expect(clock.now() - before).toBeLessThan(2 * HOUR + MINUTE);
    release();
  });
});

describe('a real clock', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: START });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test('runs deadlines and every tick as the machine’s time goes on', async () => {
    const clock = startClock({ mode: 'real' });
    const ran: [string, number][] = [];
    clock.at(START + 90_000, () => ran.push(['deadline', clock.now() - START]));
    clock.schedule(everyMinute, () => ran.push(['tick', clock.now() - START]));

    await jest.advanceTimersByTimeAsync(2 * MINUTE);

    expect(ran).toEqual([
      ['tick', 60_000],
      ['deadline', 90_000],
      ['tick', 120_000],
    ]);
  });

  test('waits for a deadline beyond the longest delay of a machine timer', async () => {
    const clock = startClock({ mode: 'real' });
    const ran: number[] = [];
    clock.at(START + 30 * DAY, () => ran.push(clock.now() - START));

    await jest.advanceTimersByTimeAsync(29 * DAY);
    const early = [...ran];
    await jest.advanceTimersByTimeAsync(DAY);

    expect([early, ran]).toEqual([[], [30 * DAY]]);
  });

  test('runs on at its offset after it was advanced', async () => {
    const clock = startClock({ mode: 'real' });
    const advance = clock.advance(HOUR);
    await jest.advanceTimersByTimeAsync(50);
    await advance;
    const before = clock.now();

    await jest.advanceTimersByTimeAsync(1000);

    expect(before - START).toBeGreaterThanOrEqual(HOUR);
    expect(clock.now() - before).toBe(1000);
  });

  test('never goes back when the machine’s clock does', () => {
    const clock = startClock({ mode: 'real' });
    const before = clock.now();

    jest.setSystemTime(START - HOUR);

    expect(clock.now()).toBe(before);
  });

  test('shows worker threads the same time through shared memory', async () => {
    const clock = startClock({ mode: 'real', startAt: START + DAY });
    const [offset, frozenAt] = new Float64Array(clock.shared);
    const still = startClock({ mode: 'manual', startAt: START + 5 });
    jest.useRealTimers();
    await still.advance(10);

    expect([offset, frozenAt]).toEqual([DAY, Number.NaN]);
    expect(new Float64Array(still.shared)[1]).toBe(START + 15);
  });
});

describe('quiet', () => {
  test('resolves only when nothing is under way any more', async () => {
    const clock = startClock();
    let quiet = false;
    const leaveOne = clock.enter('one');
    const leaveTwo = clock.enter('two');
    const waiting = clock.quiet().then(() => (quiet = true));

    leaveOne();
    leaveOne();
    await turns(30);
    const quietWithWork = quiet;
    leaveTwo();
    await waiting;

    expect([quietWithWork, quiet]).toEqual([false, true]);
  });

  test('waits for work that follows from the work before it', async () => {
    const clock = startClock();
    const log: string[] = [];
    const leave = clock.enter('one');
    const waiting = clock.quiet().then(() => log.push('quiet'));

    leave();
    await turns(1);
    const leaveNext = clock.enter('two');
    await turns(30);
    log.push('two ends');
    leaveNext();
    await waiting;

    expect(log).toEqual(['two ends', 'quiet']);
  });
});
