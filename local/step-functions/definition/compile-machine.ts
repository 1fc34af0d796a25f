import { type Json, parseJson } from '../json';
import type { QueryTools } from '../query/query';
import { Compilation, type ResourceCheck } from './compilation';
import { compileBlock } from './compile-block';
import { DefinitionError, Place } from './definition-error';
import { Fields } from './fields';
import type { Machine } from './machine';

/** The longest definition of the service, in bytes. */
const MAX_DEFINITION_BYTES = 1_048_576;
/** The longest time of an execution that a definition may ask for, in seconds. */
const MAX_TIMEOUT_SECONDS = 99_999_999;

/**
 * Compiles a definition in the Amazon States Language. Throws {@link DefinitionError} for everything that it does not know:
 * a field, a type, a resource, a function, an operator, a variable nobody assigns, a state nobody leads to.
 */
export function compileMachine(definition: string, tools: QueryTools, checkResource: ResourceCheck): Machine {
  if (Buffer.byteLength(definition) > MAX_DEFINITION_BYTES) {
    throw new DefinitionError('', `the definition is longer than ${MAX_DEFINITION_BYTES} bytes`);
  }
  const json = parseDefinition(definition);
  const fields = Fields.of(json, Place.root);
  fields.allow(
    ['Comment', 'QueryLanguage', 'StartAt', 'States', 'TimeoutSeconds', 'Version'],
    'a state machine',
  );
  const language = fields.optionalString('QueryLanguage') ?? 'JSONPath';
  if (language !== 'JSONPath' && language !== 'JSONata') {
    return fields.at('QueryLanguage').refuse(`'${language}' is no query language: use JSONata or JSONPath`);
  }
  const version = fields.optionalString('Version') ?? '1.0';
  if (version !== '1.0') fields.at('Version').refuse(`'${version}' is no version of the language: use 1.0`);
  const timeoutSeconds = fields.has('TimeoutSeconds')
    ? fields.number('TimeoutSeconds', 1, MAX_TIMEOUT_SECONDS, 1)
    : undefined;
  const block = compileBlock(fields, new Compilation(tools, checkResource, language, new Set()));
  return { ...block, timeoutSeconds };
}

/** A definition that is no JSON is refused with the parser's own words. */
function parseDefinition(definition: string): Json {
  try {
    return parseJson(definition);
  } catch (error) {
    throw new DefinitionError(
      '',
      `the definition is not JSON (${error instanceof Error ? error.message : ''})`,
    );
  }
}
