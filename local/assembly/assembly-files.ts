import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { asList, asObject, asText, isJsonObject, type JsonObject } from './json-values';

/** What the runtime needs of a cloud assembly folder: one stack's template, and where its assets are. */
export interface AssemblyFiles {
  readonly template: JsonObject;
  /** Where the stack deploys, as `aws://<account>/<Region>` says; undefined where the app leaves one of them open. */
  readonly place: { readonly accountId: string; readonly region: string } | undefined;
  /** Asset sources (absolute paths of a folder or a file) by the key that they would have in the assets bucket. */
  readonly assets: ReadonlyMap<string, string>;
}

/** A JSON file that must hold an object. */
function readObject(file: string, hint: string): JsonObject {
  if (!existsSync(file)) throw new Error(`${file} is not there; ${hint}`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`${file} is not JSON; ${hint}`, { cause });
  }
  if (!isJsonObject(parsed)) throw new Error(`${file} must hold a JSON object; ${hint}`);
  return parsed;
}

const SYNTHESIZE = 'synthesize the app into this folder first';

interface Artifact {
  readonly id: string;
  readonly type: unknown;
  readonly environment: unknown;
  readonly properties: JsonObject;
  readonly dependencies: readonly unknown[];
}

function artifactsOf(manifest: JsonObject): readonly Artifact[] {
  return Object.entries(asObject(manifest.artifacts, 'artifacts')).map(([id, value]) => {
    const artifact = asObject(value, `artifact ${id}`);
    return {
      id,
      type: artifact.type,
      environment: artifact.environment,
      properties: asObject(artifact.properties, `artifact ${id}.properties`),
      dependencies: asList(artifact.dependencies, `artifact ${id}.dependencies`),
    };
  });
}

/** The stack's artifact, known by its id or by the name that it deploys under. */
function stackArtifact(artifacts: readonly Artifact[], stackName: string, directory: string): Artifact {
  const stacks = artifacts.filter(({ type }) => type === 'aws:cloudformation:stack');
  const found = stacks.find(({ id, properties }) => id === stackName || properties.stackName === stackName);
  if (found === undefined) {
    const names = stacks.map(({ id }) => id).join(', ') || 'none';
    throw new Error(`the assembly in ${directory} has no stack "${stackName}"; its stacks are: ${names}`);
  }
  return found;
}

function placeOf({ environment }: Artifact): AssemblyFiles['place'] {
  const [, accountId, region] =
    /^aws:\/\/(\d{12})\/([a-z]{2}(?:-[a-z]+)+-\d)$/.exec(
      typeof environment === 'string' ? environment : '',
    ) ?? [];
  return accountId === undefined || region === undefined ? undefined : { accountId, region };
}

/** Sources by object key, of the asset manifests that the stack depends on. */
function assetsOf(stack: Artifact, artifacts: readonly Artifact[], directory: string): Map<string, string> {
  const manifests = artifacts.filter(
    ({ id, type }) => type === 'cdk:asset-manifest' && stack.dependencies.includes(id),
  );
  const assets = new Map<string, string>();
  for (const { id, properties } of manifests) {
    const file = path.join(directory, asText(properties.file, `artifact ${id}.properties.file`));
    for (const [hash, value] of Object.entries(
      asObject(readObject(file, SYNTHESIZE).files, `${file}: files`),
    )) {
      const asset = asObject(value, `${file}: ${hash}`);
      const source = asObject(asset.source, `${file}: ${hash}.source`);
      // An asset that a command builds has no path; nobody here runs the command, so asking for it later finds nothing.
      if (source.path === undefined) continue;
      const absolute = path.resolve(directory, asText(source.path, `${file}: ${hash}.source.path`));
      for (const destination of Object.values(
        asObject(asset.destinations, `${file}: ${hash}.destinations`),
      )) {
        const { objectKey } = asObject(destination, `${file}: ${hash}.destinations`);
        assets.set(asText(objectKey, `${file}: ${hash}.objectKey`), absolute);
      }
    }
  }
  return assets;
}

/**
 * Reads `manifest.json`, the stack's template and its asset manifests.
 *
 * @throws Error in one sentence if a file is missing or broken, or the stack is not in the assembly
 */
export function readAssemblyFiles(directory: string, stackName: string): AssemblyFiles {
  const artifacts = artifactsOf(readObject(path.join(directory, 'manifest.json'), SYNTHESIZE));
  const stack = stackArtifact(artifacts, stackName, directory);
  const templateFile = asText(stack.properties.templateFile, `artifact ${stack.id}.properties.templateFile`);
  return {
    template: readObject(path.join(directory, templateFile), SYNTHESIZE),
    place: placeOf(stack),
    assets: assetsOf(stack, artifacts, directory),
  };
}
