import {
  type Assignment,
  type AssignmentKey,
  type Operation,
  unknownAssignment,
} from '../../core/assignments/assignment';
import { openClaim } from '../../core/assignments/claims';
import { OVERDUE_MS, workPlace } from '../../core/assignments/work-class';
import { WORK_CLASSES, type WorkClass } from '../../core/ports/ledger';
import { askFor, unknownProvision } from '../../core/provisions/provision';
import type { SchedulerWorld } from './scheduler-world';

const HOUR = 60 * 60_000;

/** Who wants something: persons one by one, one request for many accounts, and persons whose access is to end. */
export type Crowd = 'people' | 'bulk' | 'leavers';

/** The n-th assignment of a crowd or class: each has accounts of its own, so that nothing but slots and calls is shared. */
export function memberOf(crowd: Crowd | WorkClass, n: number): AssignmentKey {
  const first = ['leavers', ...WORK_CLASSES].indexOf(crowd) * 10_000;
  return {
    accountId: String(300_000_000_000 + first + n),
    permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-3333333333333333',
    principalType: 'USER',
    principalId: '906799d2-0000-7000-8000-000000000003',
  };
}

/** Lets the members of a crowd from `first` to before `end` ask for a grant, and calls for the dispatcher once. */
export async function ask(world: SchedulerWorld, crowd: Crowd, first: number, end: number): Promise<void> {
  const accounts = crowd === 'bulk' ? { accounts: 1_000 } : {};
  for (let n = first; n < end; n += 1)
    await world.openQuietly(
      { id: `of ${crowd}`, kind: 'lease', lastsMs: 24 * HOUR, ...accounts },
      memberOf(crowd, n),
    );
  if (end > first) await world.wake();
}

/** Ends the access of so many leavers, all at one time. */
export async function leave(world: SchedulerWorld, count: number): Promise<void> {
  const members = Array.from({ length: count }, (_, n) => memberOf('leavers', n));
  await Promise.all(members.map((key) => world.close('of leavers', key)));
}

/** Work of some classes that never ends: as soon as some of it was sent, more is there. */
export class EndlessWork {
  readonly #world: SchedulerWorld;
  readonly classes: readonly WorkClass[];
  readonly #asked: Record<WorkClass, number> = {
    overdue: 0,
    revoke: 0,
    people: 0,
    provision: 0,
    bulk: 0,
    look: 0,
  };

  constructor(world: SchedulerWorld, classes: readonly WorkClass[]) {
    this.#world = world;
    this.classes = classes;
  }

  /** Sees to it that so many of each class wait, and calls for the dispatcher. */
  async refill(waiting: number): Promise<void> {
    const present = this.#waiting();
    for (const workClass of this.classes)
      for (let n = present[workClass]; n < waiting; n += 1) await this.#add(workClass);
    await this.#world.wake();
  }

  /** How many of each class were sent so far. */
  sent(): Record<WorkClass, number> {
    const waiting = this.#waiting();
    const counts = { ...this.#asked };
    for (const workClass of WORK_CLASSES) counts[workClass] -= waiting[workClass];
    return counts;
  }

  #waiting(): Record<WorkClass, number> {
    const counts = { overdue: 0, revoke: 0, people: 0, provision: 0, bulk: 0, look: 0 };
    for (const item of this.#world.assignments.items.values())
      if (item.operation?.state === 'INTENT') counts[workPlace(item, item.operation).class] += 1;
    for (const { operation } of this.#world.provisions.items.values())
      if (operation?.state === 'INTENT') counts.provision += 1;
    return counts;
  }

  async #add(workClass: WorkClass): Promise<void> {
    const { assignments, provisions } = this.#world;
    const now = this.#world.now();
    const key = memberOf(workClass, this.#asked[workClass]);
    this.#asked[workClass] += 1;
    if (workClass !== 'provision') {
      await assignments.write(waitingItem(workClass, key, now));
      return;
    }
    const { accountId, permissionSetArn } = key;
    await provisions.write(askFor(unknownProvision({ accountId, permissionSetArn }), now));
  }
}

/** An item as the ledger has it where one of the class waits. */
function waitingItem(
  workClass: Exclude<WorkClass, 'provision'>,
  key: AssignmentKey,
  now: number,
): Assignment {
  const kind = {
    overdue: 'delete',
    revoke: 'delete',
    people: 'create',
    bulk: 'create',
    look: 'look',
  } as const;
  const plannedAt = workClass === 'overdue' ? now - OVERDUE_MS : now;
  const operation: Operation = {
    kind: kind[workClass],
    state: 'INTENT',
    generation: 1,
    plannedAt,
    notBefore: now,
    attempts: 0,
  };
  const item: Assignment = { ...unknownAssignment(key), generation: 1, operation, lookAt: now };
  if (operation.kind === 'delete') return { ...item, seen: { at: now, exists: true } };
  if (operation.kind === 'look') return item;
  const accounts = workClass === 'bulk' ? 1_000 : 1;
  return openClaim(item, {
    id: `of ${workClass}`,
    kind: 'lease',
    from: now,
    until: now + 24 * HOUR,
    openedAt: now,
    accounts,
  });
}
