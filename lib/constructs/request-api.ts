import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { PolicyCaller } from '../../core/policy/access-policy';
import { acknowledge } from '../acknowledge';
import { ApiFirewall } from './api-firewall';
import { addProblemResponses } from './gateway-responses';

/** Properties of {@link RequestApi}. */
export interface RequestApiProps {
  /** Answers every route but the plans. */
  readonly handler: lambda.IFunction;
  /** Answers `POST /permission-sets/plan`, which reads Identity Center. */
  readonly planHandler: lambda.IFunction;
  /** Answers `POST /plans`, which reads directory, permission sets and organization. */
  readonly plansHandler: lambda.IFunction;
  /** Who may call at all; what each may do is up to the function. At least one. */
  readonly callers: readonly PolicyCaller[];
  /** Encrypts the logs. */
  readonly key: kms.IKey;
}

/** The stage, and so the first segment of every path. */
const API_STAGE = 'v1';

/**
 * Calls per second that all callers have together, and how many may come at once. A ticket system sends a few a minute;
 * a person who polls a status sends one a second. What is above gets 429 and costs nothing.
 */
const THROTTLE = { ratePerSecond: 5, burst: 10 };

/** The body of `POST /requests` is an object; its fields are checked by the function, which can name field and remedy. */
const TICKET_SHAPE: apigateway.JsonSchema = {
  schema: apigateway.JsonSchemaVersion.DRAFT4,
  type: apigateway.JsonSchemaType.OBJECT,
};

/** What the access log keeps of a call: who, when, what, how it ended. No body and no query string. */
const ACCESS_LOG_FIELDS = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  caller: '$context.identity.userArn',
  sourceIp: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  resource: '$context.resourcePath',
  status: '$context.status',
  error: '$context.error.responseType',
  firewall: '$context.wafResponseCode',
  latencyMs: '$context.responseLatency',
  bytes: '$context.responseLength',
};

/** The request API: REST, Regional, signed calls only, open to the callers of the access policy alone. */
export class RequestApi extends Construct {
  public readonly api: apigateway.RestApi;

  public constructor(scope: Construct, id: string, props: RequestApiProps) {
    super(scope, id);
    this.api = new apigateway.RestApi(this, 'Api', {
      restApiName: 'latchkey',
      description: 'Takes access requests and tells how they went',
      endpointTypes: [apigateway.EndpointType.REGIONAL],
      policy: callersOnly(props.callers),
      cloudWatchRole: true,
      defaultMethodOptions: { authorizationType: apigateway.AuthorizationType.IAM },
      deployOptions: {
        stageName: API_STAGE,
        throttlingRateLimit: THROTTLE.ratePerSecond,
        throttlingBurstLimit: THROTTLE.burst,
        tracingEnabled: true,
        metricsEnabled: true,
        loggingLevel: apigateway.MethodLoggingLevel.ERROR,
        // Bodies hold names and justifications: they stay out of the logs.
        dataTraceEnabled: false,
        accessLogDestination: new apigateway.LogGroupLogDestination(this.#log('AccessLog', props.key)),
        accessLogFormat: apigateway.AccessLogFormat.custom(JSON.stringify(ACCESS_LOG_FIELDS)),
      },
    });
    // The CDK's own output has a generated name; the stack has one that a person can find.
    this.api.node.tryRemoveChild('Endpoint');
    this.#keepExecutionLog(props.key);
    this.#addRoutes(props);
    addProblemResponses(this.api);
    new ApiFirewall(this, 'Firewall', { stage: this.api.deploymentStage });
    acknowledge(
      this.api,
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      'the one role of the account that lets API Gateway write logs; AWS publishes this policy for it',
    );
  }

  #addRoutes({ handler, planHandler, plansHandler }: RequestApiProps): void {
    const validator = this.api.addRequestValidator('Validator', {
      validateRequestBody: true,
      validateRequestParameters: true,
    });
    const ticket = this.api.addModel('Ticket', {
      modelName: 'Ticket',
      contentType: 'application/json',
      description: 'A JSON object; the function checks its fields',
      schema: TICKET_SHAPE,
    });
    const integration = new apigateway.LambdaIntegration(handler, { allowTestInvoke: false });
    const requests = this.api.root.addResource('requests');
    const request = requests.addResource('{id}');
    const revocation = request.addResource('revocation');
    const permissionSets = this.api.root.addResource('permission-sets');
    const permissionSet = permissionSets.addResource('{name}');
    const planIntegration = new apigateway.LambdaIntegration(planHandler, { allowTestInvoke: false });
    const plansIntegration = new apigateway.LambdaIntegration(plansHandler, { allowTestInvoke: false });
    const reconciliations = this.api.root.addResource('reconciliations');
    const options = { requestValidator: validator };
    const methods = [
      requests.addMethod('POST', integration, { ...options, requestModels: { 'application/json': ticket } }),
      requests.addMethod('GET', integration, options),
      request.addMethod('GET', integration, options),
      revocation.addMethod('POST', integration, options),
      permissionSets.addMethod('GET', integration, options),
      permissionSet.addMethod('GET', integration, options),
      permissionSet.addResource('rollout').addMethod('POST', integration, options),
      permissionSets.addResource('rollout').addMethod('POST', integration, options),
      permissionSets.addResource('plan').addMethod('POST', planIntegration, options),
      this.api.root.addResource('assignments').addMethod('GET', integration, options),
      this.api.root.addResource('accounts').addResource('{id}').addMethod('GET', integration, options),
      reconciliations.addMethod('GET', integration, options),
      reconciliations.addMethod('POST', integration, options),
      this.api.root.addResource('plans').addMethod('POST', plansIntegration, options),
    ];
    for (const method of methods) {
      acknowledge(
        method,
        'AwsSolutions-COG4',
        'callers are IAM roles that sign their calls (SigV4); there is no user pool here to ask',
      );
    }
  }

