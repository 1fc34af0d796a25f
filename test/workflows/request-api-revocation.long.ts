import { sendCall } from '../support/signed-call';
import { TestApp, ticket } from '../support/test-app';

const ACCOUNT = '412345678901';

describe('the request API, ending early', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start();
  });

  afterAll(async () => {
    await app.stop();
  });

  const revoke = (id: string, body?: unknown, caller = 'test') =>
    sendCall(app, {
      path: `/requests/${id}/revocation`,
      caller,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  test('takes a body that is empty, and none at all', async () => {
    const [one, other] = [
      await app.ask({ principal: { user: 'bob' } }),
      await app.ask({ principal: { user: 'carol' } }),
    ];
    await app.advance('PT1M');

    const none = await revoke(one);
    const empty = await app.post(`/requests/${other}/revocation`, '');
    await app.advance('PT1M');

    expect([none.status, empty.status]).toEqual([202, 202]);
    expect([(await app.request(one)).status, (await app.request(other)).status]).toEqual(['ended', 'ended']);
  });

  test('keeps the reason word for word, and who gave it, and tells both', async () => {
    const id = await app.ask({ principal: { user: 'dave' } });
    await app.advance('PT1M');

    await revoke(id, { reason: 'Störung behoben — 完了' });
    await app.advance('PT1M');

    const { body } = await app.get(`/requests/${id}`);
    expect(body).toMatchObject({
      status: 'ended',
      revocation: {
        by: 'arn:aws:iam::222233334444:role/LatchkeyServiceDesk',
        reason: 'Störung behoben — 完了',
      },
    });
    expect((await app.request(id)).timeline.map(({ text }) => text)).toContain(
      'to be ended early: Störung behoben — 完了',
    );
  });

  test('may be repeated, at once and later, and changes nothing then', async () => {
    const id = await app.ask({ principal: { user: 'erin' } });
    await app.advance('PT1M');

    const together = await Promise.all([
      revoke(id, { reason: 'first' }),
      revoke(id, { reason: 'first' }),
      revoke(id, { reason: 'first' }),
    ]);
    await app.advance('PT1M');
    const ended = await app.request(id);
    const later = await revoke(id, { reason: 'later' });

    expect([...together, later].map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    expect(await app.request(id)).toEqual(ended);
    expect(ended.timeline.filter(({ text }) => text.startsWith('to be ended early'))).toHaveLength(1);
  });

  test('is 409 for a request that was denied or failed: there is nothing to end', async () => {
    const denied = await app.ask({ duration: 'P14DT1H' });
    const failed = await app.ask({ permissionSet: 'NotThere' });
    await app.advance('PT1M');

    const [one, other] = [await revoke(denied), await revoke(failed)];

    expect(one).toMatchObject({
      status: 409,
      type: 'application/problem+json',
      body: { detail: expect.stringContaining('denied') as string },
    });
    expect(other).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('failed') as string },
    });
  });

  test('is 404 for an id that there is not', async () => {
    const reply = await revoke('req-00000000000000000000000000');

    expect(reply).toMatchObject({
      status: 404,
      type: 'application/problem+json',
      body: { type: 'urn:latchkey:problem:not-found' },
    });
  });

  test('before its start ends a request that never gives access', async () => {
    const startsAt = new Date(app.runtime.clock.now() + 60 * 60_000).toISOString();
    const id = await app.ask({ principal: { user: 'kenji' }, startsAt });
    await app.advance('PT1M');

    await revoke(id, { reason: 'planned by mistake' });
    await app.advance('PT2H');

    expect((await app.request(id)).status).toBe('ended');
    expect(app.has('kenji', 'ReadOnlyAccess', ACCOUNT)).toBe(false);
  });

  test('is an engineer’s to do for its own requests', async () => {
    const { body } = await sendCall(app, {
      caller: 'engineer',
      body: JSON.stringify(ticket({ principal: { user: 'zofia' }, requestedBy: undefined })),
    });
    const id = (body as { id: string }).id;
    await app.advance('PT1M');

    const reply = await revoke(id, undefined, 'engineer');
    await app.advance('PT1M');

    expect(reply.status).toBe(202);
    expect(await app.request(id)).toMatchObject({
      status: 'ended',
      revocation: { by: 'arn:aws:iam::222233334444:role/LatchkeyEngineer' },
    });
  });
});
