import jsonata from 'jsonata';
import type { Place } from '../definition/definition-error';
import { type Json, isArray, isObject, objectOf } from '../json';
import { EvaluationError, STATES } from '../state-error';
import { checkExpression } from './jsonata-check';
import { addFunctions } from './jsonata-functions';
import type { Query, QueryScope, View } from './query';

/** Guards against an expression that never ends, in real time; the service stops one too. */
const MAX_EVALUATION_MS = 10_000;
/** How deep an expression may recurse before it is stopped. */
const MAX_DEPTH = 1_000;

/** Anything may stand between the marks, line ends too. */
const EXPRESSION = /^\{%([\s\S]*)%\}$/u;

/** A string that holds a JSONata expression. */
export type ExpressionText = `{%${string}%}`;

/** Tells whether a value is a JSONata expression. */
export function isExpression(text: Json): text is ExpressionText {
  return typeof text === 'string' && EXPRESSION.test(text);
}

/**
 * Compiles a value of the JSONata language: strings `{% … %}` anywhere in it are evaluated, the rest is taken as it stands.
 * Throws `DefinitionError` for an expression that cannot be parsed, or that names something unknown.
 */
export function compileJsonataTemplate(template: Json, place: Place, scope: QueryScope): Query {
  if (isExpression(template)) return compileExpression(template, place, scope);
  if (typeof template === 'string' && (template.startsWith('{%') || template.endsWith('%}'))) {
    return place.refuse(
      `'${template}' looks like a JSONata expression: it must start with {% and end with %}`,
    );
  }
  if (isArray(template)) {
    const items = template.map((item, at) => compileJsonataTemplate(item, place.item(at), scope));
    return async (root, view) => {
      const evaluated: Json[] = [];
      for (const item of items) evaluated.push(await item(root, view));
      return evaluated;
    };
  }
  if (!isObject(template)) return () => template;
  const members = Object.entries(template).map(
    ([key, value]) => [key, compileJsonataTemplate(value, place.at(key), scope)] as const,
  );
  return async (root, view) => {
    const evaluated: (readonly [string, Json])[] = [];
    for (const [key, query] of members) evaluated.push([key, await query(root, view)]);
    return objectOf(evaluated);
  };
}

/** Compiled once, evaluated often: each evaluation has an environment of its own. */
function compileExpression(text: string, place: Place, scope: QueryScope): Query {
  const source = (EXPRESSION.exec(text)?.[1] ?? '').trim();
  const expression = parseExpression(source, place);
  checkExpression(expression.ast(), source, place, scope);
  addFunctions(expression, scope.tools);
  const fail = (what: string): EvaluationError =>
    new EvaluationError(
      STATES.queryEvaluation,
      `The JSONata expression '${source}' specified for the field '${place.field}' ${what}`,
      place.field,
    );
  return async (_root, view) => {
    let found: unknown;
    try {
      found = await expression.evaluate(undefined, bindings(view));
    } catch (error) {
      throw fail(`threw an error during evaluation. ${describe(error)}`);
    }
    if (found === undefined) throw fail('returned nothing (undefined).');
    const value = plain(found);
    if (value === undefined) throw fail('returned an unsupported result type: a function.');
    return value;
  };
}

/** JSONata parses at once, so that a broken expression never gets as far as an execution. */
function parseExpression(source: string, place: Place): jsonata.Expression {
  try {
    return jsonata(source, { timeout: MAX_EVALUATION_MS, stack: MAX_DEPTH });
  } catch (error) {
    return place.refuse(`the JSONata expression '${source}' cannot be parsed (${describe(error)})`);
  }
}

/** `$states` as it is at this stage. JSONata does not write into what it is given; transforms copy. */
function bindings(view: View): Record<string, unknown> {
  const states = {
    input: view.input,
    context: view.context,
    ...(view.result === undefined ? {} : { result: view.result }),
    ...(view.errorOutput === undefined ? {} : { errorOutput: view.errorOutput }),
  };
  return { ...view.variables, states };
}

/** JSONata throws plain objects with a code (`T1006`) and a message. */
function describe(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { code, message } = error as { code?: unknown; message?: unknown };
  return [code, message].filter((part) => typeof part === 'string').join(': ');
}

/** The JSON of a result, without the marks that JSONata puts on its lists; undefined for a function. */
function plain(value: unknown): Json | undefined {
  if (Array.isArray(value)) return value.map((item: unknown) => plain(item) ?? null);
  if (typeof value === 'function') return undefined;
  if (typeof value !== 'object' || value === null) return value as Json;
  if ('_jsonata_lambda' in value || '_jsonata_function' in value) return undefined;
  const members: (readonly [string, Json])[] = [];
  for (const [key, inner] of Object.entries(value)) {
    const json = inner === undefined ? undefined : plain(inner);
    if (json !== undefined) members.push([key, json]);
  }
  return objectOf(members);
}
