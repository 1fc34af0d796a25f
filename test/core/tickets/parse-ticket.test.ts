import type { FieldProblem } from '../../../core/tickets/field-problem';
import { parseTicket } from '../../../core/tickets/parse-ticket';
import type { Ticket } from '../../../core/tickets/ticket';
import { bodyWithout, NOW, rightBody } from './bodies';

function ticketOf(body: unknown): Ticket {
  const reading = parseTicket(body, NOW);
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems, undefined, 2));
  return reading.ticket;
}

function problemsOf(body: unknown): readonly FieldProblem[] {
  const reading = parseTicket(body, NOW);
  return reading.ok ? [] : reading.problems;
}

function fieldsOf(body: unknown): readonly string[] {
  return problemsOf(body).map(({ field }) => field);
}

describe('parseTicket', () => {
  test('reads a full ticket into a frozen object with instants in epoch milliseconds', () => {
    const ticket = ticketOf(rightBody());

    expect(ticket).toEqual({
      ticket: { system: 'servicenow', id: 'RITM0012345' },
      requestedBy: { by: 'user', value: 'alice@example.com' },
      principal: { by: 'user', value: 'alice@example.com' },
      permissionSet: { by: 'name', value: 'ReadOnlyAccess' },
      accounts: ['333344445555'],
      startsAt: NOW,
      expiresAt: NOW + 4 * 3_600_000,
      durationMs: 4 * 3_600_000,
      endIsGiven: false,
      justification: 'Investigating payment failures',
    });
    expect(Object.isFrozen(ticket)).toBe(true);
    expect(Object.isFrozen(ticket.principal)).toBe(true);
    expect(Object.isFrozen(ticket.accounts)).toBe(true);
  });

  test('needs neither a ticket system nor a requester nor a start', () => {
    const ticket = ticketOf(bodyWithout('ticket', 'requestedBy', 'startsAt'));

    expect(ticket.startsAt).toBe(NOW);
    expect(Object.keys(ticket)).not.toContain('ticket');
    expect(Object.keys(ticket)).not.toContain('requestedBy');
  });

  test('reports every wrong field at once, each with its value and a remedy', () => {
    const problems = problemsOf({
      ticket: { system: 'service now', id: '' },
      requestedBy: { group: 'x' },
      principal: {},
      permissionSet: 7,
      target: [{ account: '333344445555' }, { account: '12' }],
      startsAt: 'tomorrow',
      duration: '4h',
    });

    expect(problems.map(({ field }) => field)).toEqual([
      'ticket.system',
      'ticket.id',
      'requestedBy.group',
      'requestedBy',
      'principal',
      'permissionSet',
      'target[1].account',
      'startsAt',
      'duration',
      'justification',
    ]);
    expect(problems).toContainEqual({
      field: 'target[1].account',
      value: '"12"',
      problem: 'is not an account id of 12 digits',
      remedy: 'write an account id of 12 digits',
    });
    for (const { problem, remedy } of problems) {
      expect(problem).not.toBe('');
      expect(remedy).not.toBe('');
    }
  });

  test.each([
    ['princpal', 'principal'],
    ['permission_set', 'permissionSet'],
    ['Duration', 'duration'],
    ['expriesAt', 'expiresAt'],
    ['justfication', 'justification'],
  ])('names the nearest known field for %s', (wrong, right) => {
    const [problem] = problemsOf(rightBody({ [wrong]: 'hunter2' }));

    expect(problem?.field).toBe(wrong);
    expect(problem?.remedy).toContain(`did you mean ${right}?`);
  });

  test('does not repeat what stands under an unknown field', () => {
    expect(JSON.stringify(problemsOf(rightBody({ password: 'hunter2' })))).not.toContain('hunter2');
  });

  test.each(['__proto__', 'constructor', 'prototype'])('refuses the key %s at any depth', (key) => {
    const body = JSON.parse(
      JSON.stringify(rightBody()).replace('"system"', `"${key}":{"polluted":true},"system"`),
    ) as unknown;

    expect(fieldsOf(body)).toEqual([`ticket.${key}`]);
    expect({}).not.toHaveProperty('polluted');
  });

  test('refuses nesting below the eighth level without reading on', () => {
    // The body is level 1, and `inner` objects stand below it.
    const nested = (inner: number) =>
      rightBody({ odd: JSON.parse(`${'{"a":'.repeat(inner - 1)}{}${'}'.repeat(inner - 1)}`) as unknown });

    expect(problemsOf(nested(7)).map(({ problem }) => problem)).toEqual([
      'is not a field that is known here',
    ]);
    expect(problemsOf(nested(8)).map(({ problem }) => problem)).toEqual(['is nested deeper than 8 levels']);
  });

  test('lists a hundred problems and counts the rest', () => {
    const target = Array.from({ length: 150 }, (_, index) => ({ account: `x${index}` }));
    const problems = problemsOf(rightBody({ target }));

    expect(problems).toHaveLength(101);
    expect(problems.at(-1)?.problem).toBe('there are 50 more problems');
  });

  test.each([
    ['callbackUrl', 'result events'],
    ['extends', 'new request'],
  ])('refuses %s and says what to use instead', (key, instead) => {
    const [problem] = problemsOf(rightBody({ [key]: 'https://tickets.example.com/?token=s3cret' }));

    expect(problem).toMatchObject({
      field: key,
      problem: expect.stringContaining('not supported') as unknown,
    });
    expect(problem?.remedy).toContain(instead);
    expect(JSON.stringify(problem)).not.toContain('s3cret');
  });
});

