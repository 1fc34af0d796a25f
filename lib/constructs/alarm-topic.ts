import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { fromAlarms } from './stack-key';

/** Properties of {@link alarmTopic}. */
export interface AlarmTopicProps {
  readonly topicName: string;
  /** Encrypts the topic; its policy lets CloudWatch use it (`StackKey`). */
  readonly key: kms.IKey;
  /** Who is told. @default - nobody, until somebody subscribes to the topic */
  readonly email?: string | undefined;
}

/** A topic that alarms of its stack may publish to, and nobody else. */
export function alarmTopic(
  scope: Construct,
  id: string,
  { topicName, key, email }: AlarmTopicProps,
): sns.Topic {
  const topic = new sns.Topic(scope, id, {
    topicName,
    // The sender's name of the e-mails.
    displayName: 'Latchkey',
    masterKey: key,
    enforceSSL: true,
  });
  // A topic that has a policy has no default one, by which alarms of the account could publish.
  topic.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'AlarmsOfThisStack',
      principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: fromAlarms(Stack.of(scope)),
    }),
  );
  if (email !== undefined) topic.addSubscription(new EmailSubscription(email));
  return topic;
}
