import type { LocalClock } from '../../../local/clock/local-clock';
import { FunctionError, type Runtime, START, functionArn, single, useRuntime } from './support/runtime';

const runtime = useRuntime();
const chain = (count: number, state: object): unknown => ({
  QueryLanguage: 'JSONata',
  StartAt: 'S0',
  States: Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      `S${at}`,
      { ...state, ...(at === count - 1 ? { End: true } : { Next: `S${at + 1}` }) },
    ]),
  ),
});

/** A clock that counts who holds it, and notes what it was after each callback that it made. */
class WatchedClock {
  holders = 0;
  /** Callbacks after which nobody held the clock: a moment in which time could jump. */
  gaps = 0;

  readonly watch = (clock: LocalClock): LocalClock =>
    new Proxy(clock, {
      get: (target, key) => {
        if (key === 'enter') return (what: string) => this.#enter(target.enter(what));
        if (key === 'at') return (instant: number, run: () => void) => target.at(instant, this.#noted(run));
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });

  #enter(leave: () => void): () => void {
    let left = false;
    this.holders += 1;
    return () => {
      if (!left) this.holders -= 1;
      left = true;
      leave();
    };
  }

  #noted(run: () => void): () => void {
    return () => {
      run();
      if (this.holders === 0) this.gaps += 1;
    };
  }
}

describe('A strand and the clock', () => {
  test('takes hold in the very call that ends a wait, and lets go whenever it only waits', async () => {
    // GIVEN waits, a retry, a function that sleeps, branches and iterations
    const watched = new WatchedClock();
    const functions = {
      flaky: async (
        _payload: unknown,
        { sleep, calls }: { sleep: (ms: number) => Promise<void>; calls: number },
      ) => {
        await sleep(500);
        if (calls < 2) throw new FunctionError('Flaky', 'no');
      },
    };
    const branch = (name: string, seconds: number): unknown => ({
      StartAt: name,
      States: { [name]: { Type: 'Wait', Seconds: seconds, End: true } },
    });
    const machine = {
      QueryLanguage: 'JSONata',
      StartAt: 'Wait',
      States: {
        Wait: { Type: 'Wait', Seconds: 5, Next: 'Call' },
        Call: {
          Type: 'Task',
          Resource: functionArn('flaky'),
          Retry: [{ ErrorEquals: ['Flaky'] }],
          Next: 'Both',
        },
        Both: { Type: 'Parallel', Branches: [branch('A', 2), branch('B', 3)], Next: 'Each' },
        Each: { Type: 'Map', Items: [1, 2], MaxConcurrency: 1, ItemProcessor: branch('C', 1), End: true },
      },
    };
    // WHEN
    const made = runtime({ functions, watch: watched.watch });
    const arn = made.start(made.create(machine));
    await made.settle();
    const whileWaiting = watched.holders;
    const finished = await made.finished(arn);
    // THEN
    expect(finished.status).toBe('SUCCEEDED');
    expect({ whileWaiting, gaps: watched.gaps, afterwards: watched.holders }).toEqual({
      whileWaiting: 0,
      gaps: 0,
      afterwards: 0,
    });
  });

  test('takes hold in the very call that brings a token back', async () => {
    const watched = new WatchedClock();
    let token = '';
    const functions = {
      ask: (payload: unknown) => {
        token = (payload as { token: string }).token;
      },
    };
    const made = runtime({ functions, watch: watched.watch });
    const arn = made.start(
      made.create(
        single({
          Type: 'Task',
          Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
          Arguments: { FunctionName: 'ask', Payload: { token: '{% $states.context.Task.Token %}' } },
        }),
      ),
    );
    await made.settle();
    expect(watched.holders).toBe(0);
    const answered = made.api('SendTaskSuccess', { taskToken: token, output: '1' });
    await Promise.resolve();
    expect(watched.holders).toBe(1);
    await answered;
    expect((await made.finished(arn)).output).toBe(1);
  });
});

