/**
 * One text for one JSON value: keys sorted by UTF-16 code units, no blanks, numbers as ECMAScript writes them (the
 * rules of RFC 8785). Two bodies are the same exactly when these texts are; hashes are taken over it. Members that are
 * `undefined` are left out, as JSON does.
 * @throws TypeError for what JSON cannot hold: a function, a bigint, NaN, an infinity, a cycle deeper than 100 levels
 */
export function canonicalJson(value: unknown): string {
  return written(value, 0);
}

/** Far above what any body or record has; stops at a cycle before the stack does. */
const DEEPEST = 100;

function written(value: unknown, depth: number): string {
  if (depth > DEEPEST) throw new TypeError(`value is nested deeper than ${DEEPEST} levels; break the cycle`);
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => written(item, depth + 1)).join(',')}]`;
  if (typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      // Not localeCompare: the order must not depend on where the code runs.
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${written(member, depth + 1)}`);
    return `{${members.join(',')}}`;
  }
  const shown = typeof value === 'number' ? String(value) : `a ${typeof value}`;
  throw new TypeError(
    `${shown} has no JSON form; use null, a boolean, a finite number, a string, a list or an object`,
  );
}
