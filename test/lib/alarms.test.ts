import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SWEEP_SUCCEEDED } from '../../lambdas/runtime/contract';
import { observer } from '../../lambdas/runtime/make-handler';
import { invoke, valuesOf } from '../support/invocation';
import { type TemplateResource, ofType, synthesizeTemplate } from '../support/stack-template';
import { TEST_SETTINGS } from '../support/test-settings';

const template = synthesizeTemplate();
const alarms = ofType(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
const runbook = readFileSync(join(__dirname, '..', '..', 'docs', 'runbook.md'), 'utf8');
const [TOPIC] = ofType(template, 'AWS::SNS::Topic').map(([id]) => ({ Ref: id }));

/** A metric that an alarm reads: in its own properties, or the only one of its expression. */
interface AlarmMetric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[];
}

function alarm(name: string): Readonly<Record<string, unknown>> {
  const found = alarms.find(({ AlarmName }) => AlarmName === name);
  if (found === undefined)
    throw new Error(`no alarm ${name} among ${alarms.map(({ AlarmName }) => String(AlarmName)).join(', ')}`);
  return found;
}

function metricOf(name: string): AlarmMetric {
  const properties = alarm(name);
  const expressions = (properties.Metrics ?? []) as readonly {
    readonly MetricStat?: { readonly Metric: AlarmMetric };
  }[];
  return (
    expressions.map(({ MetricStat }) => MetricStat?.Metric).find((metric) => metric !== undefined) ??
    (properties as unknown as AlarmMetric)
  );
}

/** The text of a section of the runbook, up to the next one; `undefined` where there is none of that name. */
function sectionOf(heading: string): string | undefined {
  const [, text] = runbook.split(`\n## ${heading}\n`);
  return text?.split('\n## ')[0];
}

function statements(resource: TemplateResource, property: string): readonly Record<string, unknown>[] {
  const document = resource.Properties[property] as {
    readonly Statement: readonly Record<string, unknown>[];
  };
  return document.Statement;
}

describe('every alarm', () => {
  test.each(alarms.map((properties) => [String(properties.AlarmName), properties]))(
    '%s tells the topic when it is raised and when it is over',
    (_name, { AlarmActions, OKActions, ActionsEnabled = true }) => {
      expect({ AlarmActions, OKActions, ActionsEnabled }).toEqual({
        AlarmActions: [TOPIC],
        OKActions: [TOPIC],
        ActionsEnabled: true,
      });
    },
  );

  test.each(alarms.map(({ AlarmName, AlarmDescription }) => [String(AlarmName), String(AlarmDescription)]))(
    '%s is said in one sentence, which names a section of the runbook that helps',
    (name, description) => {
      const [, heading = ''] = /^[A-Z][^.:]+: see "([^"]+)" in docs\/runbook\.md\.$/.exec(description) ?? [];
      const section = sectionOf(heading);
      expect(section).toBeDefined();
      for (const part of ['**Description.**', '**Investigation.**', '**Resolution.**', `\`${name}\``])
        expect(section).toContain(part);
    },
  );

  test('has a name that the policies of key and topic take', () => {
    expect(alarms.filter(({ AlarmName }) => !String(AlarmName).startsWith('latchkey-'))).toEqual([]);
  });
});

