import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { parse, YAMLParseError } from 'yaml';
import type { AccessPolicy } from '../core/policy/access-policy';
import { parseAccessPolicy } from '../core/policy/parse-access-policy';
import { ACCESS_FILE_IN_LAYER } from '../lambdas/runtime/contract';

/** The access definitions, read, checked and written where the stack takes them from. */
export interface AccessDefinitions {
  readonly policy: AccessPolicy;
  /** SHA-256 of the policy as it is compiled, in hexadecimal: every decision names the policy that it was made by. */
  readonly hash: string;
  /** The folder with `access.json`; it becomes the layer. */
  readonly directory: string;
}

/**
 * Compiles `<accessDirectory>/policy.yaml` into `<outDirectory>/access.json` (`{policy, hash}`). The functions then read
 * plain JSON, and a definition that cannot be used stops the synthesis instead of a function.
 *
 * @throws Error that names the file, the key, the value and the remedy
 */
export function compileAccessDefinitions(accessDirectory: string, outDirectory: string): AccessDefinitions {
  const path = join(accessDirectory, 'policy.yaml');
  const policy = parseAccessPolicy(readYaml(path), shownPath(path));
  const hash = createHash('sha256').update(JSON.stringify(policy)).digest('hex');
  // The folder becomes the layer as it is: what an earlier run left there must not be in it.
  rmSync(outDirectory, { recursive: true, force: true });
  mkdirSync(outDirectory, { recursive: true });
  writeFileSync(join(outDirectory, basename(ACCESS_FILE_IN_LAYER)), `${JSON.stringify({ policy, hash })}\n`);
  return { policy, hash, directory: outDirectory };
}

function readYaml(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`${shownPath(path)} cannot be read: make it, or name another folder with --access`, {
      cause: error,
    });
  }
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    // The first line says what and where; the rest is an excerpt.
    const [problem] = error.message.split('\n');
    throw new Error(`${shownPath(path)} is not YAML: ${(problem ?? error.code).replace(/:$/, '')}`, {
      cause: error,
    });
  }
}

/** As a user finds it: from the folder that the command was given in, unless it lies outside. */
function shownPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
}
