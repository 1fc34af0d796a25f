import jsonata from 'jsonata';
import { PASSES_PER_EXECUTION } from '../../lambdas/dispatcher/contract';
import { MOST_EVENTS_IN_ROUNDS, ROUNDS_PER_EXECUTION } from '../../lib/workflows/access-request.workflow';
import { PASS_LIMIT } from '../../lib/workflows/dispatcher.workflow';
import {
  NAMES,
  type Machine,
  type State,
  firstThatHolds,
  machine,
  machines,
  state,
  template,
} from '../support/deployed-machines';
import { ofType } from '../support/stack-template';

type Validator = (definition: unknown) => { readonly isValid: boolean; errorsText(): string };

const isAwait = ({ Resource = '' }: State): boolean => Resource.endsWith('.waitForTaskToken');

function tasksOf(of: Machine): readonly (readonly [string, State])[] {
  return Object.entries(of.States).filter(([, { Type }]) => Type === 'Task');
}

function nextsOf({ Next, Default, Choices = [], Catch = [] }: State): readonly string[] {
  return [
    Next,
    Default,
    ...Choices.map((choice) => choice.Next),
    ...Catch.map((caught) => caught.Next),
  ].filter((name) => name !== undefined);
}

/** Names of states on a cycle that does not lead through a state of `without`. */
function statesOnCycles(of: Machine, without: (name: string, state: State) => boolean): readonly string[] {
  const kept = Object.entries(of.States).filter(([name, each]) => !without(name, each));
  const reachable = (from: string, seen: ReadonlySet<string>): ReadonlySet<string> => {
    const found = new Set(seen);
    for (const next of nextsOf(state(of, from))) {
      if (found.has(next) || !kept.some(([name]) => name === next)) continue;
      found.add(next);
      for (const further of reachable(next, found)) found.add(further);
    }
    return found;
  };
  return kept.map(([name]) => name).filter((name) => reachable(name, new Set()).has(name));
}

describe.each(NAMES)('%s', (name) => {
  test('is a valid definition in JSONata', () => {
    const validate = jest.requireActual<Validator>('asl-validator');
    const deployed = JSON.stringify(machines[name]).replaceAll('${AWS::Partition}', 'aws');
    const verdict = validate(JSON.parse(deployed));
    expect(verdict.isValid ? '' : verdict.errorsText()).toBe('');
    expect(machine(name).QueryLanguage).toBe('JSONata');
  });

  test('has only expressions that parse', () => {
    const expressions = [...JSON.stringify(machines[name]).matchAll(/\{%(.*?)%\}/g)].map(
      ([, text = '']) => text,
    );
    expect(expressions.length).toBeGreaterThan(5);
    for (const expression of expressions) expect(() => jsonata(expression)).not.toThrow();
  });

  test('retries every task, a throttled function among the reasons, a bounded number of times and with full jitter', () => {
    for (const [task, { Retry = [] }] of tasksOf(machine(name))) {
      const errors = Retry.flatMap(({ ErrorEquals }) => ErrorEquals);
      expect([task, errors]).toEqual([
        task,
        expect.arrayContaining(['Lambda.TooManyRequestsException', 'States.TaskFailed']),
      ]);
      expect(Retry.every(({ JitterStrategy }) => JitterStrategy === 'FULL')).toBe(true);
      expect(Retry.every(({ MaxAttempts }) => MaxAttempts >= 1 && MaxAttempts <= 10)).toBe(true);
    }
  });

  test('gives every task that waits for no token longer than its function may run, and retries one that took too long', () => {
    const timeouts = new Map(
      ofType(template, 'AWS::Lambda::Function').map(([id, { Properties }]) => [
        `\${${id}}`,
        Properties.Timeout as number,
      ]),
    );
    const tasks = tasksOf(machine(name)).filter(([, each]) => !isAwait(each));
    for (const [task, { TimeoutSeconds, Arguments, Retry = [] }] of tasks) {
      const functionTimeout = timeouts.get(Arguments?.FunctionName ?? '') ?? Infinity;
      expect([task, Number(TimeoutSeconds) > functionTimeout]).toEqual([task, true]);
      expect(Retry.flatMap(({ ErrorEquals }) => ErrorEquals)).toContain('States.Timeout');
    }
  });

  test('counts on every way round a loop', () => {
    // A wait that hands on the name of a step leads to that step, which counts.
    const counts = (_name: string, { Assign = {}, Output = {} }: State): boolean =>
      ['rounds', 'pass', 'steps'].some((counter) => counter in Assign) ||
      Output.next === '{% $states.input.step %}';
    // The state that begins sets the counter; it is on no loop.
    expect(statesOnCycles(machine(name), () => false).length).toBeGreaterThan(2);
    expect(statesOnCycles(machine(name), counts)).toEqual([]);
  });

  test('looks at the limit on every way round a loop, and ends where a fresh execution goes on', () => {
    const limit = 'Continue in a fresh execution';
    expect(statesOnCycles(machine(name), (_name, each) => nextsOf(each).includes(limit))).toEqual([]);
    expect(state(machine(name), limit).Type).toBe('Fail');
    expect(state(machine(name), limit).Cause).toContain('the sweep starts');
  });
});

