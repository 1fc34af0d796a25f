import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { DeadLetterQueue } from './dead-letter-queue';

/** Properties of {@link SweepSchedule}. */
export interface SweepScheduleProps {
  readonly sweep: lambda.Function;
  readonly key: kms.IKey;
}

/**
 * Starts the sweep every minute. A tick that is a few minutes old is worth nothing, since the next one sees the same: it is
 * retried for five minutes and then kept as a dead letter, so that a schedule that never gets through is seen.
 */
export class SweepSchedule extends Construct {
  /** Ticks that could not be delivered. */
  public readonly deadLetters: DeadLetterQueue;

  public constructor(scope: Construct, id: string, props: SweepScheduleProps) {
    super(scope, id);
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', { key: props.key });
    new events.Rule(this, 'EveryMinute', {
      description: 'Looks for what no event told: due looks, stuck operations, requests without an execution',
      schedule: events.Schedule.rate(Duration.minutes(1)),
      targets: [
        new targets.LambdaFunction(props.sweep, {
          deadLetterQueue: this.deadLetters,
          retryAttempts: 4,
          maxEventAge: Duration.minutes(5),
        }),
      ],
    });
    // A tick that Lambda has taken and that failed is not run again: the next minute does it anyway.
    props.sweep.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
  }
}
