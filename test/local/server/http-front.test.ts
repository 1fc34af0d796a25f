import { TestApp } from '../../support/test-app';

describe('the one HTTP server of the local runtime', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start();
  });

  afterAll(async () => {
    await app.stop();
  });

  test('never closes a connection that waits for its next use, since a retry would pause in a time that stands still', async () => {
    const response = await fetch(`${app.runtime.endpoint}/_local/clock`);

    expect(response.headers.get('connection')).toBe('keep-alive');
    // The hint after how many seconds the server would close it.
    expect(response.headers.get('keep-alive')).toBeNull();
  });

  test('answers in virtual time, so that the SDK takes no difference for a clock to correct', async () => {
    await app.advance('P1D');

    const response = await fetch(`${app.runtime.endpoint}/_local/clock`);

    const seconds = Math.floor(app.runtime.clock.now() / 1000) * 1000;
    expect(Date.parse(response.headers.get('date') ?? '')).toBe(seconds);
  });

  test('says where to go for a path that nothing answers', async () => {
    const response = await fetch(`${app.runtime.endpoint}/v2/requests`);

    expect(response.status).toBe(404);
    expect(((await response.json()) as { message: string }).message).toContain('/v1/');
  });

  test('refuses to move time by what is no duration, or a very long one', async () => {
    const advance = async (duration: unknown) =>
      fetch(`${app.runtime.endpoint}/_local/clock`, {
        method: 'POST',
        body: JSON.stringify({ advance: duration }),
      });

    const answers = await Promise.all(['4 hours', -5, 'P1Y', 'P900D', undefined].map(advance));

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400]);
  });
});
