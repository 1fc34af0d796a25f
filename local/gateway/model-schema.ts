import {
  asList,
  asObject,
  asText,
  isJsonObject,
  ownProperty,
  type JsonObject,
} from '../assembly/json-values';
import { LIMITS } from './schema-limits';
import { about, isArray, isString, json, type SchemaCheck } from './schema-check';

export type { SchemaCheck } from './schema-check';

/** One keyword of a schema, given its argument and the schema that it stands in. */
type Keyword = (argument: unknown, schema: JsonObject, context: Context) => SchemaCheck;

interface Context {
  /** The outermost schema, for `#/definitions/…`. */
  readonly root: JsonObject;
  readonly where: string;
  /** Definitions that are compiled already, so that one may refer to itself. */
  readonly definitions: Map<string, SchemaCheck>;
}

const typeOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
};

/** A schema that stands inside of another. */
const nested = (schema: unknown, context: Context, at: string): SchemaCheck =>
  compileIn(schema, { ...context, where: `${context.where}.${at}` });

const alternatives = (argument: unknown, context: Context, at: string): readonly SchemaCheck[] =>
  asList(argument, `${context.where}.${at}`).map((schema, index) =>
    nested(schema, context, `${at}[${index}]`),
  );

const passing = (checks: readonly SchemaCheck[], value: unknown) =>
  checks.filter((check) => check(value).length === 0).length;

const type: Keyword = (argument, _schema, { where }) => {
  const allowed = (isArray(argument) ? argument : [argument]).map((name) => asText(name, `${where}.type`));
  return (value) => {
    const actual = typeOf(value);
    if (allowed.includes(actual) || (actual === 'integer' && allowed.includes('number'))) return [];
    return [
      `instance type (${actual}) does not match any allowed primitive type (allowed: ${json(allowed)})`,
    ];
  };
};

const required: Keyword = (argument, _schema, { where }) => {
  const names = asList(argument, `${where}.required`).map((name) => asText(name, `${where}.required`));
  return about(isJsonObject, (object) => {
    const missing = names.filter((name) => !Object.hasOwn(object, name));
    return missing.length === 0 ? undefined : `object has missing required properties (${json(missing)})`;
  });
};

const properties: Keyword = (argument, _schema, context) => {
  const checks = Object.entries(asObject(argument, `${context.where}.properties`)).map(
    ([name, schema]) => [name, nested(schema, context, `properties.${name}`)] as const,
  );
  return (value) =>
    isJsonObject(value)
      ? checks.flatMap(([name, check]) => (Object.hasOwn(value, name) ? check(ownProperty(value, name)) : []))
      : [];
};

const additionalProperties: Keyword = (argument, schema, context) => {
  if (argument === true) return () => [];
  const declared = Object.keys(asObject(schema.properties, `${context.where}.properties`));
  const extra = (object: JsonObject) => Object.keys(object).filter((name) => !declared.includes(name));
  if (argument === false) {
    return about(isJsonObject, (object) => {
      const names = extra(object);
      return names.length === 0
        ? undefined
        : `object instance has properties which are not allowed by the schema: ${json(names)}`;
    });
  }
  const check = nested(argument, context, 'additionalProperties');
  return (value) =>
    isJsonObject(value) ? extra(value).flatMap((name) => check(ownProperty(value, name))) : [];
};

const items: Keyword = (argument, _schema, context) => {
  if (isArray(argument)) {
    throw new Error(
      `${context.where}.items is a list, which the local gateway does not support; give one schema`,
    );
  }
  const check = nested(argument, context, 'items');
  return (value) => (isArray(value) ? value.flatMap((item) => check(item)) : []);
};

const oneOf: Keyword = (argument, _schema, context) => {
  const checks = alternatives(argument, context, 'oneOf');
  return (value) => {
    const matched = passing(checks, value);
    return matched === 1
      ? []
      : [`instance failed to match exactly one schema (matched ${matched} out of ${checks.length})`];
  };
};

const anyOf: Keyword = (argument, _schema, context) => {
  const checks = alternatives(argument, context, 'anyOf');
  return (value) =>
    passing(checks, value) > 0
      ? []
      : [`instance failed to match at least one required schema among ${checks.length}`];
};

