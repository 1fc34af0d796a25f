import type * as z from 'zod';

import { unknownKeyRemedy } from '../../core/tickets/nearest-name';
import { UnresolvedNameError } from './names';
import { describeProblem, schemaProblems } from './problems';

/** A call of the control API that cannot be carried out; the message is one sentence for each thing that is wrong. */
export class UnusableCall extends Error {}

/** @throws UnusableCall that names each field that is wrong, its value, and what to write */
export function read<T>(schema: z.ZodType<T>, body: unknown, keys: readonly string[]): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const problems = schemaProblems(parsed.error, (key, path) =>
    path.length === 0 ? unknownKeyRemedy(key, keys) : 'remove it, or correct its name',
  );
  throw new UnusableCall(problems.map((problem) => describeProblem(body, problem, 'the body')).join('; '));
}

/** What the simulator refuses is told to the caller. */
export function usable<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof Error ? new UnusableCall(error.message) : error;
  }
}

/** The same for a name that means nothing, or several things: told with its place and its value. */
export function resolved<T>(
  resolve: () => T,
  placeOf: (part: UnresolvedNameError['part']) => {
    readonly body: unknown;
    readonly path: readonly string[];
  },
): T {
  try {
    return resolve();
  } catch (error) {
    if (!(error instanceof UnresolvedNameError)) throw error;
    const { body, path } = placeOf(error.part);
    throw new UnusableCall(describeProblem(body, { path, remedy: error.message }, 'the body'));
  }
}
