import type { Json } from '../json';
import { compileJsonataTemplate, isExpression } from '../query/jsonata';
import { compilePath } from '../query/json-path';
import type { QueryLanguage, QueryScope } from '../query/query';
import type { NumberQuery } from '../query/whole-number';
import { EvaluationError, STATES } from '../state-error';
import { parseTimestamp } from './choice-operators';
import type { Place } from './definition-error';

/** Compiles the `Timestamp` of a Wait to an instant, in epoch milliseconds. Throws `DefinitionError` for a literal that is none. */
export function compileTimestamp(
  value: Json,
  language: QueryLanguage,
  place: Place,
  scope: QueryScope,
): NumberQuery {
  if (language === 'JSONata' && isExpression(value)) {
    const query = compileJsonataTemplate(value, place, scope);
    return async (root, view) => {
      const found = await query(root, view);
      return parseTimestamp(found) ?? failJsonata(value, found, place);
    };
  }
  const instant = parseTimestamp(value);
  if (instant === undefined)
    return place.refuse(`${JSON.stringify(value)} is no timestamp such as 2026-12-01T08:00:00Z`);
  return () => Promise.resolve(instant);
}

/** Compiles `TimestampPath`. What it finds and is no timestamp is `States.Runtime`. */
export function compileTimestampPath(text: string, place: Place, scope: QueryScope): NumberQuery {
  const query = compilePath(text, place, scope);
  return async (root, view) => {
    const found = await query(root, view);
    const instant = parseTimestamp(found);
    if (instant !== undefined) return instant;
    throw new EvaluationError(
      STATES.runtime,
      `The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: ${text} == ${JSON.stringify(found)}`,
    );
  };
}

/** The service words a wrong result of an expression by field, expression and value. */
function failJsonata(text: string, found: Json, place: Place): never {
  throw new EvaluationError(
    STATES.queryEvaluation,
    `The JSONata expression '${text.slice(2, -2).trim()}' specified for the field '${place.field}' returned an unexpected value. Expected a timestamp such as 2026-12-01T08:00:00Z, but was: ${JSON.stringify(found)}`,
    place.field,
  );
}
