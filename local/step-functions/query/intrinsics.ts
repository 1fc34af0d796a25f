import type { Place } from '../definition/definition-error';
import type { Json } from '../json';
import { INTRINSIC_FUNCTIONS, intrinsicFailure } from './intrinsic-functions';
import { type IntrinsicNode, parseIntrinsic, unescapeString } from './intrinsic-syntax';
import { compilePath } from './json-path';
import type { Query, QueryScope } from './query';
import { EvaluationError, STATES } from '../state-error';

/** Compiles `States.Name(…)`. Throws `DefinitionError` for an unknown function or a wrong count of arguments. */
export function compileIntrinsic(text: string, place: Place, scope: QueryScope): Query {
  const compiled = compileNode(parseIntrinsic(text, place), place, scope);
  return async (root, view) => {
    try {
      return await compiled(root, view);
    } catch (error) {
      if (!(error instanceof EvaluationError) || error.error !== STATES.intrinsicFailure) throw error;
      // The innermost call fails; the cause names the whole text as the definition has it.
      throw intrinsicFailure(
        `The function '${text}' had the following error: ${error.detail} (field '${place.field}')`,
      );
    }
  };
}

/** Literals are read once; paths and calls are read anew each time. */
function compileNode(node: IntrinsicNode, place: Place, scope: QueryScope): Query {
  switch (node.kind) {
    case 'literal':
      return () => node.value;
    case 'string': {
      const text = unescapeString(node.raw);
      return () => text;
    }
    case 'path':
      return compilePath(node.text, place, scope);
    case 'call':
      return compileCall(node.name, node.arguments, place, scope);
  }
}

/** Arguments are evaluated from left to right, so that calls that draw chance are repeatable. */
function compileCall(name: string, given: readonly IntrinsicNode[], place: Place, scope: QueryScope): Query {
  const known = INTRINSIC_FUNCTIONS.get(name);
  if (known === undefined) return place.refuse(`'${name}' is no intrinsic function`);
  if (given.length < known.least || given.length > known.most) {
    const wanted = known.least === known.most ? `${known.least}` : `${known.least} or more`;
    place.refuse(`${name} takes ${wanted} arguments, not ${given.length}`);
  }
  const compiled = given.map((node, at) => {
    // A template keeps its backslashes: they tell `\{}` from `{}`.
    const keepsEscapes = name === 'States.Format' && at === 0 && node.kind === 'string';
    return keepsEscapes ? () => node.raw : compileNode(node, place, scope);
  });
  return async (root, view) => {
    const values: Json[] = [];
    for (const query of compiled) values.push(await query(root, view));
    return known.run(values, scope.tools);
  };
}
