import fc from 'fast-check';
import { compilePattern, PatternError } from '../../../local/events/event-pattern';

const EVENT = {
  source: 'aws.organizations',
  'detail-type': 'AWS API Call via CloudTrail',
  resources: ['arn:one', 'arn:two'],
  detail: {
    name: 'CreateAccount',
    count: 12,
    done: true,
    nothing: null,
    empty: [],
    text: '',
    ip: '10.0.1.7',
    ip6: '2001:db8::1',
    path: 'dir/*/file',
    inner: { state: 'SUCCEEDED' },
    rows: [
      { a: 1, b: 'x' },
      { a: 2, b: 'y' },
    ],
  },
};

const inDetail = (field: string, ...elements: unknown[]) => ({ detail: { [field]: elements } });

describe('event pattern', () => {
  test.each<[string, unknown]>([
    ['an exact text', { source: ['other', 'aws.organizations'] }],
    ['an exact number', inDetail('count', 12)],
    ['an exact boolean', inDetail('done', true)],
    ['null', inDetail('nothing', null)],
    ['an empty text', inDetail('text', '')],
    ['one element of a list', { resources: ['arn:two'] }],
    ['a nested field', { detail: { inner: { state: ['SUCCEEDED'] } } }],
    ['a path with dots', { 'detail.inner.state': ['SUCCEEDED'] }],
    ['prefix', inDetail('name', { prefix: 'Create' })],
    ['prefix in any case', inDetail('name', { prefix: { 'equals-ignore-case': 'CREATE' } })],
    ['suffix', inDetail('name', { suffix: 'Account' })],
    ['suffix in any case', inDetail('name', { suffix: { 'equals-ignore-case': 'aCCOUNT' } })],
    ['equals-ignore-case', inDetail('name', { 'equals-ignore-case': 'createaccount' })],
    ['wildcard', inDetail('name', { wildcard: 'Cr*e*count' })],
    ['wildcard with an escaped star', inDetail('path', { wildcard: 'dir/\\*/*' })],
    ['numeric equality', inDetail('count', { numeric: ['=', 12] })],
    ['a numeric range', inDetail('count', { numeric: ['>', 11.5, '<=', 12] })],
    ['an IPv4 range', inDetail('ip', { cidr: '10.0.0.0/16' })],
    ['an IPv6 range', inDetail('ip6', { cidr: '2001:db8::/32' })],
    ['anything but a text', inDetail('name', { 'anything-but': 'DeleteAccount' })],
    ['anything but some numbers', inDetail('count', { 'anything-but': [1, 2] })],
    ['anything but a prefix', inDetail('name', { 'anything-but': { prefix: 'Delete' } })],
    ['anything but some suffixes', inDetail('name', { 'anything-but': { suffix: ['x', 'y'] } })],
    ['anything but a text in any case', inDetail('name', { 'anything-but': { 'equals-ignore-case': 'x' } })],
    ['anything but a wildcard', inDetail('name', { 'anything-but': { wildcard: '*x*' } })],
    ['existence', inDetail('nothing', { exists: true })],
    ['absence', inDetail('missing', { exists: false })],
    ['absence of values in an empty list', inDetail('empty', { exists: false })],
    ['absence of a value where an object stands', inDetail('inner', { exists: false })],
    ['absence or a value', inDetail('count', { exists: false }, 12)],
    ['one of two alternatives', { $or: [{ source: ['x'] }, { 'detail-type': [{ prefix: 'AWS' }] }] }],
    [
      'alternatives below',
      { source: ['aws.organizations'], detail: { $or: [{ count: [1] }, { name: ['CreateAccount'] }] } },
    ],
    ['fields of one element of a list', { detail: { rows: { a: [2], b: ['y'] } } }],
  ])('fits %s', (_name, pattern) => {
    expect(compilePattern(pattern)(EVENT)).toBe(true);
  });

  test.each<[string, unknown]>([
    ['another text', { source: ['aws'] }],
    ['a text for a number', inDetail('count', '12')],
    ['a missing field', { detail: { missing: ['x'] } }],
    ['an inherited name', { constructor: [{ exists: true }] }],
    ['one field of two', { source: ['aws.organizations'], account: ['1'] }],
    ['prefix in the middle', inDetail('name', { prefix: 'Account' })],
    ['prefix of a number', inDetail('count', { prefix: '1' })],
    ['a wildcard that is too long', inDetail('name', { wildcard: 'Create*Account*s' })],
    ['a number out of the range', inDetail('count', { numeric: ['>', 12, '<', 20] })],
    ['a number for a text', inDetail('name', { numeric: ['>', 0] })],
    ['an address out of the range', inDetail('ip', { cidr: '10.0.0.0/24' })],
    ['a text that is no address', inDetail('name', { cidr: '0.0.0.0/0' })],
    ['anything but this', inDetail('name', { 'anything-but': ['x', 'CreateAccount'] })],
    ['anything but this prefix', inDetail('name', { 'anything-but': { prefix: ['x', 'Create'] } })],
    ['anything but, of a missing field', inDetail('missing', { 'anything-but': 'x' })],
    ['existence in an empty list', inDetail('empty', { exists: true })],
    ['existence of an object', inDetail('inner', { exists: true })],
    ['absence of what is there', inDetail('count', { exists: false })],
    ['neither of two alternatives', { $or: [{ source: ['x'] }, { source: ['y'] }] }],
    ['fields of different elements of a list', { detail: { rows: { a: [1], b: ['y'] } } }],
  ])('does not fit %s', (_name, pattern) => {
    expect(compilePattern(pattern)(EVENT)).toBe(false);
  });

  test.each<[unknown, RegExp]>([
    ['x', /the top must be an object/],
    [{}, /must not be empty/],
    [{ source: 'x' }, /source must be an object or a list, but is "x"/],
    [{ source: [] }, /the list at source must not be empty/],
    [{ detail: {} }, /the object at detail must not be empty/],
    [{ source: [['x']] }, /a list cannot stand in the list at source/],
    [{ source: [{ regex: 'x' }] }, /unrecognized operator "regex" at source/],
    [{ source: [{ prefix: 'x', suffix: 'y' }] }, /only one operator/],
    [{ source: [{}] }, /only one operator/],
    [{ source: [{ prefix: 1 }] }, /"prefix" at source must be a string/],
    [{ source: [{ prefix: { wildcard: 'x' } }] }, /may hold equals-ignore-case/],
    [{ source: [{ wildcard: 'a**b' }] }, /two \* in a row/],
    [{ source: [{ wildcard: 'a\\b' }] }, /escapes "b"/],
    [{ source: [{ exists: 'true' }] }, /must be true or false/],
    [{ source: [{ numeric: ['!', 1] }] }, /none of =/],
    [{ source: [{ numeric: ['>', 'a'] }] }, /must compare with numbers/],
    [{ source: [{ numeric: ['>', 6e9] }] }, /must compare with numbers/],
    [{ source: [{ numeric: ['<', 1, '>', 0] }] }, /lower bound and then the upper/],
    [{ source: [{ numeric: ['>', 1, '<', 1] }] }, /bottom that is not below/],
    [{ source: [{ cidr: '10.0.0.0' }] }, /address and a length/],
    [{ source: [{ cidr: '10.0.0.0/33' }] }, /address and a length/],
    [{ source: [{ 'anything-but': ['x', 1] }] }, /texts or numbers, not both/],
    [{ source: [{ 'anything-but': [] }] }, /must not be empty/],
    [{ source: [{ 'anything-but': { cidr: 'x' } }] }, /"cidr" cannot stand in "anything-but"/],
    [{ $or: [{ source: ['x'] }] }, /\$or must be a list of two or more/],
    [{ $or: { source: ['x'] } }, /\$or must be a list of two or more/],
  ])('%j is refused', (pattern, message) => {
    expect(() => compilePattern(pattern)).toThrow(PatternError);
    expect(() => compilePattern(pattern)).toThrow(message);
  });

  test('with more than a thousand combinations is refused', () => {
    const either = (field: string) => ({ $or: [{ [field]: [1] }, { [field]: [2] }] });
    const nest = (depth: number): Record<string, unknown> =>
      depth === 0 ? either('x') : { ...either('x'), [`n${depth}`]: nest(depth - 1) };
    expect(() => compilePattern(nest(8))).not.toThrow();
    expect(() => compilePattern(nest(9))).toThrow(/too complex/);
  });

  test('made of an event’s own values fits the event', () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    const key = fc.stringMatching(/^[a-z-]{1,8}$/);
    fc.assert(
      fc.property(fc.dictionary(key, leaf, { minKeys: 1 }), (detail) => {
        const pattern = {
          detail: Object.fromEntries(Object.entries(detail).map(([name, value]) => [name, [value]])),
        };
        expect(compilePattern(pattern)({ detail })).toBe(true);
      }),
    );
  });

  test('anything-but is the opposite of the value, where there is one', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (wanted, actual) => {
        const [is, isNot] = [[wanted], [{ 'anything-but': wanted }]].map((x) =>
          compilePattern({ x })({ x: actual }),
        );
        expect(is).toBe(!isNot);
      }),
    );
  });

  test('a wildcard without stars is the exact text', () => {
    const text = fc.string().filter((value) => !/[*\\]/.test(value));
    fc.assert(
      fc.property(text, text, (wanted, actual) => {
        const fits = (element: unknown) => compilePattern({ x: [element] })({ x: actual });
        expect(fits({ wildcard: wanted })).toBe(fits(wanted));
      }),
    );
  });
});
