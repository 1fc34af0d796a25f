import type { Place } from '../definition/definition-error';
import { type Json, typeName } from '../json';
import { EvaluationError, STATES } from '../state-error';
import { compileJsonataTemplate, isExpression } from './jsonata';
import { compilePath } from './json-path';
import type { Query, QueryScope, View } from './query';

/** A compiled number. */
export type NumberQuery = (root: Json, view: View) => Promise<number>;

/** What a number field takes. */
export interface NumberRule {
  readonly least: number;
  readonly most: number;
  /** Whether fractions are taken, as for a percentage. */
  readonly fractions?: boolean;
}

/** Strings that look like numbers are none: neither language converts them. */
function fits(value: Json, rule: NumberRule): value is number {
  if (typeof value !== 'number') return false;
  if (!rule.fractions && !Number.isInteger(value)) return false;
  return value >= rule.least && value <= rule.most;
}

const wanted = (rule: NumberRule): string =>
  `${rule.fractions === true ? 'a number' : 'a whole number'} from ${rule.least} to ${rule.most}`;

/** Compiles a number that stands in the definition, or, in JSONata, an expression. Throws `DefinitionError`. */
export function compileNumber(
  value: Json,
  rule: NumberRule,
  language: 'JSONPath' | 'JSONata',
  place: Place,
  scope: QueryScope,
): NumberQuery {
  if (language === 'JSONata' && isExpression(value)) {
    const query = compileJsonataTemplate(value, place, scope);
    return (root, view) =>
      evaluate(query, rule, root, view, (found) => jsonataProblem(value, found, rule, place));
  }
  if (!fits(value, rule)) return place.refuse(`${JSON.stringify(value)} must be ${wanted(rule)}`);
  return () => Promise.resolve(value);
}

/** Compiles a `…Path` field that names a number. What it finds and is none in range is `States.Runtime`. */
export function compileNumberPath(
  text: string,
  rule: NumberRule,
  place: Place,
  scope: QueryScope,
): NumberQuery {
  const query = compilePath(text, place, scope);
  const problem = (found: Json): EvaluationError =>
    new EvaluationError(
      STATES.runtime,
      `The ${place.field} parameter must refer to ${wanted(rule)}, but was: ${JSON.stringify(found)}`,
    );
  return (root, view) => evaluate(query, rule, root, view, problem);
}

/** Evaluates, and judges by the rule; who fails how is the caller's. */
async function evaluate(
  query: Query,
  rule: NumberRule,
  root: Json,
  view: View,
  problem: (found: Json) => EvaluationError,
): Promise<number> {
  const found = await query(root, view);
  if (!fits(found, rule)) throw problem(found);
  return found;
}

/** Wrong type and wrong value are worded differently. */
function jsonataProblem(text: string, found: Json, rule: NumberRule, place: Place): EvaluationError {
  const source = text.slice(2, -2).trim();
  const what =
    typeof found === 'number'
      ? `returned an unexpected value. Expected ${wanted(rule)}, but was: ${found}`
      : `returned an unexpected result type. Expected 'number', but was '${typeName(found)}' for value: ${JSON.stringify(found)}`;
  return new EvaluationError(
    STATES.queryEvaluation,
    `The JSONata expression '${source}' specified for the field '${place.field}' ${what}`,
    place.field,
  );
}
