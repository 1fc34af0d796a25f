import type { AssignmentKey } from '../../../core/assignments/assignment';
import type { AccessRequest } from '../../../core/requests/access-request';
import { parseTicket } from '../../../core/tickets/parse-ticket';

const DAY_MS = 24 * 60 * 60_000;

/**
 * A request as it stands when its leases are opened: decided, granting, and its *Await grant* open with its id as the token.
 *
 * @param keys - its assignments, which differ in their accounts only
 */
export function grantingRequest(id: string, keys: readonly AssignmentKey[], now: number): AccessRequest {
  const [first] = keys;
  if (first === undefined) throw new Error(`request ${id} of the benchmark has no accounts`);
  const { permissionSetArn, principalType, principalId } = first;
  const accounts = keys.map(({ accountId }) => accountId);
  const body = {
    ticket: { system: 'servicenow', id: 'RITM0012345' },
    principal: { userId: '906799d2-0000-7000-8000-000000000001' },
    permissionSet: 'ReadOnlyAccess',
    target: accounts.map((account) => ({ account })),
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
      principal: { type: principalType, id: principalId, name: principalId },
      permissionSet: { arn: permissionSetArn, name: 'ReadOnlyAccess', sessionMs: 3_600_000 },
      accounts,
      at: now,
    },
    decision: { effect: 'allow', rules: ['everybody'], policyHash: 'hash', lease, at: now },
    waiting: { signal: 'grant', token: id },
    grantingSince: now,
    announced: [],
    timeline: [],
  };
}
