import { App, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { PolicyCaller } from '../../core/policy/access-policy';
import { RequestApi } from '../../lib/constructs/request-api';
import { ofType, type StackTemplate } from '../support/stack-template';

const ROLE: PolicyCaller['identity'] = {
  kind: 'role',
  roleArn: 'arn:aws:iam::333344445555:role/ServiceDesk',
};
const ACCOUNT: PolicyCaller['identity'] = { kind: 'account', accountId: '444455556666' };
const ROLE_PATTERNS = [
  'arn:aws:iam::333344445555:role/ServiceDesk',
  'arn:aws:iam::333344445555:role/*/ServiceDesk',
];

function apiFor(...identities: readonly PolicyCaller['identity'][]): StackTemplate {
  const app = new App({ analyticsReporting: false, treeMetadata: false });
  const stack = new Stack(app, 'Api', { env: { account: '222233334444', region: 'eu-west-1' } });
  new RequestApi(stack, 'RequestApi', {
    handler: lambda.Function.fromFunctionAttributes(stack, 'Handler', {
      functionArn: 'arn:aws:lambda:eu-west-1:222233334444:function:request-api',
      sameEnvironment: true,
    }),
    planHandler: lambda.Function.fromFunctionAttributes(stack, 'PlanHandler', {
      functionArn: 'arn:aws:lambda:eu-west-1:222233334444:function:plan-permission-sets',
      sameEnvironment: true,
    }),
    plansHandler: lambda.Function.fromFunctionAttributes(stack, 'PlansHandler', {
      functionArn: 'arn:aws:lambda:eu-west-1:222233334444:function:plan-access',
      sameEnvironment: true,
    }),
    callers: identities.map((identity, position) => ({
      name: `caller-${position}`,
      identity,
      mayAsk: true,
      mayRead: 'all',
      mayRevoke: 'all',
      mayPermissionSets: 'none',
      mayReconciliations: 'none',
      trustedForRequester: false,
    })),
    key: kms.Key.fromKeyArn(
      stack,
      'Key',
      'arn:aws:kms:eu-west-1:222233334444:key/11111111-2222-4333-8444-555555555555',
    ),
  });
  return app.synth().getStackByName('Api').template as StackTemplate;
}

function propertiesOf(template: StackTemplate, type: string) {
  return ofType(template, type).map(([, { Properties }]) => Properties);
}

function conditionsOf(template: StackTemplate): Readonly<Record<string, unknown>> {
  const [api] = propertiesOf(template, 'AWS::ApiGateway::RestApi');
  const { Statement } = api?.Policy as {
    readonly Statement: readonly {
      readonly Effect: string;
      readonly Condition: unknown;
      readonly Sid: string;
    }[];
  };
  return Object.fromEntries(Statement.map(({ Effect, Sid, Condition }) => [`${Effect} ${Sid}`, Condition]));
}

const template = apiFor(ROLE, ACCOUNT);

/** The path of a resource, by its logical id; that of the root is empty. */
function pathOf(logicalId: string): string {
  const found = ofType(template, 'AWS::ApiGateway::Resource').find(([id]) => id === logicalId);
  if (found === undefined) return '';
  const { ParentId: parent, PathPart } = found[1].Properties as {
    readonly ParentId: { readonly Ref?: string };
    readonly PathPart: string;
  };
  return `${parent.Ref === undefined ? '' : pathOf(parent.Ref)}/${PathPart}`;
}

describe("the API's resource policy", () => {
  test('lets the callers in and denies everybody who is none of them', () => {
    expect(conditionsOf(template)).toEqual({
      'Allow CallersByRole': { ArnLike: { 'aws:PrincipalArn': ROLE_PATTERNS } },
      'Allow CallersByAccount': { StringEquals: { 'aws:PrincipalAccount': ['444455556666'] } },
      'Deny NobodyElse': {
        ArnNotLike: { 'aws:PrincipalArn': ROLE_PATTERNS },
        StringNotEquals: { 'aws:PrincipalAccount': ['444455556666'] },
      },
    });
  });

  test('denies everybody but the roles where no account is a caller', () => {
    expect(conditionsOf(apiFor(ROLE))).toEqual({
      'Allow CallersByRole': { ArnLike: { 'aws:PrincipalArn': ROLE_PATTERNS } },
      'Deny NobodyElse': { ArnNotLike: { 'aws:PrincipalArn': ROLE_PATTERNS } },
    });
  });

  test('denies everybody where nobody is a caller', () => {
    expect(conditionsOf(apiFor())).toEqual({ 'Deny NobodyElse': undefined });
  });
});

describe('the request API', () => {
  test('has fourteen routes, each answered by its function', () => {
    const routes = propertiesOf(template, 'AWS::ApiGateway::Method').map((method) => {
      const { Ref } = method.ResourceId as { readonly Ref: string };
      const [, handler = ''] = /:function:([a-z-]+)/.exec(JSON.stringify(method.Integration)) ?? [];
      return [`${String(method.HttpMethod)} ${pathOf(Ref)}`, handler];
    });
    expect(Object.fromEntries(routes)).toEqual({
      'GET /accounts/{id}': 'request-api',
      'GET /assignments': 'request-api',
      'GET /reconciliations': 'request-api',
      'POST /plans': 'plan-access',
      'POST /reconciliations': 'request-api',
      'GET /permission-sets': 'request-api',
      'GET /permission-sets/{name}': 'request-api',
      'GET /requests': 'request-api',
      'GET /requests/{id}': 'request-api',
      'POST /permission-sets/plan': 'plan-permission-sets',
      'POST /permission-sets/rollout': 'request-api',
      'POST /permission-sets/{name}/rollout': 'request-api',
      'POST /requests': 'request-api',
      'POST /requests/{id}/revocation': 'request-api',
    });
    expect(routes).toHaveLength(14);
  });

  test('has only routes that are signed and validated', () => {
    for (const method of propertiesOf(template, 'AWS::ApiGateway::Method')) {
      expect(method).toMatchObject({ AuthorizationType: 'AWS_IAM', Integration: { Type: 'AWS_PROXY' } });
      expect(method.RequestValidatorId).toBeDefined();
    }
  });

  test('asks of the body of a ticket that it is an object, and leaves the rest to the function', () => {
    expect(propertiesOf(template, 'AWS::ApiGateway::Model').map(({ Schema }) => Schema)).toEqual([
      { $schema: 'http://json-schema.org/draft-04/schema#', type: 'object' },
    ]);
    const posts = propertiesOf(template, 'AWS::ApiGateway::Method').filter(
      ({ RequestModels }) => RequestModels !== undefined,
    );
    expect(posts.map(({ HttpMethod }) => HttpMethod)).toEqual(['POST']);
  });

  test('is throttled, and logs calls without bodies', () => {
    const [stage] = propertiesOf(template, 'AWS::ApiGateway::Stage');
    expect(stage).toMatchObject({
      StageName: 'v1',
      TracingEnabled: true,
      MethodSettings: [
        { DataTraceEnabled: false, LoggingLevel: 'ERROR', ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10 },
      ],
    });
    const { Format } = stage?.AccessLogSetting as { readonly Format: string };
    expect(Object.keys(JSON.parse(Format) as object).sort()).toEqual([
      'bytes',
      'caller',
      'error',
      'firewall',
      'latencyMs',
      'method',
      'requestId',
      'resource',
      'sourceIp',
      'status',
      'time',
    ]);
  });

  test('answers as a problem whatever it refuses by itself, with the status in the body where it is known', () => {
    const responses = propertiesOf(template, 'AWS::ApiGateway::GatewayResponse');
    expect(responses.map(({ ResponseType }) => ResponseType)).toEqual(
      expect.arrayContaining([
        'DEFAULT_4XX',
        'DEFAULT_5XX',
        'ACCESS_DENIED',
        'BAD_REQUEST_BODY',
        'THROTTLED',
      ]),
    );
    for (const { ResponseParameters, ResponseTemplates, StatusCode } of responses) {
      expect(ResponseParameters).toEqual({
        'gatewayresponse.header.Content-Type': "'application/problem+json'",
      });
      const [body = ''] = Object.values(ResponseTemplates as Readonly<Record<string, string>>);
      const problem = JSON.parse(body) as Readonly<Record<string, unknown>>;
      expect(problem.status).toBe(StatusCode === undefined ? undefined : Number(StatusCode));
      expect(problem.type).toMatch(/^urn:latchkey:problem:[a-z-]+$/);
      // Nothing of the call comes back.
      expect(body.match(/\$context\.\w+/g)).toEqual(['$context.requestId']);
    }
  });

  test('stands behind a firewall that limits rate and body, with AWS own body limit only counting', () => {
    const [acl] = propertiesOf(template, 'AWS::WAFv2::WebACL');
    expect(acl).toMatchObject({
      Scope: 'REGIONAL',
      Rules: [
        { Name: 'rate-of-one-address', Action: { Block: {} } },
        {
          Name: 'size-of-body',
          Statement: { SizeConstraintStatement: { ComparisonOperator: 'GT', Size: 16_384 } },
        },
        {
          Name: 'common-rules',
          Statement: {
            ManagedRuleGroupStatement: {
              Name: 'AWSManagedRulesCommonRuleSet',
              RuleActionOverrides: [{ Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } }],
            },
          },
        },
      ],
    });
    expect(propertiesOf(template, 'AWS::WAFv2::WebACLAssociation')).toHaveLength(1);
  });
});
