import fc from 'fast-check';
import { AwsError } from '../../../local/aws-api/json-service';
import {
  answerWith,
  apiResources,
  bodyOf,
  gatewayWorld,
  method,
  resource,
  ROOT,
  START,
} from './gateway-world';

const OPEN = apiResources({
  Things: resource(ROOT, 'things'),
  Thing: resource({ Ref: 'Things' }, '{id}'),
  Special: resource({ Ref: 'Things' }, 'special'),
  Rest: resource({ Ref: 'Things' }, '{rest+}'),
  GetRoot: method(ROOT, 'GET'),
  GetThings: method({ Ref: 'Things' }, 'GET'),
  GetThing: method({ Ref: 'Thing' }, 'GET'),
  AnySpecial: method({ Ref: 'Special' }, 'ANY'),
  GetRest: method({ Ref: 'Rest' }, 'GET'),
});

describe('routing', () => {
  test.each([
    { path: '/v1/', goesTo: '/', parameters: null },
    { path: '/v1', goesTo: '/', parameters: null },
    { path: '/v1/things', goesTo: '/things', parameters: null },
    { path: '/v1/things/', goesTo: '/things', parameters: null },
    { path: '/v1/things/special', goesTo: '/things/special', parameters: null },
    { path: '/v1/things/a%20b', goesTo: '/things/{id}', parameters: { id: 'a%20b' } },
    { path: '/v1/things/a/b', goesTo: '/things/{rest+}', parameters: { rest: 'a/b' } },
  ])('sends $path to $goesTo', async ({ path, goesTo, parameters }) => {
    const world = gatewayWorld(OPEN);
    const answer = await world.call('GET', path);
    expect(answer.statusCode).toBe(200);
    expect(world.events).toEqual([expect.objectContaining({ resource: goesTo, pathParameters: parameters })]);
  });

  test.each([
    { httpMethod: 'GET', path: '/v1/nothing' },
    { httpMethod: 'POST', path: '/v1/things' },
    { httpMethod: 'GET', path: '/v1/things//' },
  ])('answers $httpMethod $path as a missing token', async ({ httpMethod, path }) => {
    const world = gatewayWorld(OPEN);
    const answer = await world.call(httpMethod, path);
    expect(answer.statusCode).toBe(403);
    expect(answer.headers['x-amzn-errortype']).toBe('MissingAuthenticationTokenException');
    expect(bodyOf(answer)).toEqual({ message: 'Missing Authentication Token' });
    expect(world.events).toEqual([]);
  });

  test('takes any method where the template says ANY', async () => {
    expect((await gatewayWorld(OPEN).call('DELETE', '/v1/things/special')).statusCode).toBe(200);
  });

  test('answers an unknown stage as forbidden', async () => {
    const answer = await gatewayWorld(OPEN).call('GET', '/v2/things');
    expect(answer.statusCode).toBe(403);
    expect(bodyOf(answer)).toEqual({ message: 'Forbidden' });
  });

  test('names the stages', () => {
    expect(gatewayWorld(OPEN).gateway.stageNames).toEqual(['v1']);
  });
});

describe('proxy event', () => {
  test('carries the request in the form of version 1.0', async () => {
    const world = gatewayWorld(OPEN);
    await world.call('GET', '/v1/things/x?a=1&a=2+3&b=%C3%A9', { headers: { 'x-own': 'y' } });
    expect(world.events[0]).toMatchObject({
      invoked: 'arn:aws:lambda:eu-west-1:222233334444:function:handler',
      version: '1.0',
      resource: '/things/{id}',
      path: '/things/x',
      httpMethod: 'GET',
      headers: { host: '127.0.0.1:4600', 'x-own': 'y', 'x-forwarded-for': '127.0.0.1' },
      multiValueHeaders: { 'x-own': ['y'] },
      queryStringParameters: { a: '2 3', b: 'é' },
      multiValueQueryStringParameters: { a: ['1', '2 3'], b: ['é'] },
      pathParameters: { id: 'x' },
      stageVariables: { color: 'blue' },
      body: null,
      isBase64Encoded: false,
      requestContext: {
        accountId: '222233334444',
        httpMethod: 'GET',
        path: '/v1/things/x',
        protocol: 'HTTP/1.1',
        requestId: '00000000-0000-4000-8000-000000000001',
        requestTime: '01/Dec/2026:08:00:00 +0000',
        requestTimeEpoch: START,
        resourcePath: '/things/{id}',
        stage: 'v1',
        identity: { sourceIp: '127.0.0.1', userArn: null, accessKey: null },
      },
    });
  });

  test('says null where there is no query', async () => {
    const world = gatewayWorld(OPEN);
    await world.call('GET', '/v1/things');
    expect(world.events[0]).toMatchObject({
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
    });
  });

  test('carries a binary body in base64 only for the API’s binary media types', async () => {
    const resources = apiResources({ Post: method(ROOT, 'POST') }, { BinaryMediaTypes: ['image/*'] });
    const world = gatewayWorld(resources);
    await world.call('POST', '/v1', {
      headers: { 'content-type': 'image/png' },
      body: Buffer.from([0, 255]),
    });
    await world.call('POST', '/v1', { headers: { 'content-type': 'text/plain' }, body: 'é' });
    expect(world.events).toEqual([
      expect.objectContaining({ body: 'AP8=', isBase64Encoded: true }),
      expect.objectContaining({ body: 'é', isBase64Encoded: false }),
    ]);
  });

  test('is not made of a query with a broken escape', async () => {
    const world = gatewayWorld(OPEN);
    const answer = await world.call('GET', '/v1/things?a=%zz');
    expect([answer.statusCode, world.events.length]).toEqual([400, 0]);
  });
});