describe('parseTicket, principals', () => {
  test.each([
    ['user', 'alice@example.com'],
    ['userId', '906712345a-11112222-3333-4444-5555-666677778888'],
    ['userId', '11112222-3333-4444-5555-666677778888'],
    ['group', 'Platform on call'],
    ['groupId', '906712345a-11112222-3333-4444-5555-666677778888'],
  ])('reads a principal by %s', (by, value) => {
    expect(ticketOf(rightBody({ principal: { [by]: value } })).principal).toEqual({ by, value });
  });

  test('refuses two ways of naming one principal', () => {
    const [problem] = problemsOf(rightBody({ principal: { user: 'alice@example.com', group: 'platform' } }));

    expect(problem).toMatchObject({ field: 'principal', problem: 'has user and group' });
  });

  test('refuses a group as the requester', () => {
    expect(fieldsOf(rightBody({ requestedBy: { group: 'platform' } }))).toContain('requestedBy.group');
  });

  test('makes both spellings of an accented letter the same name', () => {
    const composed = ticketOf(rightBody({ principal: { user: 'ren\u00E9@example.com' } }));
    const decomposed = ticketOf(rightBody({ principal: { user: 'rene\u0301@example.com' } }));

    expect(decomposed.principal).toEqual(composed.principal);
  });

  test.each(['ReadOnlyAccess', 'a+b=c,d.e@f-g_h'])('reads the permission set %s by name', (value) => {
    expect(ticketOf(rightBody({ permissionSet: value })).permissionSet).toEqual({ by: 'name', value });
  });

  test('reads a permission set by ARN', () => {
    const value = 'arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-aaaabbbbccccdddd';

    expect(ticketOf(rightBody({ permissionSet: value })).permissionSet).toEqual({ by: 'arn', value });
  });
});

describe('parseTicket, targets', () => {
  test('removes duplicates and keeps the order', () => {
    const target = ['333344445555', '111111111111', '333344445555'].map((account) => ({ account }));

    expect(ticketOf(rightBody({ target })).accounts).toEqual(['333344445555', '111111111111']);
  });

  test('takes 500 distinct accounts and no more', () => {
    const target = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ account: String(100_000_000_000 + index) }));

    expect(ticketOf(rightBody({ target: target(500) })).accounts).toHaveLength(500);
    expect(problemsOf(rightBody({ target: target(501) }))).toEqual([
      expect.objectContaining({ field: 'target', problem: 'lists 501 accounts' }),
    ]);
  });

  test('takes fewer accounts where the setting says so', () => {
    const target = [{ account: '333344445555' }, { account: '111111111111' }];

    const reading = parseTicket(rightBody({ target }), NOW, 1);
    expect(reading).toMatchObject({
      ok: false,
      problems: [{ field: 'target', problem: 'lists 2 accounts' }],
    });
  });

  test('keeps what has to be looked up, and names no accounts for it', () => {
    const target = { ou: 'Workloads/Prod', except: { account: '333344445555' } };

    expect(ticketOf(rightBody({ target }))).toMatchObject({
      accounts: [],
      target: [{ ou: 'Workloads/Prod', except: [{ account: '333344445555' }] }],
    });
  });

  test('asks for quotes around an account id that is a number', () => {
    const [problem] = problemsOf(rightBody({ target: { account: 333344445555 } }));

    expect(problem?.remedy).toContain('double quotes');
  });
});

describe('parseTicket, periods', () => {
  const startingAt = (startsAt: string) => rightBody({ startsAt });

  test('takes a start of the last five minutes for now, without shortening the lease', () => {
    const ticket = ticketOf(startingAt('2026-12-01T07:55:00Z'));

    expect(ticket.startsAt).toBe(NOW);
    expect(ticket.durationMs).toBe(4 * 3_600_000);
  });

  test('refuses a start further back and says what time it is here', () => {
    const [problem] = problemsOf(startingAt('2026-12-01T07:54:59.999Z'));

    expect(problem?.field).toBe('startsAt');
    expect(problem?.remedy).toContain('2026-12-01T08:00:00.000Z');
  });

  test('takes a start 30 days ahead and none later', () => {
    expect(ticketOf(startingAt('2026-12-31T09:00:00+01:00')).startsAt).toBe(NOW + 30 * 86_400_000);
    expect(fieldsOf(startingAt('2026-12-31T08:00:00.001Z'))).toEqual(['startsAt']);
  });

  test('reads an expiry instead of a duration, in any offset', () => {
    const ticket = ticketOf({ ...bodyWithout('duration'), expiresAt: '2026-12-01T13:30:00+01:00' });

    expect(ticket).toMatchObject({ expiresAt: NOW + 4.5 * 3_600_000, durationMs: 4.5 * 3_600_000 });
  });

  test('refuses a duration beside an expiry, and neither of them', () => {
    expect(fieldsOf(rightBody({ expiresAt: '2026-12-01T12:00:00Z' }))).toEqual(['expiresAt']);
    expect(fieldsOf(bodyWithout('duration'))).toEqual(['duration']);
  });

  test.each(['2026-12-01T08:04:59Z', '2026-12-01T08:00:00Z', '2026-11-30T00:00:00Z'])(
    'refuses the expiry %s, under five minutes after the start',
    (expiresAt) => {
      expect(fieldsOf({ ...bodyWithout('duration'), expiresAt })).toEqual(['expiresAt']);
    },
  );

  test.each([
    ['P14D', 14 * 86_400_000],
    ['PT5M', 300_000],
    ['P1W', 7 * 86_400_000],
    ['P1DT2H3M4S', 93_784_000],
  ])('reads the duration %s', (duration, durationMs) => {
    expect(ticketOf(rightBody({ duration })).durationMs).toBe(durationMs);
  });
});
