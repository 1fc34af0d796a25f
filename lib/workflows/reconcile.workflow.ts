import { Duration } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { STEPS_PER_EXECUTION } from '../../core/reconcile/advance';
import { ReconcileTimes } from '../../lambdas/reconcile/contract';
import { STATE_MACHINE_NAMES } from '../../lambdas/runtime/contract';
import { StandardWorkflow } from '../constructs/standard-workflow';
import { LEASED_STEP_RETRY, lambdaTask, mostEventsPerTask } from './lambda-task';

/** Properties of {@link ReconcileWorkflow}. */
export interface ReconcileWorkflowProps {
  readonly advanceReconciliation: lambda.IFunction;
  readonly key: kms.IKey;
}

/** The function hands over after {@link STEPS_PER_EXECUTION}; if it did not, the machine ends here. */
export const RECONCILE_STEP_LIMIT = STEPS_PER_EXECUTION + 50;

/** The most history events that the steps can write, each with its choice (2) and a wait (2); usually it is 9 a step. */
export const MOST_EVENTS_IN_RECONCILE_STEPS =
  RECONCILE_STEP_LIMIT * (mostEventsPerTask(LEASED_STEP_RETRY) + 2 + 2);

/**
 * Compares what Identity Center has with what the claims want: one function in a loop, which keeps its place in the ledger, so that an
 * execution may stop at any point and be followed by another one.
 */
export class ReconcileWorkflow extends Construct {
  public readonly stateMachine: sfn.StateMachine;

  public constructor(scope: Construct, id: string, props: ReconcileWorkflowProps) {
    super(scope, id);
    const { advanceReconciliation, key } = props;
    const begin = sfn.Pass.jsonata(this, 'Begin', {
      comment: 'Keeps the number and counts the steps from zero',
      assign: { number: '{% $states.input.number %}', steps: 0 },
      outputs: {},
    });
    const step = lambdaTask(this, 'Compare the next part', {
      target: advanceReconciliation,
      input: { number: '{% $number %}', steps: '{% $steps %}' },
      comment: 'Goes on where the last step ended, at the pace that it registers, while its time lasts',
      timeout: Duration.seconds(ReconcileTimes.task),
      failureRetry: LEASED_STEP_RETRY,
      assign: { steps: '{% $steps + 1 %}' },
    });
    const wait = sfn.Wait.jsonata(this, 'Wait', {
      time: sfn.WaitTime.seconds('{% $states.input.seconds %}'),
    });
    const choice = sfn.Choice.jsonata(this, 'What comes next?')
      .when(
        sfn.Condition.jsonata(`{% $steps >= ${RECONCILE_STEP_LIMIT} and $states.input.next != 'done' %}`),
        sfn.Fail.jsonata(this, 'Continue in a fresh execution', {
          error: 'Latchkey.TooManySteps',
          cause: `after ${RECONCILE_STEP_LIMIT} steps the history is long enough: the sweep starts the next execution`,
        }),
      )
      .when(sfn.Condition.jsonata("{% $states.input.next = 'step' %}"), step)
      .when(sfn.Condition.jsonata("{% $states.input.next = 'wait' %}"), wait)
      .otherwise(sfn.Succeed.jsonata(this, 'Done'));
    step.next(choice);
    wait.next(step);
    this.stateMachine = new StandardWorkflow(this, 'Workflow', {
      stateMachineName: STATE_MACHINE_NAMES.reconcile,
      comment: 'Compares what Identity Center has with what the claims want',
      start: begin.next(step),
      functions: [advanceReconciliation],
      key,
    }).stateMachine;
  }
}
