import { createLocalClock } from '../../../local/clock/virtual-clock';
import type { LocalClock } from '../../../local/clock/local-clock';
import { createGateway, type Gateway } from '../../../local/gateway/gateway';
import type { GatewayAnswer, GatewayCredential } from '../../../local/gateway/gateway-request';
import { signRequest } from '../../../local/gateway/sigv4';
import type { Invocation } from '../../../local/lambda/lambda-invoker';
import { ACCOUNT, assemblyOf, REGION, type Resources } from '../assembly/write-assembly';

/** 2026-12-01T08:00:00Z on the virtual clock. */
export const START = Date.UTC(2026, 11, 1, 8);

/** The machine's clock is elsewhere: a month before. */
export const MACHINE_NOW = Date.UTC(2026, 10, 1, 8);

const integration = {
  Type: 'AWS_PROXY',
  IntegrationHttpMethod: 'POST',
  Uri: {
    'Fn::Join': [
      '',
      [
        'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/',
        { 'Fn::GetAtt': ['Handler', 'Arn'] },
        '/invocations',
      ],
    ],
  },
};

/** A method of the API, answered by the one function. */
export function method(
  resource: unknown,
  httpMethod: string,
  more: Readonly<Record<string, unknown>> = {},
): readonly [string, Record<string, unknown>] {
  return [
    'AWS::ApiGateway::Method',
    {
      RestApiId: { Ref: 'Api' },
      ResourceId: resource,
      HttpMethod: httpMethod,
      AuthorizationType: 'NONE',
      Integration: integration,
      ...more,
    },
  ];
}

/** A resource below another one. */
export function resource(parent: unknown, part: string): readonly [string, Record<string, unknown>] {
  return ['AWS::ApiGateway::Resource', { RestApiId: { Ref: 'Api' }, ParentId: parent, PathPart: part }];
}

export const ROOT = { 'Fn::GetAtt': ['Api', 'RootResourceId'] };

/** An API with the stage `v1` and one function; methods and more come from the test. */
export function apiResources(resources: Resources, api: Readonly<Record<string, unknown>> = {}): Resources {
  return {
    Handler: ['AWS::Lambda::Function', { FunctionName: 'handler' }],
    Api: ['AWS::ApiGateway::RestApi', { Name: 'api', ...api }],
    Deployment: ['AWS::ApiGateway::Deployment', { RestApiId: { Ref: 'Api' } }],
    Stage: [
      'AWS::ApiGateway::Stage',
      {
        RestApiId: { Ref: 'Api' },
        DeploymentId: { Ref: 'Deployment' },
        StageName: 'v1',
        Variables: { color: 'blue' },
      },
    ],
    ...resources,
  };
}

/** A role in the API's own account, and one in another. */
const CREDENTIALS: ReadonlyMap<string, GatewayCredential> = new Map([
  [
    'HOME',
    {
      secretAccessKey: 'home-secret',
      roleArn: `arn:aws:iam::${ACCOUNT}:role/team/Desk`,
      sessionName: 'alice',
      accountId: ACCOUNT,
      organizationId: 'o-a1b2c3d4e5',
    },
  ],
  [
    'AWAY',
    {
      secretAccessKey: 'away-secret',
      roleArn: 'arn:aws:iam::333344445555:role/Tools',
      sessionName: 'bot',
      accountId: '333344445555',
    },
  ],
]);

/** A gateway with everything around it. */
export interface GatewayWorld {
  readonly gateway: Gateway;
  readonly clock: LocalClock;
  /** Events that the function got. */
  readonly events: Record<string, unknown>[];
  call(
    httpMethod: string,
    path: string,
    options?: { readonly headers?: Record<string, string>; readonly body?: string | Buffer },
  ): Promise<GatewayAnswer>;
  /** As `call`, signed. */
  signed(
    httpMethod: string,
    path: string,
    options?: {
      readonly key?: string;
      readonly secret?: string;
      readonly body?: string;
      readonly at?: number;
    },
  ): Promise<GatewayAnswer>;
}

/** What the function answers; a promise that stays open is a function that does not come back. */
export type Answer = (event: unknown) => Promise<Partial<Invocation>>;

export const answerWith =
  (payload: unknown): Answer =>
  () =>
    Promise.resolve({ payload });

/** Makes the world. The clock stands still unless the test moves it. */
export function gatewayWorld(
  resources: Resources,
  answer: Answer = answerWith({ statusCode: 200, body: 'done' }),
): GatewayWorld {
  const clock = createLocalClock({ mode: 'manual', startAt: START });
  const events: Record<string, unknown>[] = [];
  let ids = 0;
  const gateway = createGateway({
    assembly: assemblyOf(resources),
    clock,
    credentials: CREDENTIALS,
    machineNow: () => MACHINE_NOW,
    uuid: () => `00000000-0000-4000-8000-${String((ids += 1)).padStart(12, '0')}`,
    lambda: {
      invoke: async (name, payload) => {
        events.push({ ...(payload as Record<string, unknown>), invoked: name });
        return {
          statusCode: 200,
          executedVersion: '$LATEST',
          requestId: 'r',
          payload: null,
          ...(await answer(payload)),
        };
      },
    },
  });
  const call: GatewayWorld['call'] = (httpMethod, rawPath, { headers = {}, body = '' } = {}) =>
    gateway.handle({
      method: httpMethod,
      rawPath,
      headers: { host: '127.0.0.1:4600', ...headers },
      body: Buffer.from(body),
    });
  return {
    gateway,
    clock,
    events,
    call,
    signed: (httpMethod, path, { key = 'HOME', secret, body = '', at = START } = {}) =>
      call(httpMethod, path, {
        body,
        headers: signRequest({
          method: httpMethod,
          url: `http://127.0.0.1:4600${path}`,
          headers: { 'content-type': 'application/json' },
          body,
          accessKeyId: key,
          secretAccessKey: secret ?? CREDENTIALS.get(key)?.secretAccessKey ?? 'none',
          region: REGION,
          service: 'execute-api',
          at,
        }),
      }),
  };
}

/** The body as JSON. */
export function bodyOf(answer: GatewayAnswer): unknown {
  return JSON.parse(answer.body.toString());
}