describe('the alarms on what Latchkey measures', () => {
  test.each([
    [
      'latchkey-overdue-revoke',
      'OverdueRevokes',
      () => {
        observer.measure('OverdueRevokes', 3);
      },
    ],
    [
      'latchkey-no-sweep',
      'SweepSucceeded',
      () => {
        observer.note(SWEEP_SUCCEEDED);
      },
    ],
    [
      'latchkey-permission-sets-failed',
      'PermissionSetRollouts',
      () => {
        observer.measure('PermissionSetRollouts', 1, { outcome: 'failed' });
      },
    ],
    [
      'latchkey-endings-held',
      'EndingsHeld',
      () => {
        observer.measure('EndingsHeld', 12);
      },
    ],
    [
      'latchkey-unknown-assignments',
      'AssignmentDrift',
      () => {
        observer.measure('AssignmentDrift', 2, { kind: 'unknown' });
      },
    ],
  ])('%s reads the metric that functions write', async (name, metricName, work) => {
    const { metrics } = await invoke(work);

    const [written] = valuesOf(metrics, metricName);
    const { Namespace, MetricName, Dimensions } = metricOf(name);
    expect({ Namespace, MetricName }).toEqual({
      Namespace: metrics[0]?._aws.CloudWatchMetrics[0]?.Namespace,
      MetricName: metricName,
    });
    expect(Object.fromEntries(Dimensions.map((each) => [each.Name, each.Value]))).toEqual(
      written?.dimensions,
    );
  });

  test('say that a revoke is overdue with the first minute, and go on saying it while no sweep tells', () => {
    expect(alarm('latchkey-overdue-revoke')).toMatchObject({
      Statistic: 'Maximum',
      Period: 60,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 0,
      DatapointsToAlarm: 1,
      TreatMissingData: 'ignore',
    });
  });

  test('say that no sweep succeeded for five minutes, with data that says so or without any', () => {
    expect(alarm('latchkey-no-sweep')).toMatchObject({
      Metrics: expect.arrayContaining([
        expect.objectContaining({ Expression: 'FILL(sweeps, 0)', ReturnData: true }),
        expect.objectContaining({
          Id: 'sweeps',
          MetricStat: expect.objectContaining({ Period: 60, Stat: 'Sum' }) as unknown,
        }),
      ]) as unknown,
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      EvaluationPeriods: 5,
      DatapointsToAlarm: 5,
      TreatMissingData: 'breaching',
    });
  });
});

describe('the alarms on dead letters', () => {
  test('look at every queue of the stack', () => {
    const queues = ofType(template, 'AWS::SQS::Queue').map(([id]) => id);
    const watched = alarms
      .filter(({ Namespace }) => Namespace === 'AWS/SQS')
      .map(({ Dimensions }) => JSON.stringify(Dimensions));
    expect(watched).toHaveLength(queues.length);
    for (const id of queues) expect(watched.filter((text) => text.includes(`"${id}"`))).toHaveLength(1);
  });

  test('are raised by one message', () => {
    for (const properties of alarms.filter(({ Namespace }) => Namespace === 'AWS/SQS'))
      expect(properties).toMatchObject({
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Statistic: 'Maximum',
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 0,
        DatapointsToAlarm: 1,
        TreatMissingData: 'notBreaching',
      });
  });
});

describe('the alarms on the dispatcher', () => {
  test.each([
    ['latchkey-dispatcher-failed', 'ExecutionsFailed'],
    ['latchkey-dispatcher-timed-out', 'ExecutionsTimedOut'],
    ['latchkey-dispatcher-aborted', 'ExecutionsAborted'],
  ])('%s is raised by one execution', (name, MetricName) => {
    expect(alarm(name)).toMatchObject({
      Namespace: 'AWS/States',
      MetricName,
      Dimensions: [{ Name: 'StateMachineArn', Value: { Ref: 'DispatcherWorkflowStateMachine5568B5E0' } }],
      Statistic: 'Sum',
      Threshold: 0,
      DatapointsToAlarm: 1,
      TreatMissingData: 'notBreaching',
    });
  });

  test('forgive a pass that fails by chance, and no three bad minutes of five', () => {
    expect(alarm('latchkey-passes-fail')).toMatchObject({
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: 'FunctionsAdvanceOperationsFunction9A03324B' } }],
      Threshold: 0,
      EvaluationPeriods: 5,
      DatapointsToAlarm: 3,
    });
  });
});