  /** API Gateway makes this log by itself, to be kept for ever and without the key, unless it is already there. */
  #keepExecutionLog(key: kms.IKey): void {
    const log = this.#log(
      'ExecutionLog',
      key,
      `API-Gateway-Execution-Logs_${this.api.restApiId}/${API_STAGE}`,
    );
    this.api.deploymentStage.node.addDependency(log);
  }

  #log(id: string, key: kms.IKey, logGroupName?: string): logs.LogGroup {
    return new logs.LogGroup(this, id, {
      encryptionKey: key,
      retention: logs.RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      ...(logGroupName === undefined ? {} : { logGroupName }),
    });
  }
}

/**
 * The API's resource policy. In the API's own account an identity policy alone would let anybody in, so what the callers
 * are not is denied outright; for other accounts the Allow is needed as well. Role paths are not part of a caller's
 * identity (signed calls do not show them), hence the second form of each role.
 */
function callersOnly(callers: readonly PolicyCaller[]): iam.PolicyDocument {
  const roles: string[] = [];
  const accounts: string[] = [];
  for (const { identity } of callers) {
    if (identity.kind === 'role')
      roles.push(identity.roleArn, identity.roleArn.replace(':role/', ':role/*/'));
    else accounts.push(identity.accountId);
  }
  const everyCall = {
    principals: [new iam.AnyPrincipal()],
    actions: ['execute-api:Invoke'],
    resources: ['execute-api:/*'],
  };
  const allow = (sid: string, conditions: iam.Conditions): iam.PolicyStatement =>
    new iam.PolicyStatement({ ...everyCall, sid, conditions });
  return new iam.PolicyDocument({
    statements: [
      ...(roles.length > 0 ? [allow('CallersByRole', { ArnLike: { 'aws:PrincipalArn': roles } })] : []),
      ...(accounts.length > 0
        ? [allow('CallersByAccount', { StringEquals: { 'aws:PrincipalAccount': accounts } })]
        : []),
      new iam.PolicyStatement({
        ...everyCall,
        sid: 'NobodyElse',
        effect: iam.Effect.DENY,
        conditions: {
          // Both must hold: neither one of the roles nor from one of the accounts. Where a call has no principal at all,
          // the negated operators hold too.
          ...(roles.length > 0 ? { ArnNotLike: { 'aws:PrincipalArn': roles } } : {}),
          ...(accounts.length > 0 ? { StringNotEquals: { 'aws:PrincipalAccount': accounts } } : {}),
        },
      }),
    ],
  });
}

/** The address of the API, `https://…/v1`, without a final slash. */
export function apiUrl(api: apigateway.RestApi): string {
  const { region, urlSuffix } = Stack.of(api);
  return `https://${api.restApiId}.execute-api.${region}.${urlSuffix}/${API_STAGE}`;
}
