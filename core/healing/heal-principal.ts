import {
  type Assignment,
  type AssignmentKey,
  type PrincipalType,
  describeKey,
} from '../assignments/assignment';
import { type ChangePorts, changeAssignment } from '../assignments/change';
import { closeClaim, isOver, tell } from '../assignments/claims';
import { type DispatcherControl, wakeDispatcher } from '../dispatcher/control';
import type { AssignmentFinder } from '../ports/assignment-finder';
import type { Directory } from '../ports/directory';
import type { Observer } from '../ports/observer';

/** What healing touches. */
export interface HealPorts extends ChangePorts, DispatcherControl {
  readonly directory: Pick<Directory, 'user' | 'group'>;
  readonly finder: Pick<AssignmentFinder, 'ofPrincipal'>;
  readonly observer: Pick<Observer, 'note'>;
}

/** A user or group by the identity store's id. */
export interface HealedPrincipal {
  readonly type: PrincipalType;
  readonly id: string;
}

/** `there`: nothing to heal. `more`: the time was over; asking again goes on. `healed`: every claim of it is closed. */
export interface Healing {
  readonly outcome: 'there' | 'more' | 'healed';
  /** Assignments in which claims were closed now. */
  readonly changed: number;
}

/** Closings at a time: each is a read and a write, about 10 ms. */
const AT_A_TIME = 10;

/**
 * Closes every lease and every claim of a rule of a user or group that the directory does not have any more. The delete, and the look that
 * proves it, end them; standing claims stay, so that what somebody else made is told and not touched. An event is only a hint: the
 * directory is asked first, and where it does not answer nothing is closed.
 *
 * One call to the directory, one query a megabyte, and a read and a write for each assignment: 1,000 assignments take about 2 s. Repeating it is
 * harmless, and goes on where a step before ended. The index lags: what was opened in the last seconds is closed by the next asking, or ends
 * by itself, since a create for a principal that is gone fails.
 *
 * @param deadline epoch milliseconds after which no other assignment is begun
 * @throws Error of a port: who did not answer has not said that the principal is gone
 */
export async function healPrincipal(
  ports: HealPorts,
  { type, id }: HealedPrincipal,
  deadline: number,
): Promise<Healing> {
  const entry = await (type === 'USER' ? ports.directory.user(id) : ports.directory.group(id));
  if (entry !== undefined) return { outcome: 'there', changed: 0 };
  const because = type === 'USER' ? 'the user was deleted' : 'the group was deleted';
  const keys = [...(await ports.finder.ofPrincipal(type, id))].sort(byPlace);
  let changed = 0;
  let left = keys;
  try {
    while (left.length > 0 && ports.clock.now() < deadline) {
      const closings = left.slice(0, AT_A_TIME).map((key) => closeAll(ports, key, because));
      const results = await Promise.allSettled(closings);
      changed += results.filter((result) => result.status === 'fulfilled' && result.value).length;
      const failed = results.find((result) => result.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
      left = left.slice(AT_A_TIME);
    }
  } finally {
    // Also after a failure: what was closed before it is work already.
    if (changed > 0) {
      ports.observer.note('principal healed', { type, principalId: id, assignments: changed });
      await wakeDispatcher(ports, ports.clock.now());
    }
  }
  return { outcome: left.length > 0 ? 'more' : 'healed', changed };
}

async function closeAll(ports: ChangePorts, key: AssignmentKey, because: string): Promise<boolean> {
  let hasChanged = false;
  await changeAssignment(ports, key, (present, now) => {
    const next = withoutClaims(present, now, because);
    hasChanged = next !== present;
    return hasChanged ? next : undefined;
  });
  return hasChanged;
}

function withoutClaims(assignment: Assignment, now: number, because: string): Assignment {
  const open = Object.values(assignment.claims).filter(
    (claim) => claim.kind !== 'standing' && !isOver(claim, now),
  );
  if (open.length === 0) return assignment;
  const closed = open.reduce((each, { id }) => closeClaim(each, id, now, because), assignment);
  return tell(closed, open);
}

function byPlace(one: AssignmentKey, other: AssignmentKey): number {
  return describeKey(one) < describeKey(other) ? -1 : 1;
}
