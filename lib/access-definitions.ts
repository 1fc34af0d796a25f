import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { Baselines, DeployedBaselines } from '../core/baselines/baseline';
import { deployedBaselines } from '../core/baselines/deployed-baselines';
import { parseBaselines } from '../core/baselines/parse-baselines';
import { definitionsHash, type PermissionSetDefinition } from '../core/permission-sets/definition';
import {
  type DefinitionOfFile,
  parsePermissionSetDefinitions,
} from '../core/permission-sets/parse-definitions';
import { AccessFileError, AccessFilesError } from '../core/policy/access-file-error';
import type { AccessPolicy } from '../core/policy/access-policy';
import { parseAccessPolicy } from '../core/policy/parse-access-policy';
import {
  ACCESS_FILE_IN_LAYER,
  BASELINES_FILE_IN_LAYER,
  PERMISSION_SETS_FILE_IN_LAYER,
} from '../lambdas/runtime/contract';
import { namesIn, readYamlFile, shownPath } from './yaml-files';

/** The access definitions, read and checked. */
export interface AccessFiles {
  readonly policyFile: string;
  readonly policy: AccessPolicy;
  /** SHA-256 of the policy as it is compiled, in hexadecimal: every decision names the policy that it was made by. */
  readonly hash: string;
  /** In the order of the sets' names. */
  readonly permissionSetFiles: readonly DefinitionOfFile[];
  /** Undefined where there is none. */
  readonly baselinesFile?: string;
  readonly baselines: DeployedBaselines;
}

/** The access definitions, written where the stack takes them from. */
export interface AccessDefinitions {
  readonly policy: AccessPolicy;
  /** See {@link AccessFiles.hash}. */
  readonly hash: string;
  /** In the order of their names. */
  readonly permissionSets: readonly PermissionSetDefinition[];
  /** `definitionsHash` of them. */
  readonly permissionSetsHash: string;
  readonly baselines: DeployedBaselines;
  /** The folder with `access.json`, `permission-sets.json` and `baselines.json`; it becomes the layer. */
  readonly directory: string;
}

/** The folder of definitions in the folder of access files. */
export const PERMISSION_SETS_FOLDER = 'permission-sets';

const YAML_ENDINGS: readonly string[] = ['.yaml', '.yml'];

/**
 * Compiles `<accessDirectory>/policy.yaml` into `<outDirectory>/access.json` (`{policy, hash}`), the files in
 * `<accessDirectory>/permission-sets` into `permission-sets.json` (`{definitions, hash}`), and `<accessDirectory>/baselines.yaml`, if it is
 * there, into `baselines.json` (`DeployedBaselines`). The functions then read plain JSON, and a definition that cannot be used stops the
 * synthesis instead of a function.
 *
 * @param partition of Identity Center: `aws`, `aws-us-gov`, …
 * @throws Error that names the file, the line, the key, the value and the remedy
 */
export function compileAccessDefinitions(
  accessDirectory: string,
  outDirectory: string,
  partition: string,
): AccessDefinitions {
  const { policy, hash, permissionSetFiles, baselines } = readAccessFiles(accessDirectory, partition);
  const permissionSets = permissionSetFiles.map(({ definition }) => definition);
  const permissionSetsHash = definitionsHash(permissionSets);
  // The folder becomes the layer as it is: what an earlier run left there must not be in it.
  rmSync(outDirectory, { recursive: true, force: true });
  mkdirSync(outDirectory, { recursive: true });
  const write = (fileInLayer: string, content: unknown): void => {
    writeFileSync(join(outDirectory, basename(fileInLayer)), `${JSON.stringify(content)}\n`);
  };
  write(ACCESS_FILE_IN_LAYER, { policy, hash });
  write(PERMISSION_SETS_FILE_IN_LAYER, { definitions: permissionSets, hash: permissionSetsHash });
  write(BASELINES_FILE_IN_LAYER, baselines);
  return { policy, hash, permissionSets, permissionSetsHash, baselines, directory: outDirectory };
}

