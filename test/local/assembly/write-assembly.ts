import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadAssembly, type AssemblySource } from '../../../local/assembly/cloud-assembly';
import type { LocalAssembly } from '../../../local/assembly/local-assembly';

/** Account and Region of every test. */
export const ACCOUNT = '222233334444';
export const REGION = 'eu-west-1';

/** Resources by logical id: `[type, properties]`. */
export type Resources = Readonly<Record<string, readonly [string, Readonly<Record<string, unknown>>]>>;

/** The template with these resources; `more` adds sections, or whole resources. */
export function templateOf(
  resources: Resources,
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const entries = Object.entries(resources).map(
    ([logicalId, [Type, Properties]]) => [logicalId, { Type, Properties }] as const,
  );
  return { Resources: Object.fromEntries(entries), ...more };
}

/** Writes a template as a cloud assembly and answers how to load it. */
export function writeAssembly(
  template: unknown,
  files: Readonly<Record<string, unknown>> = {},
): AssemblySource {
  const directory = mkdtempSync(path.join(tmpdir(), 'latchkey-assembly-'));
  const write = (name: string, content: unknown) => {
    writeFileSync(path.join(directory, name), JSON.stringify(content));
  };
  write('manifest.json', {
    artifacts: {
      'Stack.assets': { type: 'cdk:asset-manifest', properties: { file: 'Stack.assets.json' } },
      Stack: {
        type: 'aws:cloudformation:stack',
        dependencies: ['Stack.assets'],
        properties: { templateFile: 'Stack.template.json' },
      },
    },
  });
  write('Stack.template.json', template);
  write('Stack.assets.json', { files });
  return { directory, stackName: 'Stack', region: REGION, accountId: ACCOUNT };
}

/** Loads a stack of these resources. */
export function assemblyOf(resources: Resources, more?: Readonly<Record<string, unknown>>): LocalAssembly {
  return loadAssembly(writeAssembly(templateOf(resources, more)));
}
