import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Measure } from '../../core/ports/observer';
import {
  ALARM_NAMES,
  ALARM_TOPIC_NAME,
  OBSERVABILITY,
  SWEEP_SUCCEEDED,
  metricName,
} from '../../lambdas/runtime/contract';
import { alarmTopic } from './alarm-topic';

/** Properties of {@link Alarms}. */
export interface AlarmsProps {
  /** Encrypts the topic; its policy lets CloudWatch use it (`StackKey`). */
  readonly key: kms.IKey;
  /** Who is told. @default - nobody, until somebody subscribes to the topic */
  readonly email?: string | undefined;
  /** Every dead-letter queue of the stack. */
  readonly deadLetters: {
    readonly sweepSchedule: sqs.IQueue;
    readonly sweep: sqs.IQueue;
    readonly results: sqs.IQueue;
    readonly deployRule: sqs.IQueue;
    readonly rollout: sqs.IQueue;
    readonly changeRules: sqs.IQueue;
    readonly changes: sqs.IQueue;
    readonly organizationBus: sqs.IQueue;
  };
  readonly baseline: sfn.StateMachine;
  readonly reconcile: sfn.StateMachine;
  readonly rollout: sfn.StateMachine;
  readonly dispatcher: sfn.StateMachine;
  readonly advanceOperations: lambda.IFunction;
}

/** An alarm, as far as the alarms differ. */
interface AlarmPlan {
  readonly name: string;
  /** One sentence; the section is added. */
  readonly means: string;
  /** A heading of docs/runbook.md. */
  readonly section: string;
  readonly metric: cloudwatch.IMetric;
  /** @default - more than 0 */
  readonly isBad?: { readonly comparison: cloudwatch.ComparisonOperator; readonly threshold: number };
  /** How many of the last five minutes have to be bad. @default 1 */
  readonly minutes?: number;
  /** @default - a minute without data is a good one */
  readonly withoutData?: cloudwatch.TreatMissingData;
}

/** What Latchkey and AWS measure is read by the minute. */
const MINUTE = Duration.minutes(1);

/**
 * An alarm is raised with its first bad minute (or as many as it asks for) and is over when none of five is bad, so that
 * what comes and goes is one alarm and two e-mails.
 */
const MINUTES_LOOKED_AT = 5;

/**
 * The alarms, and the topic that tells of them: when one is raised and when it is over. Each stands for a section of
 * docs/runbook.md, which its description names.
 */
export class Alarms extends Construct {
  public readonly topic: sns.Topic;

