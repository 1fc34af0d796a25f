import { organizationWith, principalId } from '../support/organizations';
import { scanLedger } from '../support/ledger-scan';
import { problemsOf, sendCall } from '../support/signed-call';
import { TestApp, type TicketBody, ticket } from '../support/test-app';

const BOB = '5d1e0a10-1c2b-4a3d-8e4f-0a1b2c3d4e02';
const PLATFORM = '7a2f1b20-2d3c-4b4e-9f50-1b2c3d4e5f01';
const POWER_USER = 'arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-1a2b3c4d5e6f7a82';

/** Two people whose names meet (one's user name is the other's address), and names in other alphabets. */
const PEOPLE = organizationWith({
  users: [
    {
      id: principalId(1),
      userName: 'ivan@example.com',
      displayName: 'Ivan One',
      emails: ['one@example.com'],
    },
    { id: principalId(2), userName: 'ivan2', displayName: 'Ivan Two', emails: ['ivan@example.com'] },
    { id: principalId(3), userName: 'ελένη', displayName: 'Ελένη Παππά', emails: ['eleni@example.com'] },
    { id: principalId(5), userName: 'sam1', displayName: 'Sam One', emails: ['sam@example.com'] },
    { id: principalId(6), userName: 'sam2', displayName: 'Sam Two', emails: ['Sam@Example.com'] },
  ],
  groups: [{ id: principalId(4), displayName: 'Zespół płatności', members: ['zofia'] }],
});

