import fc from 'fast-check';
import { compileSchema } from '../../../local/gateway/model-schema';

const check = (schema: unknown, value: unknown) => compileSchema(schema, 'model')(value);

describe('compileSchema', () => {
  test.each<[unknown, unknown, string]>([
    [
      { type: 'object' },
      [],
      'instance type (array) does not match any allowed primitive type (allowed: ["object"])',
    ],
    [
      { type: ['string', 'null'] },
      1.5,
      'instance type (number) does not match any allowed primitive type (allowed: ["string","null"])',
    ],
    [{ required: ['a', 'b'] }, { b: 1 }, 'object has missing required properties (["a"])'],
    [{ required: ['constructor'] }, {}, 'object has missing required properties (["constructor"])'],
    [
      { properties: { a: { type: 'string' } } },
      { a: 1 },
      'instance type (integer) does not match any allowed primitive type (allowed: ["string"])',
    ],
    [
      { properties: { a: {} }, additionalProperties: false },
      { a: 1, b: 2 },
      'object instance has properties which are not allowed by the schema: ["b"]',
    ],
    [
      { additionalProperties: { type: 'null' } },
      { b: 2 },
      'instance type (integer) does not match any allowed primitive type (allowed: ["null"])',
    ],
    [{ minLength: 2 }, '€', 'string "€" is too short (length: 1, required minimum: 2)'],
    [{ maxLength: 1 }, 'ab', 'string "ab" is too long (length: 2, maximum allowed: 1)'],
    [{ pattern: '^a' }, 'b', 'ECMA 262 regex "^a" does not match input string "b"'],
    [{ enum: ['a', 1] }, 'b', 'instance value ("b") not found in enum (possible values: ["a",1])'],
    [
      { items: { minimum: 1 } },
      [0],
      'numeric instance is lower than the required minimum (minimum: 1, found: 0)',
    ],
    [
      { maximum: 1, exclusiveMaximum: true },
      1,
      'numeric instance is greater than the required maximum (maximum: 1, found: 1)',
    ],
    [{ minItems: 1 }, [], 'array is too short: must have at least 1 elements but instance has 0 elements'],
    [{ maxItems: 1 }, [1, 2], 'array is too long: must have at most 1 elements but instance has 2 elements'],
    [{ uniqueItems: true }, [1, 1], 'array must not contain duplicate elements'],
    [{ minProperties: 1 }, {}, 'object has too few properties (found 0 but schema requires at least 1)'],
    [
      { maxProperties: 0 },
      { a: 1 },
      'object has too many properties (found 1 but schema requires at most 0)',
    ],
    [
      { anyOf: [{ type: 'null' }, { type: 'string' }] },
      1,
      'instance failed to match at least one required schema among 2',
    ],
    [{ oneOf: [{}, {}] }, 1, 'instance failed to match exactly one schema (matched 2 out of 2)'],
    [
      { allOf: [{}, { type: 'null' }] },
      1,
      'instance failed to match all required schemas (matched only 1 out of 2)',
    ],
    [{ not: {} }, 1, 'instance matched a schema which it should not have'],
    [
      { $ref: '#/definitions/n', definitions: { n: { type: 'null' } } },
      1,
      'instance type (integer) does not match any allowed primitive type (allowed: ["null"])',
    ],
  ])('%j finds what is wrong with %j', (schema, value, complaint) => {
    expect(check(schema, value)).toEqual([complaint]);
  });

  test.each<[unknown, unknown]>([
    [{ type: 'number' }, 1],
    [{ minLength: 5 }, 1],
    [{ required: ['a'] }, 'text'],
    [{ maxLength: 1 }, '💡'],
    [{ oneOf: [{ type: 'string' }, { type: 'null' }] }, null],
    [{ $schema: 'http://json-schema.org/draft-04/schema#', title: 't', format: 'email' }, 'x'],
    [{ minimum: 1 }, 1],
  ])('%j has nothing against %j', (schema, value) => {
    expect(check(schema, value)).toEqual([]);
  });

  test('follows a definition that refers to itself', () => {
    const schema = {
      $ref: '#/definitions/tree',
      definitions: {
        tree: {
          type: 'object',
          properties: { child: { $ref: '#/definitions/tree' } },
          additionalProperties: false,
        },
      },
    };
    expect(check(schema, { child: { child: {} } })).toEqual([]);
    expect(check(schema, { child: { child: { x: 1 } } })).toHaveLength(1);
  });

  test('passes over any value with an empty schema, and over none with its opposite', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect([check({}, value).length, check({ not: {} }, value).length]).toEqual([0, 1]);
      }),
    );
  });

  test('takes a value or its negation, never both', () => {
    const schemas = fc.constantFrom(
      { type: 'string' },
      { minLength: 2 },
      { required: ['a'] },
      { enum: [1, 'a'] },
    );
    fc.assert(
      fc.property(schemas, fc.jsonValue(), (schema, value) => {
        expect(check(schema, value).length === 0).toBe(check({ not: schema }, value).length > 0);
      }),
    );
  });

  test.each<[unknown, RegExp]>([
    [
      { properties: { a: { dependencies: {} } } },
      /model.properties.a uses the schema keyword "dependencies"/,
    ],
    [{ $ref: 'https://example.com/x' }, /refers to "https:\/\/example.com\/x"/],
    [{ items: [{}] }, /items is a list/],
    [{ pattern: '(' }, /not a regular expression/],
    [{ maxLength: 'many' }, /must be a number/],
  ])('refuses %j', (schema, message) => {
    expect(() => compileSchema(schema, 'model')).toThrow(message);
  });
});
