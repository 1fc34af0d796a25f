import { scanLedger } from '../support/ledger-scan';
import { type HttpReply, type SignedCall, sendCall } from '../support/signed-call';
import { TestApp, ticket } from '../support/test-app';

const QUARTER_HOUR = 15 * 60_000;
const body = JSON.stringify(ticket());
const own = JSON.stringify(ticket({ requestedBy: undefined }));

/** What a caller could learn from an answer: everything but the id of the call. */
function seen({ status, type, body: answer }: HttpReply): object {
  const { requestId: _requestId, ...rest } = answer as Record<string, unknown>;
  return { status, type, ...rest };
}

describe('the request API, by who calls', () => {
  let app: TestApp;
  /** A request of the service desk, and one of the engineers. */
  let desks: string;
  let engineers: string;

  beforeAll(async () => {
    app = await TestApp.start();
    desks = await app.ask();
    const reply = await sendCall(app, { caller: 'engineer', body: own });
    engineers = String((reply.body as { id?: string }).id);
    // More than a page of the service desk's, which nobody else is to learn of.
    for (let n = 0; n < 26; n += 1) {
      await app.ask({ ticket: { system: 'jira', id: 'MANY-1' }, principal: { user: 'nobody' } });
    }
    await app.advance('PT1M');
  });

  afterAll(async () => {
    await app.stop();
  });

  const get = (path: string, caller: string) => sendCall(app, { method: 'GET', path, caller });
  const revoke = (id: string, caller: string) =>
    sendCall(app, { path: `/requests/${id}/revocation`, caller });

  /** The same 403 problem for every call, and nothing written. */
  async function expectForbidden(calls: readonly SignedCall[], detail: RegExp): Promise<void> {
    const before = await scanLedger(app);
    for (const call of calls) {
      const reply = await sendCall(app, call);
      expect(reply).toMatchObject({
        status: 403,
        type: 'application/problem+json',
        body: { type: 'urn:latchkey:problem:forbidden' },
      });
      expect((reply.body as { detail: string }).detail).toMatch(detail);
    }
    expect(await scanLedger(app)).toEqual(before);
  }

  describe('the signature', () => {
    test.each<readonly [string, SignedCall, RegExp]>([
      ['made with another secret', { body, secret: 'guessed' }, /signature does not match/],
      [
        'of another body',
        { body, tamper: (signed) => ({ ...signed, 'x-amz-content-sha256': '0'.repeat(64) }) },
        /signature does not match/,
      ],
      ['of an hour before', { body, at: Date.UTC(2026, 11, 1, 7) }, /signature does not match/],
      ['of hours ahead', { body, at: Date.UTC(2026, 11, 1, 10) }, /signature does not match/],
      [
        'for another Region',
        {
          body,
          tamper: (signed) => ({
            ...signed,
            authorization: (signed.authorization ?? '').replace('us-east-1', 'eu-west-1'),
          }),
        },
        /signature does not match/,
      ],
      [
        'that is cut short',
        {
          body,
          tamper: (signed) => ({ ...signed, authorization: (signed.authorization ?? '').slice(0, 60) }),
        },
        /signature does not match/,
      ],
    ])('%s is refused with 403', async (_case, call, detail) => {
      await expectForbidden([call], detail);
    });

    test('is not known for an access key that nobody has', async () => {
      const reply = await sendCall(app, { body, caller: 'nobody' });

      expect(reply).toMatchObject({ status: 403, type: 'application/problem+json' });
      expect(reply.headers.get('x-amzn-errortype')).toBe('UnrecognizedClientException');
    });

    test('must be there', async () => {
      const unsigned = ({ authorization: _authorization, ...rest }: Readonly<Record<string, string>>) => rest;

      await expectForbidden(
        [
          { body, tamper: unsigned },
          { method: 'GET', path: `/requests/${desks}`, tamper: unsigned },
        ],
        /sign the call with AWS Signature Version 4/,
      );
    });

    test('answers a path that is not there as a missing signature, so that nothing is learned of what there is', async () => {
      await expectForbidden(
        [
          { method: 'GET', path: '/' },
          { method: 'GET', path: '/approvals' },
          { method: 'DELETE', path: `/requests/${desks}` },
        ],
        /check method and path/,
      );
    });
  });

  describe('a stranger, whom the policy does not name', () => {
    test('is refused by the resource policy, whatever is asked, whether it is there or not', async () => {
      await expectForbidden(
        [
          { caller: 'stranger', body: own },
          { caller: 'stranger', body: '{' },
          { caller: 'stranger', method: 'GET', path: `/requests/${desks}` },
          { caller: 'stranger', method: 'GET', path: '/requests/req-00000000000000000000000000' },
          { caller: 'stranger', method: 'GET', path: '/requests?status=active' },
          { caller: 'stranger', path: `/requests/${desks}/revocation` },
        ],
        /^this caller is not among the callers of the access policy$/,
      );
    });
  });

  describe('an auditor', () => {
    test('sees every request', async () => {
      const { body: list } = await get('/requests?status=active', 'auditor');

      const ids = (list as { requests: { id: string }[] }).requests.map(({ id }) => id);
      expect(new Set(ids)).toEqual(new Set([desks, engineers]));
      expect(await get(`/requests/${desks}`, 'auditor')).toMatchObject({ status: 200, body: { id: desks } });
    });

    test('may neither ask nor revoke, whether the body is right or wrong', async () => {
      await expectForbidden(
        [
          { caller: 'auditor', body: own },
          { caller: 'auditor', body: '{"princpal":1}' },
        ],
        /may not ask for access/,
      );
      await expectForbidden(
        [{ caller: 'auditor', path: `/requests/${desks}/revocation` }],
        /may not do this/,
      );
    });
  });

  describe('an engineer', () => {
    test('sees its own requests', async () => {
      expect(await get(`/requests/${engineers}`, 'engineer')).toMatchObject({
        status: 200,
        body: { id: engineers, status: 'active' },
      });
    });

    test('gets the same answer for a request of another caller as for one that does not exist', async () => {
      const others = await get(`/requests/${desks}`, 'engineer');
      const nobodys = await get('/requests/req-00000000000000000000000000', 'engineer');

      expect(others.status).toBe(403);
      expect(seen(others)).toEqual(seen(nobodys));
    });

    test('gets the same answer when revoking another’s request as for one that does not exist, and ends nothing', async () => {
      const others = await revoke(desks, 'engineer');
      const nobodys = await revoke('req-00000000000000000000000000', 'engineer');

      expect(others.status).toBe(403);
      expect(seen(others)).toEqual(seen(nobodys));
      expect(await app.request(desks)).toMatchObject({ status: 'active' });
    });

    test.each([
      'ticket=RITM0012345',
      'ticket=servicenow:RITM0012345',
      'principal=alice@example.com',
      'principal=alice',
      'status=active',
    ])('finds only its own requests by %s', async (query) => {
      const { body: list } = await get(`/requests?${query}`, 'engineer');

      expect(list).toMatchObject({ requests: [{ id: engineers }] });
      expect((list as { requests: unknown[] }).requests).toHaveLength(1);
    });

    test('learns neither ids nor number of the requests of others from the pages of a list', async () => {
      const reply = await get('/requests?ticket=jira:MANY-1', 'engineer');

      expect(reply).toMatchObject({ status: 200, body: { requests: [] } });
      expect(reply.body).not.toHaveProperty('next');
    });

    test('gets no further with a page token of the service desk', async () => {
      const { body: page } = await get('/requests?ticket=jira:MANY-1', 'test');
      const { next = '' } = page as { next?: string };

      const reply = await get(`/requests?ticket=jira:MANY-1&next=${next}`, 'engineer');

      expect(next).not.toBe('');
      expect(reply).toMatchObject({ status: 400, body: { problems: [{ field: 'next' }] } });
    });
  });

  test('a signature of the machine’s own time is as good as one of the virtual time', async () => {
    await app.advance('PT20M');

    const { status } = await app.get(`/requests/${desks}`);
    const old = await sendCall(app, {
      method: 'GET',
      path: `/requests/${desks}`,
      at: app.runtime.clock.now() - QUARTER_HOUR,
    });

    expect(status).toBe(200);
    expect(old.status).toBe(403);
  });
});
