import type { AssignmentKey } from '../../../core/assignments/assignment';
import { chanceFor } from '../engine/chance';

/** How the bulk work of a run is spread. Their product is the number of assignments. */
export interface Layout {
  readonly accounts: number;
  readonly permissionSets: number;
  readonly groups: number;
}

/**
 * The sizes of the runs. 1,200 is the published test of identity-center-extensions (60 accounts, 20 assignments each); the larger one has
 * its shape; the small ones have as few accounts as leave the slots usable, since operations on one role exclude each other. 400 is one
 * request of a person for many accounts.
 */
export const LAYOUTS = {
  1: { accounts: 1, permissionSets: 1, groups: 1 },
  10: { accounts: 5, permissionSets: 2, groups: 1 },
  100: { accounts: 10, permissionSets: 5, groups: 2 },
  400: { accounts: 400, permissionSets: 1, groups: 1 },
  1200: { accounts: 60, permissionSets: 5, groups: 4 },
  10000: { accounts: 500, permissionSets: 5, groups: 4 },
} as const satisfies Record<number, Layout>;

/** A number of bulk assignments. */
export type Size = keyof typeof LAYOUTS;

/** One assignment to make. */
export interface WorkItem {
  readonly key: AssignmentKey;
  /** Its turn among those of its account in the batch: up to four groups with one permission set share a turn, and a look. */
  readonly rank: number;
  /** Which account of the layout, from 0. */
  readonly accountIndex: number;
}

/** A person's ticket: one account, a permission set of its own. */
export interface Ticket {
  readonly key: AssignmentKey;
  /** Milliseconds after the run's beginning. */
  readonly afterMs: number;
}

const INSTANCE = 'arn:aws:sso:::permissionSet/ssoins-1111222233334444';

/** Account ids of a seed, in random digits: one of the peers spreads its work by the last one. */
export function accountIds(seed: number, count: number): string[] {
  const chance = chanceFor(seed, 'accounts');
  const ids = new Set<string>();
  while (ids.size < count) ids.add(String(Math.floor(1e11 + 9e11 * chance.next())));
  return [...ids];
}

/**
 * The bulk work, in the order in which rules for an organizational unit fan out: one group and permission set after the other, each over
 * all accounts. So neighbours in the list are in different accounts, which every design profits from.
 */
export function bulkWork(seed: number, { accounts, permissionSets, groups }: Layout): WorkItem[] {
  const ids = accountIds(seed, accounts);
  const items: WorkItem[] = [];
  for (let group = 0; group < groups; group += 1) {
    for (let set = 0; set < permissionSets; set += 1) {
      ids.forEach((accountId, accountIndex) => {
        const key = keyOf(accountId, `set${set}`, 'GROUP', `group-${group}`);
        items.push({ key, accountIndex, rank: set * Math.ceil(groups / 4) + Math.floor(group / 4) });
      });
    }
  }
  return items;
}

/** Tickets at random instants between two, each in an account of the bulk work and with a permission set that the bulk work does not use. */
export function tickets(
  seed: number,
  accounts: number,
  count: number,
  fromMs: number,
  untilMs: number,
): Ticket[] {
  const chance = chanceFor(seed, 'tickets');
  const ids = accountIds(seed, accounts);
  const instants = Array.from({ length: count }, () => fromMs + (untilMs - fromMs) * chance.next());
  return instants
    .sort((a, b) => a - b)
    .map((at, index) => {
      const accountId = ids[Math.floor(chance.next() * ids.length)] ?? '';
      return { key: keyOf(accountId, `people${index}`, 'USER', `person-${index}`), afterMs: Math.round(at) };
    });
}

function keyOf(
  accountId: string,
  set: string,
  principalType: AssignmentKey['principalType'],
  principalId: string,
): AssignmentKey {
  const permissionSetArn = `${INSTANCE}/ps-${set.padStart(16, '0')}`;
  return { accountId, permissionSetArn, principalType, principalId };
}
