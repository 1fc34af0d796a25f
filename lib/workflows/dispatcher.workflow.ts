import { Duration } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { DispatcherTimes, PASSES_PER_EXECUTION } from '../../lambdas/dispatcher/contract';
import { STATE_MACHINE_NAMES } from '../../lambdas/runtime/contract';
import { StandardWorkflow } from '../constructs/standard-workflow';
import { LEASED_STEP_RETRY, lambdaTask } from './lambda-task';

/** Properties of {@link DispatcherWorkflow}. */
export interface DispatcherWorkflowProps {
  readonly advanceOperations: lambda.IFunction;
  readonly key: kms.IKey;
}

/**
 * The function hands over after {@link PASSES_PER_EXECUTION} passes; if it ever did not, the machine ends here. A pass is
 * 9 history events (task 5, choice 2, wait 2), so this is 4,500 of the 25,000 that an execution may have.
 */
export const PASS_LIMIT = PASSES_PER_EXECUTION + 50;

/** The one workflow that makes the asynchronous admin calls and follows them, pass by pass, until nothing is left. */
export class DispatcherWorkflow extends Construct {
  public readonly stateMachine: sfn.StateMachine;

  public constructor(scope: Construct, id: string, props: DispatcherWorkflowProps) {
    super(scope, id);
    const begin = sfn.Pass.jsonata(this, 'Begin', {
      comment: 'Keeps the epoch and counts the passes from zero',
      assign: { epoch: '{% $states.input.epoch %}', pass: 0 },
      outputs: {},
    });
    const advance = lambdaTask(this, 'Advance operations', {
      target: props.advanceOperations,
      input: { epoch: '{% $epoch %}', pass: '{% $pass %}' },
      comment: 'One pass: looks at what is under way, settles what ended, submits what may be submitted',
      timeout: Duration.seconds(DispatcherTimes.task),
      assign: { pass: '{% $pass + 1 %}' },
      failureRetry: LEASED_STEP_RETRY,
    });
    const wait = sfn.Wait.jsonata(this, 'Wait', {
      time: sfn.WaitTime.seconds('{% $states.input.seconds %}'),
    });
    const left = sfn.Choice.jsonata(this, 'Operations left?')
      .when(sfn.Condition.jsonata('{% $states.input.left = false %}'), sfn.Succeed.jsonata(this, 'Done'))
      .when(
        sfn.Condition.jsonata(`{% $pass >= ${PASS_LIMIT} %}`),
        sfn.Fail.jsonata(this, 'Continue in a fresh execution', {
          error: 'Latchkey.TooManyPasses',
          cause: `after ${PASS_LIMIT} passes the history is long enough: the sweep starts a dispatcher of the next epoch`,
        }),
      )
      .when(sfn.Condition.jsonata('{% $states.input.seconds = 0 %}'), advance)
      .otherwise(wait);
    wait.next(advance);
    this.stateMachine = new StandardWorkflow(this, 'Workflow', {
      stateMachineName: STATE_MACHINE_NAMES.dispatcher,
      comment:
        'Makes the asynchronous calls to Identity Center, one writer at a time, and follows each to its end',
      start: begin.next(advance).next(left),
      functions: [props.advanceOperations],
      key: props.key,
    }).stateMachine;
  }
}
