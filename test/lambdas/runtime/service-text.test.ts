import * as fc from 'fast-check';
import { LONGEST_TEXT, serviceText } from '../../../lambdas/runtime/service-text';

describe('serviceText', () => {
  test('keeps a text word for word, whatever its letters, as long as an item has room for it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: LONGEST_TEXT }), (text) => {
        fc.pre(text.length <= LONGEST_TEXT);
        expect(serviceText(text)).toBe(text);
      }),
    );
  });

  test('cuts a longer one and says so, between two characters', () => {
    const cut = serviceText('💥'.repeat(LONGEST_TEXT));

    expect(cut).toMatch(/^(💥)+…$/u);
    expect(cut?.length).toBe(LONGEST_TEXT - 1);
  });

  test.each([undefined, ''])('takes %j for no text', (text) => {
    expect(serviceText(text)).toBeUndefined();
  });
});
