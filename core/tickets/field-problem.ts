/** One thing that is wrong with what somebody sent or wrote, in words that they can act on. */
export interface FieldProblem {
  /** Where: a path such as `target[1].account`; `(body)` for the whole. */
  readonly field: string;
  /** What stands there, as JSON of at most 100 characters with invisible characters escaped; `(missing)` for nothing. */
  readonly value: string;
  /** What is wrong: lowercase, no final period. */
  readonly problem: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** Takes note of one problem. `value` is the raw value; it is made showable here, never by the caller. */
export type Report = (field: string, value: unknown, problem: string, remedy: string) => void;

/** Long enough to recognise an ARN (at most 87 characters here), short enough for a table in a ticket. */
const SHOWN_CHARACTERS = 100;

/**
 * A hundred problems tell a sender all that can be told; 500 wrong account ids would make an answer of 150 KB.
 * The rest is counted in one last problem.
 */
const MOST_PROBLEMS = 100;

/** What a terminal, a log line or a ticket must never be given raw: everything invisible, and what reorders text. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** `value` as JSON of at most 100 characters, harmless to show anywhere. Never throws. */
export function shownValue(value: unknown): string {
  if (value === undefined) return '(missing)';
  return shortened(jsonOf(value).replace(INVISIBLE, escaped));
}

/** The path of `key` below `parent`: `target[1]`, `target[1].account`, `principal["odd key"]`. */
export function fieldPath(parent: string, key: string | number): string {
  if (typeof key === 'number') return `${parent}[${key}]`;
  if (!/^\w{1,64}$/.test(key)) return `${parent}[${shownValue(key)}]`;
  return parent === '' ? key : `${parent}.${key}`;
}

/** A list to which a {@link Report} writes, bounded by {@link MOST_PROBLEMS}. */
export function collectProblems(): { readonly report: Report; readonly problems: () => FieldProblem[] } {
  const found: FieldProblem[] = [];
  let uncounted = 0;
  return {
    report: (field, value, problem, remedy) => {
      if (found.length < MOST_PROBLEMS) found.push({ field, value: shownValue(value), problem, remedy });
      else uncounted += 1;
    },
    problems: () => (uncounted === 0 ? [...found] : [...found, rest(uncounted)]),
  };
}

function rest(count: number): FieldProblem {
  return {
    field: '(body)',
    value: shownValue(count),
    problem: `there are ${count} more problems`,
    remedy: 'correct those that are listed first',
  };
}

function jsonOf(value: unknown): string {
  // A string is cut before it is escaped, so that a long one costs nothing: 100 characters of JSON need at most 100 of it.
  if (typeof value === 'string') return JSON.stringify(value.slice(0, SHOWN_CHARACTERS + 1));
  try {
    return jsonText(value) ?? `(${typeof value})`;
  } catch {
    // A bigint, a cycle, or a `toJSON` that throws.
    return `(${typeof value})`;
  }
}

/** The library's types leave out that a function or a symbol has no JSON text. */
function jsonText(value: unknown): string | undefined {
  return JSON.stringify(value);
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }).join('');
}

function shortened(text: string): string {
  if (text.length <= SHOWN_CHARACTERS) return text;
  // Half a surrogate pair would be an invalid character of its own: the cut goes before it.
  return `${text.slice(0, SHOWN_CHARACTERS - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
