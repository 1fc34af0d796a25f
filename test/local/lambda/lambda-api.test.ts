import { handleLambdaApi, isLambdaApiPath, type LambdaApiResponse } from '../../../local/lambda/lambda-api';
import { ACCOUNT, buildWorld } from './lambda-world';

const ARN = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:echo`;
const invocationsOf = (name: string): string =>
  `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`;

const world = buildWorld({
  echo: {
    environment: { TABLE: 'ledger' },
    code: `exports.handler = async (event) => { console.log(JSON.stringify(event)); if (event.bad) throw new Error('bad'); return { event }; };`,
  },
});
afterAll(() => world.end());

async function call(
  method: string,
  path: string,
  body = '',
  headers: Record<string, string> = {},
): Promise<LambdaApiResponse & { parsed: unknown }> {
  const response = await handleLambdaApi(world.runtime, method, path, body, headers);
  return { ...response, parsed: response.body === '' ? undefined : JSON.parse(response.body) };
}

describe('Invoke over HTTP', () => {
  test('answers the payload, the version and the request id', async () => {
    const response = await call('POST', invocationsOf(ARN), '{"a":1}');

    expect(response).toMatchObject({
      statusCode: 200,
      parsed: { event: { a: 1 } },
      headers: {
        'x-amz-executed-version': '$LATEST',
        'x-amzn-requestid': expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      },
    });
    expect(response.headers).not.toHaveProperty('x-amz-function-error');
  });

  test('says in a header that the function failed, with status 200', async () => {
    const response = await call('POST', invocationsOf('echo'), '{"bad":true}');

    expect(response).toMatchObject({
      statusCode: 200,
      headers: { 'x-amz-function-error': 'Unhandled' },
      parsed: { errorType: 'Error', errorMessage: 'bad' },
    });
  });

  test('takes a qualifier from the query', async () => {
    const found = await call('POST', `${invocationsOf('echo')}?Qualifier=%24LATEST`, '{}');
    const missing = await call('POST', `${invocationsOf('echo')}?Qualifier=7`, '{}');

    expect([found.statusCode, missing.statusCode]).toEqual([200, 404]);
  });

  test('as an event answers 202 at once and runs the function', async () => {
    const response = await call('POST', invocationsOf('echo'), '{"event":7}', {
      'x-amz-invocation-type': 'Event',
    });
    await world.clock.quiet();

    expect(response).toMatchObject({ statusCode: 202, body: '' });
    expect(world.log.map(({ line }) => line)).toContain('{"event":7}');
  });

  test('as a dry run answers 204 and runs nothing', async () => {
    const response = await call('POST', invocationsOf('echo'), '{"dry":1}', {
      'x-amz-invocation-type': 'DryRun',
    });
    await world.clock.quiet();

    expect(response.statusCode).toBe(204);
    expect(world.log.map(({ line }) => line)).not.toContain('{"dry":1}');
  });

  test.each(['RequestResponse', 'Event', 'DryRun'])(
    'of an unknown function as %s is answered as by the service',
    async (type) => {
      const response = await call('POST', invocationsOf('nobody'), '{}', { 'x-amz-invocation-type': type });

      expect(response).toMatchObject({
        statusCode: 404,
        headers: { 'x-amzn-errortype': 'ResourceNotFoundException' },
        parsed: {
          Type: 'User',
          Message: `Function not found: arn:aws:lambda:us-east-1:${ACCOUNT}:function:nobody`,
        },
      });
    },
  );

  test.each([
    [
      'a body that is no JSON',
      '{',
      {},
      'InvalidRequestContentException',
      /Could not parse request body into json/,
    ],
    [
      'another invocation type',
      '{}',
      { 'x-amz-invocation-type': 'Later' },
      'InvalidParameterValueException',
      /got "Later"/,
    ],
    [
      'the tail of the log',
      '{}',
      { 'x-amz-log-type': 'Tail' },
      'InvalidParameterValueException',
      /x-amz-log-type: Tail is not supported/,
    ],
  ])('refuses %s', async (_case, body, headers, code, message) => {
    const response = await call('POST', invocationsOf('echo'), body, headers);

    expect(response).toMatchObject({
      statusCode: 400,
      headers: { 'x-amzn-errortype': code },
      parsed: { Message: expect.stringMatching(message) as string },
    });
  });
});

describe('the rest of the Lambda API', () => {
  const configuration = {
    FunctionName: 'echo',
    FunctionArn: ARN,
    Handler: 'index.handler',
    Timeout: 30,
    MemorySize: 128,
    Version: '$LATEST',
    Environment: { Variables: { TABLE: 'ledger' } },
  };

  test('lists the functions', async () => {
    expect((await call('GET', '/2015-03-31/functions/')).parsed).toMatchObject({
      Functions: [configuration],
    });
  });

  test('answers the configuration of one', async () => {
    expect((await call('GET', '/2015-03-31/functions/echo/configuration')).parsed).toMatchObject(
      configuration,
    );
  });

  test('names what is not supported', async () => {
    const response = await call('DELETE', '/2015-03-31/functions/echo');

    expect(response).toMatchObject({
      statusCode: 404,
      parsed: {
        Message: expect.stringMatching(/^DELETE \/2015-03-31\/functions\/echo is not supported/) as string,
      },
    });
  });

  test('is told from other paths', () => {
    const paths = ['/2015-03-31/functions', '/2015-03-31/functions/f/invocations', '/', '/v1/requests'];

    expect(paths.map(isLambdaApiPath)).toEqual([true, true, false, false]);
  });
});
