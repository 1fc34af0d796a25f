import { type Json, isArray, isObject } from '../json';

/**
 * A value as `States.Format` prints it: strings bare, objects and arrays as Java's collections print themselves
 * (`{a=1, b=[]}`), which recorded executions show.
 */
function printJavaStyle(value: Json): string {
  if (isArray(value)) return `[${value.map(printJavaStyle).join(', ')}]`;
  if (isObject(value)) {
    const members = Object.entries(value).map(([key, inner]) => `${key}=${printJavaStyle(inner)}`);
    return `{${members.join(', ')}}`;
  }
  return String(value);
}

/**
 * Fills the `{}` of a template, which may still carry backslashes (`\{`, `\}`, `\'`, `\\`).
 * Answers undefined where the count of places and values differs.
 */
export function fillTemplate(template: string, values: readonly Json[]): string | undefined {
  let used = 0;
  const text = template.replaceAll(/\\(.)|\{\}/gsu, (_match, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    used += 1;
    return printJavaStyle(values[used - 1] ?? null);
  });
  return used === values.length ? text : undefined;
}
