import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { OBSERVABILITY } from '../../lambdas/runtime/contract';
import { acknowledge } from '../acknowledge';

/** Properties of {@link AccessFunction}. */
export interface AccessFunctionProps {
  /** The folder with the bundle, `index.js` in it. */
  readonly bundle: string;
  readonly description: string;
  /** Encrypts the log. */
  readonly key: kms.IKey;
  /** All that the function may do, apart from writing its own log and traces. */
  readonly permissions: readonly iam.PolicyStatement[];
  /**
   * Every resource with a wildcard among the permissions, and why it cannot be exact.
   * @default - none
   */
  readonly wildcards?: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  /** @default 30 seconds */
  readonly timeout?: Duration;
  /** Most executions at one time. @default - as many as the account allows */
  readonly reservedConcurrency?: number;
  /** @default - none */
  readonly layers?: readonly lambda.ILayerVersion[];
  /**
   * Where an event goes that was sent without waiting for an answer and could not be handled.
   * @default - none: the function is only ever called by somebody who waits
   */
  readonly deadLetters?: sqs.IQueue;
}

/** Enough for a cold start with several SDK clients in about a second: the share of a processor grows with it. */
const MEMORY_MEGABYTES = 512;

/**
 * A function of Latchkey: its own log, and a role of its own whose one policy is written out here. The role takes nothing
 * from AWS-managed policies and nothing that the CDK adds on the way.
 */
export class AccessFunction extends Construct {
  public readonly function: lambda.Function;

  public constructor(scope: Construct, id: string, props: AccessFunctionProps) {
    super(scope, id);
    const logGroup = new logs.LogGroup(this, 'Log', {
      encryptionKey: props.key,
      // Investigations reach back to the last yearly audit.
      retention: logs.RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: `Role of the function: ${props.description}`,
      inlinePolicies: {
        Function: new iam.PolicyDocument({
          statements: [
            ...props.permissions,
            ...observabilityStatements(logGroup),
            ...(props.deadLetters === undefined ? [] : [deadLetterStatement(props.deadLetters)]),
          ],
        }),
      },
    });
    const wildcards = { '*': 'X-Ray has no resource to name for these two actions', ...props.wildcards };
    for (const [resource, reason] of Object.entries(wildcards)) {
      acknowledge(role, `AwsSolutions-IAM5[Resource::${resource}]`, reason);
    }
    this.function = new lambda.Function(this, 'Function', {
      description: props.description,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      code: lambda.Code.fromAsset(props.bundle),
      handler: 'index.handler',
      role: role.withoutPolicyUpdates(),
      timeout: props.timeout ?? Duration.seconds(30),
      memorySize: MEMORY_MEGABYTES,
      tracing: lambda.Tracing.ACTIVE,
      logGroup,
      environment: {
        POWERTOOLS_SERVICE_NAME: OBSERVABILITY.service,
        POWERTOOLS_METRICS_NAMESPACE: OBSERVABILITY.namespace,
        POWERTOOLS_LOG_LEVEL: 'INFO',
        ...props.environment,
      },
      ...(props.layers === undefined ? {} : { layers: [...props.layers] }),
      ...(props.reservedConcurrency === undefined
        ? {}
        : { reservedConcurrentExecutions: props.reservedConcurrency }),
      ...(props.deadLetters === undefined ? {} : { deadLetterQueue: props.deadLetters }),
    });
    this.function.node.addDependency(role);
  }
}

/** Writing into this one log, and traces. Creating log groups is not among them: the stack has made the only one. */
function observabilityStatements(logGroup: logs.ILogGroup): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      sid: 'OwnLog',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    }),
    new iam.PolicyStatement({
      sid: 'DeliverTraces',
      actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
      resources: ['*'],
    }),
  ];
}

function deadLetterStatement(queue: sqs.IQueue): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'DeadLetters',
    actions: ['sqs:SendMessage'],
    resources: [queue.queueArn],
  });
}
