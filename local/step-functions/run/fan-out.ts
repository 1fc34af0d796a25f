import type { Json, JsonObject } from '../json';
import { RunEnded, StateError } from '../state-error';
import { Scope } from './scope';
import { Strand } from './strand';
import { Variables } from './variables';

/** One branch or iteration. */
export interface Job {
  readonly mapContext: JsonObject | undefined;
  /** Runs it on a strand of its own; throws `StateError`. */
  readonly run: (strand: Strand) => Promise<Json>;
}

/** Judges a failure, given how many there were: what it answers ends all the others, undefined lets them go on. */
export type Verdict = (failure: StateError, failures: number) => StateError | undefined;

/**
 * Runs jobs side by side, at most `limit` at once, each on its own strand, while the parent's waits. Answers their outputs in
 * order; a failure that is put up with is answered in its job's place as `{Error, Cause}`.
 */
export async function fanOut(
  parent: Strand,
  jobs: readonly Job[],
  limit: number,
  judge: Verdict,
): Promise<Json[]> {
  if (jobs.length === 0) return [];
  const scope = new Scope(parent.scope);
  const first = parent.lastEventId;
  try {
    return await parent.wait<Json[]>((settle) => {
      const outputs: Json[] = new Array<Json>(jobs.length).fill(null);
      let started = 0;
      let done = 0;
      let failures = 0;
      // The parent's next event follows the job that ended last.
      const finished = (strand: Strand): void => {
        parent.lastEventId = strand.lastEventId;
        done += 1;
        if (done === jobs.length) settle.resolve(outputs);
        else startNext();
      };
      // Called off by another failure or from outside: what unwinds then is no failure of its own.
      const failed = (error: unknown, strand: Strand, at: number): void => {
        if (scope.reason !== undefined) return;
        failures += 1;
        const verdict = error instanceof StateError ? judge(error, failures) : asError(error);
        if (verdict === undefined && error instanceof StateError) {
          outputs[at] = { Error: error.error ?? '', Cause: error.reason ?? '' };
          finished(strand);
          return;
        }
        parent.lastEventId = strand.lastEventId;
        settle.reject(verdict ?? asError(error));
      };
      // A job has a strand, a scope and variables of its own; it follows the event before the first of them.
      const startNext = (): void => {
        const at = started;
        const job = jobs[at];
        if (job === undefined || scope.reason !== undefined) return;
        started += 1;
        const strand = new Strand(
          parent.execution,
          new Scope(scope),
          new Variables(parent.variables),
          job.mapContext ?? parent.mapContext,
          first,
        );
        void runJob(job, strand)
          .then(
            (output) => {
              outputs[at] = output;
              finished(strand);
            },
            (error: unknown) => {
              failed(error, strand, at);
            },
          )
          // The next job has begun, or the parent works again, before this strand lets go of the clock.
          .finally(() => {
            strand.scope.close();
            strand.end();
          });
      };
      while (started < Math.min(limit, jobs.length)) startNext();
      return () => {
        scope.cancel(new RunEnded('ABORTED', undefined));
      };
    });
  } finally {
    scope.close();
  }
}

/** Begins a job. */
async function runJob(job: Job, strand: Strand): Promise<Json> {
  // In a turn of its own, so that every job has its strand before the first one runs.
  await Promise.resolve();
  return await job.run(strand);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
