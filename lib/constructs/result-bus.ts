import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { EVENT_BUS } from '../../lambdas/runtime/contract';
import { DeadLetterQueue } from './dead-letter-queue';

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
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', { key: props.key });
    this.bus = new events.EventBus(this, 'Bus', {
      eventBusName: EVENT_BUS.name,
      description: 'What came of access requests',
      kmsKey: props.key,
      // Where events go that the bus cannot decrypt.
      deadLetterQueue: this.deadLetters,
    });
    this.deadLetters.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'FromTheBus',
        principals: [new iam.ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.deadLetters.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': this.bus.eventBusArn } },
      }),
    );
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