  public constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.topic = alarmTopic(this, 'Topic', {
      topicName: ALARM_TOPIC_NAME,
      key: props.key,
      email: props.email,
    });
    this.#add('OverdueRevoke', {
      name: ALARM_NAMES.overdueRevoke,
      means: 'Access that should have been gone for 15 minutes is still there, or is not proved to be gone',
      section: 'A request is overdue',
      metric: measured('OverdueRevokes' satisfies Measure, 'Maximum'),
      // Without a sweep nobody knows: what was overdue counts as overdue.
      withoutData: cloudwatch.TreatMissingData.IGNORE,
    });
    this.#deadLetterAlarms(props.deadLetters);
    this.#dispatcherAlarms(props);
    this.#rolloutAlarms(props);
    this.#baselineAlarms(props);
    this.#add('NoSweep', {
      name: ALARM_NAMES.noSweep,
      means: 'No sweep has succeeded for five minutes, so that nothing replaces what is lost or late',
      section: 'No sweep succeeds',
      metric: new cloudwatch.MathExpression({
        // For a minute without data CloudWatch would first look for an older one that has some, and find the last success
        // again and again: the alarm would come late. A 0 is data.
        expression: 'FILL(sweeps, 0)',
        usingMetrics: { sweeps: measured(metricName(SWEEP_SUCCEEDED), 'Sum') },
        label: 'Sweeps that succeeded',
        period: MINUTE,
      }),
      isBad: { comparison: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD, threshold: 1 },
      minutes: MINUTES_LOOKED_AT,
      withoutData: cloudwatch.TreatMissingData.BREACHING,
    });
  }

  #deadLetterAlarms({
    sweepSchedule,
    sweep,
    results,
    deployRule,
    rollout,
    changeRules,
    changes,
    organizationBus,
  }: AlarmsProps['deadLetters']): void {
    const add = (id: string, name: string, queue: sqs.IQueue, what: string): void => {
      this.#add(id, {
        name,
        means: `${what} and lies in a dead-letter queue`,
        section: 'A dead-letter queue is not empty',
        metric: queue.metricApproximateNumberOfMessagesVisible({ period: MINUTE, statistic: 'Maximum' }),
      });
    };
    add(
      'SweepScheduleDeadLetters',
      ALARM_NAMES.sweepScheduleDeadLetters,
      sweepSchedule,
      'A tick could not be delivered to the sweep',
    );
    add('SweepDeadLetters', ALARM_NAMES.sweepDeadLetters, sweep, 'A tick was not handled by the sweep');
    add(
      'ResultDeadLetters',
      ALARM_NAMES.resultDeadLetters,
      results,
      'An event could not be handled by the bus',
    );
    add(
      'DeployRuleDeadLetters',
      ALARM_NAMES.deployRuleDeadLetters,
      deployRule,
      'The end of a deployment could not be delivered',
    );
    add(
      'RolloutDeadLetters',
      ALARM_NAMES.rolloutDeadLetters,
      rollout,
      'The end of a deployment did not lead to a rollout',
    );
    add(
      'ChangeRuleDeadLetters',
      ALARM_NAMES.changeRuleDeadLetters,
      changeRules,
      'A change outside of Latchkey could not be delivered',
    );
    add(
      'ChangeDeadLetters',
      ALARM_NAMES.changeDeadLetters,
      changes,
      'A change outside of Latchkey was not looked at',
    );
    add(
      'OrganizationBusDeadLetters',
      ALARM_NAMES.organizationBusDeadLetters,
      organizationBus,
      'An event of the organization could not be handled by its bus',
    );
  }

  #dispatcherAlarms({ dispatcher, advanceOperations }: AlarmsProps): void {
    const sum: cloudwatch.MetricOptions = { period: MINUTE, statistic: 'Sum' };
    const section = 'A dispatcher fails';
    const add = (id: string, name: string, how: string, metric: cloudwatch.IMetric): void => {
      const means = `An execution of the dispatcher ${how}, and another one is started within two minutes if there is work`;
      this.#add(id, { name, means, section, metric });
    };
    add('DispatcherFailed', ALARM_NAMES.dispatcherFailed, 'failed', dispatcher.metricFailed(sum));
    add('DispatcherTimedOut', ALARM_NAMES.dispatcherTimedOut, 'timed out', dispatcher.metricTimedOut(sum));
    add('DispatcherAborted', ALARM_NAMES.dispatcherAborted, 'was stopped', dispatcher.metricAborted(sum));
    this.#add('PassesFail', {
      name: ALARM_NAMES.passesFail,
      means: 'Passes of the dispatcher go on failing, so that little or nothing is granted and revoked',
      section,
      metric: advanceOperations.metricErrors(sum),
      // A single failure is repeated after seconds. Retries come at least once a minute: three bad minutes are no chance.
      minutes: 3,
    });
  }

  #rolloutAlarms({ rollout }: AlarmsProps): void {
    const section = 'A rollout fails';
    this.#add('RolloutFailed', {
      name: ALARM_NAMES.rolloutFailed,
      means: 'An execution of the rollout failed, and another one is started within two minutes',
      section,
      metric: rollout.metricFailed({ period: MINUTE, statistic: 'Sum' }),
    });
    this.#add('PermissionSetsFailed', {
      name: ALARM_NAMES.permissionSetsFailed,
      means: 'A permission set could not be brought to its definition, or not in all of its accounts',
      section,
      metric: measured('PermissionSetRollouts' satisfies Measure, 'Sum', { outcome: 'failed' }),
    });
  }

  #baselineAlarms({ baseline, reconcile }: AlarmsProps): void {
    const failed: cloudwatch.MetricOptions = { period: MINUTE, statistic: 'Sum' };
    this.#add('BaselineFailed', {
      name: ALARM_NAMES.baselineFailed,
      means: "An execution of an account's baseline failed, and another one is started within two minutes",
      section: "An account's baseline fails",
      metric: baseline.metricFailed(failed),
    });
    this.#add('ReconcileFailed', {
      name: ALARM_NAMES.reconcileFailed,
      means: 'An execution of the reconciliation failed, and another one is started within two minutes',
      section: "An account's baseline fails",
      metric: reconcile.metricFailed(failed),
    });
    this.#add('EndingsHeld', {
      name: ALARM_NAMES.endingsHeld,
      means: 'More access of rules would end at once than the guard against mass change lets through',
      section: 'The guard holds endings back',
      metric: measured('EndingsHeld' satisfies Measure, 'Sum'),
    });
    this.#add('UnknownAssignments', {
      name: ALARM_NAMES.unknownAssignments,
      means: 'A reconciliation found assignments that no claim explains',
      section: 'Assignments that nobody asked for',
      metric: measured('AssignmentDrift' satisfies Measure, 'Maximum', { kind: 'unknown' }),
    });
  }

  #add(id: string, plan: AlarmPlan): void {
    const action = new SnsAction(this.topic);
    const alarm = new cloudwatch.Alarm(this, id, {
      alarmName: plan.name,
      alarmDescription: `${plan.means}: see "${plan.section}" in docs/runbook.md.`,
      metric: plan.metric,
      comparisonOperator: plan.isBad?.comparison ?? cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: plan.isBad?.threshold ?? 0,
      evaluationPeriods: MINUTES_LOOKED_AT,
      datapointsToAlarm: plan.minutes ?? 1,
      treatMissingData: plan.withoutData ?? cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
}

/** A metric of Latchkey itself; without dimensions it is told apart by nothing but the service. */
function measured(
  name: string,
  statistic: string,
  dimensions: Readonly<Record<string, string>> = {},
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: OBSERVABILITY.namespace,
    metricName: name,
    dimensionsMap: { service: OBSERVABILITY.service, ...dimensions },
    statistic,
    period: MINUTE,
  });
}
