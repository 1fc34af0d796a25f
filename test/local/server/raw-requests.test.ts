import * as fc from 'fast-check';

import { startIdentityCenter, type IdentityCenterServer } from '../../../local/server/identity-center-server';
import { ORGANIZATION } from '../identity-center/support';

const target = fc.oneof(
  fc.constantFrom(
    'SWBExternalService.ListInstances',
    'SWBExternalService.CreateAccountAssignment',
    'AWSIdentityStore.ListUsers',
    'AWSOrganizationsV20161128.ListAccounts',
    'SWBExternalService.constructor',
    'SWBExternalService.__proto__',
    'SWBExternalService',
    'toString.ListInstances',
    '.',
  ),
  fc.stringMatching(/^[\x21-\x7e]{0,40}$/),
);

const body = fc.oneof(
  fc.constantFrom(
    '',
    '{',
    '[]',
    'null',
    '1',
    '"x"',
    '{"InstanceArn":',
    '{"__proto__":{"a":1}}',
    '{}{}',
    '\uFEFF{}',
  ),
  fc.json(),
  fc.string({ unit: 'binary' }),
);

const headers = fc.record(
  {
    'x-amz-target': target,
    'content-type': fc.constantFrom(
      'application/x-amz-json-1.1',
      'text/plain',
      'application/json;charset=utf-16',
      '',
    ),
    authorization: fc.constantFrom('', 'Bearer x', 'AWS4-HMAC-SHA256 Credential=/////', 'AWS4-HMAC-SHA256'),
  },
  { requiredKeys: [] },
);

describe('requests that no client would send', () => {
  const reports: string[] = [];
  let server: IdentityCenterServer;

  beforeAll(async () => {
    server = await startIdentityCenter({
      organization: ORGANIZATION,
      settings: { requestsPerSecond: 'unlimited', organizationsRates: 'unlimited' },
      report: (sentence) => reports.push(sentence),
    });
  });

  afterAll(() => server.stop());

  test('are answered in JSON, and never with a failure of the server (V5)', async () => {
    const path = fc.constantFrom(
      '/',
      '/',
      '/',
      '/_simulator/settings',
      '/_simulator/faults',
      '/_simulator/clock',
      '/%',
      '/..',
    );
    const method = fc.constantFrom('POST', 'POST', 'POST', 'GET', 'PUT', 'DELETE');
    await fc.assert(
      fc.asyncProperty(method, path, headers, body, async (verb, where, sent, text) => {
        const answer = await fetch(server.endpoint + where, {
          method: verb,
          headers: sent,
          ...(verb === 'GET' ? {} : { body: text }),
        });

        expect([200, 400, 403, 404]).toContain(answer.status);
        expect(typeof (await answer.json())).toBe('object');
      }),
      { numRuns: 300 },
    );
    expect(reports).toEqual([]);
  });
});
