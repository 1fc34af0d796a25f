import { Duration } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { STEPS_PER_EXECUTION } from '../../core/reconcile/advance';
import { ReconcileTimes } from '../../lambdas/reconcile/contract';
import { STATE_MACHINE_NAMES } from '../../lambdas/runtime/contract';
import { StandardWorkflow } from '../constructs/standard-workflow';
import { LEASED_STEP_RETRY, lambdaTask } from './lambda-task';
import { COUNTS_STEP, begin, mostEventsIn, waitAsSaid, whatComesNext } from './leased-loop';

/** Properties of {@link ReconcileWorkflow}. */
export interface ReconcileWorkflowProps {
  readonly advanceReconciliation: lambda.IFunction;
  readonly key: kms.IKey;
}

/** The function hands over after {@link STEPS_PER_EXECUTION}; if it did not, the machine ends here. */
export const RECONCILE_STEP_LIMIT = STEPS_PER_EXECUTION + 50;

/** The most history events that the steps can write, each with its choice (2) and a wait (2); usually it is 9 a step. */
export const MOST_EVENTS_IN_RECONCILE_STEPS = mostEventsIn(RECONCILE_STEP_LIMIT);

/**
 * Compares what Identity Center has with what the claims want: one function in a loop, which keeps its place in the ledger, so that an
 * execution may stop at any point and be followed by another one.
 */
export class ReconcileWorkflow extends Construct {
  public readonly stateMachine: sfn.StateMachine;

  public constructor(scope: Construct, id: string, props: ReconcileWorkflowProps) {
    super(scope, id);
    const { advanceReconciliation, key } = props;
    const first = begin(this, ['number']);
    const step = lambdaTask(this, 'Compare the next part', {
      target: advanceReconciliation,
      input: { number: '{% $number %}', steps: '{% $steps %}' },
      comment: 'Goes on where the last step ended, at the pace that it registers, while its time lasts',
      timeout: Duration.seconds(ReconcileTimes.task),
      failureRetry: LEASED_STEP_RETRY,
      assign: COUNTS_STEP,
    });
    const wait = waitAsSaid(this);
    const choice = whatComesNext(this, RECONCILE_STEP_LIMIT, { step, wait });
    step.next(choice);
    wait.next(step);
    this.stateMachine = new StandardWorkflow(this, 'Workflow', {
      stateMachineName: STATE_MACHINE_NAMES.reconcile,
      comment: 'Compares what Identity Center has with what the claims want',
      start: first.next(step),
      functions: [advanceReconciliation],
      key,
    }).stateMachine;
  }
}
