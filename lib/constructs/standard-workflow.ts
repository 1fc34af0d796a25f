import { ArnFormat, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';

/** Properties of {@link StandardWorkflow}. */
export interface StandardWorkflowProps {
  /** The physical name: functions name machines by it, since machines already name functions. */
  readonly stateMachineName: string;
  readonly comment: string;
  readonly start: sfn.IChainable;
  /** Every function that a state calls; the role may call these and no other. */
  readonly functions: readonly lambda.IFunction[];
  /** Encrypts the log. */
  readonly key: kms.IKey;
}

/**
 * A Standard state machine in JSONata, with its own log and a role of its own. Events of an execution are logged without
 * their data: they say which state was entered when, and never carry a name or a justification.
 */
export class StandardWorkflow extends Construct {
  public readonly stateMachine: sfn.StateMachine;

  public constructor(scope: Construct, id: string, props: StandardWorkflowProps) {
    super(scope, id);
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('states.amazonaws.com'),
      description: `What ${props.stateMachineName} may do: call its own functions`,
      inlinePolicies: {
        Workflow: new iam.PolicyDocument({ statements: workflowStatements(props.functions) }),
      },
    });
    acknowledge(
      role,
      'AwsSolutions-IAM5[Resource::*]',
      'delivery of logs and traces has no resource to name: the service accepts these actions on * alone',
    );
    this.stateMachine = new sfn.StateMachine(this, 'StateMachine', {
      stateMachineName: props.stateMachineName,
      stateMachineType: sfn.StateMachineType.STANDARD,
      queryLanguage: sfn.QueryLanguage.JSONATA,
      comment: props.comment,
      definitionBody: sfn.DefinitionBody.fromChainable(props.start),
      // The statements above are the whole of the role: nothing that the CDK would add (such as every version of a
      // function) comes in.
      role: role.withoutPolicyUpdates(),
      tracingEnabled: true,
      logs: {
        destination: new logs.LogGroup(this, 'Log', {
          encryptionKey: props.key,
          retention: logs.RetentionDays.ONE_YEAR,
          removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        }),
        level: sfn.LogLevel.ALL,
        includeExecutionData: false,
      },
    });
    this.stateMachine.node.addDependency(role);
  }
}

function workflowStatements(functions: readonly lambda.IFunction[]): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      sid: 'OwnFunctions',
      actions: ['lambda:InvokeFunction'],
      resources: functions.map((target) => target.functionArn),
    }),
    new iam.PolicyStatement({
      sid: 'DeliverLogs',
      actions: [
        'logs:CreateLogDelivery',
        'logs:DeleteLogDelivery',
        'logs:DescribeLogGroups',
        'logs:DescribeResourcePolicies',
        'logs:GetLogDelivery',
        'logs:ListLogDeliveries',
        'logs:PutResourcePolicy',
        'logs:UpdateLogDelivery',
      ],
      resources: ['*'],
    }),
    new iam.PolicyStatement({
      sid: 'DeliverTraces',
      actions: [
        'xray:GetSamplingRules',
        'xray:GetSamplingTargets',
        'xray:PutTelemetryRecords',
        'xray:PutTraceSegments',
      ],
      resources: ['*'],
    }),
  ];
}

/**
 * The ARN of a state machine, made from its name. A reference to the machine would close a circle:
 * machine → function → environment → machine.
 */
export function machineArn(stack: Stack, stateMachineName: string): string {
  return colonArn(stack, 'stateMachine', stateMachineName);
}

/** The pattern of the ARNs of all executions of a state machine. */
export function executionArns(stack: Stack, stateMachineName: string): string {
  return colonArn(stack, 'execution', `${stateMachineName}:*`);
}

function colonArn(stack: Stack, resource: string, resourceName: string): string {
  return stack.formatArn({
    service: 'states',
    resource,
    resourceName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
