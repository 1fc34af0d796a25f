import { bodyWithout, rightBody } from './bodies';

/** A body that must be refused, and a field that one of the problems must name. */
export interface MalformedBody {
  readonly case: string;
  readonly body: unknown;
  readonly field: string;
}

/** U+0430 looks like a, U+03BF like o; the others are not seen at all. */
const CYRILLIC_A = '\u0430';
const GREEK_O = '\u03BF';
const HIDDEN = [
  '\u0000',
  '\u001B',
  '\u007F',
  '\u0085',
  '\u00AD',
  '\u200B',
  '\u200D',
  '\u202E',
  '\u2066',
  '\u2028',
];
const MORE_HIDDEN = ['\uFEFF', '\uFFFD', '\u3164', '\uFE0F', '\uD800', '\uE000', '\u{E0041}'];

function wrong(field: string, body: unknown, name = field): MalformedBody {
  return { case: `${name}: ${JSON.stringify(body).slice(0, 60)}`, body, field };
}

/** Each value put at the place of a field. */
function valuesOf(key: string, values: readonly unknown[], field = key): MalformedBody[] {
  return values.map((value) => ({
    case: `${field} ${JSON.stringify(value).slice(0, 80)}`,
    body: rightBody({ [key]: value }),
    field,
  }));
}