/**
 * Reads and checks the files of a folder with `policy.yaml` and, if they are there, `permission-sets/*.yaml` and `baselines.yaml`.
 * @throws Error as {@link compileAccessDefinitions}
 */
export function readAccessFiles(accessDirectory: string, partition: string): AccessFiles {
  const policyFile = attempt(() => readPolicyFile(accessDirectory));
  const sources = definitionPaths(accessDirectory).map((path) => readYamlFile(path, 'make it readable'));
  const { protectedPermissionSets } = policyFile.value?.policy.guardrails ?? { protectedPermissionSets: [] };
  const definitions = attempt(() =>
    parsePermissionSetDefinitions(sources, { partition, protectedPermissionSets }),
  );
  const rules = attempt(() => readBaselinesFile(accessDirectory, protectedPermissionSets));
  const errors = [...policyFile.errors, ...definitions.errors, ...rules.errors];
  if (errors.length > 1) throw new AccessFilesError(errors);
  for (const error of errors) throw error;
  if (policyFile.value === undefined || definitions.value === undefined) {
    throw new TypeError('a file without an error was not read');
  }
  const { fileName, policy } = policyFile.value;
  const hash = createHash('sha256').update(JSON.stringify(policy)).digest('hex');
  return {
    policyFile: fileName,
    policy,
    hash,
    permissionSetFiles: definitions.value,
    ...(rules.value === undefined ? {} : { baselinesFile: rules.value.fileName }),
    baselines: deployedBaselines(rules.value?.baselines, protectedPermissionSets),
  };
}

/** Undefined where there is no such file. */
function readBaselinesFile(
  accessDirectory: string,
  protectedPermissionSets: readonly string[],
): { readonly fileName: string; readonly baselines: Baselines } | undefined {
  const passedOver = join(accessDirectory, 'baselines.yml');
  if (existsSync(passedOver)) {
    throw new Error(`${shownPath(passedOver)} would be passed over: name it baselines.yaml`);
  }
  const path = join(accessDirectory, 'baselines.yaml');
  if (!existsSync(path)) return undefined;
  const source = readYamlFile(path, 'make it readable');
  return {
    fileName: source.fileName,
    baselines: parseBaselines(source, { protectedPermissionSets }),
  };
}

/**
 * Reads and checks `policy.yaml` alone.
 * @throws Error as {@link compileAccessDefinitions}
 */
export function readPolicyFile(accessDirectory: string): {
  readonly fileName: string;
  readonly policy: AccessPolicy;
} {
  const path = join(accessDirectory, 'policy.yaml');
  const { fileName, document, lineOf } = readYamlFile(path, 'make it, or name another folder with --access');
  return { fileName, policy: parseAccessPolicy(document, fileName, lineOf) };
}

/** Problems of one kind of file should not hide those of the other. */
function attempt<Value>(read: () => Value): {
  readonly value?: Value;
  readonly errors: readonly AccessFileError[];
} {
  try {
    return { value: read(), errors: [] };
  } catch (error) {
    if (error instanceof AccessFilesError) return { errors: error.errors };
    if (error instanceof AccessFileError) return { errors: [error] };
    throw error;
  }
}

/** The definition files of an access folder. A file that would be passed over by its ending is one that somebody misses. */
export function definitionPaths(accessDirectory: string): string[] {
  const folder = join(accessDirectory, PERMISSION_SETS_FOLDER);
  return (
    namesIn(folder)
      // Hidden files are those of editors and file managers.
      .filter((name) => name !== 'README.md' && !name.startsWith('.'))
      .map((name) => {
        const path = join(folder, name);
        if (YAML_ENDINGS.includes(extname(name))) return path;
        throw new Error(
          `${shownPath(path)} is not a definition of a permission set: name it *.yaml, or put it elsewhere`,
        );
      })
  );
}