describe('The interpreter and a skipping clock', () => {
  test('14 days of waits take no real time to speak of, and end on the second', async () => {
    const before = process.hrtime.bigint();
    const finished = await runtime({ mode: 'skips' }).run(chain(14, { Type: 'Wait', Seconds: 86_400 }));
    const realMs = Number(process.hrtime.bigint() - before) / 1e6;
    expect(finished.status).toBe('SUCCEEDED');
    expect(realMs).toBeLessThan(5000);
    expect(finished.took).toBeGreaterThanOrEqual(14 * 86_400_000);
    expect(finished.took).toBeLessThan(14 * 86_400_000 + 5000);
  });

  test('time does not jump to a far deadline while states are executed', async () => {
    // GIVEN something else is due in an hour
    const made = runtime({ mode: 'skips', functions: { echo: (payload) => payload } });
    made.clock.at(START + 3_600_000, () => undefined);
    // WHEN 60 states run, with calls and evaluations between them
    const finished = await made.run(
      chain(60, { Type: 'Task', Resource: functionArn('echo'), Assign: { x: '{% $uuid() %}' } }),
    );
    // THEN they were done long before
    expect(finished.took).toBeLessThan(60_000);
  });

  test('a function that sleeps on virtual time is waited for by jumping', async () => {
    const functions = {
      nap: async (_payload: unknown, { sleep }: { sleep: (ms: number) => Promise<void> }) => sleep(7_200_000),
    };
    const finished = await runtime({ mode: 'skips', functions }).run(
      single({ Type: 'Task', Resource: functionArn('nap') }),
    );
    expect(finished.took).toBeGreaterThanOrEqual(7_200_000);
  });

  describe('and a task token', () => {
    let token = '';
    const open = async (made: Runtime, comment: string): Promise<string> => {
      const state = {
        Type: 'Task',
        Comment: comment,
        Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
        Arguments: { FunctionName: 'ask', Payload: { token: '{% $states.context.Task.Token %}' } },
        TimeoutSeconds: 3600,
      };
      const arn = made.start(made.create(single(state)));
      await made.clock.quiet();
      return arn;
    };
    const functions = {
      ask: (payload: unknown) => {
        token = (payload as { token: string }).token;
      },
    };

    test('skips to the timeout of one that a machine should answer', async () => {
      const made = runtime({ mode: 'skips', functions });
      const finished = await made.finished(await open(made, 'answered by the dispatcher'));
      expect(finished).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    });

    test('does not skip while a person should answer, and skips again afterwards', async () => {
      // GIVEN a state that a person answers, and a deadline in an hour
      const made = runtime({ mode: 'skips', functions });
      const arn = await open(made, 'Answered by a person: the owner of the account.');
      // WHEN all has been quiet for many turns
      for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      // THEN it is still open, and an answer ends it
      expect(made.clock.now()).toBeLessThan(START + 60_000);
      await made.api('SendTaskSuccess', { taskToken: token, output: '1' });
      expect((await made.finished(arn)).output).toBe(1);
      const after = made.clock.now() + 86_400_000;
      await made.clock.sleep(86_400_000);
      expect(made.clock.now()).toBeGreaterThanOrEqual(after);
    });

    test('lets go of the clock when the execution is stopped', async () => {
      const made = runtime({ mode: 'skips', functions });
      const arn = await open(made, 'answered by a person');
      await made.api('StopExecution', { executionArn: arn });
      await made.clock.sleep(86_400_000);
      expect(made.clock.now()).toBeGreaterThanOrEqual(START + 86_400_000);
    });
  });

  test('leaves nothing under way after a stop: the clock is quiet', async () => {
    const made = runtime({ mode: 'manual' });
    made.start(made.create(chain(3, { Type: 'Wait', Seconds: 5 })));
    await made.clock.quiet();
    made.service.stop();
    await made.clock.advance(60_000);
    expect(made.told.filter(({ type }) => type === 'WaitStateEntered')).toHaveLength(1);
  });
});
