import fc from 'fast-check';
import { BadPageTokenError, readPageToken, writePageToken } from '../../../lambdas/runtime/ledger/page-token';

const INDEX = { partitionKey: 'finderPartition', sortKey: 'finderSort' };
const PARTITION = 'TICKET#ritm1';
const KEY = { pk: 'REQUEST#req-1', sk: 'META', finderPartition: PARTITION, finderSort: '000001#req-1' };

describe('a page token', () => {
  test('comes back as the key that it was made of', () => {
    expect(readPageToken(writePageToken(KEY), INDEX, PARTITION)).toEqual(KEY);
  });

  test('can stand in a query as it is', () => {
    expect(writePageToken({ ...KEY, pk: '山'.repeat(40) })).toMatch(/^[\w-]+$/);
  });

  test.each<readonly [string, string]>([
    ['nothing', ''],
    ['text', 'next'],
    ['null', writePageToken(null as never)],
    ['a list', writePageToken([] as never)],
    ['another query’s partition', writePageToken({ ...KEY, finderPartition: 'TICKET#ritm2' })],
    [
      'another index’s key',
      writePageToken({ pk: 'REQUEST#1', sk: 'META', statusPartition: PARTITION, statusSort: '1' }),
    ],
    ['a key with one name too few', writePageToken({ pk: KEY.pk, sk: KEY.sk, finderPartition: PARTITION })],
    ['a key with one name too many', writePageToken({ ...KEY, more: 'x' })],
    ['a number', writePageToken({ ...KEY, finderSort: 1 })],
    ['an empty value', writePageToken({ ...KEY, sk: '' })],
    ['a value that is longer than a key may be', writePageToken({ ...KEY, finderSort: '山'.repeat(342) })],
    [
      'a prototype key',
      Buffer.from(`{"__proto__":"x","pk":"1","sk":"2","finderPartition":"${PARTITION}"}`).toString(
        'base64url',
      ),
    ],
  ])('of %s is refused', (_case, token) => {
    expect(() => readPageToken(token, INDEX, PARTITION)).toThrow(BadPageTokenError);
  });

  test('that nobody made never throws anything but that it is bad', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((json) => Buffer.from(json).toString('base64url')),
        ),
        (token) => {
          expect(() => readPageToken(token, INDEX, PARTITION)).toThrow(BadPageTokenError);
        },
      ),
    );
  });
});
