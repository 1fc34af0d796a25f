/** What a JSON text can say. Payloads of the interpreter are never anything else. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Service limit of a payload: a state's input, output, arguments or result, in bytes of UTF-8 (256 KiB). */
export const MAX_PAYLOAD_BYTES = 262_144;

/** Tells whether a value is a JSON object, neither null nor an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Tells whether a value is a JSON array; narrows readonly arrays too, which `Array.isArray` does not. */
export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Parses a JSON text; throws `SyntaxError`. */
export function parseJson(text: string): Json {
  return JSON.parse(text) as Json;
}

/** The member of an object's own, never one that it inherits (`constructor`, `__proto__`). */
export function member(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Makes an object whose keys may be any text, `__proto__` too. */
export function objectOf(entries: Iterable<readonly [string, Json]>): JsonObject {
  return Object.fromEntries(entries);
}

/** Tells whether a payload is longer than the service takes. */
export function isTooLarge(value: Json): boolean {
  const text = JSON.stringify(value);
  // A UTF-16 unit takes at most three bytes, so that most payloads need no second count.
  return text.length * 3 > MAX_PAYLOAD_BYTES && Buffer.byteLength(text) > MAX_PAYLOAD_BYTES;
}

/** Equality of JSON values, whatever the order of the members. */
export function sameJson(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (isArray(a)) {
    return isArray(b) && a.length === b.length && a.every((item, at) => sameJson(item, b[at] ?? null));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => sameMember(a, b, key));
}

function sameMember(a: JsonObject, b: JsonObject, key: string): boolean {
  const [left, right] = [member(a, key), member(b, key)];
  return left !== undefined && right !== undefined && sameJson(left, right);
}

/** The name of a value's JSON type, for messages. */
export function typeName(value: Json): string {
  if (value === null) return 'null';
  if (isArray(value)) return 'array';
  return typeof value;
}
