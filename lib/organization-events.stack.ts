import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Settings } from '../core/settings/settings';
import { alarmTopic } from './constructs/alarm-topic';
import { DeadLetterQueue } from './constructs/dead-letter-queue';
import { StackKey } from './constructs/stack-key';
import {
  CHANGES,
  type ForwarderPlan,
  forwarderPlans,
  forwarderRoleName,
  ORGANIZATION_BUS_NAME,
  UNDELIVERED_EVENTS,
} from './organization-events';

/** Properties of {@link OrganizationEventsStack}. Account and Region come from the settings and the plan. */
export interface OrganizationEventsStackProps extends Omit<StackProps, 'env'> {
  readonly settings: Settings;
  readonly plan: ForwarderPlan;
}

/**
 * Sends what happens in the management account's Region on to Latchkey's bus in the home Region, and does nothing else: no function, no
 * data, one role that may put events on that one bus. EventBridge keeps trying for a day; what does not arrive then lies in a dead-letter
 * queue and raises an alarm.
 */
export class OrganizationEventsStack extends Stack {
  public constructor(scope: Construct, id: string, props: OrganizationEventsStackProps) {
    const { settings, plan, ...stackProps } = props;
    super(scope, id, {
      description: 'Latchkey: sends events of the organization to the account that Latchkey is in',
      terminationProtection: true,
      ...stackProps,
      env: { account: settings.managementAccountId, region: plan.region },
    });
    const key = new StackKey(this, 'Key', { alias: 'latchkey-organization-events' });
    const deadLetterQueue = new DeadLetterQueue(this, 'DeadLetters', { key });
    const target = this.#target(settings, deadLetterQueue);
    for (const [name, pattern] of plan.groups.flatMap((group) => Object.entries(CHANGES[group]))) {
      const { source, detailType, detail } = pattern;
      new events.Rule(this, name, {
        description: `Sends events to Latchkey: ${name}`,
        eventPattern: {
          source: [...source],
          account: [settings.managementAccountId],
          detailType: [...detailType],
          ...(detail === undefined ? {} : { detail }),
        },
        targets: [target],
      });
    }
    // In this account and Region: an alarm cannot tell a topic elsewhere.
    const { topicName } = UNDELIVERED_EVENTS;
    const topic = alarmTopic(this, 'Topic', { topicName, key, email: settings.alarmEmail });
    this.#alarm(deadLetterQueue, topic);
  }

  /** EventBridge's own limits are those that are wanted: 185 retries within a day. */
  #target(settings: Settings, deadLetterQueue: DeadLetterQueue): targets.EventBus {
    const busArn = `arn:${this.partition}:events:${settings.homeRegion}:${settings.hostAccountId}:event-bus/${ORGANIZATION_BUS_NAME}`;
    const role = new iam.Role(this, 'Forwarder', {
      roleName: forwarderRoleName(this.region),
      description: "Puts events of the organization on Latchkey's bus",
      assumedBy: new iam.ServicePrincipal('events.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
      inlinePolicies: {
        PutEvents: new iam.PolicyDocument({
          statements: [
            new iam.PolicyStatement({
              sid: 'PutEvents',
              actions: ['events:PutEvents'],
              resources: [busArn],
            }),
          ],
        }),
      },
    });
    return new targets.EventBus(events.EventBus.fromEventBusArn(this, 'Bus', busArn), {
      role: role.withoutPolicyUpdates(),
      deadLetterQueue,
    });
  }

  #alarm(deadLetterQueue: DeadLetterQueue, topic: sns.Topic): void {
    const alarm = new cloudwatch.Alarm(this, 'Undelivered', {
      alarmName: UNDELIVERED_EVENTS.alarmName,
      alarmDescription:
        'Events of the organization could not be delivered to Latchkey and lie in a dead-letter queue: ' +
        'see "A dead-letter queue is not empty" in docs/runbook.md.',
      metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: 0,
      evaluationPeriods: 5,
      datapointsToAlarm: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(topic));
    alarm.addOkAction(new SnsAction(topic));
  }
}

/** The stacks that the settings ask for, none unless `organizationEvents` is set; each deploys after `latchkey`, whose bus it needs. */
export function organizationEventsStacks(
  scope: Construct,
  settings: Settings,
  latchkey: Stack,
): readonly OrganizationEventsStack[] {
  return forwarderPlans(settings).map((plan) => {
    const stack = new OrganizationEventsStack(scope, plan.stackName, { settings, plan });
    stack.addStackDependency(latchkey, 'the bus is there');
    return stack;
  });
}
