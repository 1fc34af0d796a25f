import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { baselinesJsonSchema } from '../core/baselines/baselines-schema';
import { definitionHash } from '../core/permission-sets/definition';
import { definitionJsonSchema } from '../core/permission-sets/definition-schema';
import { accessPolicyJsonSchema } from '../core/policy/access-policy-schema';
import { readAccessFiles } from '../lib/access-definitions';
import { instanceParts } from '../lib/settings';
import { shownPath } from '../lib/yaml-files';
import { PROJECT_ROOT } from './bundle-functions';
import { CDK_JSON, readCdkSettings } from './cdk-json';

/** Options of `npm run access`, whichever it is. */
export interface AccessOptions {
  /** The folder with `policy.yaml`, `permission-sets/` and `baselines.yaml`. @default `access` of the project */
  readonly access?: string | undefined;
  /** @default `cdk.json` of the project */
  readonly cdkJson?: string | undefined;
}

/** See {@link AccessOptions.access}. */
export const ACCESS_FOLDER = join(PROJECT_ROOT, 'access');

/**
 * Runs the checks of a synthesis alone, and prints each file with what it defines and its hash.
 * @throws Error with every problem: file, line, key, value, remedy
 */
export function checkAccess(options: AccessOptions, output: (line: string) => void): void {
  const { partition } = instanceParts(readCdkSettings(options.cdkJson ?? CDK_JSON).instanceArn);
  const files = readAccessFiles(options.access ?? ACCESS_FOLDER, partition);
  output(`${files.policyFile}: policy ${files.hash}`);
  for (const { fileName, definition } of files.permissionSetFiles) {
    output(`${fileName}: ${definition.name} ${definitionHash(definition)}`);
  }
  const { baselinesFile, baselines } = files;
  if (baselinesFile === undefined) return;
  const count = baselines.baselines.length;
  output(`${baselinesFile}: ${count} ${count === 1 ? 'baseline' : 'baselines'} ${baselines.hash}`);
}

/** The JSON Schemas for editors, by file name. */
export function accessSchemas(): Readonly<Record<string, string>> {
  const written = (schema: unknown): string => `${JSON.stringify(schema, undefined, 2)}\n`;
  return {
    'baselines.schema.json': written(baselinesJsonSchema()),
    'permission-set.schema.json': written(definitionJsonSchema()),
    'policy.schema.json': written(accessPolicyJsonSchema()),
  };
}

/** Writes them where the first lines of the access files name them. */
export function writeAccessSchemas(options: AccessOptions, output: (line: string) => void): void {
  const folder = join(options.access ?? ACCESS_FOLDER, 'schemas');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(accessSchemas())) {
    writeFileSync(join(folder, name), text);
    output(`${shownPath(join(folder, name))} is written`);
  }
}
