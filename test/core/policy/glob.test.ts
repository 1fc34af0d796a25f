import * as fc from 'fast-check';
import { matchesGlob, matchesGlobIgnoringCase } from '../../../core/policy/glob';

describe('matchesGlob', () => {
  test.each([
    ['*', ''],
    ['*', 'anything'],
    ['Read*', 'Read'],
    ['Read*', 'ReadOnly'],
    ['*@example.com', 'alice@example.com'],
    ['a*b*c', 'a-b-b-c'],
    ['a**c', 'abc'],
    ['a.c', 'a.c'],
    ['[ab]+', '[ab]+'],
  ])('%s matches %j', (glob, text) => {
    expect(matchesGlob(glob, text)).toBe(true);
  });

  test.each([
    ['', 'a'],
    ['Read*', 'read'],
    ['Read', 'ReadOnly'],
    ['ab*ba', 'aba'],
    ['a*b*c', 'acb'],
    ['*ab*ab', 'xab'],
    ['a.c', 'abc'],
    ['*@example.com', 'alice@example.com.evil.net'],
  ])('%s does not match %j', (glob, text) => {
    expect(matchesGlob(glob, text)).toBe(false);
  });

  test('agrees with the definition of a star, tried out in every way', () => {
    const letters = (maxLength: number) => fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength });

    fc.assert(
      fc.property(letters(6), letters(8), (glob, text) => {
        const plain = text.replaceAll('*', 'c');
        expect(matchesGlob(glob, plain)).toBe(matchesByDefinition(glob, plain));
      }),
      { numRuns: 1_000 },
    );
  });

  test('ignores case and the spelling of accents where it is told to', () => {
    expect(matchesGlobIgnoringCase('*@EXAMPLE.com', 'Ren\u00E9@example.COM')).toBe(true);
    expect(matchesGlobIgnoringCase('ren\u00E9*', 'Rene\u0301@example.com')).toBe(true);
  });
});

function matchesByDefinition(glob: string, text: string): boolean {
  if (glob === '') return text === '';
  if (!glob.startsWith('*'))
    return text.startsWith(glob.slice(0, 1)) && matchesByDefinition(glob.slice(1), text.slice(1));
  return Array.from({ length: text.length + 1 }).some((_, taken) =>
    matchesByDefinition(glob.slice(1), text.slice(taken)),
  );
}
