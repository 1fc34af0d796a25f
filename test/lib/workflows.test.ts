import jsonata from 'jsonata';
import { machineDefinitions } from '../../cli/machine-diagram';
import { STEPS_PER_BASELINE } from '../../core/baselines/next-step';
import { STEPS_PER_EXECUTION } from '../../core/permission-sets/look-at-rollout';
import { STEPS_PER_EXECUTION as STEPS_PER_RECONCILIATION } from '../../core/reconcile/advance';
import { PASSES_PER_EXECUTION } from '../../lambdas/dispatcher/contract';
import { MOST_EVENTS_IN_ROUNDS, ROUNDS_PER_EXECUTION } from '../../lib/workflows/access-request.workflow';
import {
  BASELINE_STEP_LIMIT,
  MOST_EVENTS_IN_BASELINE_STEPS,
} from '../../lib/workflows/account-baseline.workflow';
import { PASS_LIMIT } from '../../lib/workflows/dispatcher.workflow';
import { MOST_EVENTS_IN_STEPS, STEP_LIMIT } from '../../lib/workflows/permission-set-rollout.workflow';
import { MOST_EVENTS_IN_RECONCILE_STEPS, RECONCILE_STEP_LIMIT } from '../../lib/workflows/reconcile.workflow';
import { ofType, synthesizeTemplate } from '../support/stack-template';

interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly MaxAttempts: number;
  readonly JitterStrategy?: string;
}

interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly Arguments?: { readonly FunctionName: string; readonly Payload: Readonly<Record<string, unknown>> };
  readonly Assign?: Readonly<Record<string, unknown>>;
  readonly Output?: Readonly<Record<string, unknown>>;
  readonly TimeoutSeconds?: number | string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Condition: string; readonly Next: string }[];
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly {
    readonly ErrorEquals: readonly string[];
    readonly Next: string;
    readonly Assign?: Readonly<Record<string, unknown>>;
  }[];
  readonly Cause?: string;
}

interface Machine {
  readonly StartAt: string;
  readonly QueryLanguage: string;
  readonly States: Readonly<Record<string, State>>;
}

type Validator = (definition: unknown) => { readonly isValid: boolean; errorsText(): string };

const template = synthesizeTemplate();
const machines = machineDefinitions(template) as unknown as Readonly<Record<string, Machine>>;
const NAMES = [
  'latchkey-access-request',
  'latchkey-dispatcher',
  'latchkey-permission-set-rollout',
  'latchkey-account-baseline',
  'latchkey-reconcile',
] as const;

function machine(name: (typeof NAMES)[number]): Machine {
  const found = machines[name];
  if (found === undefined) throw new Error(`no machine ${name}`);
  return found;
}

function state(of: Machine, name: string): State {
  const found = of.States[name];
  if (found === undefined) throw new Error(`no state ${name} among ${Object.keys(of.States).join(', ')}`);
  return found;
}

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

describe('the rollout machine', () => {
  const rollout = machine('latchkey-permission-set-rollout');
  const { Choices = [] } = state(rollout, 'What comes next?');
  const STEPS = ['Look at the rollout', 'Plan', 'Apply next set', 'Report'];

  test('goes where the step before says, after every step', async () => {
    const branches = {
      look: 'Look at the rollout',
      plan: 'Plan',
      apply: 'Apply next set',
      report: 'Report',
      wait: 'Wait',
      done: 'Done',
    };
    for (const [next, target] of Object.entries(branches))
      expect([next, await firstThatHolds(Choices, { next })]).toEqual([next, target]);
    expect(await firstThatHolds(Choices, { next: 'elsewhere' })).toBeUndefined();
    expect(STEPS.map((step) => state(rollout, step).Next)).toEqual(STEPS.map(() => 'What comes next?'));
    expect(state(rollout, 'Wait')).toMatchObject({
      Seconds: '{% $states.input.seconds %}',
      Next: 'Look at the rollout',
    });
  });

  test('begins with a look, which finds what an execution before this one has left', () => {
    expect(rollout.StartAt).toBe('Begin');
    expect(state(rollout, 'Begin')).toMatchObject({
      Assign: { number: '{% $states.input.number %}', steps: 0 },
      Next: 'Look at the rollout',
    });
  });

  test('hands every step its number, and a look also how many steps were made before', () => {
    const [look, ...others] = STEPS.map((step) => state(rollout, step).Arguments?.Payload);
    const number = '{% $number %}';
    expect(look).toEqual({ number, steps: '{% $steps %}' });
    expect(others).toEqual([{ number }, { number }, { number }]);
    expect(STEPS.map((step) => state(rollout, step).Assign)).toEqual(
      STEPS.map(() => ({ steps: '{% $steps + 1 %}' })),
    );
  });

  test('ends for a fresh execution at the limit of steps, but not when it is done', async () => {
    const taken = (next: string, steps: number) => firstThatHolds(Choices, { steps, next });
    expect(await taken('apply', STEP_LIMIT - 1)).toBe('Apply next set');
    expect(await taken('apply', STEP_LIMIT)).toBe('Continue in a fresh execution');
    expect(await taken('done', STEP_LIMIT)).toBe('Done');
  });

  test('lets a look hand over before that, and cannot reach the limit of the history, every retry used', () => {
    expect(STEP_LIMIT).toBeGreaterThan(STEPS_PER_EXECUTION);
    // 25,000 events an execution; what is outside the steps is below 20.
    expect(MOST_EVENTS_IN_STEPS).toBeLessThan(24_980);
  });
});