describe('the alarms on rollouts', () => {
  test('are raised by one execution that failed', () => {
    expect(alarm('latchkey-rollout-failed')).toMatchObject({
      Namespace: 'AWS/States',
      MetricName: 'ExecutionsFailed',
      Dimensions: [{ Name: 'StateMachineArn', Value: { Ref: 'RolloutWorkflowStateMachine6AE53C60' } }],
      Statistic: 'Sum',
      Threshold: 0,
      DatapointsToAlarm: 1,
      TreatMissingData: 'notBreaching',
    });
  });

  test('are raised by one permission set that failed, and over when nothing fails any more', () => {
    expect(alarm('latchkey-permission-sets-failed')).toMatchObject({
      Statistic: 'Sum',
      Threshold: 0,
      DatapointsToAlarm: 1,
      TreatMissingData: 'notBreaching',
    });
  });
});

describe('the alarms on baselines', () => {
  test.each([
    ['latchkey-baseline-failed', 'BaselineWorkflowStateMachine'],
    ['latchkey-reconcile-failed', 'ReconcileWorkflowStateMachine'],
  ])('%s is raised by one execution that failed', (name, machine) => {
    expect(alarm(name)).toMatchObject({
      Namespace: 'AWS/States',
      MetricName: 'ExecutionsFailed',
      Dimensions: [{ Name: 'StateMachineArn', Value: { Ref: expect.stringContaining(machine) as string } }],
      Statistic: 'Sum',
      Threshold: 0,
      DatapointsToAlarm: 1,
      TreatMissingData: 'notBreaching',
    });
  });

  test.each([
    ['latchkey-endings-held', 'Sum'],
    ['latchkey-unknown-assignments', 'Maximum'],
  ])('%s is raised by the first one that is told, and over when none is told any more', (name, statistic) => {
    expect(alarm(name)).toMatchObject({
      Statistic: statistic,
      Period: 60,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 0,
      DatapointsToAlarm: 1,
      TreatMissingData: 'notBreaching',
    });
  });
});

describe('the topic', () => {
  const fromAlarms = {
    StringEquals: { 'aws:SourceAccount': '222233334444' },
    ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:eu-west-1:222233334444:alarm:latchkey-*' },
  };

  test('is encrypted with the own key, which its alarms may use', () => {
    const [[, topic]] = ofType(template, 'AWS::SNS::Topic') as [[string, TemplateResource]];
    const [[keyId, key]] = ofType(template, 'AWS::KMS::Key') as [[string, TemplateResource]];
    expect(topic.Properties.KmsMasterKeyId).toEqual({ 'Fn::GetAtt': [keyId, 'Arn'] });
    expect(statements(key, 'KeyPolicy')).toContainEqual({
      Sid: 'AlarmsToTopic',
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Resource: '*',
      Condition: fromAlarms,
    });
  });

  test('takes messages of these alarms alone, over TLS alone', () => {
    const [[, policy]] = ofType(template, 'AWS::SNS::TopicPolicy') as [[string, TemplateResource]];
    const all = statements(policy, 'PolicyDocument');
    expect(all.filter(({ Effect }) => Effect === 'Allow')).toEqual([
      {
        Sid: 'AlarmsOfThisStack',
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: TOPIC,
        Condition: fromAlarms,
      },
    ]);
    expect(all).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Principal: '*',
        Action: 'sns:Publish',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    );
  });

  test('tells nobody where the settings name no address', () => {
    expect(ofType(template, 'AWS::SNS::Subscription')).toEqual([]);
  });

  test('tells the address of the settings, which no function is given', () => {
    const alarmEmail = 'on-call@example.com';
    const told = synthesizeTemplate({ ...TEST_SETTINGS, alarmEmail });

    const subscriptions = ofType(told, 'AWS::SNS::Subscription').map(([, { Properties }]) => Properties);
    expect(subscriptions).toEqual([{ Protocol: 'email', Endpoint: alarmEmail, TopicArn: TOPIC }]);
    expect(JSON.stringify(ofType(told, 'AWS::Lambda::Function'))).not.toContain(alarmEmail);
  });
});
