import { makeRun } from './run';
import type { RunSpec } from './run-spec';

// Thousands of refusals are thrown and caught in a run; nobody reads their stacks, which cost more than the rest.
Error.stackTraceLimit = 0;

/** A process that makes the runs that it is sent, one after the other, and answers each. */
process.on('message', (spec: RunSpec) => {
  makeRun(spec).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: `${JSON.stringify(spec)}: ${String(error)}` }),
  );
});
