import fc from 'fast-check';
import { createSeededRandom } from '../../../local/clock/seeded-random';
import { Place } from '../../../local/step-functions/definition/definition-error';
import { type Json, isTooLarge, sameJson } from '../../../local/step-functions/json';
import { compileIntrinsic } from '../../../local/step-functions/query/intrinsics';
import { compileJsonataTemplate } from '../../../local/step-functions/query/jsonata';
import { compileLookup, putAt } from '../../../local/step-functions/query/json-path';
import type { QueryScope, View } from '../../../local/step-functions/query/query';

const NOW = Date.UTC(2026, 11, 1, 8);
const scope: QueryScope = {
  tools: {
    random: createSeededRandom(5),
    uuid: () => '11111111-2222-4333-8444-555555555555',
    now: () => NOW,
  },
  variables: new Set(['who', 'list']),
  states: new Set(),
};
const place = Place.root.at('Output');
const view = (input: Json): View => ({
  input,
  context: { State: { Name: 'Here' } },
  variables: { who: 'alice', list: [1, 2] },
});

const intrinsic = async (text: string, input: Json = {}): Promise<Json> =>
  await compileIntrinsic(text, place, scope)(input, view(input));
const jsonata = async (source: string, input: Json = {}): Promise<Json> =>
  await compileJsonataTemplate(`{% ${source} %}`, place, scope)(input, view(input));

describe('JSONPath', () => {
  const store: Json = { a: [{ b: 1 }, { b: 2 }], n: null, 'x y': { z: 'text' }, s: 'word' };
  const find = (path: string): Json | undefined => compileLookup(path, place, scope)(store, view(store));

  test.each<[string, Json | undefined]>([
    ['$', store],
    ['$.a[0].b', 1],
    ['$.a[-1].b', 2],
    ["$['x y'].z", 'text'],
    ['$["x y"]["z"]', 'text'],
    ['$.n', null],
    ['$.n.deeper', undefined],
    ['$.missing', undefined],
    ['$.a[7]', undefined],
    ['$.a.length', undefined],
    ['$.s[0]', undefined],
    ['$.constructor', undefined],
    ['$.__proto__', undefined],
    ['$.a[*].b', [1, 2]],
    ['$..b', [1, 2]],
    ['$.a[?(@.b > 1)].b', [2]],
    ['$.a[0:1].b', [1]],
    ['$.nothing[*]', []],
    ['$$.State.Name', 'Here'],
    ['$who', 'alice'],
    ['$list[1]', 2],
  ])('%s finds what stands there', (path, expected) => {
    expect(find(path)).toEqual(expected);
  });

  test.each(['a.b', '$.a.', '$.a[', '$.a.length()', '$.a^', '$.a[*]~', '$.a[*]^', '$unknown.x', '$.a b', ''])(
    'refuses %j when the machine is created',
    (path) => {
      expect(() => compileLookup(path, place, scope)).toThrow(/at \/Output/u);
    },
  );

  test('puts a value where a path then finds it, and changes nothing else', () => {
    const key = fc.constantFrom('a', 'b', '__proto__', 'constructor');
    const objects = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.dictionary(key, fc.integer()));
    fc.assert(
      fc.property(objects, key, fc.integer(), (target, name, value) => {
        // GIVEN an object of objects WHEN something is put at $.a.<name>
        const result = putAt(target, ['a', name], value) as Record<string, Record<string, Json>>;
        // THEN it is there, the neighbours are what they were, and no prototype was touched
        expect(Object.getOwnPropertyDescriptor(result.a, name)?.value).toBe(value);
        expect(result.b).toEqual(target.b);
        expect(Object.hasOwn(Object.prototype, 'a')).toBe(false);
      }),
    );
  });

  test('fails with ResultPathMatchFailure where there is no such place', () => {
    expect(() => putAt('text', ['a'], 1)).toThrow(
      expect.objectContaining({ error: 'States.ResultPathMatchFailure' }) as Error,
    );
  });
});

