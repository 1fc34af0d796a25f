import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PERMISSION_SETS_FOLDER, compileAccessDefinitions } from '../../lib/access-definitions';

const POLICY = join(__dirname, '..', '..', 'access', 'policy.yaml');

/** Access definitions as a test writes them. */
export interface AccessTexts {
  /** YAML by the name of its file, such as `read-only.yaml`. */
  readonly permissionSets?: Readonly<Record<string, string>> | undefined;
  /** YAML of `baselines.yaml`. @default - there is no such file */
  readonly baselines?: string;
  /** YAML. @default - what the last compilation had, at first `access/policy.yaml` */
  readonly policy?: string;
}

/** Compiles access definitions, each time into a folder of its own, as the content of a layer. */
export class AccessFolder {
  readonly #compiled: string[] = [];
  #policy: string | undefined;

  /** Answers the folder. Throws as {@link compileAccessDefinitions}. */
  compile({ permissionSets = {}, baselines, policy = this.#policy }: AccessTexts): string {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-access-'));
    this.#compiled.push(folder);
    this.#policy = policy;
    const sources = join(folder, 'access');
    mkdirSync(join(sources, PERMISSION_SETS_FOLDER), { recursive: true });
    if (policy === undefined) copyFileSync(POLICY, join(sources, 'policy.yaml'));
    else writeFileSync(join(sources, 'policy.yaml'), policy);
    for (const [name, text] of Object.entries(permissionSets))
      writeFileSync(join(sources, PERMISSION_SETS_FOLDER, name), text);
    if (baselines !== undefined) writeFileSync(join(sources, 'baselines.yaml'), baselines);
    return compileAccessDefinitions(sources, join(folder, 'layer'), 'aws').directory;
  }

  /** Removes what was compiled; to be called when nothing reads it any more. */
  remove(): void {
    for (const folder of this.#compiled.splice(0)) rmSync(folder, { recursive: true, force: true });
  }
}
