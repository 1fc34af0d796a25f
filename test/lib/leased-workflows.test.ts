import { STEPS_PER_BASELINE } from '../../core/baselines/next-step';
import { STEPS_PER_EXECUTION } from '../../core/permission-sets/look-at-rollout';
import { STEPS_PER_EXECUTION as STEPS_PER_RECONCILIATION } from '../../core/reconcile/advance';
import {
  BASELINE_STEP_LIMIT,
  MOST_EVENTS_IN_BASELINE_STEPS,
} from '../../lib/workflows/account-baseline.workflow';
import { MOST_EVENTS_IN_STEPS, STEP_LIMIT } from '../../lib/workflows/permission-set-rollout.workflow';
import { MOST_EVENTS_IN_RECONCILE_STEPS, RECONCILE_STEP_LIMIT } from '../../lib/workflows/reconcile.workflow';
import { firstThatHolds, machine, state } from '../support/deployed-machines';

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

  test('goes where the step before says, after every step, and ends where it says so', async () => {
    for (const [next, target] of Object.entries({ ...STEPS, wait: 'Wait' }))
      expect([next, await firstThatHolds(Choices, { next })]).toEqual([next, target]);
    expect(await firstThatHolds(Choices, { next: 'done' })).toBe('Done');
    // A word that nobody knows fails the execution, which an alarm tells.
    expect(Default).toBeUndefined();
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
    expect(await taken('done', BASELINE_STEP_LIMIT)).toBe('Done');
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
    expect(await firstThatHolds(Choices, { next: 'done' })).toBe('Done');
    // A word that nobody knows fails the execution, which an alarm tells.
    expect(Default).toBeUndefined();
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
    expect(await taken('done', RECONCILE_STEP_LIMIT)).toBe('Done');
  });

  test('lets a step hand over before that, and cannot reach the limit of the history, every retry used', () => {
    expect(RECONCILE_STEP_LIMIT).toBeGreaterThan(STEPS_PER_RECONCILIATION);
    // 25,000 events an execution; what is outside the steps is below 20.
    expect(MOST_EVENTS_IN_RECONCILE_STEPS).toBeLessThan(24_980);
  });
});
