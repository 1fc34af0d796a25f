import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { DeadLetterQueue } from './dead-letter-queue';

/** Properties of {@link encryptedBus}. */
export interface EncryptedBusProps {
  readonly eventBusName: string;
  readonly description: string;
  readonly key: kms.IKey;
}

/** A bus with a key, and the queue of the events that it could not handle: those that it cannot decrypt. */
export function encryptedBus(
  scope: Construct,
  { eventBusName, description, key }: EncryptedBusProps,
): { readonly bus: events.EventBus; readonly deadLetters: DeadLetterQueue } {
  const deadLetters = new DeadLetterQueue(scope, 'DeadLetters', { key });
  const bus = new events.EventBus(scope, 'Bus', {
    eventBusName,
    description,
    kmsKey: key,
    deadLetterQueue: deadLetters,
  });
  deadLetters.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'FromTheBus',
      principals: [new iam.ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [deadLetters.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': bus.eventBusArn } },
    }),
  );
  return { bus, deadLetters };
}
