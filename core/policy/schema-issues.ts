import type * as z from 'zod';
import { fieldPath, type Report } from '../tickets/field-problem';
import { unknownKeyRemedy } from '../tickets/nearest-name';
import { kindOf } from '../tickets/safe-text';

/** Reports what a schema made of `schema-parts.ts` finds wrong with a document. */
export function reportSchemaIssues(
  report: Report,
  document: unknown,
  issues: readonly z.core.$ZodIssue[],
): void {
  for (const issue of issues) reportIssue(report, document, issue, []);
}

type Path = readonly (string | number)[];

/** Translates one finding of the schema; the messages there have a line for the problem and one for the remedy. */
function reportIssue(report: Report, document: unknown, issue: z.core.$ZodIssue, parent: Path): void {
  const path = [...parent, ...issue.path.map((key) => (typeof key === 'number' ? key : String(key)))];
  const meant = issue.code === 'invalid_union' ? meantBranch(issue.errors) : undefined;
  if (meant !== undefined) {
    for (const inner of meant) reportIssue(report, document, inner, path);
    return;
  }
  const field = path.reduce<string>(fieldPath, '');
  const [problem = '', remedy = ''] = issue.message.split('\n');
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) {
      report(
        fieldPath(field, key),
        key,
        'is not a key that is known here',
        unknownKeyRemedy(key, remedy.split(',')),
      );
    }
    return;
  }
  const value = valueAt(document, path);
  // Only scalars are shown: a whole rule would fill the line without saying which part of it is wrong.
  const shown = typeof value === 'object' ? kindOf(value) : value;
  report(field === '' ? '(file)' : field, shown, value === undefined ? 'is missing' : problem, remedy);
}

/** Of the forms that a value may have, the one whose kind it has: what is wrong there lies deeper, or is a key. */
function meantBranch(branches: readonly (readonly z.core.$ZodIssue[])[]) {
  const candidates = branches.filter((issues) =>
    issues.every(({ code, path }) => path.length > 0 || code === 'unrecognized_keys'),
  );
  return candidates.length === 1 ? candidates[0] : undefined;
}

/** What stands at a path, by own members only; the schema does not repeat the values that it finds wrong. */
function valueAt(document: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    return (value as Readonly<Record<string | number, unknown>>)[key];
  }, document);
}
