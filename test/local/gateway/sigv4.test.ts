import fc from 'fast-check';
import {
  amzDate,
  canonicalRequest,
  signature,
  signRequest,
  stringToSign,
} from '../../../local/gateway/sigv4';

/** 2026-12-01T08:00:00Z. */
const AT = Date.UTC(2026, 11, 1, 8);

const sign = (method: string, url: string, body = '', at = AT) =>
  signRequest({
    method,
    url,
    headers: { 'Content-Type': 'application/json' },
    body,
    accessKeyId: 'AK',
    secretAccessKey: 'secret/+',
    region: 'us-east-1',
    service: 'execute-api',
    at,
  });

describe('signRequest', () => {
  // The signatures are those that @smithy/signature-v4 5.7 makes of the same requests.
  test.each([
    {
      case: 'a plain GET',
      method: 'GET',
      url: 'http://127.0.0.1:4600/v1/requests',
      body: '',
      signed: '8e6986210dcba84bc66e337a52e8240d4ef6a430d19a784b6751286f0a603e5a',
    },
    {
      case: 'a body beyond ASCII',
      method: 'POST',
      url: 'http://127.0.0.1:4600/v1/requests',
      body: '{"ticket":"é"}',
      signed: '887505c56776c323118a2a86c6da478915837d63771c0d18c0579c3b2aa03be6',
    },
    {
      case: 'an escaped path and a query that is not sorted',
      method: 'GET',
      url: 'http://127.0.0.1:4600/v1/requests/a%20b~c/?ticket=b%20%2B&status=&ticket=A',
      body: '',
      signed: '9b4b1d06d8a1fe4c10cd9cff1c7818a4e881d003aa19a381c6f692d139c1cbdf',
    },
    {
      case: 'dots in the path and characters that are escaped strictly',
      method: 'GET',
      url: "http://127.0.0.1:4600/v1/a/./../b/%2F?x=(!'*)",
      body: '',
      signed: '34f5f5affb2c99ca062222978cc8d850e860cb768e5c37ac59ab374845f072f2',
    },
  ])('signs $case as the SDK does', ({ method, url, body, signed }) => {
    expect(sign(method, url, body).authorization).toBe(
      'AWS4-HMAC-SHA256 Credential=AK/20261201/us-east-1/execute-api/aws4_request, ' +
        `SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date, Signature=${signed}`,
    );
  });

  test('answers the headers to send, in lower case', () => {
    expect(sign('GET', 'http://127.0.0.1:4600/v1')).toEqual({
      'content-type': 'application/json',
      host: '127.0.0.1:4600',
      'x-amz-date': '20261201T080000Z',
      'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      authorization: expect.any(String) as string,
    });
  });

  test('makes another signature of any other body, method or time', () => {
    const url = 'http://127.0.0.1:4600/v1/requests';
    fc.assert(
      fc.property(fc.string(), fc.string(), (left, right) => {
        fc.pre(left !== right);
        expect(sign('POST', url, left).authorization).not.toBe(sign('POST', url, right).authorization);
      }),
    );
    const all = [sign('GET', url), sign('PUT', url), sign('GET', url, '', AT + 1000)];
    expect(new Set(all.map(({ authorization }) => authorization)).size).toBe(3);
  });
});

describe('signature', () => {
  test('is that of the published test suite for a GET without anything', () => {
    const scope = { date: '20150830', region: 'us-east-1', service: 'service' };
    const canonical = canonicalRequest({
      method: 'GET',
      path: '/',
      query: '',
      headers: { host: 'example.amazonaws.com', 'x-amz-date': '20150830T123600Z' },
      signedHeaders: ['host', 'x-amz-date'],
      body: '',
    });
    const text = stringToSign('20150830T123600Z', scope, canonical);
    expect(signature('wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', scope, text)).toBe(
      '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    );
  });

  test('does not depend on the order of the query', () => {
    const pair = fc.tuple(fc.stringMatching(/^[a-z]{1,3}$/), fc.stringMatching(/^[a-z%]{0,3}$/));
    fc.assert(
      fc.property(fc.uniqueArray(pair, { selector: ([name]) => name }), (pairs) => {
        const canonical = (list: typeof pairs) =>
          canonicalRequest({
            method: 'GET',
            path: '/',
            query: list.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&'),
            headers: {},
            signedHeaders: [],
            body: '',
          });
        expect(canonical([...pairs].reverse())).toBe(canonical(pairs));
      }),
    );
  });
});

describe('amzDate', () => {
  test('drops the fraction of a second', () => {
    expect(amzDate(AT + 999)).toBe('20261201T080000Z');
  });
});
