import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/** Properties of {@link StackKey}. */
export interface StackKeyProps {
  /** Unique in its account and Region. @default 'latchkey' */
  readonly alias?: string;
}

/**
 * The customer-managed key of the stack: table, logs, queues, bus and topic. It is kept when the stack goes, as the table is:
 * without it nobody could read the table again.
 */
export class StackKey extends kms.Key {
  public constructor(scope: Construct, id: string, { alias = 'latchkey' }: StackKeyProps = {}) {
    super(scope, id, {
      alias,
      description: 'Encrypts what Latchkey keeps: ledger, logs, queues, events, alarms',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const { account, partition, region, urlSuffix } = Stack.of(this);
    this.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'LogsOfThisAccount',
        principals: [new iam.ServicePrincipal(`logs.${region}.${urlSuffix}`)],
        actions: ['kms:Decrypt*', 'kms:Describe*', 'kms:Encrypt*', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
        resources: ['*'],
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*`,
          },
        },
      }),
    );
    this.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'EventsToDeadLetters',
        principals: [new iam.ServicePrincipal('events.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
        },
      }),
    );
    this.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AlarmsToTopic',
        principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions: fromAlarms(Stack.of(this)),
      }),
    );
  }
}

/** Conditions by which a policy takes CloudWatch's alarms of this stack, and those of nobody else. */
export function fromAlarms(stack: Stack): Record<string, Record<string, string>> {
  return {
    StringEquals: { 'aws:SourceAccount': stack.account },
    ArnLike: {
      'aws:SourceArn': stack.formatArn({
        service: 'cloudwatch',
        resource: 'alarm',
        // All of ALARM_NAMES begin so.
        resourceName: 'latchkey-*',
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    },
  };
}