describe('the account-baseline machine', () => {
  const baseline = machine('latchkey-account-baseline');
  const { Choices = [], Default } = state(baseline, 'What comes next?');
  const STEPS = {
    ready: 'Await account ready',
    claims: 'Work out claims',
    grant: 'Await grant',
    report: 'Report',
  };

  test('begins with the account as it is now, whatever an execution before this one has left', () => {
    expect(baseline.StartAt).toBe('Begin');
    expect(state(baseline, 'Begin')).toMatchObject({
      Assign: { accountId: '{% $states.input.accountId %}', number: '{% $states.input.number %}', steps: 0 },
      Next: STEPS.ready,
    });
  });

  test('goes where the step before says, after every step, and ends where that is nowhere', async () => {
    for (const [next, target] of Object.entries({ ...STEPS, wait: 'Wait' }))
      expect([next, await firstThatHolds(Choices, { next })]).toEqual([next, target]);
    expect(await firstThatHolds(Choices, { next: 'done' })).toBeUndefined();
    expect(Default).toBe('Done');
    expect(Object.values(STEPS).map((step) => state(baseline, step).Next)).toEqual(
      Object.values(STEPS).map(() => 'What comes next?'),
    );
  });

  test('waits as long as a step says, and goes on with the step that it names', () => {
    expect(state(baseline, 'Wait')).toMatchObject({
      Seconds: '{% $states.input.seconds %}',
      Output: { next: '{% $states.input.step %}' },
      Next: 'What comes next?',
    });
  });

  test('hands every step account, number, its own name and how many steps were made before, and counts it', () => {
    const steps = Object.entries(STEPS).map(([step, name]) => ({ step, ...state(baseline, name) }));
    expect(steps.map(({ Arguments }) => Arguments?.Payload)).toEqual(
      steps.map(({ step }) => ({
        accountId: '{% $accountId %}',
        number: '{% $number %}',
        step,
        steps: '{% $steps %}',
      })),
    );
    expect(steps.map(({ Assign }) => Assign)).toEqual(steps.map(() => ({ steps: '{% $steps + 1 %}' })));
  });

  test('ends for a fresh execution at the limit of steps, but not when it is done', async () => {
    const taken = (next: string, steps: number) => firstThatHolds(Choices, { steps, next });
    expect(await taken('grant', BASELINE_STEP_LIMIT - 1)).toBe('Await grant');
    expect(await taken('grant', BASELINE_STEP_LIMIT)).toBe('Continue in a fresh execution');
    expect(await taken('done', BASELINE_STEP_LIMIT)).toBeUndefined();
  });

  test('lets a step hand over before that, and cannot reach the limit of the history, every retry used', () => {
    expect(BASELINE_STEP_LIMIT).toBeGreaterThan(STEPS_PER_BASELINE);
    // 25,000 events an execution; what is outside the steps is below 20.
    expect(MOST_EVENTS_IN_BASELINE_STEPS).toBeLessThan(24_980);
  });
});

describe('the reconcile machine', () => {
  const reconciliation = machine('latchkey-reconcile');
  const { Choices = [], Default } = state(reconciliation, 'What comes next?');

  test('goes from step to step, at once or after a wait, until nothing is left', async () => {
    expect(await firstThatHolds(Choices, { next: 'step' })).toBe('Compare the next part');
    expect(await firstThatHolds(Choices, { next: 'wait' })).toBe('Wait');
    expect(await firstThatHolds(Choices, { next: 'done' })).toBeUndefined();
    expect(Default).toBe('Done');
    expect(state(reconciliation, 'Wait')).toMatchObject({
      Seconds: '{% $states.input.seconds %}',
      Next: 'Compare the next part',
    });
  });

  test('hands the step its number and how many were made before, and counts it', () => {
    expect(state(reconciliation, 'Begin')).toMatchObject({
      Assign: { number: '{% $states.input.number %}', steps: 0 },
      Next: 'Compare the next part',
    });
    expect(state(reconciliation, 'Compare the next part')).toMatchObject({
      Arguments: { Payload: { number: '{% $number %}', steps: '{% $steps %}' } },
      Assign: { steps: '{% $steps + 1 %}' },
      Next: 'What comes next?',
    });
  });

  test('ends for a fresh execution at the limit of steps, but not when it is done', async () => {
    const taken = (next: string, steps: number) => firstThatHolds(Choices, { steps, next });
    expect(await taken('step', RECONCILE_STEP_LIMIT - 1)).toBe('Compare the next part');
    expect(await taken('step', RECONCILE_STEP_LIMIT)).toBe('Continue in a fresh execution');
    expect(await taken('done', RECONCILE_STEP_LIMIT)).toBeUndefined();
  });

  test('lets a step hand over before that, and cannot reach the limit of the history, every retry used', () => {
    expect(RECONCILE_STEP_LIMIT).toBeGreaterThan(STEPS_PER_RECONCILIATION);
    // 25,000 events an execution; what is outside the steps is below 20.
    expect(MOST_EVENTS_IN_RECONCILE_STEPS).toBeLessThan(24_980);
  });
});

/** The target of the first choice whose condition holds, as Step Functions would evaluate it. */
async function firstThatHolds(
  choices: readonly { readonly Condition: string; readonly Next: string }[],
  { rounds = 0, pass = 0, steps = 0, ...input }: Readonly<Record<string, unknown>>,
): Promise<string | undefined> {
  for (const { Condition, Next } of choices) {
    const expression = jsonata(Condition.replace(/^\{%|%\}$/g, ''));
    if ((await expression.evaluate({}, { states: { input }, rounds, pass, steps })) === true) return Next;
  }
  return undefined;
}
