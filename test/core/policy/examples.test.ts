import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { findCaller } from '../../../core/policy/callers';
import { decide } from '../../../core/policy/decide';
import type { Decision } from '../../../core/policy/decision';
import { parseAccessPolicy } from '../../../core/policy/parse-access-policy';
import { parseTicket } from '../../../core/tickets/parse-ticket';
import { parseTicketText } from '../../../core/tickets/ticket-text';
import type { Ticket } from '../../../core/tickets/ticket';
import { HOUR, permissionSet, rightRequest } from './policies';

const ROOT = join(__dirname, '../../..');
const TICKETS = join(ROOT, 'examples/tickets');
const policy = parseAccessPolicy(
  parse(readFileSync(join(ROOT, 'access/policy.yaml'), 'utf8')),
  'access/policy.yaml',
);

/** The example whose name begins with a number, read as the request API reads it. */
function example(number: number): Ticket {
  const name = readdirSync(TICKETS).find((file) => file.startsWith(`${number}-`)) ?? '';
  const text = parseTicketText(readFileSync(join(TICKETS, name), 'utf8'));
  const reading = text.ok ? parseTicket(text.body, 0) : text;
  if (!reading.ok) throw new Error(`${name}: ${JSON.stringify(reading.problems)}`);
  return reading.ticket;
}

function decisionOn(ticket: Ticket): Decision {
  const principal = {
    type: 'USER',
    id: `id-${ticket.principal.value}`,
    name: ticket.principal.value,
  } as const;
  const { target, durationMs } = ticket;
  // What a target means is looked up first; these are the accounts that ticket 7 comes to.
  const accounts = target === undefined ? ticket.accounts : ['423456789012', '434567890123'];
  return decide(
    policy,
    rightRequest({
      principal,
      accounts,
      durationMs,
      permissionSet: permissionSet(ticket.permissionSet.value),
    }),
  );
}

describe('the example policy and tickets', () => {
  test.each([1, 2, 3, 5, 6, 7])('permit ticket %d', (number) => {
    expect(decisionOn(example(number)).effect).toBe('allow');
  });

  test('deny ticket 4 by the rule for production', () => {
    expect(decisionOn(example(4))).toMatchObject({ effect: 'deny', rule: 'no-administrators-in-production' });
  });

  test('have two tickets for one assignment, the second one longer', () => {
    const [first, second] = [example(1), example(2)];

    expect([second.accounts, second.permissionSet]).toEqual([first.accounts, first.permissionSet]);
    expect(second.durationMs).toBeGreaterThan(first.durationMs);
  });

  test.each([
    ['ReadOnlyAccess', 14 * 24],
    ['PowerUserAccess', 12],
    ['DatabaseOperator', 8],
  ])('permit %s for %d hours', (name, hours) => {
    const decision = decide(
      policy,
      rightRequest({ permissionSet: permissionSet(name), durationMs: hours * HOUR }),
    );

    expect(decision).toMatchObject({ effect: 'allow', longestMs: hours * HOUR });
  });

  test.each([
    ['LatchkeyServiceDesk', 'service-desk'],
    ['LatchkeyEngineer', 'engineer'],
    ['LatchkeyAuditor', 'auditor'],
    ['SomebodyElse', undefined],
  ])('know the role %s as %s', (role, name) => {
    expect(findCaller(policy, `arn:aws:iam::222233334444:role/${role}`)?.name).toBe(name);
  });
});
