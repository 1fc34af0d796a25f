import { asNumber, isJsonObject, type JsonObject } from '../assembly/json-values';
import { about, isArray, isNumber, isString, json, type SchemaCheck } from './schema-check';

/** A keyword whose argument is a number, or a text that is one. */
type Limit = (argument: unknown, schema: JsonObject, context: { readonly where: string }) => SchemaCheck;

/** Characters as JSON Schema counts them: code points, not UTF-16 units. */
const lengthOf = (text: string) => Array.from(text).length;

/** A keyword with a number as its argument. */
const bounded =
  (name: string, build: (limit: number, schema: JsonObject) => SchemaCheck): Limit =>
  (argument, schema, { where }) =>
    build(asNumber(argument, `${where}.${name}`), schema);

/** The keywords that hold a length, a count or a value within a bound. */
export const LIMITS: readonly (readonly [string, Limit])[] = [
  [
    'minLength',
    bounded('minLength', (limit) =>
      about(isString, (text) =>
        lengthOf(text) >= limit
          ? undefined
          : `string ${json(text)} is too short (length: ${lengthOf(text)}, required minimum: ${limit})`,
      ),
    ),
  ],
  [
    'maxLength',
    bounded('maxLength', (limit) =>
      about(isString, (text) =>
        lengthOf(text) <= limit
          ? undefined
          : `string ${json(text)} is too long (length: ${lengthOf(text)}, maximum allowed: ${limit})`,
      ),
    ),
  ],
  [
    'minimum',
    bounded('minimum', (limit, schema) =>
      about(isNumber, (number) =>
        number > limit || (number === limit && schema.exclusiveMinimum !== true)
          ? undefined
          : `numeric instance is lower than the required minimum (minimum: ${limit}, found: ${number})`,
      ),
    ),
  ],
  [
    'maximum',
    bounded('maximum', (limit, schema) =>
      about(isNumber, (number) =>
        number < limit || (number === limit && schema.exclusiveMaximum !== true)
          ? undefined
          : `numeric instance is greater than the required maximum (maximum: ${limit}, found: ${number})`,
      ),
    ),
  ],
  [
    'minItems',
    bounded('minItems', (limit) =>
      about(isArray, ({ length }) =>
        length >= limit
          ? undefined
          : `array is too short: must have at least ${limit} elements but instance has ${length} elements`,
      ),
    ),
  ],
  [
    'maxItems',
    bounded('maxItems', (limit) =>
      about(isArray, ({ length }) =>
        length <= limit
          ? undefined
          : `array is too long: must have at most ${limit} elements but instance has ${length} elements`,
      ),
    ),
  ],
  [
    'minProperties',
    bounded('minProperties', (limit) =>
      about(isJsonObject, (object) =>
        Object.keys(object).length >= limit
          ? undefined
          : `object has too few properties (found ${Object.keys(object).length} but schema requires at least ${limit})`,
      ),
    ),
  ],
  [
    'maxProperties',
    bounded('maxProperties', (limit) =>
      about(isJsonObject, (object) =>
        Object.keys(object).length <= limit
          ? undefined
          : `object has too many properties (found ${Object.keys(object).length} but schema requires at most ${limit})`,
      ),
    ),
  ],
];
