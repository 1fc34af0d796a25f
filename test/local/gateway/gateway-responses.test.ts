import type { LocalResource } from '../../../local/assembly/local-assembly';
import {
  GatewayFault,
  internalServerError,
  missingAuthenticationToken,
} from '../../../local/gateway/gateway-fault';
import { compileGatewayResponses } from '../../../local/gateway/gateway-responses';

const response = (properties: Record<string, unknown>): LocalResource => ({
  logicalId: 'Response',
  type: 'AWS::ApiGateway::GatewayResponse',
  properties,
});

const render = (properties: Record<string, unknown>[], fault: GatewayFault, accept?: string) => {
  const answer = compileGatewayResponses(properties.map(response))(
    fault,
    { requestId: 'r-1', stage: 'v1' },
    accept,
  );
  return { ...answer, body: answer.body.toString() };
};

describe('gateway responses', () => {
  test('are the service’s own without any in the template', () => {
    expect(render([], missingAuthenticationToken())).toEqual({
      statusCode: 403,
      headers: {
        'content-type': 'application/json',
        'x-amzn-errortype': 'MissingAuthenticationTokenException',
      },
      body: '{"message":"Missing Authentication Token"}',
    });
  });

  test('fall back to the default of their hundred, which keeps the status', () => {
    const defaults = ['DEFAULT_4XX', 'DEFAULT_5XX'].map((ResponseType) => ({
      ResponseType,
      ResponseTemplates: { 'application/json': `${ResponseType} $context.error.responseType $context.stage` },
    }));
    expect(render(defaults, missingAuthenticationToken())).toMatchObject({
      statusCode: 403,
      body: 'DEFAULT_4XX MISSING_AUTHENTICATION_TOKEN v1',
    });
    expect(render(defaults, internalServerError(502))).toMatchObject({
      statusCode: 502,
      body: 'DEFAULT_5XX DEFAULT_5XX v1',
    });
  });

  test('prefer the type’s own', () => {
    const own = { ResponseType: 'MISSING_AUTHENTICATION_TOKEN', StatusCode: '404' };
    expect(
      render([{ ResponseType: 'DEFAULT_4XX', StatusCode: '400' }, own], missingAuthenticationToken())
        .statusCode,
    ).toBe(404);
  });

  test('choose the template that the caller accepts, else JSON, else the first', () => {
    const templates = (...types: string[]) => [
      {
        ResponseType: 'DEFAULT_4XX',
        ResponseTemplates: Object.fromEntries(types.map((type) => [type, type])),
      },
    ];
    const fault = missingAuthenticationToken();
    const several = templates('text/xml', 'application/json', 'text/plain');
    expect(render(several, fault, 'text/plain;q=0.5, */*').body).toBe('text/plain');
    expect(render(several, fault, 'image/png').body).toBe('application/json');
    expect(render(templates('text/xml', 'text/plain'), fault).headers['content-type']).toBe('text/xml');
  });

  test('set headers to texts and to values of the request', () => {
    const headers = render(
      [
        {
          ResponseType: 'DEFAULT_4XX',
          ResponseParameters: {
            'gatewayresponse.header.X-Text': "'it''s'",
            'gatewayresponse.header.X-Id': 'context.requestId',
          },
        },
      ],
      missingAuthenticationToken(),
    ).headers;
    expect(headers).toMatchObject({ 'x-text': "it''s", 'x-id': 'r-1' });
  });

  test('quote the message where it is asked for as a string', () => {
    const fault = new GatewayFault('BAD_REQUEST_BODY', 400, 'BadRequestException', 'a "b"\n', '[x ("y")]');
    const template =
      '{"m":$context.error.messageString,"v":"$context.error.validationErrorString","none":"$context.resourcePath"}';
    const { body } = render(
      [{ ResponseType: 'BAD_REQUEST_BODY', ResponseTemplates: { 'application/json': template } }],
      fault,
    );
    expect(JSON.parse(body)).toEqual({ m: 'a "b"\n', v: '[x ("y")]', none: '' });
  });

  test.each<[Record<string, unknown>, RegExp]>([
    [{ ResponseType: 'TEAPOT' }, /TEAPOT/],
    [{ ResponseType: 'THROTTLED', ResponseTemplates: { a: '$input.body' } }, /variable other than/],
    [
      { ResponseType: 'THROTTLED', ResponseParameters: { 'gatewayresponse.path.x': "'a'" } },
      /gatewayresponse.path.x/,
    ],
    [
      { ResponseType: 'THROTTLED', ResponseParameters: { 'gatewayresponse.header.x': 'stageVariables.a' } },
      /stageVariables.a/,
    ],
  ])('refuse %j at load', (properties, message) => {
    expect(() => compileGatewayResponses([response(properties)])).toThrow(message);
  });
});
