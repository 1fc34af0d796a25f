import * as fc from 'fast-check';
import { LARGEST_BODY_BYTES, parseTicketText, utf8Length } from '../../../core/tickets/ticket-text';
import { rightBody } from './bodies';

function problemOf(text: string) {
  const reading = parseTicketText(text);
  if (reading.ok) throw new Error(`was accepted: ${text}`);
  const [problem, ...others] = reading.problems;
  expect(others).toEqual([]);
  return { reason: reading.reason, ...problem };
}

describe('parseTicketText', () => {
  test('reads an object', () => {
    expect(parseTicketText(JSON.stringify(rightBody()))).toEqual({ ok: true, body: rightBody() });
  });

  test.each([
    ['{"a": 1,}', 'line 1, column 9', '"}" where a name in double quotes should be'],
    ['{"a": 1 "b": 2}', 'line 1, column 9', 'where "," or "}" should be'],
    ['{\n  "a": tru\n}', 'line 2, column 8', '"t" where a value should be'],
    ['{"a": [1, 2}', 'line 1, column 12', 'where "," or "]" should be'],
    ['{"a" 1}', 'line 1, column 6', 'where ":" should be'],
    ["{'a': 1}", 'line 1, column 2', 'a name in double quotes'],
    ['{"a": 01}', 'line 1, column 8', 'where "," or "}" should be'],
    ['{"a": "x', 'line 1, column 7', 'a string that is not closed'],
    ['{"a": "x\u0000"}', 'line 1, column 7', 'a raw control character'],
    ['{"a": "\\x"}', 'line 1, column 7', 'an unknown escape'],
    ['{"a": 1} {"b": 2}', 'line 1, column 10', 'more text after the end'],
    ['{"a": NaN}', 'line 1, column 7', 'where a value should be'],
    ['{', 'line 1, column 2', 'the end of the text where'],
    ['\uFEFF{}', 'line 1, column 1', '"\\ufeff" where a value should be'],
  ])('tells where %j is wrong', (text, value, problem) => {
    expect(problemOf(text)).toMatchObject({
      reason: 'malformed',
      field: '(body)',
      value,
      problem: expect.stringContaining(problem) as unknown,
    });
  });

  test('refuses a name that stands twice in one object, however it is spelled', () => {
    expect(problemOf('{"user": "alice", "\\u0075ser": "mallory"}')).toMatchObject({
      value: 'line 1, column 19',
      problem: expect.stringContaining('the name "user" a second time') as unknown,
    });
  });

  test('takes the same name in two objects', () => {
    expect(parseTicketText('{"a": {"user": 1}, "b": {"user": 2}}').ok).toBe(true);
  });

  test('takes eight levels and no ninth, without recursion into what follows', () => {
    const nested = (levels: number) => `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`;

    expect(parseTicketText(nested(8)).ok).toBe(true);
    expect(problemOf(nested(9)).problem).toContain('nesting deeper than 8 levels');
    expect(problemOf('['.repeat(16_000)).problem).toContain('nesting deeper than 8 levels');
  });

  test.each(['', ' \n\t'])('refuses the empty text %j', (text) => {
    expect(problemOf(text).problem).toBe('is empty');
  });

  test.each([
    ['[]', 'a list'],
    ['null', 'null'],
    ['"x"', 'a string'],
    ['7', 'a number'],
  ])('refuses %s, which is no object', (text, kind) => {
    expect(problemOf(text)).toMatchObject({ value: kind, problem: `is ${kind}, not an object` });
  });

  test('takes 16,384 bytes of UTF-8 and not one more', () => {
    const padded = (bytes: number) => `{"a": "é"${' '.repeat(bytes - 11)}}`;

    expect(utf8Length(padded(LARGEST_BODY_BYTES))).toBe(16_384);
    expect(parseTicketText(padded(LARGEST_BODY_BYTES)).ok).toBe(true);
    expect(problemOf(padded(LARGEST_BODY_BYTES + 1)).reason).toBe('too-large');
    expect(problemOf(' '.repeat(1_000_000)).reason).toBe('too-large');
  });

  test('never quotes the text around a fault', () => {
    expect(JSON.stringify(problemOf('{"password": "hunter2" x}'))).not.toContain('hunter2');
  });

  test('accepts what JSON.parse accepts, and nothing else, but for repeated names and depth', () => {
    const mutated = fc
      .tuple(
        fc.json({ maxDepth: 3 }),
        fc.nat(),
        fc.constantFrom('', '"', '{', '}', '[', ',', ':', '\\', '0', '.', 'e', '-'),
      )
      .map(([text, at, inserted]) => {
        const place = at % (text.length + 1);
        return `{"v":${text.slice(0, place)}${inserted}${text.slice(place)}}`;
      });

    fc.assert(
      fc.property(mutated, (text) => {
        const reading = parseTicketText(text);
        // Where one of those two comes first, nothing is said about the rest of the text.
        fc.pre(reading.ok || !/second time|deeper than/.test(reading.problems[0]?.problem ?? ''));
        expect(reading.ok).toBe(parsesAsJson(text));
      }),
    );
  });

  test('counts bytes as an encoder does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(utf8Length(text)).toBe(Buffer.byteLength(text, 'utf8'));
      }),
    );
  });
});

function parsesAsJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
