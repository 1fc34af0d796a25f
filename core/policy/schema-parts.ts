import * as z from 'zod';

/**
 * What the grammars of access files are made of. Each message has two lines, the problem and the remedy, which
 * `schema-issues.ts` takes apart.
 */

/** A message of the two parts that a problem has. */
export function said(problem: string, remedy: string): string {
  return `${problem}\n${remedy}`;
}

/** An object without other keys. The message lists those that are known, for the nearest one to be found. */
export function closed<Shape extends z.core.$ZodLooseShape>(what: string, shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') return said('unknown', Object.keys(shape).join(','));
      return said(`is not ${what}`, `write it with the keys ${Object.keys(shape).join(', ')}`);
    },
  });
}

/** A string that matches `pattern` as a whole; the pattern reaches editors through the JSON Schema. */
export function text(what: string, pattern: RegExp) {
  const error = said(`is not ${what}`, `write ${what}`);
  return z.string({ error }).regex(pattern, { error });
}

/** A list of 1 to `most` items; 200 of 256 characters are matched in far less than a millisecond. */
export function list<Item extends z.ZodType>(item: Item, what: string, most = 200) {
  const error = said(`is not a list of 1 to ${most} ${what}`, `write 1 to ${most} ${what} as a list`);
  return z.array(item, { error }).min(1, { error }).max(most, { error });
}

/** One of a few words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(...words: Words) {
  const list_ = words.join(', ');
  return z.enum(words, { error: said(`is none of ${list_}`, `write one of ${list_}`) });
}

export const yesOrNo = z.boolean({ error: said('is neither true nor false', 'write true or false') });
