import { readAssemblyFiles } from './assembly-files';
import type { LocalAssembly, LocalResource } from './local-assembly';
import { resolveStateMachine } from './state-machine-definition';
import { TemplateScope } from './template-scope';

const STACK_ID = 'AWS::StackId';

/** Which stack to load, and as whom. */
export interface AssemblySource {
  /** A cloud assembly as `app.synth()` writes it: `manifest.json`, `<Stack>.template.json`, `<Stack>.assets.json`. */
  readonly directory: string;
  /** The stack's id in the assembly, or the name that it deploys under; answers `AWS::StackName`. */
  readonly stackName: string;
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** Values of template parameters that differ from their defaults, or have none. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * Loads a synthesized stack and resolves every property of every resource, so that whatever the local runtime cannot stand
 * for is found at the start and not in the middle of a run.
 *
 * A state machine's definition is always answered as `DefinitionString`, substitutions done, however the template gives it.
 *
 * @throws Error in one sentence, naming the resource, for a missing or broken file, an intrinsic function or resource type
 * that is not supported, and references that lead nowhere
 */
export function loadAssembly(source: AssemblySource): LocalAssembly {
  const { template, assets } = readAssemblyFiles(source.directory, source.stackName);
  const assetPath = (s3Key: string): string => {
    const found = assets.get(s3Key);
    if (found === undefined) {
      throw new Error(`the assembly has no asset "${s3Key}" with a file or folder as its source`);
    }
    return found;
  };
  const scope = new TemplateScope(template, source);
  const resources = scope.logicalIds().map((logicalId): LocalResource => {
    const { type, properties } = scope.resolveResource(logicalId);
    return {
      logicalId,
      type,
      properties:
        type === 'AWS::StepFunctions::StateMachine'
          ? resolveStateMachine(logicalId, properties, assetPath)
          : properties,
    };
  });
  return {
    region: source.region,
    accountId: source.accountId,
    stackName: source.stackName,
    ofType: (type) => resources.filter((resource) => resource.type === type),
    ref: (logicalId) =>
      logicalId === STACK_ID ? String(scope.ref(STACK_ID)) : scope.identity(logicalId).ref,
    attribute: (logicalId, name) => scope.attribute(logicalId, name),
    assetPath,
  };
}

/**
 * Loads a stack that says itself where it deploys.
 * @throws Error as {@link loadAssembly} does, and for a stack whose account or Region is left open
 */
export function loadPlacedAssembly({
  directory,
  stackName,
}: Pick<AssemblySource, 'directory' | 'stackName'>): LocalAssembly {
  const { place } = readAssemblyFiles(directory, stackName);
  if (place === undefined) {
    throw new Error(
      `the stack ${stackName} leaves its account or its Region open; give it both in the app, so that the local runtime knows where it is`,
    );
  }
  return loadAssembly({ directory, stackName, ...place });
}
