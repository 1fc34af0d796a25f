import type { Json } from '../json';
import { isExpression } from '../query/jsonata';
import { compilePathOrIntrinsic } from '../query/payload-template';
import type { Query, QueryLanguage } from '../query/query';
import { type NumberRule, compileNumber, compileNumberPath } from '../query/whole-number';
import type { Compilation } from './compilation';
import { compileChoices } from './compile-choice';
import { compileFlow } from './compile-flow';
import { compileMap, compileParallel } from './compile-nested';
import { compileTask } from './compile-task';
import type { Fields } from './fields';
import type { FailState, State, WaitState } from './machine';
import { STATE_TYPES, type StateType, UNSUPPORTED_FIELDS, fieldsOf } from './state-fields';
import { compileTimestamp, compileTimestampPath } from './compile-timestamp';

/** The longest `Wait` of the service, in seconds. */
const WAIT_SECONDS: NumberRule = { least: 0, most: 99_999_999 };

/** Compiles one state. Throws `DefinitionError` for everything in it that is unknown. */
export function compileState(name: string, fields: Fields, outer: Compilation): State {
  const type = stateType(fields);
  const compilation = outer.in(stateLanguage(fields, outer.language));
  checkFields(fields, type, compilation.language);
  const base = { name, comment: fields.optionalString('Comment') };
  switch (type) {
    case 'Task':
      return { ...base, next: nextOf(fields), ...compileTask(fields, compilation) };
    case 'Map':
      return { ...base, next: nextOf(fields), ...compileMap(fields, compilation) };
    case 'Parallel':
      return { ...base, next: nextOf(fields), ...compileParallel(fields, compilation) };
    case 'Wait':
      return { ...base, next: nextOf(fields), ...compileWait(fields, compilation) };
    case 'Fail':
      return { ...base, ...compileFail(fields, compilation) };
    case 'Succeed':
      return { ...base, type, flow: compileFlow(fields, compilation, false) };
    case 'Pass':
      return {
        ...{ ...base, type, next: nextOf(fields), flow: compileFlow(fields, compilation, false) },
        result: fields.get('Result'),
      };
    case 'Choice':
      return {
        ...{ ...base, type, flow: compileFlow(fields, compilation, false) },
        rules: compileChoices(fields, compilation),
        otherwise: fields.optionalString('Default'),
      };
  }
}

/** Which of the eight types it is. */
function stateType(fields: Fields): StateType {
  const given = fields.string('Type');
  const type = STATE_TYPES.find((known) => known === given);
  return (
    type ?? fields.at('Type').refuse(`'${given}' is no type of state; there are ${STATE_TYPES.join(', ')},`)
  );
}

/** A state of a JSONPath machine may be JSONata, not the other way round. */
function stateLanguage(fields: Fields, outer: QueryLanguage): QueryLanguage {
  const given = fields.optionalString('QueryLanguage') ?? outer;
  if (given !== 'JSONPath' && given !== 'JSONata') {
    return fields.at('QueryLanguage').refuse(`'${given}' is no query language: use JSONata or JSONPath`);
  }
  if (outer === 'JSONata' && given === 'JSONPath') {
    fields.at('QueryLanguage').refuse('a state of a JSONata machine cannot be JSONPath');
  }
  return given;
}

/** Unsupported fields first: "not supported locally" says more than "unknown". */
function checkFields(fields: Fields, type: StateType, language: QueryLanguage): void {
  for (const key of Object.keys(fields.object)) {
    const needs = UNSUPPORTED_FIELDS.get(key);
    if (needs !== undefined) fields.place.refuse(`the field '${key}' is not supported locally (${needs})`);
  }
  fields.allow(fieldsOf(type, language), `a ${language} ${type} state`);
}

/** Exactly one of `Next` and `End: true`; undefined stands for the end. */
function nextOf(fields: Fields): string | undefined {
  fields.oneOf(['Next', 'End'], 1);
  if (fields.has('End') && fields.get('End') !== true) fields.at('End').refuse('End must be true');
  return fields.optionalString('Next');
}

/** Exactly one of the four ways to say how long. */
function compileWait(fields: Fields, compilation: Compilation): Pick<WaitState, 'type' | 'flow' | 'until'> {
  const key = fields.oneOf(['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'], 1) ?? '';
  const [place, scope, value] = [fields.at(key), compilation.scope(), fields.get(key) ?? null];
  const until = (): WaitState['until'] => {
    switch (key) {
      case 'Seconds':
        return {
          kind: 'seconds',
          query: compileNumber(value, WAIT_SECONDS, compilation.language, place, scope),
        };
      case 'SecondsPath':
        return { kind: 'seconds', query: compileNumberPath(fields.string(key), WAIT_SECONDS, place, scope) };
      case 'Timestamp':
        return { kind: 'timestamp', query: compileTimestamp(value, compilation.language, place, scope) };
      default:
        return { kind: 'timestamp', query: compileTimestampPath(fields.string(key), place, scope) };
    }
  };
  return { type: 'Wait', flow: compileFlow(fields, compilation, false), until: until() };
}

/** Either text may be missing: an error without a name is still an error, which only `States.ALL` catches. */
function compileFail(fields: Fields, compilation: Compilation): Pick<FailState, 'type' | 'error' | 'cause'> {
  return {
    type: 'Fail',
    error: failText(fields, 'Error', compilation),
    cause: failText(fields, 'Cause', compilation),
  };
}

/** In JSONPath a literal is a literal even if it looks like an expression. */
function failText(fields: Fields, key: 'Error' | 'Cause', compilation: Compilation): Query | undefined {
  const found = fields.oneOf([key, `${key}Path`], 0);
  if (found === undefined) return undefined;
  const text: Json = fields.string(found);
  if (found !== key) return compilePathOrIntrinsic(text, fields.at(found), compilation.scope());
  return isExpression(text) && compilation.language === 'JSONata'
    ? compilation.template(text, fields.at(key), compilation.scope())
    : () => text;
}
