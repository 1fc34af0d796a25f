import type { AssignmentKey, PrincipalType } from '../assignments/assignment';
import { type ChangePorts, changeAssignment } from '../assignments/change';
import { changeClaims, isOver, tell } from '../assignments/claims';
import { type DispatcherControl, wakeDispatcher } from '../dispatcher/control';
import type { AssignmentFinder } from '../ports/assignment-finder';
import type { Directory } from '../ports/directory';
import type { Observer } from '../ports/observer';

/** What healing touches. */
export interface HealPorts extends ChangePorts, DispatcherControl {
  readonly directory: Pick<Directory, 'user' | 'group'>;
  readonly finder: Pick<AssignmentFinder, 'ofPrincipal'>;
  readonly observer: Observer;
}

/** A user or group by its id. */
export interface Principal {
  readonly type: PrincipalType;
  readonly id: string;
}

const NOUNS = { USER: 'user', GROUP: 'group' } as const satisfies Record<PrincipalType, string>;

/** Assignments that are changed at a time: a read and a write each. */
const AT_A_TIME = 10;

/**
 * Ends the leases and the claims of rules of a user or group that is deleted: Identity Center keeps the assignments of somebody who is
 * gone, and would give them to nobody, but they count, and stay in every review. Each is deleted and read back like any other; its
 * request ends with the reason. What stood before Latchkey stays. May be repeated; what was done stays done.
 *
 * Costs one call of the identity store, and for somebody who is gone one query and a read and a write an assignment. An error of the
 * identity store is no answer: nothing is ended by it.
 *
 * @returns how many assignments had a claim that was closed
 */
export async function healPrincipal(ports: HealPorts, principal: Principal): Promise<number> {
  const { directory, finder, clock, observer } = ports;
  const { type, id } = principal;
  const found = type === 'USER' ? await directory.user(id) : await directory.group(id);
  if (found !== undefined) return 0;
  const because = `the ${NOUNS[type]} was deleted`;
  const keys = await finder.ofPrincipal(type, id);
  let closed = 0;
  for (let first = 0; first < keys.length; first += AT_A_TIME) {
    const changed = keys.slice(first, first + AT_A_TIME).map((key) => closeAll(ports, key, because));
    closed += (await Promise.all(changed)).filter((isClosed) => isClosed).length;
  }
  if (closed === 0) return 0;
  observer.note('claims of a deleted principal ended', { principalType: type, principalId: id, closed });
  await wakeDispatcher(ports, clock.now());
  return closed;
}

async function closeAll(ports: HealPorts, key: AssignmentKey, because: string): Promise<boolean> {
  let isClosed = false as boolean;
  await changeAssignment(ports, key, (present, now) => {
    const open = Object.values(present.claims).filter(
      (claim) => claim.kind !== 'standing' && !isOver(claim, now),
    );
    isClosed = open.length > 0;
    if (!isClosed) return undefined;
    const closed = changeClaims(present, (claim) =>
      open.includes(claim) ? { ...claim, closedAt: now, closedBecause: because } : claim,
    );
    return tell(closed, open);
  });
  return isClosed;
}
