import { Duration } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';

/** What can go wrong between Step Functions and Lambda, by no fault of the function. `LambdaInvoke`'s own list lacks the last two. */
const LAMBDA_SERVICE_ERRORS = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.TooManyRequestsException',
  'Lambda.Unknown',
];

/** Retries of service errors: waits of at most 1 + 2 + 4 + 8 + 16 + 30 = 61 s, each a random part of that (full jitter). */
const SERVICE_RETRY: sfn.RetryProps = {
  errors: LAMBDA_SERVICE_ERRORS,
  interval: Duration.seconds(1),
  backoffRate: 2,
  maxDelay: Duration.seconds(30),
  maxAttempts: 6,
  jitterStrategy: sfn.JitterType.FULL,
};

/**
 * Retries of a function that failed: waits of at most 2 + 4 + 8 + 16 + 32 = 62 s. Every function can be repeated, and a
 * request whose execution fails for good gets a fresh one from the sweep, within about a minute: there is no need for more.
 */
const FAILURE_RETRY: sfn.RetryProps = {
  errors: [sfn.Errors.TASKS_FAILED],
  interval: Duration.seconds(2),
  backoffRate: 2,
  maxDelay: Duration.seconds(60),
  maxAttempts: 5,
  jitterStrategy: sfn.JitterType.FULL,
};

/**
 * Retries of a step that works under a lease: after 5 + 10 + 20 + 40 + 4 × 60 s = 5¼ minutes at most. The task's timeout is longer
 * than the lease that the step took, so the next try finds it over. After the last retry the execution fails, and the sweep starts the
 * next one.
 */
export const LEASED_STEP_RETRY: sfn.RetryProps = {
  errors: [sfn.Errors.TASKS_FAILED],
  interval: Duration.seconds(5),
  backoffRate: 2,
  maxDelay: Duration.seconds(60),
  maxAttempts: 8,
  jitterStrategy: sfn.JitterType.FULL,
};

/** History events that one task may write at most: entered and exited, and per try scheduled, started and ended (or submitted too). */
export function mostEventsPerTask(failureRetry: sfn.RetryProps = FAILURE_RETRY): number {
  return 2 + 4 * (1 + (SERVICE_RETRY.maxAttempts ?? 0) + (failureRetry.maxAttempts ?? 0));
}

/** Properties of {@link lambdaTask}. */
export interface LambdaTaskProps {
  readonly target: lambda.IFunction;
  /** The function's input: literals and `{% … %}` expressions. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly comment: string;
  /** Longer than the function's own timeout, so that Lambda ends first and says why. */
  readonly timeout: Duration;
  /** Variables to set from the answer, `$states.result.Payload`. */
  readonly assign?: Readonly<Record<string, unknown>>;
  /** @default - {@link FAILURE_RETRY}, for `States.Timeout` too */
  readonly failureRetry?: sfn.RetryProps;
}

/** A state that calls a function, waits for its answer and hands that on as its output. */
export function lambdaTask(scope: Construct, name: string, props: LambdaTaskProps): sfn.TaskStateBase {
  const failure = props.failureRetry ?? FAILURE_RETRY;
  return tasks.LambdaInvoke.jsonata(scope, name, {
    lambdaFunction: props.target,
    comment: props.comment,
    payload: sfn.TaskInput.fromObject({ ...props.input }),
    taskTimeout: sfn.Timeout.duration(props.timeout),
    outputs: '{% $states.result.Payload %}',
    ...(props.assign === undefined ? {} : { assign: { ...props.assign } }),
    retryOnServiceExceptions: false,
  })
    .addRetry(SERVICE_RETRY)
    .addRetry({ ...failure, errors: [...(failure.errors ?? []), sfn.Errors.TIMEOUT] });
}

/** Properties of {@link awaitTask}. */
export interface AwaitTaskProps {
  readonly target: lambda.IFunction;
  readonly input: Readonly<Record<string, unknown>>;
  readonly comment: string;
  /** An expression for the longest wait, in whole seconds from 1 to 99,999,999. */
  readonly seconds: string;
  /** Variables to set, whether the wait was answered or ran out. */
  readonly assign: Readonly<Record<string, unknown>>;
}

/**
 * A state that gives a function a token and waits until somebody answers with it, or the time is over. Its output is
 * empty: what happened meanwhile is read from the ledger by the state that follows, in both cases the same one.
 */
export function awaitTask(scope: Construct, name: string, props: AwaitTaskProps): sfn.TaskStateBase {
  return tasks.LambdaInvoke.jsonata(scope, name, {
    lambdaFunction: props.target,
    comment: props.comment,
    integrationPattern: sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
    payload: sfn.TaskInput.fromObject({ ...props.input, token: '{% $states.context.Task.Token %}' }),
    taskTimeout: sfn.Timeout.jsonata(props.seconds),
    assign: { ...props.assign },
    outputs: {},
    retryOnServiceExceptions: false,
  })
    .addRetry(SERVICE_RETRY)
    .addRetry(FAILURE_RETRY);
}

/** Where an *Await* state goes: to `next`, answered or not. */
export function thenAlways(
  waiting: sfn.TaskStateBase,
  next: sfn.IChainable,
  assign: Readonly<Record<string, unknown>>,
): void {
  waiting.addCatch(next, { errors: [sfn.Errors.TIMEOUT], outputs: {}, assign: { ...assign } });
  waiting.next(next);
}
