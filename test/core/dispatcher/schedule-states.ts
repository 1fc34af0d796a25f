import type { AdminCall } from '../../../core/ports/identity-center';
import type { WorkClass } from '../../../core/ports/ledger';
import type {
  Decision,
  OpenOperation,
  ScheduleState,
  WaitingOperation,
} from '../../../core/dispatcher/schedule';
import type { SlotGroup } from '../../../core/dispatcher/slots';

export const NOW = Date.parse('2026-11-24T08:00:00Z');
export const SECOND = 1_000;
export const MINUTE = 60_000;

/** From one to eight seconds. */
const VARYING = Array.from({ length: 64 }, (_, n) => SECOND + (n % 8) * SECOND);

/** What a test says of a state; all else is a quiet instant with every call and every slot free. */
export type StateChanges = Partial<Omit<ScheduleState, 'waiting'>> & {
  readonly waiting?: Partial<ScheduleState['waiting']>;
};

/**
 * See {@link StateChanges}. Latencies are known to vary, so that bulk work need not be spread, no class has been kept waiting for its share of calls, and
 * every place is known.
 */
export function stateOf({ waiting = {}, ...changes }: StateChanges = {}): ScheduleState {
  const longAgo = NOW - MINUTE;
  return {
    now: NOW,
    perSecond: 18,
    freeCalls: 1_000,
    freeCallAt: NOW,
    slots: 15,
    open: [],
    listedAt: { create: longAgo, delete: longAgo, provision: longAgo },
    latencies: { create: VARYING, delete: VARYING, provision: VARYING },
    sentAt: { provision: NOW, bulk: NOW - 900, look: NOW },
    isAllBulkShown: false,
    isSurveyed: () => true,
    isPaused: false,
    ...changes,
    waiting: { overdue: [], revoke: [], people: [], provision: [], bulk: [], look: [], ...waiting },
  };
}

/** A bulk create that was accepted 20 s ago and not looked at since: long enough to be looked at now. */
export function openOne(id: string, changes: Partial<OpenOperation> = {}): OpenOperation {
  return {
    id,
    call: 'create',
    group: 'bulk',
    accountId: `account of ${id}`,
    place: `place of ${id}`,
    phase: 'following',
    acceptedAt: NOW - 20 * SECOND,
    seenAt: NOW - 20 * SECOND,
    isMissing: false,
    lookAt: 0,
    isBusy: false,
    isUrgent: false,
    ...changes,
  };
}

/** So many of a group, under way and looked at just now: they hold their slots, and nothing is to be done about them yet. */
export function slotsTaken(group: SlotGroup, count: number): OpenOperation[] {
  const call: AdminCall = group === 'revokes' ? 'delete' : 'create';
  return Array.from({ length: count }, (_, n) =>
    openOne(`taken by ${group} ${n}`, { call, group, isBusy: true }),
  );
}

/** So many that are due, each of an account and a place of its own. */
export function waitingOf(
  workClass: WorkClass,
  count: number,
  changes: (n: number) => Partial<WaitingOperation> = () => ({}),
): WaitingOperation[] {
  return Array.from({ length: count }, (_, n) => {
    const name = `${workClass} ${n}`;
    const where = { accountId: `account of ${name}`, place: `place of ${name}` };
    return { id: name, class: workClass, ...where, notBefore: NOW - MINUTE, ...changes(n) };
  });
}

/** What was decided, a line each. */
export function inWords(decisions: readonly Decision[]): string[] {
  return decisions.map((decision) =>
    decision.do === 'look' ? `look for ${decision.call}s` : `${decision.do} ${decision.id}`,
  );
}
