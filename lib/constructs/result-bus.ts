import type * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { EVENT_BUS } from '../../lambdas/runtime/contract';
import type { DeadLetterQueue } from './dead-letter-queue';
import { encryptedBus } from './encrypted-bus';

/** Properties of {@link ResultBus}. */
export interface ResultBusProps {
  readonly key: kms.IKey;
}

/** Latchkey's own bus: what came of requests, for whoever makes a rule on it. */
export class ResultBus extends Construct {
  public readonly bus: events.EventBus;
  /** Events that the bus could not handle. */
  public readonly deadLetters: DeadLetterQueue;

  public constructor(scope: Construct, id: string, props: ResultBusProps) {
    super(scope, id);
    const { bus, deadLetters } = encryptedBus(this, {
      eventBusName: EVENT_BUS.name,
      description: 'What came of access requests',
      key: props.key,
    });
    this.bus = bus;
    this.deadLetters = deadLetters;
  }

  /** Putting events on the bus. */
  public publish(): iam.PolicyStatement {
    return new iam.PolicyStatement({
      sid: 'PublishResults',
      actions: ['events:PutEvents'],
      resources: [this.bus.eventBusArn],
    });
  }
}
