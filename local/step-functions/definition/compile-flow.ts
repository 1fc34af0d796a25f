import { type Json, type JsonObject, isObject } from '../json';
import { putAt } from '../query/json-path';
import { parseReferencePath } from '../query/path-syntax';
import { compilePathOrIntrinsic } from '../query/payload-template';
import type { Query, QueryScope, View } from '../query/query';
import type { Compilation } from './compilation';
import type { Fields } from './fields';
import type { Finish, Flow } from './machine';

/** What a path of null selects. */
const nothing: Query = () => ({});
const asIs: Query = (root) => root;

/** Compiles how data goes through a state. `hasResult` tells whether the state has one that `$states.result` may read. */
export function compileFlow(fields: Fields, compilation: Compilation, hasResult: boolean): Flow {
  const scope = compilation.scope();
  const resultScope = hasResult ? compilation.scope('result') : scope;
  const argumentsField = compilation.language === 'JSONata' ? 'Arguments' : 'Parameters';
  const template = fields.get(argumentsField);
  return {
    effectiveInput: compileInputPath(fields, 'InputPath', scope),
    arguments:
      template === undefined ? asIs : compilation.template(template, fields.at(argumentsField), scope),
    finish: compileFinish(fields, compilation, resultScope),
  };
}

/** `InputPath` or `OutputPath`: absent is everything, null is nothing. */
function compileInputPath(fields: Fields, key: string, scope: QueryScope): Query {
  const path = fields.optionalPath(key);
  if (path === undefined) return asIs;
  return path === null ? nothing : compilePathOrIntrinsic(path, fields.at(key), scope);
}

/** Compiles what a state, a choice rule or a catcher does with its result. */
export function compileFinish(fields: Fields, compilation: Compilation, scope: QueryScope): Finish {
  const assign = compileAssign(fields, compilation, scope);
  if (compilation.language === 'JSONata') return jsonataFinish(fields, compilation, scope, assign);
  const selector = fields.get('ResultSelector');
  const select =
    selector === undefined ? asIs : compilation.template(selector, fields.at('ResultSelector'), scope);
  const merge = compileResultPath(fields);
  const outputPath = compileInputPath(fields, 'OutputPath', scope);
  return async (result, view) => {
    const selected = await select(result, view);
    const assigned = await assign(selected, view);
    return { output: await outputPath(merge(view.input, selected), view), assigned };
  };
}

/** JSONata has no paths: `Output` is the output, or else the result is; the raw input is gone unless it is named. */
function jsonataFinish(
  fields: Fields,
  compilation: Compilation,
  scope: QueryScope,
  assign: (root: Json, view: View) => Promise<JsonObject>,
): Finish {
  const template = fields.get('Output');
  const output = template === undefined ? asIs : compilation.template(template, fields.at('Output'), scope);
  // Both see the variables as they were when the state began.
  return async (result, view) => ({
    assigned: await assign(result, view),
    output: await output(result, view),
  });
}

/** The values are JSON, never functions. Which names there are was read before, see `assignedNames`. */
function compileAssign(
  fields: Fields,
  compilation: Compilation,
  scope: QueryScope,
): (root: Json, view: View) => Promise<JsonObject> {
  const template = fields.get('Assign');
  if (template === undefined) return () => Promise.resolve({});
  if (!isObject(template)) return fields.at('Assign').refuse('Assign must be an object');
  const query = compilation.template(template, fields.at('Assign'), scope);
  return async (root, view) => {
    const assigned = await query(root, view);
    return isObject(assigned) ? assigned : {};
  };
}

/** How a result is merged into the raw input: null drops it, `$` replaces the input. */
function compileResultPath(fields: Fields): (raw: Json, result: Json) => Json {
  const path = fields.optionalPath('ResultPath');
  if (path === undefined) return (_raw, result) => result;
  if (path === null) return (raw) => raw;
  const steps = parseReferencePath(path, fields.at('ResultPath'));
  return (raw, result) => putAt(raw, steps, result);
}
