import { Duration, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { DeadLetterQueue } from './dead-letter-queue';

/** Properties of {@link DeployRule}. */
export interface DeployRuleProps {
  readonly startRollout: lambda.Function;
  readonly key: kms.IKey;
}

/**
 * Starts a rollout as soon as a deployment of this very stack is complete, or rolled back. The rule can miss the deployment that makes
 * it: the sweep finds within a minute that other definitions are deployed than were rolled out.
 */
export class DeployRule extends Construct {
  /** Events that could not be delivered. */
  public readonly deadLetters: DeadLetterQueue;

  public constructor(scope: Construct, id: string, props: DeployRuleProps) {
    super(scope, id);
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', { key: props.key });
    new events.Rule(this, 'Deployed', {
      description: 'A deployment of this stack is complete: its permission sets may be others than before',
      eventPattern: {
        source: ['aws.cloudformation'],
        account: [Stack.of(this).account],
        detailType: ['CloudFormation Stack Status Change'],
        detail: {
          'stack-id': [Stack.of(this).stackId],
          'status-details': { status: ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'] },
        },
      },
      targets: [
        new targets.LambdaFunction(props.startRollout, {
          deadLetterQueue: this.deadLetters,
          retryAttempts: 10,
          maxEventAge: Duration.hours(1),
        }),
      ],
    });
    props.startRollout.configureAsyncInvoke({ retryAttempts: 2, maxEventAge: Duration.hours(1) });
  }
}
