import { isJsonObject, type JsonObject } from '../../assembly/json-values';

/** What stands for names and addresses in the events of Organizations, and of the Identity Store and its directory. */
export const MASKED = '****';
export const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** Nothing that the three services take is as deep; what a call has below is left out. */
const DEEPEST = 12;

/** CloudTrail leaves parameters out that are larger than 100 KB, and so it does with response elements. */
const MOST_CHARACTERS = 100_000;

/** Members of an answer that are instants: numbers there, text in an event. */
const INSTANT = /(?:Date|Timestamp)$/;

/** An instant as events have it in their parameters and elements: `Apr 25, 2023 12:48:16 AM`, in UTC. */
export function cloudTrailDate(at: number): string {
  const date = new Date(at);
  const two = (number: number): string => String(number).padStart(2, '0');
  const hour = date.getUTCHours();
  const day = `${MONTHS[date.getUTCMonth()] ?? ''} ${date.getUTCDate()}, ${date.getUTCFullYear()}`;
  const time = `${hour % 12 === 0 ? 12 : hour % 12}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return `${day} ${time} ${hour < 12 ? 'AM' : 'PM'}`;
}

/** What stands in an event instead of a member's value; undefined where the value itself does. */
export type Mask = (member: string) => string | undefined;

/**
 * Members of a call or of its answer as an event has them: names begin in lower case, instants are text, what is secret is
 * masked. Null for none, and for what is larger than CloudTrail takes.
 */
export function eventMembers(members: JsonObject, mask: Mask): JsonObject | null {
  const told = toldObject(members, mask, 1);
  if (Object.keys(told).length === 0) return null;
  return JSON.stringify(told).length > MOST_CHARACTERS ? null : told;
}

function toldObject(members: JsonObject, mask: Mask, depth: number): JsonObject {
  const told: [string, unknown][] = [];
  for (const [name, value] of Object.entries(members)) {
    if (value === undefined) continue;
    told.push([lowerCamel(name), mask(name) ?? toldValue(name, value, mask, depth)]);
  }
  return Object.fromEntries(told);
}

function toldValue(name: string, value: unknown, mask: Mask, depth: number): unknown {
  if (typeof value === 'number' && INSTANT.test(name)) return cloudTrailDate(value * 1000);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === DEEPEST) return null;
  if (Array.isArray(value)) return value.map((one: unknown) => toldValue(name, one, mask, depth + 1));
  return isJsonObject(value) ? toldObject(value, mask, depth + 1) : null;
}

function lowerCamel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
