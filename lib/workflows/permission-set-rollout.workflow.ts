import { Duration } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { STEPS_PER_EXECUTION } from '../../core/permission-sets/look-at-rollout';
import type { NextStep } from '../../core/permission-sets/steps';
import { RolloutTimes } from '../../lambdas/permission-sets/contract';
import { STATE_MACHINE_NAMES } from '../../lambdas/runtime/contract';
import { StandardWorkflow } from '../constructs/standard-workflow';
import { LEASED_STEP_RETRY, lambdaTask } from './lambda-task';
import { COUNTS_STEP, begin, mostEventsIn, waitAsSaid, whatComesNext } from './leased-loop';

/** The functions behind the states. */
interface RolloutFunctions {
  readonly planRollout: lambda.IFunction;
  readonly applyRollout: lambda.IFunction;
  readonly lookAtRollout: lambda.IFunction;
  readonly reportRollout: lambda.IFunction;
}

/** Properties of {@link PermissionSetRolloutWorkflow}. */
export interface PermissionSetRolloutWorkflowProps {
  readonly functions: RolloutFunctions;
  readonly key: kms.IKey;
}

/**
 * A look hands over after {@link STEPS_PER_EXECUTION}; if none came for another hour of steps that take their full time, the machine
 * ends here.
 */
export const STEP_LIMIT = STEPS_PER_EXECUTION + 50;

/** The most history events that the steps can write, each with its choice (2) and a wait (2); usually it is 9 a step. */
export const MOST_EVENTS_IN_STEPS = mostEventsIn(STEP_LIMIT);

/**
 * Brings permission sets, and every account that has them, to their definitions. The machine holds only order and waiting: each step
 * reads the ledger, acts on the difference and says what comes next, so that an execution may stop at any point and be followed by
 * another one.
 */
export class PermissionSetRolloutWorkflow extends Construct {
  public readonly stateMachine: sfn.StateMachine;

  public constructor(scope: Construct, id: string, props: PermissionSetRolloutWorkflowProps) {
    super(scope, id);
    const { planRollout, applyRollout, lookAtRollout, reportRollout } = props.functions;
    const first = begin(this, ['number']);
    const look = this.#step('Look at the rollout', lookAtRollout, {
      comment: 'Follows the accounts of what was applied to the end, and says what comes next',
      input: { steps: '{% $steps %}' },
    });
    const plan = this.#step('Plan', planRollout, {
      comment:
        'Compares the definitions with what is there, and writes down what is to be done with each set',
    });
    const apply = this.#step('Apply next set', applyRollout, {
      comment: 'Creates, changes, drains or deletes sets, one after the other, while its time lasts',
    });
    const report = this.#step('Report', reportRollout, {
      comment: 'Tells what became of each set, and ends, or goes on with what was asked for meanwhile',
    });
    const wait = waitAsSaid(this);
    const branches: Record<Exclude<NextStep['next'], 'done'>, sfn.IChainable> = {
      plan,
      apply,
      report,
      wait,
      look,
    };
    const choice = whatComesNext(this, STEP_LIMIT, branches);
    for (const step of [look, plan, apply, report]) step.next(choice);
    wait.next(look);
    this.stateMachine = new StandardWorkflow(this, 'Workflow', {
      stateMachineName: STATE_MACHINE_NAMES.rollout,
      comment: 'Brings permission sets, and every account that has them, to their definitions',
      start: first.next(look),
      functions: [planRollout, applyRollout, lookAtRollout, reportRollout],
      key: props.key,
    }).stateMachine;
  }

  #step(
    name: string,
    target: lambda.IFunction,
    {
      comment,
      input = {},
    }: {
      readonly comment: string;
      readonly input?: Readonly<Record<string, string>>;
    },
  ): sfn.TaskStateBase {
    return lambdaTask(this, name, {
      target,
      input: { number: '{% $number %}', ...input },
      comment,
      timeout: Duration.seconds(RolloutTimes.task),
      failureRetry: LEASED_STEP_RETRY,
      assign: COUNTS_STEP,
    });
  }
}
