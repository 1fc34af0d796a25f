import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { RunResult } from './run-result';
import type { RunSpec } from './run-spec';

/** What a worker answers. */
type Answer = { readonly result: RunResult } | { readonly error: string };

/** Runs make short-lived objects by the gigabyte: a larger young generation, in MB, is collected less often. */
const YOUNG_GENERATION = 32;

/**
 * Makes all runs in processes beside each other, the longest first, so that none is left over at the end. The results are in the order
 * of the specs: which process made a run, and when, has no influence on it.
 */
export async function runAll(
  specs: readonly RunSpec[],
  processes: number,
  onDone: (done: number) => void = () => undefined,
): Promise<RunResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
  try {
    return await runWith(bundledWorker(folder), specs, processes, onDone);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The worker as one file, bundled as the deployed functions are. A loader would compile it as it runs, and give every inner function its
 * name each time it is made, which costs a tenth of all runs.
 */
function bundledWorker(folder: string): string {
  const outfile = join(folder, 'worker.cjs');
  buildSync({
    entryPoints: [join(__dirname, 'worker.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
  });
  return outfile;
}

async function runWith(
  worker: string,
  specs: readonly RunSpec[],
  processes: number,
  onDone: (done: number) => void,
): Promise<RunResult[]> {
  const queue = specs.map((spec, index) => ({ spec, index })).sort((a, b) => weight(b.spec) - weight(a.spec));
  const results: RunResult[] = [];
  let done = 0;
  const work = async (): Promise<void> => {
    const child = fork(worker, { execArgv: [`--max-semi-space-size=${YOUNG_GENERATION}`] });
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        results[next.index] = await ask(child, next.spec);
        done += 1;
        onDone(done);
      }
    } finally {
      child.kill();
    }
  };
  await Promise.all(Array.from({ length: Math.min(processes, specs.length) }, work));
  return results;
}

function ask(child: ChildProcess, spec: RunSpec): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const died = (code: number | null): void => {
      reject(new Error(`the process of ${JSON.stringify(spec)} ended with ${code ?? 'a signal'}`));
    };
    child.once('exit', died);
    child.once('message', (answer: Answer) => {
      child.off('exit', died);
      if ('error' in answer) reject(new Error(answer.error));
      else resolve(answer.result);
    });
    child.send(spec);
  });
}

/** A guess of how long a run takes, for the order only: long latencies mean many polls, tickets little. */
function weight({ size, latency, design }: RunSpec): number {
  return (size + 100) * (latency === 'sixty' ? 2 : 1) * (design === 'ours' ? 6 : 1);
}
