import fc from 'fast-check';
import { canonicalRequest, signature, signRequest, stringToSign } from '../../../local/gateway/sigv4';
import {
  apiResources,
  bodyOf,
  gatewayWorld,
  MACHINE_NOW,
  method,
  resource,
  ROOT,
  START,
} from './gateway-world';

const SIGNED = apiResources({
  Things: resource(ROOT, '{id}'),
  Post: method({ Ref: 'Things' }, 'POST', { AuthorizationType: 'AWS_IAM' }),
});

const MINUTE = 60_000;

const message = (text: string | RegExp) => ({
  message: typeof text === 'string' ? text : (expect.stringMatching(text) as string),
});

describe('a signed call', () => {
  test('passes, and tells the function who makes it', async () => {
    const world = gatewayWorld(SIGNED);
    const answer = await world.signed('POST', '/v1/x', { body: '{}' });
    expect(answer.statusCode).toBe(200);
    expect(world.events[0]).toMatchObject({
      requestContext: {
        identity: {
          accessKey: 'HOME',
          accountId: '222233334444',
          caller: 'Desk:alice',
          user: 'Desk:alice',
          principalOrgId: 'o-a1b2c3d4e5',
          userArn: 'arn:aws:sts::222233334444:assumed-role/Desk/alice',
        },
      },
    });
  });

  test('does not hand the secret key to the function', async () => {
    const world = gatewayWorld(SIGNED);
    await world.signed('POST', '/v1/x');
    expect(JSON.stringify(world.events)).not.toContain('home-secret');
  });

  test('passes with any path, query and body', async () => {
    const world = gatewayWorld(SIGNED);
    const word = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !/^\.{1,2}$/.test(text));
    const input = fc.tuple(
      word,
      fc.array(fc.tuple(word, fc.string({ unit: 'grapheme' })), { maxLength: 3 }),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(input, async ([id, query, body]) => {
        const pairs = query.map(
          ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
        );
        const path = `/v1/${encodeURIComponent(id)}?${pairs.join('&')}`;
        expect((await world.signed('POST', path, { body })).statusCode).toBe(200);
      }),
      { numRuns: 100 },
    );
  });

  test('passes without x-amz-content-sha256, as curl signs it', async () => {
    // Made by `curl --aws-sigv4 aws:amz:eu-west-1:execute-api` in form: only host and x-amz-date are signed.
    const world = gatewayWorld(SIGNED);
    const scope = { date: '20261201', region: 'eu-west-1', service: 'execute-api' };
    const headers = { host: '127.0.0.1:4600', 'x-amz-date': '20261201T080000Z' };
    const canonical = canonicalRequest({
      method: 'POST',
      path: '/v1/x',
      query: '',
      headers,
      signedHeaders: ['host', 'x-amz-date'],
      body: '{}',
    });
    const signed = signature('home-secret', scope, stringToSign('20261201T080000Z', scope, canonical));
    const authorization = `AWS4-HMAC-SHA256 Credential=HOME/20261201/eu-west-1/execute-api/aws4_request,SignedHeaders=host;x-amz-date,Signature=${signed}`;
    const answer = await world.call('POST', '/v1/x', { headers: { ...headers, authorization }, body: '{}' });
    expect(answer.statusCode).toBe(200);
  });

  test.each([
    { clock: 'virtual', at: START - 5 * MINUTE },
    { clock: 'virtual', at: START + 5 * MINUTE },
    { clock: 'machine', at: MACHINE_NOW },
    { clock: 'machine', at: MACHINE_NOW - 5 * MINUTE },
  ])('passes within five minutes of the $clock clock ($at)', async ({ at }) => {
    expect((await gatewayWorld(SIGNED).signed('POST', '/v1/x', { at })).statusCode).toBe(200);
  });
});

