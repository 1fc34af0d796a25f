import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { PermissionSetContents } from '../core/permission-sets/definition';
import { parsePermissionSetDefinitions } from '../core/permission-sets/parse-definitions';
import { AccessFileError } from '../core/policy/access-file-error';
import { matchesGlobIgnoringCase } from '../core/policy/glob';
import { CONTENT_PARTS, type PermissionSetAdmin } from '../core/ports/permission-sets';
import { isJsonObject, member } from '../core/tickets/field-reading';
import { SdkPermissionSetAdmin } from '../lambdas/runtime/permission-set-admin';
import { definitionPaths, PERMISSION_SETS_FOLDER, readPolicyFile } from '../lib/access-definitions';
import { instanceParts } from '../lib/settings';
import { parseYaml, readYamlFile, shownPath } from '../lib/yaml-files';
import { ACCESS_FOLDER, type AccessOptions } from './access';
import { CDK_JSON, readCdkSettings } from './cdk-json';
import { definitionYaml } from './permission-set-yaml';

/** Options of `npm run access -- import`. */
export interface ImportOptions extends AccessOptions {
  /** Write `adopt: true`, so that the next rollout takes the sets over. */
  readonly adopt?: boolean | undefined;
  /** Write over the files of sets that have one already. */
  readonly force?: boolean | undefined;
  /** Of the Identity Center admin API. @default AWS's own */
  readonly endpoint?: string | undefined;
}

/** What is read of the instance. */
export type PermissionSetReads = Pick<PermissionSetAdmin, 'list' | 'nameOf' | 'read'>;

/** Makes the port; a test gives its own. */
export type MakeReads = (instanceArn: string, region: string, endpoint?: string) => PermissionSetReads;

/**
 * Writes one YAML file for each permission set of the instance, so that a team starts from what it has. Reads Identity Center only.
 * @returns whether all files can be used as they are
 * @throws Error in one sentence that says what to do
 */
export async function importPermissionSets(
  options: ImportOptions,
  output: (line: string) => void,
  makeReads: MakeReads = sdkReads,
): Promise<boolean> {
  const { instanceArn, homeRegion } = readCdkSettings(options.cdkJson ?? CDK_JSON);
  const access = options.access ?? ACCESS_FOLDER;
  const { partition } = instanceParts(instanceArn);
  const { protectedPermissionSets } = readPolicyFile(access).policy.guardrails;
  const files = filesByName(access);
  const folder = join(access, PERMISSION_SETS_FOLDER);
  mkdirSync(folder, { recursive: true });
  const instance = makeReads(instanceArn, homeRegion, options.endpoint);
  let usable = true;
  for (const arn of await instance.list()) {
    const name = await instance.nameOf(arn);
    if (name === undefined) continue;
    const present = files.get(name.toLowerCase());
    if (present !== undefined && options.force !== true) {
      output(`${name} is passed over: ${shownPath(present)} has it; write over it with --force`);
      continue;
    }
    const path = present ?? join(folder, fileNameOf(name));
    if (present === undefined && existsSync(path)) {
      output(`${name} is passed over: ${shownPath(path)} is there, with another set; rename that file`);
      continue;
    }
    const contents = await instance.read(arn, CONTENT_PARTS);
    if (contents === undefined) continue;
    const isProtected = protectedPermissionSets.some((glob) => matchesGlobIgnoringCase(glob, name));
    const flags = { adopt: options.adopt === true, protected: isProtected };
    const text = definitionYaml(name, whole(contents, name), flags);
    writeFileSync(path, text);
    const problem = problemOf(text, shownPath(path), { partition, protectedPermissionSets });
    usable &&= problem === undefined;
    output(problem ?? `${name} is written to ${shownPath(path)}`);
  }
  return usable;
}

/** Paths of the definition files that there are, by the name of their set in lower case. */
function filesByName(access: string): ReadonlyMap<string, string> {
  return new Map(
    definitionPaths(access).flatMap((path) => {
      const { document } = readYamlFile(path, 'make it readable');
      const name = isJsonObject(document) ? member(document, 'name') : undefined;
      return typeof name === 'string' ? [[name.toLowerCase(), path] as const] : [];
    }),
  );
}

/** Every character of a name may stand in a file's, but a dot at its beginning hides the file. */
function fileNameOf(name: string): string {
  return `${name.replace(/^\./, '_.')}.yaml`;
}

/** All parts were asked for. */
function whole(contents: Partial<PermissionSetContents>, name: string): PermissionSetContents {
  const { sessionDuration, tags, awsManagedPolicies, customerManagedPolicies } = contents;
  if (!sessionDuration || !tags || !awsManagedPolicies || !customerManagedPolicies) {
    throw new Error(`permission set ${name} was read in part: run the import again`);
  }
  return { ...contents, sessionDuration, tags, awsManagedPolicies, customerManagedPolicies };
}

/** What keeps a file from being used, such as a tag that the console has made and a definition may not have. */
function problemOf(
  text: string,
  fileName: string,
  context: Parameters<typeof parsePermissionSetDefinitions>[1],
): string | undefined {
  try {
    parsePermissionSetDefinitions([parseYaml(text, fileName)], context);
    return undefined;
  } catch (error) {
    if (error instanceof AccessFileError) return `${error.message} (written as it is)`;
    throw error;
  }
}

function sdkReads(instanceArn: string, region: string, endpoint?: string): PermissionSetReads {
  // The adapter makes its client as a function does: from the environment.
  process.env.AWS_REGION = region;
  if (endpoint !== undefined) process.env.AWS_ENDPOINT_URL_SSO_ADMIN = endpoint;
  return new SdkPermissionSetAdmin(instanceArn, paced());
}

/** At most so many calls a second are made for long: the quota of 20 is shared with everything that Latchkey does meanwhile. */
const CALLS_PER_SECOND = 5;

/** Calls that are not held back, so that a few sets do not take long; in a row they are about 15 a second. */
const FIRST_CALLS = 50;

function paced(): () => Promise<void> {
  const start = performance.now();
  let calls = 0;
  return async () => {
    calls += 1;
    const due = start + ((calls - FIRST_CALLS) * 1_000) / CALLS_PER_SECOND;
    const wait = due - performance.now();
    if (wait > 0) await setTimeout(wait);
  };
}
