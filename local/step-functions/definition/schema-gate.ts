import validate from 'asl-validator';
import { type Json, isArray, isObject, objectOf, parseJson } from '../json';
import { isExpression } from '../query/jsonata';
import { DefinitionError } from './definition-error';

/**
 * Checks a definition, which must be JSON, against the published schemas of the language. Throws `DefinitionError`.
 * It takes up to half a second, as the schemas are compiled anew each time.
 */
export function checkBySchema(definition: string): void {
  // The validator writes into what it is given, hence a copy of its own.
  const { errors } = validate(relaxed(parseJson(definition)), { checkArn: true, checkPaths: true });
  const [first] = errors;
  if (first === undefined) return;
  const pointer = first.schemaError?.instancePath ?? '';
  throw new DefinitionError(pointer, `the States language schema refuses it: ${first.Message}`);
}

/** An expression that the schemas take everywhere. */
const EXPRESSION = '{% true %}';

/**
 * The schemas refuse some JSONata that the service takes: expressions of several lines or without spaces at their ends, an
 * `Output` that is a literal, a boolean `Condition`. All of these are checked by the compiler, so they are replaced here.
 */
function relaxed(value: Json, key = ''): Json {
  if (isExpression(value)) return EXPRESSION;
  if (key === 'Condition' && typeof value === 'boolean') return EXPRESSION;
  if (key === 'Output' && !isObject(value)) return EXPRESSION;
  if (isArray(value)) return value.map((item) => relaxed(item));
  if (!isObject(value)) return value;
  return objectOf(Object.entries(value).map(([name, inner]) => [name, relaxed(inner, name)] as const));
}