/** More than a hundred bodies of every kind of wrongness, all of them JSON values. */
export const MALFORMED_BODIES: readonly MalformedBody[] = [
  ...[null, true, 7, 'a ticket', [], [rightBody()]].map((body) => wrong('(body)', body)),
  ...['principal', 'permissionSet', 'target', 'duration', 'justification'].map((key) =>
    wrong(key, bodyWithout(key), `without ${key}`),
  ),
  wrong('principal', {}, 'empty'),
  ...valuesOf('ticket', [null, 'RITM1', 7, []]),
  ...valuesOf(
    'ticket',
    [{ system: 'jira' }, { system: 'jira', id: 7 }, { system: 'jira', id: 'A 1' }],
    'ticket.id',
  ),
  ...valuesOf(
    'ticket',
    [{ id: 'A-1' }, { system: '', id: 'A-1' }, { system: 'a/b', id: 'A-1' }],
    'ticket.system',
  ),
  ...valuesOf('ticket', [{ system: 'j'.repeat(65), id: 'A-1' }], 'ticket.system'),
  ...valuesOf(
    'ticket',
    [
      { system: 'jira', id: 'A'.repeat(129) },
      { system: 'jira', id: 'A\u0000' },
    ],
    'ticket.id',
  ),
  ...valuesOf('ticket', [{ system: 'jira', id: 'A-1', url: 'x' }], 'ticket.url'),
  ...valuesOf('requestedBy', [null, 'alice@example.com', {}, [{ user: 'alice@example.com' }]]),
  ...valuesOf('requestedBy', [{ userId: 'alice' }, { userId: 7 }], 'requestedBy.userId'),
  ...valuesOf('principal', [null, 'alice@example.com', 7, [], {}, { user: 'a', userId: 'b' }]),
  ...valuesOf('principal', [{ user: null }, { user: 7 }, { user: '' }, { user: ' ' }], 'principal.user'),
  ...valuesOf('principal', [{ user: 'alice smith' }, { user: 'a'.repeat(255) }], 'principal.user'),
  ...valuesOf('principal', [{ user: ' alice@example.com' }, { user: ['a'] }], 'principal.user'),
  ...valuesOf(
    'principal',
    [{ user: `${CYRILLIC_A}lice@example.com` }, { user: `b${GREEK_O}b` }],
    'principal.user',
  ),
  ...valuesOf(
    'principal',
    [{ group: `platf${GREEK_O}rm` }, { group: `${CYRILLIC_A}dmins` }],
    'principal.group',
  ),
  ...valuesOf('principal', [{ group: 'g'.repeat(1_025) }, { group: 'on\ncall' }], 'principal.group'),
  ...valuesOf(
    'principal',
    [{ groupId: 'zzz' }, { groupId: '11112222-3333-4444-5555-66667777888' }],
    'principal.groupId',
  ),
  ...valuesOf('principal', [{ name: 'alice' }], 'principal.name'),
  ...[...HIDDEN, ...MORE_HIDDEN].flatMap((hidden) =>
    valuesOf('principal', [{ user: `ali${hidden}ce@example.com` }], 'principal.user'),
  ),
  ...valuesOf('permissionSet', [null, 7, '', {}, ['ReadOnlyAccess'], 'Read Only', 'x'.repeat(33), 'Read*']),
  ...valuesOf('permissionSet', [
    `Re${CYRILLIC_A}dOnlyAccess`,
    'ReadOnly\u0000Access',
    'ReadOnly\u200BAccess',
  ]),
  ...valuesOf('permissionSet', ['arn:aws:iam::aws:policy/ReadOnlyAccess', 'arn:aws:sso:::permissionSet/x/y']),
  ...valuesOf('target', [null, 7, '333344445555', [], true]),
  ...valuesOf('target', [['333344445555'], [null], [[]]], 'target[0]'),
  ...valuesOf('target', [{}, { account: null }, { account: 7 }, { account: '' }], 'target.account'),
  ...valuesOf('target', [{ account: '12345678901' }, { account: '1234567890123' }], 'target.account'),
  ...valuesOf('target', [{ account: '33334444555x' }, { account: '\u0663'.repeat(12) }], 'target.account'),
  ...valuesOf('target', [{ account: ['333344445555'] }, { account: '333344445555\n' }], 'target.account'),
  ...valuesOf('target', [{ acount: '333344445555' }], 'target.acount'),
  ...valuesOf('target', [{ ou: 'a//b' }, { account: '333344445555', ou: 'Workloads' }], 'target.ou'),
  ...valuesOf('startsAt', [null, 7, '', 'now', '2026-12-01', '2026-12-01T08:00:00', '2026-12-01 08:00:00Z']),
  ...valuesOf('startsAt', ['2026-02-30T08:00:00Z', '2026-12-01T24:00:00Z', '2026-12-01T08:60:00Z']),
  ...valuesOf('startsAt', ['2026-12-01T08:00:60Z', '2026-12-01T08:00:00+25:00', '2027-12-01T08:00:00Z']),
  ...valuesOf('startsAt', ['2020-01-01T00:00:00Z', '0000-00-00T00:00:00Z', '99999-12-01T08:00:00Z']),
  ...valuesOf('duration', [null, 4, '', '4h', 'P', 'PT', 'P1', 'PT4', 'pt4h', 'P1Y', 'P1M', 'P1Y2M']),
  ...valuesOf('duration', ['-PT4H', 'P-1D', 'PT0S', 'PT0.5H', 'PT4H PT4H', 'xPT4Hx', 'PT4M59S', 'P367D']),
  ...valuesOf('duration', ['PT99999999999999H', 'P1D2H', 'PT1H1H', 'P1DT', 'P\u0661D']),
  ...valuesOf('expiresAt', ['2026-12-01T12:00:00Z']),
  ...valuesOf('justification', [null, 7, '', ' \n\t', 'x'.repeat(1_001), {}, ['why']]),
  ...[...HIDDEN, '\r', '\u0007', '\uFEFF', '\uDC00'].flatMap((hidden) =>
    valuesOf('justification', [`be${hidden}cause`]),
  ),
  ...valuesOf('callbackUrl', ['https://tickets.example.com/hooks', null, 7]),
  ...valuesOf('extends', ['01hzy', {}]),
  ...['princpal', 'accounts', 'toString', 'hasOwnProperty', ''].flatMap((key) =>
    valuesOf(key, ['x'], key === '' ? '[""]' : key),
  ),
  ...['__proto__', 'constructor', 'prototype'].map((key) =>
    wrong(key, JSON.parse(`{"${key}": {"isAdmin": true}}`), 'prototype key'),
  ),
];
