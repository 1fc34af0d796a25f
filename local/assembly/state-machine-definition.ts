import { readFileSync } from 'node:fs';
import { asObject, asText, type JsonObject } from './json-values';

/** The definition as text, from whichever of the three places the template put it in. */
function definitionText(where: string, properties: JsonObject, assetPath: (s3Key: string) => string): string {
  if (properties.DefinitionString !== undefined) {
    return asText(properties.DefinitionString, `${where}.DefinitionString`);
  }
  if (properties.Definition !== undefined) {
    return JSON.stringify(asObject(properties.Definition, `${where}.Definition`));
  }
  const location = asObject(properties.DefinitionS3Location, `${where}.DefinitionS3Location`);
  if (location.Key === undefined) {
    throw new Error(
      `${where} has no definition; give it DefinitionString, Definition or DefinitionS3Location`,
    );
  }
  return readFileSync(assetPath(asText(location.Key, `${where}.DefinitionS3Location.Key`)), 'utf8');
}

/**
 * A state machine's properties with the definition as one plain JSON text in `DefinitionString`, `DefinitionSubstitutions`
 * put in. CloudFormation puts the values in as they are, without quoting them.
 *
 * @throws Error naming the resource if it has no definition, or one that is not JSON once it is resolved
 */
export function resolveStateMachine(
  logicalId: string,
  properties: JsonObject,
  assetPath: (s3Key: string) => string,
): JsonObject {
  const substitutions = asObject(properties.DefinitionSubstitutions, `${logicalId}.DefinitionSubstitutions`);
  // A name that has no substitution stays as it stands: `${…}` may be text of a state's own.
  const definition = definitionText(logicalId, properties, assetPath).replace(
    /\$\{([^}]+)\}/g,
    (whole, name: string) =>
      Object.hasOwn(substitutions, name) ? asText(substitutions[name], `${logicalId}: \${${name}}`) : whole,
  );
  try {
    JSON.parse(definition);
  } catch (cause) {
    throw new Error(`the definition of the state machine ${logicalId} is not JSON once it is resolved`, {
      cause,
    });
  }
  const { Definition: _d, DefinitionS3Location: _l, DefinitionSubstitutions: _s, ...rest } = properties;
  return { ...rest, DefinitionString: definition };
}
