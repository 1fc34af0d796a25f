import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { type Construct } from 'constructs';
import { acknowledge } from '../acknowledge';

/** Properties of {@link DeadLetterQueue}. */
export interface DeadLetterQueueProps {
  readonly key: kms.IKey;
}

/** Keeps what a service gave up on: for 14 days (the longest that SQS has), encrypted, over TLS only. */
export class DeadLetterQueue extends sqs.Queue {
  public constructor(scope: Construct, id: string, props: DeadLetterQueueProps) {
    super(scope, id, {
      encryption: sqs.QueueEncryption.KMS,
      encryptionMasterKey: props.key,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    acknowledge(
      this,
      'AwsSolutions-SQS3',
      'this is itself a dead-letter queue; a further one would have no reader',
    );
  }
}