describe('a call', () => {
  test('without Authorization lacks a token', async () => {
    const answer = await gatewayWorld(SIGNED).call('POST', '/v1/x');
    expect([answer.statusCode, bodyOf(answer)]).toEqual([403, message('Missing Authentication Token')]);
  });

  test('with an unknown key has an invalid token', async () => {
    const answer = await gatewayWorld(SIGNED).signed('POST', '/v1/x', { key: 'NOBODY' });
    expect([answer.statusCode, bodyOf(answer)]).toEqual([
      403,
      message('The security token included in the request is invalid.'),
    ]);
  });

  test('with a wrong secret does not match', async () => {
    const world = gatewayWorld(SIGNED);
    const answer = await world.signed('POST', '/v1/x', { secret: 'wrong' });
    expect(answer.statusCode).toBe(403);
    expect(answer.headers['x-amzn-errortype']).toBe('InvalidSignatureException');
    expect(bodyOf(answer)).toEqual(
      message(
        /^The request signature we calculated does not match the signature you provided\. Check your AWS Secret Access Key/,
      ),
    );
    expect(world.events).toEqual([]);
  });

  test.each([
    {
      at: START - 5 * MINUTE - 1000,
      text: /^Signature expired: 20261201T075459Z is now earlier than 20261201T075500Z/,
    },
    {
      at: START + 5 * MINUTE + 1000,
      text: /^Signature not yet current: 20261201T080501Z is still later than/,
    },
  ])('signed at $at is out of time', async ({ at, text }) => {
    const answer = await gatewayWorld(SIGNED).signed('POST', '/v1/x', { at });
    expect([answer.statusCode, bodyOf(answer)]).toEqual([403, message(text)]);
  });

  const GOOD = signRequest({
    method: 'POST',
    url: 'http://127.0.0.1:4600/v1/x',
    accessKeyId: 'HOME',
    secretAccessKey: 'home-secret',
    region: 'eu-west-1',
    service: 'execute-api',
    at: START,
  });

  test.each<[string, { path?: string; body?: string; headers?: Record<string, string> }]>([
    ['with another body', { body: 'x' }],
    ['with another path', { path: '/v1/y' }],
    ['with a query', { path: '/v1/x?a=1' }],
    ['with another signed header', { headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } }],
    ['with a session token', { headers: { 'x-amz-security-token': 'x' } }],
    ['with another scheme', { headers: { authorization: 'Bearer x' } }],
    ['with an incomplete header', { headers: { authorization: 'AWS4-HMAC-SHA256 Credential=HOME/a/b/c/d' } }],
    [
      'with a short credential',
      { headers: { authorization: (GOOD.authorization ?? '').replace('/aws4_request', '') } },
    ],
    ['without a date', { headers: { 'x-amz-date': '' } }],
    [
      'for another region',
      { headers: { authorization: (GOOD.authorization ?? '').replace('eu-west-1', 'us-east-1') } },
    ],
    [
      'for another service',
      { headers: { authorization: (GOOD.authorization ?? '').replace('execute-api', 's3') } },
    ],
    [
      'of another day',
      { headers: { authorization: (GOOD.authorization ?? '').replace('/20261201/', '/20261202/') } },
    ],
    [
      'with another terminator',
      { headers: { authorization: (GOOD.authorization ?? '').replace('aws4_request', 'x') } },
    ],
    [
      'without host among the signed',
      { headers: { authorization: (GOOD.authorization ?? '').replace('host;', '') } },
    ],
  ])(
    '%s gets 403 and does not reach the function',
    async (_case, { path = '/v1/x', body = '', headers = {} }) => {
      const world = gatewayWorld(SIGNED);
      const answer = await world.call('POST', path, { body, headers: { ...GOOD, ...headers } });
      expect(answer.statusCode).toBe(403);
      expect(world.events).toEqual([]);
    },
  );

  test('that is changed in any one character of its signature does not match', async () => {
    const world = gatewayWorld(SIGNED);
    const { authorization = '' } = GOOD;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 64 }),
        fc.constantFrom(...Array.from('0123456789abcdef')),
        async (back, digit) => {
          const at = authorization.length - back;
          fc.pre(authorization[at] !== digit);
          const changed = authorization.slice(0, at) + digit + authorization.slice(at + 1);
          const answer = await world.call('POST', '/v1/x', { headers: { ...GOOD, authorization: changed } });
          expect(answer.statusCode).toBe(403);
        },
      ),
      { numRuns: 50 },
    );
  });
});