describe('Intrinsic functions', () => {
  test.each<[string, Json]>([
    ["States.Format('Hello {}, {}', $.name, 3)", 'Hello Ann, 3'],
    ["States.Format('a \\{\\} b \\' {}', $.name)", "a {} b ' Ann"],
    ["States.Format('{}', $.object)", '{a=1, b=[], c={d=null}}'],
    ["States.Format('{}', $.list)", '[1, 2, 2]'],
    ['States.StringToJson(\'{"a": [1]}\')', { a: [1] }],
    ["States.StringToJson('')", null],
    ['States.JsonToString($.object)', '{"a":1,"b":[],"c":{"d":null}}'],
    ["States.Array(1, 'two', true, null, $.name)", [1, 'two', true, null, 'Ann']],
    ['States.Array()', []],
    ['States.ArrayPartition($.list, 2)', [[1, 2], [2]]],
    ['States.ArrayContains($.list, 2)', true],
    ['States.ArrayContains(States.Array($.object), $.object)', true],
    ['States.ArrayContains($.list, 9)', false],
    ['States.ArrayRange(1, 9, 4)', [1, 5, 9]],
    ['States.ArrayRange(9, 1, -4)', [9, 5, 1]],
    ['States.ArrayRange(1, 9, -1)', []],
    ['States.ArrayGetItem($.list, 1)', 2],
    ['States.ArrayLength($.list)', 3],
    ['States.ArrayUnique($.list)', [1, 2]],
    ["States.Base64Encode('hé')", 'aMOp'],
    ["States.Base64Decode('aMOp')", 'hé'],
    ["States.Hash('input data', 'SHA-1')", 'aaff4a450a104cd177d28d18d74485e8cae074b7'],
    ['States.JsonMerge($.object, $.other, false)', { a: 9, b: [], c: { e: 1 } }],
    ['States.MathAdd(1.4, 1.6)', 3],
    ['States.MathAdd($.list[0], -3)', -2],
    ["States.StringSplit('1.2,3..4', '.,')", ['1', '2', '3', '4']],
    ['States.UUID()', '11111111-2222-4333-8444-555555555555'],
    ["States.Format('{}-{}', States.MathAdd(1, 2), States.Format('{}', $who))", '3-alice'],
    ['States.ArrayLength($.a[?(@.b > 1)])', 1],
  ])('%s', async (call, expected) => {
    const input = {
      name: 'Ann',
      object: { a: 1, b: [], c: { d: null } },
      other: { a: 9, c: { e: 1 } },
      list: [1, 2, 2],
      a: [{ b: 1 }, { b: 2 }],
    };
    expect(await intrinsic(call, input)).toEqual(expected);
  });

  test.each([
    "States.Format('{}')",
    "States.Format('{} {}', 1, 2, 3)",
    "States.StringToJson('{')",
    'States.ArrayPartition($.list, 0)',
    'States.ArrayRange(1, 5000, 1)',
    'States.ArrayRange(1, 5, 0)',
    'States.ArrayGetItem($.list, 3)',
    "States.Hash('a', 'CRC')",
    'States.JsonMerge($.o, $.o, true)',
    'States.MathRandom(5, 5)',
    "States.MathAdd('1', 2)",
    'States.ArrayLength(3)',
  ])('%s fails with IntrinsicFailure', async (call) => {
    await expect(intrinsic(call, { list: [1, 2], o: {} })).rejects.toMatchObject({
      error: 'States.IntrinsicFailure',
    });
  });

  test.each([
    'States.Nope(1)',
    'States.UUID(1)',
    'States.MathAdd(1)',
    'States.UUID() and more',
    "States.Format('open)",
    'States.Array(maybe)',
    `${'States.Array('.repeat(11)}1${')'.repeat(11)}`,
  ])('%s is refused when the machine is created', (call) => {
    expect(() => compileIntrinsic(call, place, scope)).toThrow(/at \/Output/u);
  });

  test('MathRandom stays between its bounds, and a seed always gives the same', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: -50, max: 50 }),
        fc.integer({ min: 1, max: 50 }),
        async (from, span) => {
          const draw = await intrinsic(`States.MathRandom(${from}, ${from + span})`);
          expect(draw).toBeGreaterThanOrEqual(from);
          expect(draw).toBeLessThan(from + span);
          const seeded = `States.MathRandom(${from}, ${from + span}, 42)`;
          expect(await intrinsic(seeded)).toBe(await intrinsic(seeded));
        },
      ),
      { numRuns: 50 },
    );
  });

  test('ArrayPartition and $partition cut the same chunks, which joined are the list', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer(), { minLength: 4, maxLength: 30 }),
        fc.integer({ min: 1, max: 3 }),
        async (list, size) => {
          const chunks = (await intrinsic(`States.ArrayPartition($.list, ${size})`, { list })) as number[][];
          expect(chunks.flat()).toEqual(list);
          expect(chunks.slice(0, -1).every((chunk) => chunk.length === size)).toBe(true);
          const template = compileJsonataTemplate(
            `{% $partition($states.input.list, ${size}) %}`,
            place,
            scope,
          );
          expect(await template({}, view({ list }))).toEqual(chunks);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('JSONata', () => {
  test.each<[string, Json]>([
    ['$states.input.a', [1]],
    ['$states.input.a[0] + 1', 2],
    ['$states.context.State.Name', 'Here'],
    ['$who & "!"', 'alice!'],
    ['$range(1, 9, 4)', [1, 5, 9]],
    ['$range(1, 9, 9)', 1],
    ['$partition([1, 2, 3], 2)', [[1, 2], [3]]],
    ['$hash("input data", "SHA-1")', 'aaff4a450a104cd177d28d18d74485e8cae074b7'],
    ['$uuid()', '11111111-2222-4333-8444-555555555555'],
    ['$parse("{\\"a\\": 1}")', { a: 1 }],
    ['$random(7) = $random(7)', true],
    ['$random() < 1', true],
    ['$now()', '2026-12-01T08:00:00.000Z'],
    ['$now("[Y0001]")', '2026'],
    ['$millis()', NOW],
    ['$sum($shuffle([1, 2, 3]))', 6],
    ['( $f := function($x) { $x * 2 }; $map([1, 2], $f) )', [2, 4]],
    ['$states.input.a ~> $count', 1],
    ['{"a": $states.input.nothing, "b": null}', { b: null }],
    ['"" ', ''],
  ])('%s', async (source, expected) => {
    expect(await jsonata(source, { a: [1] })).toEqual(expected);
  });

  test.each([
    ['$eval("1")', /which Step Functions does not have/u],
    ['$nope(1)', /calls \$nope\(\), which does not exist/u],
    ['$states.nope', /reads \$states.nope/u],
    ['$states.result', /reads \$states.result/u],
    ['$mystery', /reads \$mystery, which no state in reach assigns/u],
    ['1 +', /cannot be parsed/u],
  ])('%s is refused when the machine is created', (source, message) => {
    expect(() => compileJsonataTemplate(`{% ${source} %}`, place, scope)).toThrow(message);
  });

  test.each([
    ['$states.input.nothing', 'returned nothing (undefined).'],
    ['$number("x")', 'threw an error during evaluation. D3030: Unable to cast value to a number: "x"'],
    ['$error("on purpose")', 'threw an error during evaluation. D3137: on purpose'],
    ['$sum', 'returned an unsupported result type: a function.'],
    ['$parse("{")', 'threw an error during evaluation.'],
    ['$range(1, 5000, 1)', 'a range has at most 1000 elements'],
    ['( $f := function($x) { 1 + $f($x) }; $f(1) )', 'threw an error during evaluation.'],
  ])('%s fails with QueryEvaluationError, which names field and expression', async (source, message) => {
    await expect(jsonata(source)).rejects.toMatchObject({
      error: 'States.QueryEvaluationError',
      field: 'Output',
      detail: expect.stringContaining(message) as string,
    });
  });

  test('evaluates expressions at any depth and leaves the rest alone', async () => {
    const template = { a: ['{% $who %}', { b: '{% 1 + 1 %}' }], c: 'plain $who', d: null };
    expect(await compileJsonataTemplate(template, place, scope)({}, view({}))).toEqual({
      a: ['alice', { b: 2 }],
      c: 'plain $who',
      d: null,
    });
  });
});

describe('JSON values', () => {
  const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;

  test('are the same whatever the order of their members, and another value is not', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), fc.string(), (object, extra) => {
        const turned = Object.fromEntries(Object.entries(object).reverse());
        expect(sameJson(object, turned)).toBe(true);
        const more = Object.fromEntries([...Object.entries(object), [`${extra} more`, 1]]);
        expect(sameJson(object, more)).toBe(Object.hasOwn(object, `${extra} more`) && sameJson(object, more));
      }),
    );
  });

  test('are the same exactly if their texts are, for lists', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.array(fc.integer()), (a, b) => {
        expect(sameJson(a, b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  test('are too large above 262,144 bytes of text', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4 }), fc.constantFrom('x', 'é', '語'), (over, char) => {
        const bytes = Buffer.byteLength(char);
        const text = char.repeat(Math.floor((262_142 - 4) / bytes)) + 'x'.repeat(over * 2);
        expect(isTooLarge(text)).toBe(Buffer.byteLength(JSON.stringify(text)) > 262_144);
      }),
      { numRuns: 30 },
    );
  });
});
