import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSettings, type Settings } from '../core/settings/settings';
import { SETTINGS_CONTEXT_KEY } from '../lib/settings';
import { PROJECT_ROOT } from './bundle-functions';

/** `cdk.json` of the project. */
export const CDK_JSON = join(PROJECT_ROOT, 'cdk.json');

/**
 * The settings as they stand in a `cdk.json`, without synthesizing anything.
 * @throws Error with every wrong key, its value and the remedy
 */
export function readCdkSettings(path: string): Settings {
  const context = asObject(jsonObject(readFileSync(path, 'utf8'), path).context);
  const source = `context "${SETTINGS_CONTEXT_KEY}" in ${path}`;
  if (context[SETTINGS_CONTEXT_KEY] === undefined) {
    throw new Error(`${source} is missing: run npm run configure, which discovers and writes it`);
  }
  return parseSettings(context[SETTINGS_CONTEXT_KEY], source);
}

/** The object that a text of JSON holds. */
export function jsonObject(text: string, fileName: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${fileName} is not JSON: correct it, or restore it from git`, { cause: error });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${fileName} does not hold an object: restore it from git`);
  }
  return value as Record<string, unknown>;
}

/** An empty one for whatever is none. */
export function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