describe('the request API, taking tickets', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ organization: PEOPLE });
  });

  afterAll(async () => {
    await app.stop();
  });

  /** Sends a ticket and lets its workflow come to its grant, or to its end. */
  async function outcomeOf(change: TicketBody): Promise<Awaited<ReturnType<TestApp['request']>>> {
    const id = await app.ask(change);
    await app.advance('PT1M');
    return app.request(id);
  }

  describe('what is answered', () => {
    test('is 202 with the id, the place of the request, and how long its revoke takes', async () => {
      const target = [{ account: '512345678902' }, { account: '523456789013' }, { account: '534567890124' }];

      const { status, body, headers } = await sendCall(app, { body: JSON.stringify(ticket({ target })) });

      expect(status).toBe(202);
      expect(body).toMatchObject({
        id: expect.stringMatching(/^req-[0-9a-z]{26}$/) as string,
        status: 'pending',
        revokeTakesSeconds: 2,
      });
      expect(headers.get('location')).toBe(`/v1/requests/${(body as { id: string }).id}`);
      expect(headers.get('cache-control')).toBe('no-store');
    });

    test('names every wrong field at once, with its value and the remedy', async () => {
      const wrong = {
        ticket: { system: 'a b', id: '' },
        requestedBy: { user: '' },
        principal: { user: 'alice', group: 'Platform' },
        permissionSet: 'Read Only',
        target: { account: 412345678901 },
        startsAt: 'tomorrow',
        duration: '4h',
        justification: '',
        priority: 1,
      };

      const reply = await sendCall(app, { body: JSON.stringify(wrong) });

      expect(reply).toMatchObject({ status: 400, type: 'application/problem+json' });
      expect(problemsOf(reply).map(({ field, value }) => [field, value])).toEqual([
        ['priority', '"priority"'],
        ['ticket.system', '"a b"'],
        ['ticket.id', '""'],
        ['requestedBy.user', '""'],
        ['principal', '{"user":"alice","group":"Platform"}'],
        ['permissionSet', '"Read Only"'],
        ['target.account', '412345678901'],
        ['startsAt', '"tomorrow"'],
        ['duration', '"4h"'],
        ['justification', '""'],
      ]);
      expect(problemsOf(reply).every(({ problem, remedy }) => problem !== '' && remedy !== '')).toBe(true);
    });

    test.each([
      [
        'callbackUrl',
        { callbackUrl: 'https://tickets.example.com/hooks/latchkey' },
        /not supported.*subscribe to the result events/,
      ],
      ['extends', { extends: 'req-1' }, /not supported.*send a new request that overlaps/],
      ['target.ou', { target: { ou: 'Workloads//Prod' } }, /empty name in its path.*such as Workloads\/Prod/],
    ])('refuses %s in words, with what to do instead', async (field, change, words) => {
      const reply = await sendCall(app, { body: JSON.stringify(ticket(change)) });

      expect(reply.status).toBe(400);
      expect(problemsOf(reply).map((problem) => problem.field)).toEqual([field]);
      expect(problemsOf(reply).map(({ problem, remedy }) => `${problem}: ${remedy}`)[0]).toMatch(words);
    });

    test.each([
      'application/json',
      'application/json; charset=UTF-8',
      'application/vnd.tickets+json',
      'application/x-www-form-urlencoded',
    ])('is 202 for a ticket that is declared as %s', async (type) => {
      const { status } = await sendCall(app, {
        body: JSON.stringify(ticket()),
        headers: { 'content-type': type },
      });

      expect(status).toBe(202);
    });
  });

  describe('the idempotency key', () => {
    const send = (key: string, change: TicketBody = {}, caller = 'test') =>
      sendCall(app, {
        caller,
        body: JSON.stringify(ticket(change)),
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
      });
    const idOf = ({ body }: { readonly body: unknown }) => (body as { id?: string }).id;

    test('makes the same call the same request', async () => {
      const first = await send('same');
      const second = await send('same');

      expect([first.status, second.status]).toEqual([202, 202]);
      expect(idOf(second)).toBe(idOf(first));
    });

    test('does not mind how the same body is written', async () => {
      const first = await send('spelling', { justification: 'caf\u00E9' });
      const reordered = JSON.stringify(
        Object.fromEntries(Object.entries(ticket({ justification: 'caf\u00E9' })).reverse()),
        undefined,
        2,
      );
      const second = await sendCall(app, {
        body: reordered.replace('\u00E9', '\\u00e9'),
        headers: { 'content-type': 'application/json', 'idempotency-key': 'spelling' },
      });

      expect(second.status).toBe(202);
      expect(idOf(second)).toBe(idOf(first));
    });

    test('refuses another body with 409, and leaves nothing that finds the first request by the second one’s principal', async () => {
      await send('other body', { principal: { user: 'kenji' } });
      const second = await send('otherbody', { principal: { user: 'kenji' } });
      const third = await send('otherbody', { principal: { user: 'dave' } });

      const found = await app.get('/requests?principal=dave');
      expect(second.status).toBe(202);
      expect(third).toMatchObject({ status: 409, type: 'application/problem+json' });
      expect(found.body.requests).toEqual([]);
    });

    test('of another caller makes another request', async () => {
      const desk = await send('shared', { requestedBy: undefined });
      const engineer = await send('shared', { requestedBy: undefined }, 'engineer');

      expect([desk.status, engineer.status]).toEqual([202, 202]);
      expect(idOf(engineer)).not.toBe(idOf(desk));
    });

    test('makes one request of many calls at once', async () => {
      const replies = await Promise.all(Array.from({ length: 6 }, () => send('at-once')));

      const id = idOf(replies[0] ?? { body: {} });
      const written = (await scanLedger(app)).filter(
        ({ pk, sk }) => pk?.S === `REQUEST#${id ?? ''}` && sk?.S === 'META',
      );
      expect(replies.map(({ status }) => status)).toEqual(Array(6).fill(202));
      expect(new Set(replies.map(idOf)).size).toBe(1);
      expect(written).toHaveLength(1);
    });

    test('is another request with every call that has none', async () => {
      const ids = [await app.ask(), await app.ask()];

      expect(new Set(ids).size).toBe(2);
    });
  });

  describe('who it is for', () => {
    test.each([
      ['a user name', { user: 'bob' }],
      ['an e-mail address', { user: 'bob@example.com' }],
      ['a second e-mail address', { user: 'robert.berger@example.com' }],
      ['a user id', { userId: BOB }],
      ['an e-mail address in other cases', { user: 'Bob@Example.COM' }],
    ])('may be named by %s', async (_case, principal) => {
      const request = await outcomeOf({ principal });

      expect(request).toMatchObject({
        status: 'active',
        principal: { type: 'USER', id: BOB, name: 'bob', email: 'bob@example.com' },
      });
    });

    test.each([
      ['name', { group: 'Platform' }],
      ['id', { groupId: PLATFORM }],
    ])('may be a group by its %s, where a rule names groups', async (_case, principal) => {
      const request = await outcomeOf({ principal, duration: 'P1D' });

      expect(request).toMatchObject({
        status: 'active',
        principal: { type: 'GROUP', id: PLATFORM, name: 'Platform' },
      });
    });

    test('may not be a group that no rule names', async () => {
      const request = await outcomeOf({ principal: { group: 'Payments' } });

      expect(request).toMatchObject({
        status: 'denied',
        reason: expect.stringMatching(/no rule permits.*group Payments/) as string,
      });
    });

    test('is not guessed where a name means two people', async () => {
      const request = await outcomeOf({ principal: { user: 'ivan@example.com' } });

      expect(request.status).toBe('failed');
      expect(request.reason).toMatch(/principal: user ivan@example\.com is ambiguous .*by its id/);
      expect(request.reason).toContain(principalId(1));
      expect(request.reason).toContain(principalId(2));
    });

    test('is not guessed where two people share an e-mail address', async () => {
      const request = await outcomeOf({ principal: { user: 'sam@example.com' } });

      expect(request.status).toBe('failed');
      expect(request.reason).toContain(principalId(5));
      expect(request.reason).toContain(principalId(6));
    });

    test('is one of the two who are meant, by id', async () => {
      const request = await outcomeOf({ principal: { userId: principalId(2) } });

      expect(request).toMatchObject({ status: 'active', principal: { name: 'ivan2' } });
    });

    test.each([
      ['a user id', { userId: principalId(99) }],
      ['a group id', { groupId: principalId(99) }],
      ['a group', { group: 'Plattform' }],
      ['a group with a name as long as the store allows', { group: '山'.repeat(1_024) }],
    ])('ends as failed for %s that is not there', async (_case, principal) => {
      const request = await outcomeOf({ principal });

      expect(request.status).toBe('failed');
      expect(request.reason).toMatch(/^principal: .* was not found in the directory, check the spelling$/);
    });

    test('may be somebody whose name is not in Latin letters, and whose ticket comes back unharmed', async () => {
      const justification = 'Проверка платежей · 支払いの確認\nفحص المدفوعات 🙂';

      const request = await outcomeOf({
        principal: { user: 'ελένη' },
        requestedBy: { user: 'ελένη' },
        justification,
      });
      const listed = await app.get(`/requests?principal=${encodeURIComponent('ΕΛΈΝΗ')}`);

      expect(request).toMatchObject({ status: 'active', principal: { name: 'ελένη' }, justification });
      expect(request.timeline.map(({ text }) => text).join('\n')).toContain('user ελένη');
      expect(listed.body.requests).toMatchObject([{ id: request.id }]);
    });

    test('is the same whichever way an accent is written', async () => {
      const request = await outcomeOf({ principal: { group: 'Zespół płatności'.normalize('NFD') } });

      expect(request).toMatchObject({
        status: 'denied',
        principal: { id: principalId(4), name: 'Zespół płatności' },
      });
    });

    test('is asked for by a person only on the word of a caller that is trusted for it', async () => {
      const reply = await sendCall(app, { caller: 'engineer', body: JSON.stringify(ticket()) });

      expect(reply.status).toBe(400);
      expect(problemsOf(reply)).toMatchObject([{ field: 'requestedBy', remedy: 'leave it out' }]);
    });
  });

  describe('what it is for', () => {
    test('may be a permission set by ARN', async () => {
      const request = await outcomeOf({ permissionSet: POWER_USER, target: { account: '523456789013' } });

      expect(request).toMatchObject({
        status: 'active',
        permissionSet: { name: 'PowerUserAccess', arn: POWER_USER },
      });
      expect(app.has('alice', 'PowerUserAccess', '523456789013')).toBe(true);
    });

    test.each([
      ['name', 'ReadOnly'],
      ['arn', POWER_USER.replace(/82$/, '99')],
    ])('ends as failed for an unknown %s, with what to check', async (by, permissionSet) => {
      const request = await outcomeOf({ permissionSet });

      expect(request).toMatchObject({
        status: 'failed',
        reason: `permission set ${permissionSet} does not exist, check its ${by}`,
      });
    });

    test('may be a list of accounts in which one stands twice', async () => {
      const target = [{ account: '612345678903' }, { account: '623456789014' }, { account: '612345678903' }];

      const request = await outcomeOf({ target, principal: { user: 'carol' } });

      expect(request.accounts.items.map(({ account, status }) => [account, status])).toEqual([
        ['612345678903', 'granted'],
        ['623456789014', 'granted'],
      ]);
    });
  });

  describe('how long', () => {
    test('may be told as the instant at which it ends', async () => {
      const expiresAt = new Date(app.runtime.clock.now() + 3 * 60 * 60_000).toISOString();

      const request = await outcomeOf({ duration: undefined, expiresAt, principal: { user: 'erin' } });
      await app.advance('PT3H');

      expect(request).toMatchObject({ status: 'active', until: expiresAt });
      expect(await app.request(request.id)).toMatchObject({ status: 'ended' });
    });

    test('is told together with how long sessions may outlive it', async () => {
      const request = await outcomeOf({ duration: 'PT2H', principal: { user: 'zofia' } });

      const { until = '', sessionsMayLastUntil = '' } = request as {
        until?: string;
        sessionsMayLastUntil?: string;
      };
      expect(Date.parse(sessionsMayLastUntil) - Date.parse(until)).toBe(4 * 60 * 60_000);
    });

    test('is denied where it is longer than a rule permits, with the rule named', async () => {
      const request = await outcomeOf({ duration: 'P14DT1S' });

      expect(request).toMatchObject({
        status: 'denied',
        reason: expect.stringMatching(/read-anywhere|14 days/) as string,
      });
    });
  });
});
