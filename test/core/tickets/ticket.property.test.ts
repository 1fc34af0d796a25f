import * as fc from 'fast-check';
import { canonicalJson } from '../../../core/tickets/canonical-json';
import { parseTicket } from '../../../core/tickets/parse-ticket';
import { parseTicketText } from '../../../core/tickets/ticket-text';
import { ticketBody } from '../../../core/tickets/ticket';
import { NOW, rightBody } from './bodies';

const account = fc.integer({ min: 0, max: 999_999_999_999 }).map((id) => String(id).padStart(12, '0'));
const seconds = (from: number, to: number) => fc.integer({ min: from, max: to });

/** Bodies in many spellings of which each is right. */
const rightBodies = fc
  .record(
    {
      ticket: fc.record({
        system: fc.constantFrom('servicenow', 'JIRA'),
        id: fc.stringMatching(/^[!-~]{1,20}$/),
      }),
      requestedBy: fc.constantFrom({ user: 'alice@example.com' }, { user: 'rene\u0301@example.com' }),
      principal: fc.constantFrom(
        { user: 'bob@example.com' },
        { group: 'プラットフォーム管理' },
        { group: 'e\u0301quipe' },
      ),
      permissionSet: fc.stringMatching(/^[A-Za-z+=,.@_-]{1,32}$/),
      target: fc.oneof(
        account.map((id) => ({ account: id })),
        fc
          .array(account, { minLength: 1, maxLength: 5 })
          .map((ids) => [...ids, ...ids].map((id) => ({ account: id }))),
        fc.constantFrom<object>(
          { ou: '/Workloads/Prod', direct: false, except: { accountName: '*-e\u0301' } },
          [{ tag: { b: '', 'a:u\u0308': '*' } }, { all: true, except: [{ ou: 'r-k3f9', direct: true }] }],
        ),
      ),
      startsAt: seconds(-300, 30 * 86_400).map((offset) => new Date(NOW + offset * 1_000).toISOString()),
      duration: seconds(300, 14 * 86_400).map((length) => `PT${length}S`),
      justification: fc.constantFrom('because', 'first line\r\nsecond line\twith a tab', 'срочно: AWS ⚠️'),
    },
    { requiredKeys: ['principal', 'permissionSet', 'target', 'duration', 'justification'] },
  )
  .filter(({ permissionSet }) => !permissionSet.startsWith('arn:'));

describe('parseTicket, properties', () => {
  test('never throws, whatever it is given', () => {
    const key = fc.constantFrom(
      'principal',
      'target',
      'ticket',
      'permissionSet',
      'startsAt',
      'duration',
      'expiresAt',
    );

    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
          fc.tuple(key, fc.anything()).map(([name, value]) => rightBody({ [name]: value })),
          fc.tuple(key, fc.jsonValue()).map(([name, value]) => rightBody({ [name]: value })),
        ),
        (body) => {
          const reading = parseTicket(body, NOW);
          expect(reading.ok || reading.problems.length > 0).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('reads what it has normalised as the same ticket again', () => {
    fc.assert(
      fc.property(rightBodies, fc.boolean(), (right, isEndGiven) => {
        const body = isEndGiven ? withEnd(right) : right;
        const first = parseTicket(body, NOW);
        if (!first.ok) throw new Error(JSON.stringify(first.problems));

        const text = canonicalJson(ticketBody(first.ticket));
        const again = parseTicketText(text);
        expect(again.ok && parseTicket(again.body, NOW)).toEqual(first);
      }),
    );
  });

  test('is not changed by one fault more: whatever else is right, a wrong field is named', () => {
    const fault = fc.constantFrom('duration', 'permissionSet', 'justification', 'unknown');

    fc.assert(
      fc.property(rightBodies, fault, (body, field) => {
        const reading = parseTicket({ ...body, [field]: '' }, NOW);
        expect(reading.ok ? [] : reading.problems.map((problem) => problem.field)).toEqual([field]);
      }),
    );
  });
});

/** The body with an expiry, 31 days after the latest start there is, in place of its duration. */
function withEnd(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { duration: _duration, ...others } = body;
  return { ...others, expiresAt: new Date(NOW + 61 * 86_400_000).toISOString() };
}
