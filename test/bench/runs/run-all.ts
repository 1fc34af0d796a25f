import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { RunResult } from './run-result';
import type { RunSpec } from './run-spec';

/** What a worker answers. */
type Answer = { readonly result: RunResult } | { readonly error: string };

/**
 * Makes all runs in processes beside each other, the longest first, so that none is left over at the end. The results are in the order
 * of the specs: which process made a run, and when, has no influence on it.
 */
export async function runAll(
  specs: readonly RunSpec[],
  processes: number,
  onDone: (done: number) => void = () => undefined,
): Promise<RunResult[]> {
  const queue = specs.map((spec, index) => ({ spec, index })).sort((a, b) => weight(b.spec) - weight(a.spec));
  const results: RunResult[] = [];
  let done = 0;
  const work = async (): Promise<void> => {
    const child = fork(join(__dirname, 'worker.ts'));
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
