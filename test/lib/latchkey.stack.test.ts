import { LedgerTable } from '../../lambdas/runtime/contract';
import { ofType, synthesizeTemplate } from '../support/stack-template';

const template = synthesizeTemplate();

/** Replacing one of these loses data, or breaks executions that run on an older definition: the list may only grow. */
const STATEFUL = {
  Key961B73FD: 'AWS::KMS::Key',
  LedgerTable9343E4AA: 'AWS::DynamoDB::Table',
  ResultsBus7A966C01: 'AWS::Events::EventBus',
  AccessRequestWorkflowStateMachine447D26AE: 'AWS::StepFunctions::StateMachine',
  DispatcherWorkflowStateMachine5568B5E0: 'AWS::StepFunctions::StateMachine',
  RolloutWorkflowStateMachine6AE53C60: 'AWS::StepFunctions::StateMachine',
  BaselineWorkflowStateMachineD533A2E3: 'AWS::StepFunctions::StateMachine',
  ReconcileWorkflowStateMachine85B71D71: 'AWS::StepFunctions::StateMachine',
  OrganizationBus5765E938: 'AWS::Events::EventBus',
} as const;

/** What a definition of one of the machines names; executions keep the definition that they started with. */
const USED_BY_MACHINES = [
  'FunctionsResolveRequestFunction0B45D086',
  'FunctionsDecideRequestFunctionF77A8477',
  'FunctionsChangeLeasesFunctionB3C8E771',
  'FunctionsAwaitSignalFunction403AF060',
  'FunctionsAnnounceFunction01C4113C',
  'FunctionsAdvanceOperationsFunction9A03324B',
  'FunctionsPlanRolloutFunction92A850EF',
  'FunctionsApplyRolloutFunctionC09D7BD1',
  'FunctionsLookAtRolloutFunction75AA896E',
  'FunctionsReportRolloutFunction158B6633',
  'FunctionsAdvanceBaselineFunctionF610F592',
  'FunctionsAdvanceReconciliationFunctionB3501A88',
  'AccessRequestWorkflowRoleA58CE09A',
  'DispatcherWorkflowRole269921C2',
  'RolloutWorkflowRole342139FC',
  'BaselineWorkflowRoleB9A1C2A5',
  'ReconcileWorkflowRoleA8749EB8',
];

function only(type: string) {
  const [first, ...others] = ofType(template, type);
  if (first === undefined || others.length > 0)
    throw new Error(`expected one ${type}, found ${others.length + 1}`);
  return first[1];
}

function rule(part: string) {
  const found = ofType(template, 'AWS::Events::Rule').find(([id]) => id.startsWith(part));
  if (found === undefined) throw new Error(`no rule of ${part}`);
  return found[1].Properties;
}

/** The ARN of the queue whose logical id has this part. */
function queue(part: string) {
  return { 'Fn::GetAtt': [expect.stringContaining(part) as string, 'Arn'] };
}

describe('the stack', () => {
  test('is as it was, apart from what a build changes', () => {
    expect(masked(template)).toMatchSnapshot();
  });

  test('keeps the logical ids of what has state', () => {
    const found = Object.keys(STATEFUL).map((id) => [id, template.Resources[id]?.Type]);
    expect(Object.fromEntries(found)).toEqual(STATEFUL);
  });

  test('keeps the logical ids of the functions and roles that running executions name', () => {
    expect(USED_BY_MACHINES.filter((id) => template.Resources[id] === undefined)).toEqual([]);
  });

  test('keeps ledger and key when they are removed from the template or the stack is deleted', () => {
    for (const type of ['AWS::DynamoDB::Table', 'AWS::KMS::Key']) {
      expect(only(type)).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    }
  });

  test('keeps logs and dead letters too, unless the deploy that makes them fails', () => {
    const kept = [...ofType(template, 'AWS::Logs::LogGroup'), ...ofType(template, 'AWS::SQS::Queue')];
    expect(kept.length).toBeGreaterThan(10);
    const others = kept.filter(([, { DeletionPolicy }]) => DeletionPolicy !== 'RetainExceptOnCreate');
    expect(others.map(([id]) => id)).toEqual([]);
  });

  test('says where requests go and where results come from', () => {
    expect(Object.keys(template.Outputs).sort()).toEqual([
      'AccessRequestMachineArn',
      'AlarmTopicArn',
      'BaselineMachineArn',
      'DispatcherMachineArn',
      'ReconcileMachineArn',
      'RequestApiUrl',
      'ResultBusName',
      'RolloutMachineArn',
    ]);
  });
});

