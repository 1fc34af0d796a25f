import { TestApp } from '../../support/test-app';

const ACCOUNT = '512345678902';

describe('the simulator over HTTP', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start();
  });

  afterEach(() => {
    app.runtime.simulator.faults.clear();
  });

  afterAll(async () => {
    await app.stop();
  });

  async function send(
    method: string,
    what: string,
    body?: string,
  ): Promise<{ status: number; body: Readonly<Record<string, unknown>> }> {
    const response = await fetch(`${app.runtime.endpoint}/_simulator/${what}`, {
      method,
      ...(body === undefined ? {} : { body }),
    });
    return { status: response.status, body: (await response.json()) as Readonly<Record<string, unknown>> };
  }

  test('settings and faults that are set here hold for what Latchkey does (F8)', async () => {
    const settings = await send('POST', 'settings', '{"createLatency": "fixed:30"}');
    const faults = await send(
      'POST',
      'faults',
      '{"operation": "CreateAccountAssignment", "effect": "throttle"}',
    );

    const id = await app.ask({ target: { account: ACCOUNT } });
    await app.advance('PT20S');
    const operations = await send('GET', 'operations');
    await app.advance('PT40S');

    expect([settings.status, faults.status]).toEqual([200, 200]);
    expect(operations.body.underWay).toMatchObject([
      { kind: 'create', account: { id: ACCOUNT }, status: 'IN_PROGRESS' },
    ]);
    expect((await send('GET', 'faults')).body).toEqual({ faults: [] });
    expect((await app.request(id)).status).toBe('active');
    expect((await send('GET', 'counts')).body.counts).toMatchObject({
      // The one that was refused, and the one that was taken.
      'sso:CreateAccountAssignment': 2,
    });
  });

  test('what cannot be used is refused with what to write', async () => {
    const [unknownKey, notJson, empty, elsewhere] = await Promise.all([
      send('POST', 'settings', '{"createLatencie": 1}'),
      send('POST', 'settings', '{'),
      send('POST', 'faults'),
      send('GET', 'nothing'),
    ]);

    expect(unknownKey).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('did you mean createLatency?') as string },
    });
    expect(notJson).toEqual({ status: 400, body: { message: 'the body is not JSON: send a JSON object' } });
    expect(empty.body.message).toContain('the body is missing: use a map such as');
    expect(elsewhere).toMatchObject({
      status: 404,
      body: { message: expect.stringContaining('there are GET /_simulator/settings') as string },
    });
  });
});
