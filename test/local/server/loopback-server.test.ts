import { request } from 'node:http';

import { LoopbackServer, readBody, writeJson } from '../../../local/server/loopback-server';

describe('the loopback server', () => {
  const reports: string[] = [];
  const server = new LoopbackServer({
    now: () => 0,
    serve: async (incoming, response) => {
      const body = await readBody(incoming);
      if (body.toString() === 'break') throw new Error('broken on purpose');
      writeJson(response, 200, { bytes: body.length });
    },
    report: (sentence) => reports.push(sentence),
  });
  let port = 0;

  beforeAll(async () => {
    port = Number(new URL(await server.listen(0)).port);
  });

  afterAll(() => server.stop());

  function post(headers: Record<string, string>, body = 'x'): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const call = request({ host: '127.0.0.1', port, method: 'POST', path: '/', headers }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, text });
        });
      });
      call.on('error', reject);
      call.end(body);
    });
  }

  test('answers programs of this machine', async () => {
    expect(await post({})).toEqual({ status: 200, text: '{"bytes":1}' });
    expect(await post({ host: `localhost:${port}` })).toMatchObject({ status: 200 });
  });

  test('refuses a page in a browser of this machine, which says where it is from', async () => {
    const answer = await post({ origin: 'https://example.com' });

    expect(answer.status).toBe(403);
    expect(answer.text).toContain('requests of web pages (https://example.com) are not answered');
  });

  test('refuses a name that was pointed at the loopback address', async () => {
    const answer = await post({ host: `rebound.example.com:${port}` });

    expect(answer.status).toBe(403);
    expect(answer.text).toContain('the host is \\"rebound.example.com\\": call it 127.0.0.1 or localhost');
  });

  test('refuses a body that is too large', async () => {
    const answer = await post({}, 'x'.repeat(16 * 1024 * 1024 + 1));

    expect(answer).toEqual({ status: 413, text: '{"message":"the body is larger than 16777216 bytes"}' });
  });

  test('answers 500 for its own defects, and tells the terminal why', async () => {
    const answer = await post({}, 'break');

    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('on purpose');
    expect(reports.join()).toContain('broken on purpose');
  });

  test('names the port that is in use', async () => {
    const second = new LoopbackServer({
      now: () => 0,
      serve: () => Promise.resolve(),
      report: () => undefined,
    });

    await expect(second.listen(port)).rejects.toThrow(
      `port ${port} is in use: stop what listens there, or choose another with --port`,
    );
  });
});