describe('the ledger', () => {
  const { Properties } = only('AWS::DynamoDB::Table');

  test('has text keys and the four indexes of the contract, each with keys alone', () => {
    const keys = (partitionKey: string, sortKey: string) => [
      { AttributeName: partitionKey, KeyType: 'HASH' },
      { AttributeName: sortKey, KeyType: 'RANGE' },
    ];
    expect(Properties.KeySchema).toEqual(keys(LedgerTable.partitionKey, LedgerTable.sortKey));
    expect(Properties.GlobalSecondaryIndexes).toEqual(
      Object.values(LedgerTable.indexes).map(({ name, partitionKey, sortKey }) => ({
        IndexName: name,
        KeySchema: keys(partitionKey, sortKey),
        Projection: { ProjectionType: 'KEYS_ONLY' },
      })),
    );
    const attributes = Properties.AttributeDefinitions as readonly { readonly AttributeType: string }[];
    expect(attributes).toHaveLength(10);
    expect(attributes.every(({ AttributeType }) => AttributeType === 'S')).toBe(true);
  });

  test('is protected, restorable to any second, encrypted with the own key and paid by request', () => {
    expect(Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: {
        SSEEnabled: true,
        SSEType: 'KMS',
        KMSMasterKeyId: { 'Fn::GetAtt': ['Key961B73FD', 'Arn'] },
      },
    });
  });
});

describe('functions', () => {
  const functions = ofType(template, 'AWS::Lambda::Function');

  test('run on Node.js 24 and arm64, traced, each with a log and a role of its own', () => {
    for (const [, { Properties }] of functions) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        TracingConfig: { Mode: 'Active' },
        Handler: 'index.handler',
      });
    }
    const [logs, roles] = ['LoggingConfig', 'Role'].map(
      (property) => new Set(functions.map(([, { Properties }]) => JSON.stringify(Properties[property]))),
    );
    expect([logs?.size, roles?.size]).toEqual([functions.length, functions.length]);
  });

  test('log for a year, encrypted with the own key', () => {
    for (const [, { Properties }] of ofType(template, 'AWS::Logs::LogGroup')) {
      expect(Properties).toMatchObject({
        RetentionInDays: 365,
        KmsKeyId: { 'Fn::GetAtt': ['Key961B73FD', 'Arn'] },
      });
    }
  });

  test('carry the access definitions only where they are read, and are told which of them', () => {
    const told = functions.map(([id, { Properties }]) => {
      const { Variables } = Properties.Environment as {
        readonly Variables: Readonly<Record<string, unknown>>;
      };
      const files = [Variables.ACCESS_FILE, Variables.PERMISSION_SETS_FILE, Variables.BASELINES_FILE].filter(
        (file) => file !== undefined,
      );
      expect([id, Properties.Layers !== undefined]).toEqual([id, files.length > 0]);
      return [/^Functions(\w+)Function/.exec(id)?.[1], files] as const;
    });
    const [policy, sets] = ['/opt/access.json', '/opt/permission-sets.json'];
    const baselines = '/opt/baselines.json';
    expect(told.filter(([, files]) => files.length > 0)).toEqual([
      ['RequestApi', [policy, sets, baselines]],
      ['ResolveRequest', [policy]],
      ['DecideRequest', [policy]],
      ['Sweep', [sets, baselines]],
      ['StartRollout', [sets, baselines]],
      ['PlanRollout', [sets]],
      ['ApplyRollout', [sets]],
      ['LookAtRollout', [sets]],
      ['ReportRollout', [sets]],
      ['PlanPermissionSets', [policy, sets]],
      ['NoticeChange', [baselines]],
      ['AdvanceBaseline', [baselines]],
      ['AdvanceReconciliation', [policy, baselines]],
      ['PlanAccess', [policy, baselines]],
    ]);
  });
});