describe('answer of the function', () => {
  test('becomes the HTTP answer', async () => {
    const world = gatewayWorld(
      OPEN,
      answerWith({
        statusCode: '201',
        headers: { Location: '/x', 'Content-Length': 7 },
        multiValueHeaders: { 'Set-Cookie': ['a', 'b'] },
        body: 'ok',
      }),
    );
    const answer = await world.call('GET', '/v1/things');
    expect(answer).toMatchObject({
      statusCode: 201,
      headers: {
        location: '/x',
        'set-cookie': ['a', 'b'],
        'content-type': 'application/json',
        'x-amzn-remapped-content-length': '7',
        'x-amzn-requestid': '00000000-0000-4000-8000-000000000001',
      },
    });
    expect(answer.body.toString()).toBe('ok');
  });

  test('is decoded from base64 for a caller that accepts the binary type', async () => {
    const resources = apiResources({ Get: method(ROOT, 'GET') }, { BinaryMediaTypes: ['image/png'] });
    const world = gatewayWorld(
      resources,
      answerWith({ statusCode: 200, body: 'AP8=', isBase64Encoded: true }),
    );
    const png = await world.call('GET', '/v1', { headers: { accept: 'image/png' } });
    const text = await world.call('GET', '/v1', { headers: { accept: 'text/plain' } });
    expect([png.body, text.body.toString()]).toEqual([Buffer.from([0, 255]), 'AP8=']);
  });

  test.each([
    { case: 'no object', payload: 'text' },
    { case: 'no status', payload: { body: '' } },
    { case: 'a status out of range', payload: { statusCode: 99 } },
    { case: 'a body that is no text', payload: { statusCode: 200, body: {} } },
    { case: 'a member that is not known', payload: { statusCode: 200, cookies: [] } },
    { case: 'headers that are no object', payload: { statusCode: 200, headers: 'x' } },
    { case: 'a header that is an object', payload: { statusCode: 200, headers: { a: {} } } },
    { case: 'many values that are no list', payload: { statusCode: 200, multiValueHeaders: { a: 'b' } } },
  ])('with $case is a 502', async ({ payload }) => {
    const answer = await gatewayWorld(OPEN, answerWith(payload)).call('GET', '/v1/things');
    expect(answer.statusCode).toBe(502);
    expect(bodyOf(answer)).toEqual({ message: 'Internal server error' });
  });

  test('of a function that failed is a 502', async () => {
    const failing = () =>
      Promise.resolve({ functionError: 'Unhandled' as const, payload: { errorMessage: 'secret' } });
    const answer = await gatewayWorld(OPEN, failing).call('GET', '/v1/things');
    expect([answer.statusCode, bodyOf(answer)]).toEqual([502, { message: 'Internal server error' }]);
  });

  test('of a function that cannot be invoked is a 500', async () => {
    const throttled = () => Promise.reject(new AwsError('TooManyRequestsException', 'slow down', 429));
    expect((await gatewayWorld(OPEN, throttled).call('GET', '/v1/things')).statusCode).toBe(500);
  });

  test('is waited for 29 virtual seconds, while the gateway does not hold the clock', async () => {
    const world = gatewayWorld(OPEN, () => new Promise(() => undefined));
    const pending = world.call('GET', '/v1/things');
    await world.clock.advance(28_999);
    const early = await Promise.race([pending, Promise.resolve('waiting')]);
    await world.clock.advance(1);
    const answer = await pending;
    expect(early).toBe('waiting');
    expect([answer.statusCode, bodyOf(answer)]).toEqual([504, { message: 'Endpoint request timed out' }]);
  });

  test('leaves no work under way and no timer behind', async () => {
    const world = gatewayWorld(OPEN);
    await world.call('GET', '/v1/things');
    await world.clock.quiet();
    await world.clock.advance(60_000);
    expect(world.clock.now()).toBe(START + 60_000);
  });
});

