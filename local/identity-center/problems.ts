import type * as z from 'zod';

type Path = readonly PropertyKey[];

/** One thing that is wrong with something written: where, and what to write instead. */
export interface Problem {
  readonly path: Path;
  readonly remedy: string;
}

/**
 * What a schema has against something written. Messages of the schema are remedies ("use …").
 * @param unknownKey what to do about a key that the schema does not know
 */
export function schemaProblems(
  error: z.ZodError,
  unknownKey: (key: string, path: Path) => string,
): Problem[] {
  return error.issues.flatMap((issue): Problem[] =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: [...issue.path, key], remedy: unknownKey(key, issue.path) }))
      : [{ path: issue.path, remedy: issue.message }],
  );
}

/**
 * Says what is wrong in words: `accounts[3].id is "1234": use 12 digits …`.
 * @param written the whole, to show the value
 * @param whole the name of the whole, for what is wrong with all of it
 */
export function describeProblem(written: unknown, { path, remedy }: Problem, whole: string): string {
  return `${keyPath(path) || whole} ${shown(valueAt(written, path))}: ${remedy}`;
}

/** `accounts[3].id`, as a person would point at it. */
function keyPath(path: Path): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return text.replace(/^\./, '');
}

/** What stands at a path; undefined where there is nothing. */
function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

/** The value as the middle of a sentence; long ones are cut, as they only have to be recognised. */
function shown(value: unknown): string {
  if (value === undefined) return 'is missing';
  if (value === null) return 'is empty';
  if (Array.isArray(value)) return `is a list of ${value.length}`;
  if (typeof value === 'object') return 'is a map';
  const text = JSON.stringify(value);
  return `is ${text.length > 80 ? `${text.slice(0, 77)}…` : text}${typeof value === 'number' ? ' (a number)' : ''}`;
}
