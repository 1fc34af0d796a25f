import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createWorld, endWorlds } from './lambda-world';

/** Answers what its file says now, after `ms`, and how many invocations this worker had. */
const READ = `
const { readFileSync } = require('node:fs');
let calls = 0;
exports.handler = async ({ ms = 0 }) => {
  calls += 1;
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
  return [readFileSync(process.env.FILE, 'utf8'), calls];
};`;
const COUNT = 'let calls = 0; exports.handler = async () => (calls += 1);';
const MINUTE = 60_000;

describe('a layer that is replaced', () => {
  const folders: string[] = [];

  afterEach(async () => {
    await endWorlds();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  function layer(content?: string): string {
    const folder = mkdtempSync(path.join(tmpdir(), 'latchkey-layer-'));
    folders.push(folder);
    if (content !== undefined) writeFileSync(path.join(folder, 'file'), content);
    return folder;
  }

  /** A function that reads a file of its layer, and one without a layer. */
  function world(first: string, more: Readonly<Record<string, number>> = {}) {
    return createWorld(
      {
        reader: {
          code: READ,
          layers: [first],
          environment: { FILE: '/opt/file' },
          timeoutSeconds: 300,
          ...more,
        },
        other: { code: COUNT },
      },
      { mode: 'manual' },
    );
  }

  test('is read by fresh workers from the next invocation on', async () => {
    const [first, second] = [layer('first'), layer('second')];
    const { runtime, result } = world(first);
    const before = [await result('reader'), await result('reader')];

    runtime.replaceLayer(first, second);

    expect(before).toEqual([
      ['first', 1],
      ['first', 2],
    ]);
    expect([await result('reader'), await result('reader')]).toEqual([
      ['second', 1],
      ['second', 2],
    ]);
    expect(runtime.definitionOf('reader').layers).toEqual([second]);
  });

  test('leaves what runs to its end with what it began with, and is read by others meanwhile', async () => {
    const [first, second] = [layer('first'), layer('second')];
    const { runtime, result, clock } = world(first);
    await runtime.prewarm(['reader']);
    const running = result('reader', { ms: MINUTE });

    runtime.replaceLayer(first, second);
    const meanwhile = await result('reader');
    await clock.advance(MINUTE);

    expect(meanwhile).toEqual(['second', 1]);
    expect(await running).toEqual(['first', 1]);
    expect(await result('reader')).toEqual(['second', 2]);
  });

  test('counts what still runs against the reserved concurrency', async () => {
    const [first, second] = [layer('first'), layer('second')];
    const { runtime, result, clock } = world(first, { reservedConcurrency: 1 });
    await runtime.prewarm(['reader']);
    const running = result('reader', { ms: MINUTE });

    runtime.replaceLayer(first, second);

    await expect(result('reader')).rejects.toThrow('Rate Exceeded');
    await clock.advance(MINUTE);
    await running;
    expect(await result('reader')).toEqual(['second', 1]);
  });

  test('is read by an invocation that waited for a worker to start', async () => {
    const [first, second] = [layer('first'), layer('second')];
    const { runtime, result } = world(first);
    const waiting = result('reader');

    runtime.replaceLayer(first, second);

    expect(await waiting).toEqual(['second', 1]);
  });

  test('leaves functions without it alone', async () => {
    const [first, second] = [layer('first'), layer('second')];
    const { runtime, result } = world(first);
    await result('other');

    runtime.replaceLayer(first, second);

    expect(await result('other')).toBe(2);
  });

  test('has to have every file that a function names; otherwise nothing changes', async () => {
    const [first, empty] = [layer('first'), layer()];
    const { runtime, result } = world(first);

    expect(() => {
      runtime.replaceLayer(first, empty);
    }).toThrow(`function reader: FILE names /opt/file, which is in none of its layers (${empty})`);
    expect(await result('reader')).toEqual(['first', 1]);
  });

  test('has to be one that a function has', () => {
    const { runtime } = world(layer('first'));

    expect(() => {
      runtime.replaceLayer('/nowhere', layer('second'));
    }).toThrow('no function has the layer /nowhere');
  });

  test('is left with its workers when the runtime stops', async () => {
    const [first, second] = [layer('first'), layer('second')];
    const { runtime } = world(first);
    await runtime.prewarm(['reader']);
    const running = runtime.invoke('reader', { ms: MINUTE });
    runtime.replaceLayer(first, second);

    await runtime.stop();

    expect((await running).functionError).toBe('Unhandled');
  });
});
