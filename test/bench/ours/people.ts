import type { AssignmentKey } from '../../../core/assignments/assignment';
import type { AccessRequest } from '../../../core/requests/access-request';
import { parseTicket } from '../../../core/tickets/parse-ticket';

const DAY_MS = 24 * 60 * 60_000;

/** A request as it stands when its lease is opened: decided, granting, and its *Await grant* open with this token. */
export function grantingRequest(
  id: string,
  { accountId, permissionSetArn, principalId }: AssignmentKey,
  now: number,
): AccessRequest {
  const body = {
    ticket: { system: 'servicenow', id: 'RITM0012345' },
    principal: { userId: '906799d2-0000-7000-8000-000000000001' },
    permissionSet: 'ReadOnlyAccess',
    target: { account: accountId },
    duration: 'P1D',
    justification: 'Investigating payment failures',
  };
  const reading = parseTicket(body, now);
  if (!reading.ok) throw new Error(`the benchmark's ticket is wrong: ${JSON.stringify(reading.problems)}`);
  const lease = { from: now, until: now + DAY_MS };
  return {
    id,
    version: 1,
    attempt: 1,
    caller: 'arn:aws:iam::222233334444:role/LatchkeyServiceDesk',
    bodyHash: 'hash',
    ticket: reading.ticket,
    createdAt: now,
    status: 'granting',
    resolved: {
      principal: { type: 'USER', id: principalId, name: principalId },
      permissionSet: { arn: permissionSetArn, name: 'ReadOnlyAccess', sessionMs: 3_600_000 },
      accounts: [accountId],
      at: now,
    },
    decision: { effect: 'allow', rules: ['everybody'], policyHash: 'hash', lease, at: now },
    waiting: { signal: 'grant', token: id },
    grantingSince: now,
    announced: [],
    timeline: [],
  };
}
