import type { DispatcherWorld } from '../../support/dispatcher-world';
import { keyOf } from '../../support/dispatcher-world';
import type { AccessRequest } from '../../../core/requests/access-request';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
/** The account of `keyOf(1)`. */
export const A = '100000000001';
/** The account of `keyOf(2)`. */
export const B = '100000000002';

/** With what resolving and deciding add. */
export type DecidedRequest = AccessRequest & Required<Pick<AccessRequest, 'resolved' | 'decision'>>;

/** A request that was resolved and decided for one account and four hours. */
export function requestOf(world: DispatcherWorld, change: Partial<AccessRequest> = {}): DecidedRequest {
  const now = world.clock.now();
  const key = keyOf();
  return {
    id: 'req-1',
    version: 1,
    attempt: 1,
    caller: 'arn:aws:iam::222233334444:role/ServiceDesk',
    bodyHash: 'h',
    ticket: {
      principal: { by: 'user', value: 'alice@example.com' },
      permissionSet: { by: 'name', value: 'ReadOnlyAccess' },
      accounts: [A],
      startsAt: now,
      expiresAt: now + 4 * HOUR,
      durationMs: 4 * HOUR,
      endIsGiven: false,
      justification: 'why',
    },
    createdAt: now,
    status: 'pending',
    announced: [],
    timeline: [],
    resolved: {
      principal: { type: 'USER', id: key.principalId, name: 'alice@example.com' },
      permissionSet: { arn: key.permissionSetArn, name: 'ReadOnlyAccess', sessionMs: HOUR },
      accounts: [A],
      at: now,
    },
    decision: {
      effect: 'allow',
      rules: ['r'],
      policyHash: 'hash',
      lease: { from: now, until: now + 4 * HOUR },
      at: now,
    },
    ...change,
  };
}

/** The request as the ledger has it. */
export async function stored(world: DispatcherWorld): Promise<AccessRequest> {
  const request = await world.requests.read('req-1');
  if (request === undefined) throw new Error('the test has stored no request req-1');
  return request;
}

/** The world's ports one by one, for a test that puts its own in the place of some. */
export function portsOf(world: DispatcherWorld) {
  const { assignments, requests, dispatcher, workflows, announcer, clock, observer } = world;
  return { assignments, requests, dispatcher, workflows, announcer, clock, observer };
}
