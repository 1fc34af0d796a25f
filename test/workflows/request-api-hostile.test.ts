import { MALFORMED_BODIES } from '../core/tickets/malformed-bodies';
import { scanLedger } from '../support/ledger-scan';
import { type HttpReply, type SignedCall, problemsOf, sendCall } from '../support/signed-call';
import { TestApp, ticket } from '../support/test-app';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const right = JSON.stringify(ticket());

/** Bytes that are no ticket; each is sent as JSON and, past the gateway's validator, as what `curl -d` declares. */
const RAW_BODIES: readonly (readonly [name: string, body: string | Buffer])[] = [
  ['nothing', ''],
  ['blanks', ' \n\t '],
  ['an open brace', '{'],
  ['a cut ticket', right.slice(0, -7)],
  ['a ticket and more', `${right}x`],
  ['two tickets', `${right}${right}`],
  ['a trailing comma', `${right.slice(0, -1)},}`],
  ['single quotes', right.replaceAll('"', "'")],
  ['a comment', `/* */ ${right}`],
  ['a byte order mark', `\uFEFF${right}`],
  ['a name that occurs twice', `{"principal":{"user":"bob"},${right.slice(1)}`],
  ['null', 'null'],
  ['a number', '7'],
  ['a string', '"ticket"'],
  ['a list', `[${right}]`],
  ['an empty list', '[]'],
  ['NaN', '{"duration":NaN}'],
  ['a huge number', `{"duration":1e999,${right.slice(1)}`],
  ['a number of 5,000 digits', `{"duration":${'9'.repeat(5_000)}}`],
  ['NUL bytes', Buffer.alloc(64)],
  ['a ticket with a NUL byte in a string', right.replace('payment', 'pay\u0000ment')],
  ['a ticket with a NUL byte behind it', `${right}\u0000`],
  ['bytes that are not UTF-8', Buffer.from(right.replace('alice@', 'al\u00EFce@'), 'latin1')],
  ['bytes that are not UTF-8 in prose', Buffer.from(right.replace('payment', 'p\u00E4yment'), 'latin1')],
  [
    'an overlong encoding',
    Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]),
  ],
  ['UTF-16', Buffer.from(right, 'utf16le')],
  ['1,000 nested lists', `${'['.repeat(1_000)}${']'.repeat(1_000)}`],
  ['16,000 open brackets', '['.repeat(16_000)],
  ['1,500 nested objects', `${'{"a":'.repeat(1_500)}1${'}'.repeat(1_500)}`],
  ['deep nesting in a field', right.replace('"PT4H"', `${'['.repeat(40)}${']'.repeat(40)}`)],
  ['17 KiB of one string', JSON.stringify(ticket({ justification: 'x'.repeat(17 * 1024) }))],
  ['17 KiB of blanks', `${right}${' '.repeat(17 * 1024)}`],
  [
    '17 KiB of letters that are 3 bytes each',
    JSON.stringify(ticket({ justification: '\u5C71'.repeat(6_000) })),
  ],
  ['1 MiB', JSON.stringify(ticket({ justification: 'x'.repeat(1024 * 1024) }))],
  ['3,000 keys', `{${Array.from({ length: 1_500 }, (_, n) => `"k${n}":1`).join()}}`],
  ['prototype keys', '{"__proto__":{"mayAsk":true},"constructor":{"prototype":{"polluted":1}}}'],
  ['a multipart form', '--x\r\ncontent-disposition: form-data; name="ticket"\r\n\r\n{}\r\n--x--'],
  ['XML', '<?xml version="1.0"?><!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/passwd">]><t>&x;</t>'],
];