describe('the access-request machine', () => {
  const accessRequest = machine('latchkey-access-request');

  test.each([
    [
      'Was anything resolved?',
      ['Resolve principal and accounts'],
      { decide: 'Decide', announceEnd: 'Announce end' },
    ],
    [
      'What was decided?',
      ['Decide'],
      { awaitStart: 'Await start', openLeases: 'Open leases', announceEnd: 'Announce end' },
    ],
    [
      'What do the leases wait for?',
      ['Open leases', 'Close leases'],
      {
        awaitGrant: 'Await grant',
        awaitRevoke: 'Await revoke',
        closeLeases: 'Close leases',
        announceEnd: 'Announce end',
      },
    ],
    [
      'What is left to do?',
      ['Announce grant', 'Announce end'],
      {
        awaitGrant: 'Await grant',
        awaitEnd: 'Await end',
        closeLeases: 'Close leases',
        awaitRevoke: 'Await revoke',
        done: 'Done',
      },
    ],
  ])('"%s" goes where the function before it says', async (name, before, branches) => {
    const choices = state(accessRequest, name).Choices ?? [];
    for (const [next, target] of Object.entries(branches)) {
      const taken = await firstThatHolds(choices, { rounds: 0, next });
      expect([next, taken]).toEqual([next, target]);
    }
    for (const task of before) expect(state(accessRequest, task).Next).toBe(name);
  });

  test('goes nowhere on an answer that is not in the contract', async () => {
    const choices = Object.values(accessRequest.States).flatMap(({ Choices = [] }) => Choices);
    expect(await firstThatHolds(choices, { rounds: 0, next: 'elsewhere' })).toBeUndefined();
  });

  test('ends for a fresh execution at the limit of rounds, but not when it is done', async () => {
    const { Choices = [] } = state(accessRequest, 'What is left to do?');
    const taken = (next: string, rounds: number) => firstThatHolds(Choices, { rounds, next });
    expect(await taken('awaitGrant', ROUNDS_PER_EXECUTION - 1)).toBe('Await grant');
    expect(await taken('awaitGrant', ROUNDS_PER_EXECUTION)).toBe('Continue in a fresh execution');
    expect(await taken('done', ROUNDS_PER_EXECUTION)).toBe('Done');
  });

  test('cannot reach the limit of the history with its rounds, every retry used', () => {
    // 25,000 events an execution; what is outside the rounds is below 500.
    expect(MOST_EVENTS_IN_ROUNDS).toBeLessThan(24_500);
  });

  test.each([
    ['Await start', 'start', 'Resolve principal and accounts'],
    ['Await grant', 'grant', 'Announce grant'],
    ['Await end', 'end', 'Close leases'],
    ['Await revoke', 'revoke', 'Announce end'],
  ])('"%s" goes on in the same way whether it was answered or the time is over', (name, signal, next) => {
    const waiting = state(accessRequest, name);
    expect(waiting).toMatchObject({
      TimeoutSeconds: '{% $seconds %}',
      Next: next,
      Assign: { rounds: '{% $rounds + 1 %}' },
    });
    expect(waiting.Catch).toEqual([
      expect.objectContaining({ ErrorEquals: ['States.Timeout'], Next: next, Assign: waiting.Assign }),
    ]);
    expect(waiting.Arguments?.Payload).toEqual({
      requestId: '{% $requestId %}',
      attempt: '{% $attempt %}',
      signal,
      token: '{% $states.context.Task.Token %}',
    });
    // A wait that ran out is no failure: retrying it would double the time.
    expect(waiting.Retry?.flatMap(({ ErrorEquals }) => ErrorEquals)).not.toContain('States.Timeout');
  });

  test('hands every function nothing but ids and a word', () => {
    const keys = tasksOf(accessRequest).flatMap(([, { Arguments }]) => Object.keys(Arguments?.Payload ?? {}));
    expect([...new Set(keys)].sort()).toEqual([
      'announce',
      'attempt',
      'change',
      'requestId',
      'signal',
      'token',
    ]);
  });

  test('sets the seconds before every state that waits for them', () => {
    const setters = tasksOf(accessRequest).filter(([, { Assign = {} }]) => 'seconds' in Assign);
    expect(setters.map(([name]) => name).sort()).toEqual([
      'Announce end',
      'Announce grant',
      'Close leases',
      'Decide',
      'Open leases',
    ]);
  });
});

describe('the dispatcher machine', () => {
  const dispatcher = machine('latchkey-dispatcher');

  test('goes from pass to pass until nothing is left', async () => {
    const { Choices = [], Default } = state(dispatcher, 'Operations left?');
    expect(await firstThatHolds(Choices, { pass: 3, left: false })).toBe('Done');
    expect(await firstThatHolds(Choices, { pass: 3, left: true })).toBeUndefined();
    expect(Default).toBe('Wait');
    expect(state(dispatcher, 'Wait')).toMatchObject({
      Seconds: '{% $states.input.seconds %}',
      Next: 'Advance operations',
    });
  });

  test('lets the function hand over before its own limit, which keeps the history under 5,000 events', () => {
    expect(PASS_LIMIT).toBeGreaterThan(PASSES_PER_EXECUTION);
    // Begin, then task (5), choice (2) and wait (2) a pass, then the end.
    expect(4 + PASS_LIMIT * 9 + 4).toBeLessThan(5_000);
  });

  test('hands the function the epoch and how many passes were begun before', () => {
    expect(state(dispatcher, 'Begin').Assign).toEqual({ epoch: '{% $states.input.epoch %}', pass: 0 });
    expect(state(dispatcher, 'Advance operations')).toMatchObject({
      Arguments: { Payload: { epoch: '{% $epoch %}', pass: '{% $pass %}' } },
      Assign: { pass: '{% $pass + 1 %}' },
    });
  });
});
