import { Duration } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { type BaselineStepName, STEPS_PER_BASELINE } from '../../core/baselines/next-step';
import { BaselineTimes } from '../../lambdas/baselines/contract';
import { STATE_MACHINE_NAMES } from '../../lambdas/runtime/contract';
import { StandardWorkflow } from '../constructs/standard-workflow';
import { LEASED_STEP_RETRY, lambdaTask, mostEventsPerTask } from './lambda-task';

/** Properties of {@link AccountBaselineWorkflow}. */
export interface AccountBaselineWorkflowProps {
  readonly advanceBaseline: lambda.IFunction;
  readonly key: kms.IKey;
}

/** The function hands over after {@link STEPS_PER_BASELINE}; if it did not, the machine ends here. */
export const BASELINE_STEP_LIMIT = STEPS_PER_BASELINE + 50;

/** The most history events that the steps can write, each with its choice (2), and a wait with the choice after it (4); usually it is 9 a step. */
export const MOST_EVENTS_IN_BASELINE_STEPS =
  BASELINE_STEP_LIMIT * (mostEventsPerTask(LEASED_STEP_RETRY) + 2 + 4);

const STATES: Readonly<Record<BaselineStepName, { readonly name: string; readonly comment: string }>> = {
  ready: {
    name: 'Await account ready',
    comment: 'Reads the account as it is now, and waits while it is being activated',
  },
  claims: {
    name: 'Work out claims',
    comment: 'Opens the claims that the rules want here now, closes the others, and calls for the dispatcher',
  },
  grant: {
    name: 'Await grant',
    comment: 'Looks whether what was asked for is there, at a falling rate, for hours if it takes them',
  },
  report: {
    name: 'Report',
    comment: 'Tells what became of it, and ends, or looks again if somebody has asked meanwhile',
  },
};

/**
 * Gives an account what the rules want there. Whatever event came, or none: each step reads what is there now and acts on the difference,
 * so that an execution may stop at any point and be followed by another one.
 */
export class AccountBaselineWorkflow extends Construct {
  public readonly stateMachine: sfn.StateMachine;

  public constructor(scope: Construct, id: string, props: AccountBaselineWorkflowProps) {
    super(scope, id);
    const { advanceBaseline, key } = props;
    const begin = sfn.Pass.jsonata(this, 'Begin', {
      comment: 'Keeps account and number and counts the steps from zero',
      assign: {
        accountId: '{% $states.input.accountId %}',
        number: '{% $states.input.number %}',
        steps: 0,
      },
      outputs: {},
    });
    const tasks = Object.entries(STATES).map(([step, { name, comment }]) => ({
      step,
      task: lambdaTask(this, name, {
        target: advanceBaseline,
        input: { accountId: '{% $accountId %}', number: '{% $number %}', step, steps: '{% $steps %}' },
        comment,
        timeout: Duration.seconds(BaselineTimes.task),
        failureRetry: LEASED_STEP_RETRY,
        assign: { steps: '{% $steps + 1 %}' },
      }),
    }));
    const wait = sfn.Wait.jsonata(this, 'Wait', {
      time: sfn.WaitTime.seconds('{% $states.input.seconds %}'),
      outputs: { next: '{% $states.input.step %}' },
    });
    const choice = sfn.Choice.jsonata(this, 'What comes next?');
    choice.when(
      sfn.Condition.jsonata(`{% $steps >= ${BASELINE_STEP_LIMIT} and $states.input.next != 'done' %}`),
      sfn.Fail.jsonata(this, 'Continue in a fresh execution', {
        error: 'Latchkey.TooManySteps',
        cause: `after ${BASELINE_STEP_LIMIT} steps the history is long enough: the sweep starts the next execution`,
      }),
    );
    for (const { step, task } of tasks) {
      choice.when(sfn.Condition.jsonata(`{% $states.input.next = '${step}' %}`), task);
      task.next(choice);
    }
    choice.when(sfn.Condition.jsonata("{% $states.input.next = 'wait' %}"), wait);
    choice.otherwise(sfn.Succeed.jsonata(this, 'Done'));
    wait.next(choice);
    const [first] = tasks;
    if (first === undefined) throw new Error('an account baseline has no step to begin with');
    this.stateMachine = new StandardWorkflow(this, 'Workflow', {
      stateMachineName: STATE_MACHINE_NAMES.baseline,
      comment: 'Gives an account what the rules of the baselines want there',
      start: begin.next(first.task),
      functions: [advanceBaseline],
      key,
    }).stateMachine;
  }
}