describe('body', () => {
  test('of more than 10 MB is too large', async () => {
    const world = gatewayWorld(apiResources({ Post: method(ROOT, 'POST') }));
    const [fits, larger] = await Promise.all(
      [0, 1].map((more) => world.call('POST', '/v1', { body: Buffer.alloc(10 * 1024 * 1024 + more) })),
    );
    expect([fits?.statusCode, larger?.statusCode]).toEqual([200, 413]);
    expect(larger?.body.toString()).toBe('{"message":"Request Too Long"}');
  });

  const VALIDATED = apiResources({
    Validator: [
      'AWS::ApiGateway::RequestValidator',
      { RestApiId: { Ref: 'Api' }, ValidateRequestBody: true, ValidateRequestParameters: true },
    ],
    Ticket: [
      'AWS::ApiGateway::Model',
      {
        RestApiId: { Ref: 'Api' },
        Name: 'Ticket',
        ContentType: 'application/json',
        Schema: { type: 'object', required: ['id'] },
      },
    ],
    Post: method(ROOT, 'POST', {
      RequestValidatorId: { Ref: 'Validator' },
      RequestModels: { 'application/json': { Ref: 'Ticket' } },
      RequestParameters: { 'method.request.querystring.q': true, 'method.request.header.X-Own': false },
    }),
    Problem: [
      'AWS::ApiGateway::GatewayResponse',
      {
        RestApiId: { Ref: 'Api' },
        ResponseType: 'BAD_REQUEST_BODY',
        StatusCode: '422',
        ResponseParameters: { 'gatewayresponse.header.Content-Type': "'application/problem+json'" },
        ResponseTemplates: {
          'application/json':
            '{"title":$context.error.messageString,"why":"$context.error.validationErrorString","id":"$context.requestId"}',
        },
      },
    ],
  });

  test('that does not fit its model is refused in the words of the template', async () => {
    const world = gatewayWorld(VALIDATED);
    const answer = await world.call('POST', '/v1?q=1', { body: '{}' });
    expect(answer.statusCode).toBe(422);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(bodyOf(answer)).toEqual({
      title: 'Invalid request body',
      why: '[object has missing required properties (["id"])]',
      id: '00000000-0000-4000-8000-000000000001',
    });
    expect(world.events).toEqual([]);
  });

  test('that is no JSON is refused, whatever it is', async () => {
    const world = gatewayWorld(VALIDATED);
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        const body = `{${text}`;
        fc.pre(!isTicket(body));
        expect((await world.call('POST', '/v1?q=1', { body })).statusCode).toBe(422);
      }),
      { numRuns: 50 },
    );
  });

  test('of another content type is not looked at', async () => {
    const headers = { 'content-type': 'text/plain' };
    const answer = await gatewayWorld(VALIDATED).call('POST', '/v1?q=1', { headers, body: 'x' });
    expect(answer.statusCode).toBe(200);
  });

  test('is not looked at when a required parameter is missing or blank', async () => {
    const world = gatewayWorld(VALIDATED);
    const answers = [await world.call('POST', '/v1'), await world.call('POST', '/v1?q=+')];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([400, 400]);
    expect(answers.map(bodyOf)).toEqual(
      Array.from({ length: 2 }, () => ({ message: 'Missing required request parameters: [q]' })),
    );
  });
});

function isTicket(body: string): boolean {
  try {
    return Object.hasOwn(JSON.parse(body) as object, 'id');
  } catch {
    return false;
  }
}

describe('load', () => {
  test.each([
    {
      case: 'a MOCK integration',
      resources: { Options: method(ROOT, 'OPTIONS', { Integration: { Type: 'MOCK' } }) },
      message: /Options.Integration is of the type MOCK/,
    },
    {
      case: 'an authorizer',
      resources: { Get: method(ROOT, 'GET', { AuthorizationType: 'CUSTOM' }) },
      message: /authorized by CUSTOM/,
    },
    {
      case: 'an API key',
      resources: { Get: method(ROOT, 'GET', { ApiKeyRequired: true }) },
      message: /API key/,
    },
    {
      case: 'a property that is not known',
      resources: { Get: method(ROOT, 'GET', { AuthorizationScopes: ['x'] }) },
      message: /"AuthorizationScopes"/,
    },
    {
      case: 'a gateway response with an unknown variable',
      resources: {
        Response: [
          'AWS::ApiGateway::GatewayResponse',
          {
            RestApiId: { Ref: 'Api' },
            ResponseType: 'DEFAULT_4XX',
            ResponseTemplates: { 'application/json': '$context.secrets' },
          },
        ] as const,
      },
      message: /\$context\.secrets/,
    },
  ])('stops at $case by name', ({ resources, message }) => {
    expect(() => gatewayWorld(apiResources(resources))).toThrow(message);
  });

  test('stops at a stage that caches', () => {
    const resources = apiResources({
      Other: [
        'AWS::ApiGateway::Stage',
        {
          RestApiId: { Ref: 'Api' },
          DeploymentId: 'd',
          StageName: 'v2',
          MethodSettings: [{ CachingEnabled: true }],
        },
      ],
    });
    expect(() => gatewayWorld(resources)).toThrow(/Other caches answers/);
  });
});
