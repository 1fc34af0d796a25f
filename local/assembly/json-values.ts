/** An object as JSON has them. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether `value` is a JSON object: not null, not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands under `name` as an own property; never something inherited, such as `constructor`. */
export function ownProperty(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/**
 * `value` as a string. CloudFormation takes numbers and booleans where a string is wanted, so both are printed.
 *
 * @throws Error that says where, and what stood there instead
 */
export function asText(value: unknown, where: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`${where} must be a string, but is ${JSON.stringify(value)}`);
}

/** As {@link asText}, with absence left as `undefined`. */
export function asOptionalText(value: unknown, where: string): string | undefined {
  return value === undefined ? undefined : asText(value, where);
}

/** `value` as a finite number; a template may write it as a string. */
export function asNumber(value: unknown, where: string): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) {
    throw new Error(`${where} must be a number, but is ${JSON.stringify(value)}`);
  }
  return number;
}

/** `value` as a boolean; a template may write it as `"true"` or `"false"`. Absent is false. */
export function asFlag(value: unknown, where: string): boolean {
  if (value === undefined || value === false || value === 'false') return false;
  if (value === true || value === 'true') return true;
  throw new Error(`${where} must be true or false, but is ${JSON.stringify(value)}`);
}

/** `value` as an object; absent is an empty one. */
export function asObject(value: unknown, where: string): JsonObject {
  if (value === undefined) return {};
  if (!isJsonObject(value)) throw new Error(`${where} must be an object, but is ${JSON.stringify(value)}`);
  return value;
}

/** `value` as a list; absent is an empty one. */
export function asList(value: unknown, where: string): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new Error(`${where} must be a list, but is ${JSON.stringify(value)}`);
  return value as readonly unknown[];
}

/**
 * Stops at a property that the local runtime does not know: what a template says and nobody acts on would make the laptop
 * differ from the cloud in silence.
 *
 * @throws Error that names the property and those that are known
 */
export function refuseUnknown(object: JsonObject, known: readonly string[], where: string): void {
  const unknown = Object.keys(object).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new Error(
      `${where} has the property "${unknown}", which the local runtime does not support; it knows ${known.join(', ')}`,
    );
  }
}
