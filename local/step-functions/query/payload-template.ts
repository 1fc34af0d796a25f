import type { Place } from '../definition/definition-error';
import { type Json, isArray, isObject, objectOf } from '../json';
import { compileIntrinsic } from './intrinsics';
import { compilePath } from './json-path';
import type { Query, QueryScope } from './query';

/** Compiles what stands where a path is expected: a path, or an intrinsic function. */
export function compilePathOrIntrinsic(text: string, place: Place, scope: QueryScope): Query {
  if (text.startsWith('$')) return compilePath(text, place, scope);
  if (text.startsWith('States.')) return compileIntrinsic(text, place, scope);
  return place.refuse(`'${text}' must be a JSONPath or an intrinsic function`);
}

/**
 * Compiles a payload template (`Parameters`, `ResultSelector`, `ItemSelector`, `Assign`): members whose name ends in `.$` are
 * replaced, everything else is taken as it stands.
 */
export function compilePayloadTemplate(template: Json, place: Place, scope: QueryScope): Query {
  if (isArray(template)) return compileList(template, place, scope);
  if (!isObject(template)) return () => template;
  const members = Object.entries(template).map(([key, value]) => {
    if (!key.endsWith('.$')) return [key, compilePayloadTemplate(value, place.at(key), scope)] as const;
    if (typeof value !== 'string')
      return place.at(key).refuse('a member whose name ends in .$ must be a string');
    return [key.slice(0, -2), compilePathOrIntrinsic(value, place.at(key), scope)] as const;
  });
  const names = members.map(([name]) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) place.refuse(`'${twice}' is given twice, with and without .$`);
  return async (root, view) => {
    const evaluated: (readonly [string, Json])[] = [];
    for (const [name, query] of members) evaluated.push([name, await query(root, view)]);
    return objectOf(evaluated);
  };
}

/** Objects inside of lists are templates too. */
function compileList(template: readonly Json[], place: Place, scope: QueryScope): Query {
  const items = template.map((item, at) => compilePayloadTemplate(item, place.item(at), scope));
  return async (root, view) => {
    const evaluated: Json[] = [];
    for (const item of items) evaluated.push(await item(root, view));
    return evaluated;
  };
}