describe('what could be dropped', () => {
  test('is kept where a tick of the sweep cannot be delivered, after a bounded number of retries', () => {
    const { ScheduleExpression, Targets } = rule('SweepSchedule');
    expect(ScheduleExpression).toBe('rate(1 minute)');
    expect(Targets).toEqual([
      expect.objectContaining({
        DeadLetterConfig: {
          Arn: { 'Fn::GetAtt': [expect.stringContaining('SweepScheduleDeadLetters'), 'Arn'] },
        },
        RetryPolicy: { MaximumEventAgeInSeconds: 300, MaximumRetryAttempts: 4 },
      }),
    ]);
  });

  test('is kept where the sweep fails on a tick, of which one runs at a time', () => {
    const [, sweep] =
      ofType(template, 'AWS::Lambda::Function').find(([id]) => id.startsWith('FunctionsSweep')) ?? [];
    expect(sweep?.Properties).toMatchObject({
      ReservedConcurrentExecutions: 1,
      Timeout: 50,
      DeadLetterConfig: { TargetArn: { 'Fn::GetAtt': [expect.stringContaining('SweepDeadLetters'), 'Arn'] } },
    });
  });

  test('is kept where the end of a deployment cannot be delivered, or does not lead to a rollout', () => {
    const stackId = { Ref: 'AWS::StackId' };
    const { EventPattern, Targets } = rule('DeployRule');
    expect(EventPattern).toEqual({
      source: ['aws.cloudformation'],
      account: ['222233334444'],
      'detail-type': ['CloudFormation Stack Status Change'],
      detail: {
        'stack-id': [stackId],
        'status-details': { status: ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'] },
      },
    });
    expect(Targets).toEqual([
      expect.objectContaining({
        Arn: { 'Fn::GetAtt': ['FunctionsStartRolloutFunctionCCE056DC', 'Arn'] },
        DeadLetterConfig: { Arn: queue('DeployRuleDeadLetters') },
        RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 10 },
      }),
    ]);
    expect(template.Resources.FunctionsStartRolloutFunctionCCE056DC?.Properties.DeadLetterConfig).toEqual({
      TargetArn: queue('RolloutDeadLetters'),
    });
  });

  test('is kept where an event of a change cannot be delivered, or does not lead to a look', () => {
    const targets = ofType(template, 'AWS::Events::Rule')
      .filter(([id]) => id.startsWith('ChangeRules'))
      .flatMap(([, { Properties }]) => Properties.Targets as readonly Readonly<Record<string, unknown>>[]);
    expect(targets.length).toBeGreaterThan(5);
    const deadLetters = { Arn: queue('ChangeRulesDeadLetters') };
    const [noticeChange] = ofType(template, 'AWS::Lambda::Function').filter(([id]) =>
      id.startsWith('FunctionsNoticeChange'),
    );
    const arn = { 'Fn::GetAtt': [noticeChange?.[0], 'Arn'] };
    expect(targets.map(({ Arn, DeadLetterConfig }) => ({ Arn, DeadLetterConfig }))).toEqual(
      targets.map(() => ({ Arn: arn, DeadLetterConfig: deadLetters })),
    );
    expect(noticeChange?.[1].Properties.DeadLetterConfig).toEqual({
      TargetArn: queue('FunctionsChangeDeadLetters'),
    });
  });

  test.each([
    ['latchkey', 'ResultsDeadLetters'],
    ['latchkey-organization', 'OrganizationBusDeadLetters'],
  ])('is kept where the bus %s cannot read an event', (name, deadLetters) => {
    const buses = ofType(template, 'AWS::Events::EventBus').map(([, { Properties }]) => Properties);
    expect(buses.filter(({ Name }) => Name === name)).toEqual([
      expect.objectContaining({
        KmsKeyIdentifier: { 'Fn::GetAtt': ['Key961B73FD', 'Arn'] },
        DeadLetterConfig: { Arn: queue(deadLetters) },
      }),
    ]);
  });

  test('goes into queues that are encrypted, take TLS only and keep it for 14 days', () => {
    const queues = ofType(template, 'AWS::SQS::Queue');
    expect(queues).toHaveLength(8);
    for (const [, { Properties }] of queues) {
      expect(Properties).toMatchObject({
        KmsMasterKeyId: { 'Fn::GetAtt': ['Key961B73FD', 'Arn'] },
        MessageRetentionPeriod: 1_209_600,
      });
    }
    const insecure = ofType(template, 'AWS::SQS::QueuePolicy').filter(
      ([, { Properties }]) => !JSON.stringify(Properties).includes('"aws:SecureTransport":"false"'),
    );
    expect(insecure).toEqual([]);
  });
});

describe('state machines', () => {
  test('are Standard, traced, and log every event without its data', () => {
    for (const [, { Properties }] of ofType(template, 'AWS::StepFunctions::StateMachine')) {
      expect(Properties).toMatchObject({
        StateMachineType: 'STANDARD',
        TracingConfiguration: { Enabled: true },
        LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
      });
    }
  });

  test('have the names that functions know them by', () => {
    const names = ofType(template, 'AWS::StepFunctions::StateMachine').map(
      ([, { Properties }]) => Properties.StateMachineName,
    );
    expect(names).toEqual([
      'latchkey-access-request',
      'latchkey-dispatcher',
      'latchkey-permission-set-rollout',
      'latchkey-account-baseline',
      'latchkey-reconcile',
    ]);
  });
});

/** Asset hashes and the deployment's logical id follow the code; they are not what the snapshot is about. */
function masked(value: unknown): unknown {
  const text = JSON.stringify(value)
    .replace(/\b[0-9a-f]{64}\b/g, '<asset>')
    .replace(/(RequestApiDeployment[0-9A-F]{8})[0-9a-f]{32}/g, '$1<deployment>');
  return JSON.parse(text) as unknown;
}
