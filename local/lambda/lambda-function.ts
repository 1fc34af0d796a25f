import * as z from 'zod';
import type { LocalAssembly, LocalResource } from '../assembly/local-assembly';

/** A function as the local Lambda runtime runs it. */
export interface LambdaFunctionDefinition {
  readonly name: string;
  readonly arn: string;
  /** The folder of its bundle, with `index.js` for the handler `index.handler`. */
  readonly codePath: string;
  readonly handler: string;
  readonly timeoutSeconds: number;
  /** In MB; also the limit of its worker's heap. */
  readonly memorySize: number;
  readonly environment: Readonly<Record<string, string>>;
  /** The folders of its layers, in order. A file is reached only through an environment variable (`/opt/…`). */
  readonly layers: readonly string[];
  /** How many invocations may be there at once, waiting ones counted; one more is throttled. */
  readonly reservedConcurrency?: number;
}

/** Lambda's defaults for what a template leaves out. */
const DEFAULT_TIMEOUT_SECONDS = 3;
const DEFAULT_MEMORY_MB = 128;

const functionProperties = z.object({
  Code: z.object({ S3Key: z.string() }),
  Handler: z.string(),
  Runtime: z.string().startsWith('nodejs'),
  Timeout: z.number().default(DEFAULT_TIMEOUT_SECONDS),
  MemorySize: z.number().default(DEFAULT_MEMORY_MB),
  Environment: z.object({ Variables: z.record(z.string(), z.string()).default({}) }).optional(),
  Layers: z.array(z.string()).default([]),
  ReservedConcurrentExecutions: z.number().optional(),
  // What would change how the code runs, and is not there locally, is refused by name.
  PackageType: z.literal('Zip').optional(),
  FileSystemConfigs: z.undefined().optional(),
  DurableConfig: z.undefined().optional(),
});

const layerProperties = z.object({ Content: z.object({ S3Key: z.string() }) });

/**
 * The Lambda functions of a synthesized assembly, with the folders of their code and layers.
 * Throws for a function that cannot run locally, naming it and the property.
 */
export function functionsOf(assembly: LocalAssembly): LambdaFunctionDefinition[] {
  return assembly.ofType('AWS::Lambda::Function').map((resource) => {
    const properties = parse(functionProperties, resource);
    const reservedConcurrency = properties.ReservedConcurrentExecutions;
    return {
      name: assembly.ref(resource.logicalId),
      arn: assembly.attribute(resource.logicalId, 'Arn'),
      codePath: assembly.assetPath(properties.Code.S3Key),
      handler: properties.Handler,
      timeoutSeconds: properties.Timeout,
      memorySize: properties.MemorySize,
      environment: properties.Environment?.Variables ?? {},
      layers: properties.Layers.map((ref) => layerPath(assembly, resource, ref)),
      ...(reservedConcurrency === undefined ? {} : { reservedConcurrency }),
    };
  });
}

function layerPath(assembly: LocalAssembly, user: LocalResource, ref: string): string {
  const layer = assembly
    .ofType('AWS::Lambda::LayerVersion')
    .find((candidate) => assembly.ref(candidate.logicalId) === ref);
  if (layer === undefined) {
    throw new Error(
      `function ${user.logicalId} uses the layer ${ref}, which is not in the stack; only layers of the same stack run locally`,
    );
  }
  return assembly.assetPath(parse(layerProperties, layer).Content.S3Key);
}

function parse<T>(schema: z.ZodType<T>, resource: LocalResource): T {
  const result = schema.safeParse(resource.properties);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  throw new Error(`${resource.type} ${resource.logicalId} cannot run locally: ${problems}`);
}