describe('the request API, sent what is no ticket', () => {
  let app: TestApp;
  let before: Awaited<ReturnType<typeof scanLedger>>;

  beforeAll(async () => {
    app = await TestApp.start();
    // GIVEN a ledger with something in it, in which nothing moves by itself any more
    await app.ask({ duration: 'PT5M' });
    await app.advance('PT10M');
    before = await scanLedger(app);
  });

  afterAll(async () => {
    await app.stop();
  });

  /** Whatever was sent: a refusal of the caller's making, as problem+json, and not one item more or less in the ledger. */
  async function expectRefusals(calls: readonly SignedCall[]): Promise<HttpReply[]> {
    const replies: HttpReply[] = [];
    for (const call of calls) replies.push(await sendCall(app, call));
    const odd = replies.flatMap(({ status, type, body }, index) =>
      [400, 413, 415].includes(status) && type === 'application/problem+json'
        ? []
        : [{ call: calls[index], status, type, body }],
    );
    expect(odd).toEqual([]);
    expect(await scanLedger(app)).toEqual(before);
    return replies;
  }

  test('refuses more than a hundred wrong bodies with the field, its value and the remedy, and writes nothing', async () => {
    expect(MALFORMED_BODIES.length).toBeGreaterThan(100);

    const replies = await expectRefusals(
      MALFORMED_BODIES.map(({ body }) => ({ body: JSON.stringify(body), headers: FORM })),
    );

    const missed = MALFORMED_BODIES.filter(({ field }, index) => {
      const found = problemsOf(replies[index] ?? { body: {} }).find((problem) => problem.field === field);
      return found === undefined || found.value === '' || found.problem === '' || found.remedy === '';
    });
    expect(missed).toEqual([]);
  });

  test('refuses bytes that are no ticket, declared as JSON, and writes nothing', async () => {
    await expectRefusals(RAW_BODIES.map(([, body]) => ({ body })));
  });

  test('refuses bytes that are no ticket, declared as a form, and writes nothing', async () => {
    await expectRefusals(RAW_BODIES.map(([, body]) => ({ body, headers: FORM })));
  });

  test('says that a body of 17 KiB is too large, and what is the most', async () => {
    const [reply] = await expectRefusals([
      { body: JSON.stringify(ticket({ justification: 'x'.repeat(17 * 1024) })) },
    ]);

    expect(reply).toMatchObject({
      status: 413,
      body: { type: 'urn:latchkey:problem:too-large', detail: 'send at most 16384 bytes' },
    });
  });

  test('does not take a wrong media type, and says which one it takes', async () => {
    const types = [
      'text/plain',
      'application/xml',
      'application/json; charset=utf-16',
      'multipart/form-data; boundary=x',
      'x',
      '\u00FF',
    ];

    const replies = await expectRefusals(
      types.map((type) => ({ body: right, headers: { 'content-type': type } })),
    );

    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([415]));
    expect(new Set(replies.map(({ headers }) => headers.get('accept')))).toEqual(
      new Set(['application/json']),
    );
  });

  test('refuses an idempotency key that is not 1 to 255 visible characters', async () => {
    const keys = ['', 'a b', 'x'.repeat(256), 'caf\u00E9'];
    const json = { 'content-type': 'application/json' };

    const replies = await expectRefusals(
      keys.map((key) => ({ body: right, headers: { ...json, 'idempotency-key': key } })),
    );

    expect(replies.flatMap((reply) => problemsOf(reply).map(({ field }) => field))).toEqual(
      keys.map(() => 'Idempotency-Key'),
    );
  });

  test('answers ids and parameters that nobody made with 400 or 404, never 5xx', async () => {
    const ids = [
      'req-',
      '%00',
      '..%2f..%2fetc',
      'META',
      'req-%F0%9F%92%A9',
      `req-${'a'.repeat(3_000)}`,
      '__proto__',
      '*',
    ];
    const queries = [
      `ticket=${'x'.repeat(3_000)}`,
      `principal=${'%E5%B1%B1'.repeat(1_000)}`,
      'ticket=%00',
      'principal=%E2%80%8B',
      'status=__proto__',
      'status=active&next=AAAA',
      'ticket=:',
      'ticket=a:',
      '__proto__=x&ticket=1',
      'ticket=1&ticket=2',
    ];

    const paths = [...ids.map((id) => `/requests/${id}`), ...queries.map((query) => `/requests?${query}`)];
    const replies: [string, HttpReply][] = [];
    for (const path of paths) replies.push([path, await sendCall(app, { method: 'GET', path })]);
    for (const id of ids) replies.push([id, await sendCall(app, { path: `/requests/${id}/revocation` })]);

    const odd = replies.filter(([, { status }]) => ![200, 400, 403, 404].includes(status));
    expect(odd).toEqual([]);
    expect(await scanLedger(app)).toEqual(before);
  });

  test('answers page tokens that nobody was given with 400, never 5xx', async () => {
    const partition = { statusPartition: 'STATUS#active' };
    const token = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const tokens = [
      '',
      'x',
      '%00',
      'bnVsbA',
      token(null),
      token([]),
      token({}),
      token({ ...partition, a: '1', b: '2', c: '3' }),
      token({ ...partition, pk: '', sk: '', statusSort: '' }),
      token({ ...partition, pk: 'REQUEST#x', sk: 'META', statusSort: 7 }),
      token({ ...partition, pk: 'x'.repeat(3_000), sk: 'META', statusSort: '1' }),
      token({ ...partition, pk: 'REQUEST#x', sk: 'x'.repeat(1_100), statusSort: '1' }),
      token({ ...partition, pk: 'REQUEST#x', sk: 'META', statusSort: 'x'.repeat(1_100) }),
      token({ ...partition, pk: 'REQUEST#x', sk: 'META', statusSort: '1', more: '1' }),
      token({ statusPartition: 'STATUS#ended', pk: 'REQUEST#x', sk: 'META', statusSort: '1' }),
      token({ finderPartition: 'TICKET#x', pk: 'REQUEST#x', sk: 'META', finderSort: '1' }),
    ];

    const replies: [string, HttpReply][] = [];
    for (const next of tokens) {
      replies.push([
        next,
        await sendCall(app, { method: 'GET', path: `/requests?status=active&next=${next}` }),
      ]);
    }

    const odd = replies.filter(([, reply]) => reply.status !== 400 || problemsOf(reply)[0]?.field !== 'next');
    expect(odd.map(([next, { status, body }]) => ({ next: next.slice(0, 200), status, body }))).toEqual([]);
  });

  test('refuses reasons of a revocation that are no plain text, and ends nothing', async () => {
    const id = (before.find(({ sk }) => sk?.S === 'META')?.pk?.S ?? '').replace('REQUEST#', '');
    const bodies = [
      '{',
      '[]',
      'null',
      '"reason"',
      '{}',
      '{"reason":7}',
      '{"reason":""}',
      '{"reason":"  "}',
      '{"reason":null}',
      '{"reason":["x"]}',
      '{"reason":"a\\u0000b"}',
      '{"reason":"a\\u202eb"}',
      '{"reason":"a\\ud800b"}',
      '{"reason":"ok","force":true}',
      '{"__proto__":{"reason":"x"}}',
      '{"reason":"x","reason":"y"}',
      JSON.stringify({ reason: 'x'.repeat(501) }),
      JSON.stringify({ reason: 'x'.repeat(17 * 1024) }),
      Buffer.from('{"reason":"caf\u00E9"}', 'latin1'),
    ];

    const path = `/requests/${id}/revocation`;
    const replies = await expectRefusals(
      bodies.flatMap((body) => [
        { path, body },
        { path, body, headers: FORM },
      ]),
    );

    expect(replies.filter(({ status }) => status === 400 || status === 413)).toHaveLength(bodies.length * 2);
  });
});
