import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Credentials } from '../iam/role-session';
import type { LambdaFunctionDefinition } from './lambda-function';

/** Where Lambda unpacks layers. */
const LAYERS_ROOT = '/opt/';

/** What a function finds around it. */
export interface RuntimeSurroundings {
  readonly region: string;
  /** The URL at which the local AWS APIs answer, such as `http://127.0.0.1:4600`. */
  readonly endpoint: string;
  /** What the function signs its calls with. */
  readonly credentials: Credentials;
}

/**
 * The environment variables that a function sees: its own, and those that Lambda sets, which win as they do on AWS.
 * Nothing of the host's environment is among them. A value `/opt/<file>` becomes the file's path in the last layer that
 * has it, which is the only way in which a function reaches its layers here. Throws if no layer has it.
 */
export function environmentOf(
  definition: LambdaFunctionDefinition,
  surroundings: RuntimeSurroundings,
): Record<string, string> {
  const own = Object.entries(definition.environment).map(([name, value]) => [
    name,
    value.startsWith(LAYERS_ROOT) ? pathInLayers(definition, name, value) : value,
  ]);
  return {
    ...(Object.fromEntries(own) as Record<string, string>),
    _HANDLER: definition.handler,
    AWS_REGION: surroundings.region,
    AWS_DEFAULT_REGION: surroundings.region,
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memorySize),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${definition.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local/[$LATEST]',
    LAMBDA_TASK_ROOT: definition.codePath,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    AWS_ACCESS_KEY_ID: surroundings.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: surroundings.credentials.secretAccessKey,
    AWS_SESSION_TOKEN: surroundings.credentials.sessionToken,
    AWS_ENDPOINT_URL: surroundings.endpoint,
    // The deployed functions run on Node 24; the laptop may have 20, about which the SDK would warn on every start.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}

function pathInLayers(definition: LambdaFunctionDefinition, variable: string, value: string): string {
  const inside = value.slice(LAYERS_ROOT.length);
  // A later layer overwrites what an earlier one unpacked.
  const found = definition.layers
    .map((layer) => path.join(layer, inside))
    .reverse()
    .find((candidate) => existsSync(candidate));
  if (found === undefined) {
    const layers = definition.layers.join(', ') || 'it has none';
    throw new Error(
      `function ${definition.name}: ${variable} names ${value}, which is in none of its layers (${layers})`,
    );
  }
  return found;
}
