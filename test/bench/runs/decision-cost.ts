import { changeAssignment } from '../../../core/assignments/change';
import { openClaim } from '../../../core/assignments/claims';
import { Backlog } from '../../../core/dispatcher/backlog';
import { type OpenOperation, type ScheduleState, decide } from '../../../core/dispatcher/schedule';
import { WORK_CLASSES } from '../../../core/ports/ledger';
import { VirtualTime } from '../engine/virtual-time';
import { chanceFor, lognormal } from '../engine/chance';
import { IndexedAssignments } from '../ours/indexed-assignments';
import { noProvisions } from '../ours/memory-ports';
import { placeId } from '../service/assignment-rows';
import { type Layout, type WorkItem, bulkWork } from '../workload/layout';
import { median } from './figures';

/** Time and memory, in real time on this machine, of what the dispatcher does again and again. */
export interface DecisionCost {
  readonly waiting: number;
  /** One decision, with all slots in use but one. */
  readonly decisionMicroseconds: number;
  readonly decisionBytes: number;
  /** Asking the index for the first page of every class. */
  readonly pageMicroseconds: number;
}

/** See {@link DecisionCost}; both sizes have their operations spread over accounts and permission sets alike. */
export const DECISION_LAYOUTS: readonly Layout[] = [
  { accounts: 5, permissionSets: 5, groups: 4 },
  { accounts: 5_000, permissionSets: 5, groups: 4 },
];

const ROUNDS = 200;
const DECISIONS_PER_ROUND = 50;
const UNDER_WAY = 14;

/** Measures one decision of the production scheduler while so much work waits. */
export async function decisionCost(layout: Layout): Promise<DecisionCost> {
  const time = new VirtualTime();
  const assignments = new IndexedAssignments();
  const work = bulkWork(1, layout);
  for (const { key, rank } of work) {
    const now = time.now();
    const claim = { id: 'rule', kind: 'baseline', from: now, until: null, openedAt: now, rank } as const;
    await changeAssignment({ assignments, clock: time }, key, (present) => openClaim(present, claim));
  }
  const backlog = new Backlog({ assignments, provisions: noProvisions, clock: time });
  const pages: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const startedAt = process.hrtime.bigint();
    await backlog.refresh(WORK_CLASSES);
    pages.push(Number(process.hrtime.bigint() - startedAt) / 1000);
  }
  const state = stateOf(backlog, work, time.now());
  // The first half is for the compiler.
  const warm = Array.from({ length: ROUNDS }, () => measure(() => decide(state))).slice(ROUNDS / 2);
  return {
    waiting: work.length,
    decisionMicroseconds: median(warm.map(({ microseconds }) => microseconds)),
    decisionBytes: median(warm.map(({ bytes }) => bytes).filter((bytes) => bytes > 0)),
    pageMicroseconds: median(pages.slice(ROUNDS / 2)),
  };
}

/** A busy moment: operations of different ages under way, one slot free, latencies learned. */
function stateOf(backlog: Backlog, work: readonly WorkItem[], now: number): ScheduleState {
  const chance = chanceFor(1, 'decision');
  const latencies = Array.from({ length: 64 }, () => Math.round(1000 * lognormal(chance, 4, 0.6)));
  const open = work.slice(-UNDER_WAY).map(({ key }, index): OpenOperation => {
    const acceptedAt = now - 400 * index;
    return {
      id: `under way ${index}`,
      call: 'create',
      group: 'bulk',
      accountId: key.accountId,
      place: placeId(key),
      phase: 'following',
      acceptedAt,
      seenAt: acceptedAt + 200 * index,
      lookAt: 0,
      isMissing: false,
      isBusy: false,
      isUrgent: false,
    };
  });
  return {
    now,
    freeCalls: 3,
    freeCallAt: now,
    slots: 15,
    open,
    waiting: backlog.pages,
    listedAt: { create: now - 300, delete: now, provision: now },
    latencies: { create: latencies },
    sentAt: {},
    isAllBulkShown: false,
    isSurveyed: () => true,
    perSecond: 18,
    isPaused: false,
  };
}

/** A round of decisions; bytes are negative where the collector came in between. */
function measure(decision: () => unknown): { readonly microseconds: number; readonly bytes: number } {
  const heap = process.memoryUsage().heapUsed;
  const startedAt = process.hrtime.bigint();
  for (let made = 0; made < DECISIONS_PER_ROUND; made += 1) decision();
  const microseconds = Number(process.hrtime.bigint() - startedAt) / 1000 / DECISIONS_PER_ROUND;
  return { microseconds, bytes: (process.memoryUsage().heapUsed - heap) / DECISIONS_PER_ROUND };
}
