import * as fc from 'fast-check';
import { canonicalJson } from '../../../core/tickets/canonical-json';
import { durationInWords, isoDuration, readDuration } from '../../../core/tickets/durations';
import { fieldPath, shownValue } from '../../../core/tickets/field-problem';
import { readInstant, writeInstant } from '../../../core/tickets/instants';
import { nearestName } from '../../../core/tickets/nearest-name';
import { describePrincipal, principalType } from '../../../core/tickets/ticket';

describe('shownValue', () => {
  test.each([
    [undefined, '(missing)'],
    [null, 'null'],
    ['a"b', '"a\\"b"'],
    ['\u0000\u200B\u{E0041}', '"\\u0000\\u200b\\udb40\\udc41"'],
    [{ a: [1] }, '{"a":[1]}'],
    [10n, '(bigint)'],
    [Symbol('x'), '(symbol)'],
  ])('shows %p as %s', (value, shown) => {
    expect(shownValue(value)).toBe(shown);
  });

  test('shows a cycle by its kind', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;

    expect(shownValue(cycle)).toBe('(object)');
  });

  test('cuts after 100 characters without halving one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 60, maxLength: 200 }), (text) => {
        const shown = shownValue(text);
        expect(shown.length).toBeLessThanOrEqual(100);
        expect(shown).toBe(Buffer.from(shown).toString());
      }),
    );
  });
});

describe('fieldPath', () => {
  test('joins names and numbers, and quotes odd keys', () => {
    expect(fieldPath(fieldPath(fieldPath('', 'target'), 1), 'account')).toBe('target[1].account');
    expect(fieldPath('a', 'b\nc')).toBe('a["b\\nc"]');
  });
});

describe('nearestName', () => {
  const known = ['principal', 'permissionSet', 'startsAt', 'ou'];

  test.each([
    ['prinicpal', 'principal'],
    ['PERMISSION-SET', 'permissionSet'],
    ['start', undefined],
    ['startAt', 'startsAt'],
    ['uo', 'ou'],
    ['banana', undefined],
    ['p'.repeat(100), undefined],
  ])('finds for %s the name %s', (wrong, nearest) => {
    expect(nearestName(wrong, known)).toBe(nearest);
  });
});

describe('readDuration', () => {
  test('reads back what isoDuration writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 366 * 86_400 }), (seconds) => {
        expect(readDuration(isoDuration(seconds * 1_000))).toEqual({
          ok: true,
          milliseconds: seconds * 1_000,
        });
      }),
    );
  });

  test.each([
    ['P1Y', 'years or months'],
    ['P2M', 'years or months'],
    ['-PT1H', 'negative'],
    ['PT-1H', 'negative'],
    ['PT1.5H', 'fraction'],
    ['PT1,5H', 'fraction'],
    ['PT0S', 'no time'],
    ['P400D', '366 days'],
    ['one hour', 'not an ISO 8601 duration'],
    ['P1H', 'not an ISO 8601 duration'],
  ])('says what is wrong with %s', (text, problem) => {
    expect(readDuration(text)).toMatchObject({
      ok: false,
      problem: expect.stringContaining(problem) as unknown,
    });
  });
});

describe('durationInWords', () => {
  test.each([
    [28_800_000, '8 hours'],
    [93_784_000, '1 day 2 hours 3 minutes 4 seconds'],
    [28_800_001, '8 hours 1 second'],
    [0, 'no time'],
  ])('says %d ms as %s', (milliseconds, words) => {
    expect(durationInWords(milliseconds)).toBe(words);
  });
});

describe('readInstant', () => {
  test.each([
    ['2026-12-01T08:00:00Z', '2026-12-01T08:00:00.000Z'],
    ['2026-12-01t08:00:00z', '2026-12-01T08:00:00.000Z'],
    ['2026-12-01T08:00:00.123999Z', '2026-12-01T08:00:00.123Z'],
    ['2026-12-01T08:00:00.5+05:30', '2026-12-01T02:30:00.500Z'],
    ['2026-12-31T23:30:00-01:00', '2027-01-01T00:30:00.000Z'],
    ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
  ])('reads %s as %s', (text, utc) => {
    expect(writeInstant(readInstant(text) ?? 0)).toBe(utc);
  });

  test.each([
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-12-01T08:00:00+0100',
    '1764576000',
    '0050-01-01T00:00:00Z',
  ])('finds no instant in %s', (text) => {
    expect(readInstant(text)).toBeUndefined();
  });
});

describe('canonicalJson', () => {
  test('sorts keys at every depth and writes no blanks', () => {
    expect(canonicalJson({ b: [{ d: 1, c: null }], a: 'é', 10: 1, 9: undefined })).toBe(
      '{"10":1,"a":"é","b":[{"c":null,"d":1}]}',
    );
  });

  test('does not depend on the order of keys, and loses nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(reversed(value))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test.each([[() => 1], [1n], [Number.NaN], [Number.POSITIVE_INFINITY]])('refuses %p', (value) => {
    expect(() => canonicalJson([value])).toThrow(TypeError);
  });

  test('refuses a cycle', () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);

    expect(() => canonicalJson(cycle)).toThrow('deeper than 100 levels');
  });
});

describe('principal references', () => {
  test.each([
    ['user', 'USER', 'user x'],
    ['userId', 'USER', 'user with id x'],
    ['group', 'GROUP', 'group x'],
    ['groupId', 'GROUP', 'group with id x'],
  ] as const)('know by %s the type %s and words', (by, type, words) => {
    expect(principalType({ by, value: 'x' })).toBe(type);
    expect(describePrincipal({ by, value: 'x' })).toBe(words);
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
}
