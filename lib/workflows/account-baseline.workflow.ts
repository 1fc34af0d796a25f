import { Duration } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { type BaselineStepName, STEPS_PER_BASELINE } from '../../core/baselines/next-step';
import { BaselineTimes } from '../../lambdas/baselines/contract';
import { STATE_MACHINE_NAMES } from '../../lambdas/runtime/contract';
import { StandardWorkflow } from '../constructs/standard-workflow';
import { LEASED_STEP_RETRY, lambdaTask } from './lambda-task';
import { COUNTS_STEP, begin, mostEventsIn, waitAsSaid, whatComesNext } from './leased-loop';

/** Properties of {@link AccountBaselineWorkflow}. */
export interface AccountBaselineWorkflowProps {
  readonly advanceBaseline: lambda.IFunction;
  readonly key: kms.IKey;
}

/** The function hands over after {@link STEPS_PER_BASELINE}; if it did not, the machine ends here. */
export const BASELINE_STEP_LIMIT = STEPS_PER_BASELINE + 50;

/** The most history events that the steps can write, each with its choice (2), and a wait with the choice after it (4); usually it is 9 a step. */
export const MOST_EVENTS_IN_BASELINE_STEPS = mostEventsIn(BASELINE_STEP_LIMIT);

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
    const first = begin(this, ['accountId', 'number']);
    const tasks = Object.entries(STATES).map(([step, { name, comment }]) => ({
      step,
      task: lambdaTask(this, name, {
        target: advanceBaseline,
        input: { accountId: '{% $accountId %}', number: '{% $number %}', step, steps: '{% $steps %}' },
        comment,
        timeout: Duration.seconds(BaselineTimes.task),
        failureRetry: LEASED_STEP_RETRY,
        assign: COUNTS_STEP,
      }),
    }));
    const wait = waitAsSaid(this, { next: '{% $states.input.step %}' });
    const steps = Object.fromEntries(tasks.map(({ step, task }) => [step, task]));
    const choice = whatComesNext(this, BASELINE_STEP_LIMIT, { ...steps, wait });
    for (const { task } of tasks) task.next(choice);
    wait.next(choice);
    const [entry] = tasks;
    if (entry === undefined) throw new Error('an account baseline has no step to begin with');
    this.stateMachine = new StandardWorkflow(this, 'Workflow', {
      stateMachineName: STATE_MACHINE_NAMES.baseline,
      comment: 'Gives an account what the rules of the baselines want there',
      start: first.next(entry.task),
      functions: [advanceBaseline],
      key,
    }).stateMachine;
  }
}