const allOf: Keyword = (argument, _schema, context) => {
  const checks = alternatives(argument, context, 'allOf');
  return (value) => {
    const matched = passing(checks, value);
    return matched === checks.length
      ? []
      : [`instance failed to match all required schemas (matched only ${matched} out of ${checks.length})`];
  };
};

const not: Keyword = (argument, _schema, context) => {
  const check = nested(argument, context, 'not');
  return (value) => (check(value).length > 0 ? [] : ['instance matched a schema which it should not have']);
};

const pattern: Keyword = (argument, _schema, { where }) => {
  const source = asText(argument, `${where}.pattern`);
  let expression: RegExp;
  try {
    expression = new RegExp(source);
  } catch (cause) {
    throw new Error(`${where}.pattern is not a regular expression: ${source}`, { cause });
  }
  // Draft 4 patterns are not anchored.
  return about(isString, (text) =>
    expression.test(text)
      ? undefined
      : `ECMA 262 regex ${json(source)} does not match input string ${json(text)}`,
  );
};

const enumeration: Keyword = (argument, _schema, { where }) => {
  const values = asList(argument, `${where}.enum`);
  const texts = values.map(json);
  return (value) =>
    texts.includes(json(value))
      ? []
      : [`instance value (${json(value)}) not found in enum (possible values: ${json(values)})`];
};

const uniqueItems: Keyword = (argument) =>
  about(isArray, (list) =>
    argument === true && new Set(list.map(json)).size < list.length
      ? 'array must not contain duplicate elements'
      : undefined,
  );

const reference: Keyword = (argument, _schema, context) => {
  const target = asText(argument, `${context.where}.$ref`);
  const name = /^#\/definitions\/([^/]+)$/.exec(target)?.[1];
  const definitions = asObject(context.root.definitions, `${context.where}: definitions`);
  if (name === undefined || !Object.hasOwn(definitions, name)) {
    throw new Error(
      `${context.where} refers to "${target}", which the local gateway does not support; refer to #/definitions/<name>`,
    );
  }
  if (!context.definitions.has(name)) {
    // Stands in until the definition is compiled, for definitions that refer to themselves.
    context.definitions.set(name, (value) => context.definitions.get(name)?.(value) ?? []);
    context.definitions.set(name, compileIn(definitions[name], { ...context, where: `definitions.${name}` }));
  }
  return (value) => context.definitions.get(name)?.(value) ?? [];
};

/** Keywords that say nothing about a value, or are read by their neighbours. */
const silent: Keyword = () => () => [];

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ['$schema', silent],
  ['id', silent],
  ['title', silent],
  ['description', silent],
  ['default', silent],
  ['definitions', silent],
  // Draft 4 makes `format` an annotation unless the validator chooses otherwise; API Gateway does not check it.
  ['format', silent],
  ['exclusiveMinimum', silent],
  ['exclusiveMaximum', silent],
  ['$ref', reference],
  ['type', type],
  ['required', required],
  ['properties', properties],
  ['additionalProperties', additionalProperties],
  ['items', items],
  ['enum', enumeration],
  ['pattern', pattern],
  ['uniqueItems', uniqueItems],
  ['anyOf', anyOf],
  ['oneOf', oneOf],
  ['allOf', allOf],
  ['not', not],
  ...LIMITS,
]);

function compileIn(value: unknown, context: Context): SchemaCheck {
  const schema = asObject(value, context.where);
  const checks = Object.entries(schema).map(([name, argument]) => {
    const keyword = KEYWORDS.get(name);
    if (keyword === undefined) {
      throw new Error(
        `${context.where} uses the schema keyword "${name}", which the local gateway does not support; ` +
          `it knows ${[...KEYWORDS.keys()].join(', ')}`,
      );
    }
    return keyword(argument, schema, context);
  });
  return (instance) => checks.flatMap((check) => check(instance));
}

/**
 * Compiles the schema of an `AWS::ApiGateway::Model` (JSON Schema, draft 4). The complaints are worded as those of the
 * service's validator, since they reach callers through `$context.error.validationErrorString`.
 *
 * @throws Error naming a keyword that is not supported, or a `$ref` to anything but `#/definitions/<name>`
 */
export function compileSchema(schema: unknown, where: string): SchemaCheck {
  return compileIn(schema, { root: asObject(schema, where), where, definitions: new Map() });
}
