import { fieldPath, type Report } from './field-problem';
import { DEEPEST_LEVEL } from './json-syntax';
import { unknownKeyRemedy } from './nearest-name';
import { kindOf } from './safe-text';

/** A JSON object whose members are not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Names through which objects reach their prototype: no honest ticket has them, and copying them changes objects. */
const PROTOTYPE_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Whether `value` is an object as JSON makes them: not a list, a date, a map or any other class's instance. */
export function isJsonObject(value: unknown): value is JsonObject {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The own member `key`, never one that is inherited. */
export function member(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The object at `field`, or undefined after reporting that it is something else. */
export function readObject(
  report: Report,
  field: string,
  value: unknown,
  example: string,
): JsonObject | undefined {
  if (isJsonObject(value)) return value;
  if (value === undefined) report(field, value, 'is missing', `write ${example}`);
  else report(field, value, `is ${kindOf(value)}, not an object`, `write ${example}`);
  return undefined;
}

/**
 * Reports every key of `object` that is not in `known`. The value shown is the key: it is the key that is wrong, and
 * what stands under it may be a secret that was pasted into the wrong place. Keys that {@link checkStructure} reports
 * are left to it.
 */
export function checkKeys(report: Report, field: string, object: JsonObject, known: readonly string[]): void {
  for (const key of Object.keys(object)) {
    if (known.includes(key) || PROTOTYPE_KEYS.has(key)) continue;
    report(fieldPath(field, key), key, 'is not a field that is known here', unknownKeyRemedy(key, known));
  }
}

/**
 * Reports prototype keys anywhere in `value`, and nesting below the deepest level; answers whether it is shallow
 * enough to be read on. Whatever is passed in, it goes no deeper than {@link DEEPEST_LEVEL}.
 */
export function checkStructure(report: Report, field: string, value: unknown, level = 1): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (level > DEEPEST_LEVEL) {
    report(
      field,
      kindOf(value),
      `is nested deeper than ${DEEPEST_LEVEL} levels`,
      'send a ticket as the guide shows it',
    );
    return false;
  }
  if (Array.isArray(value)) {
    return value.every((item, index) => checkStructure(report, fieldPath(field, index), item, level + 1));
  }
  return Object.keys(value).every((key) => {
    const path = fieldPath(field, key);
    if (PROTOTYPE_KEYS.has(key)) {
      report(path, key, 'is a name that is reserved by the language, not a field', 'remove it');
      return true;
    }
    return checkStructure(report, path, (value as JsonObject)[key], level + 1);
  });
}
