import type { BaselineLedger } from '../ports/baseline-ledger';
import type { Clock } from '../ports/clock';
import { LedgerContentionError } from '../ports/ledger';
import type { BaselineState } from './account-record';
import { ALWAYS_MAY_END, type BaselineGuard } from './baseline';

/** What the guard touches. */
export interface GuardPorts {
  readonly baselines: Pick<BaselineLedger, 'state' | 'writeState'>;
  readonly guard: BaselineGuard;
  readonly clock: Clock;
}

const MINUTE_MS = 60_000;
const WINDOW_MS = 60 * MINUTE_MS;

/** Many write the item that all accounts share: each loses a few times at most. */
const MAX_CHANGES = 50;

/** How many claims of rules may end now, with those that ended in the last hour. */
export function endingsLeft(
  { endings, claims }: Pick<BaselineState, 'endings' | 'claims'>,
  { most, percent }: BaselineGuard,
  now: number,
): number {
  const recent = endings
    .filter(({ minute }) => minute > now - WINDOW_MS - MINUTE_MS)
    .reduce((sum, { count }) => sum + count, 0);
  const limit = Math.max(ALWAYS_MAY_END, Math.min(most, Math.floor((claims * percent) / 100)));
  return Math.max(0, limit - recent);
}

/**
 * Counts claims that are about to be closed, before they are: all of them, or none. A step that is repeated counts them again, which
 * lets through less and never more. One read and one write.
 */
export async function reserveEndings(
  { baselines, guard, clock }: GuardPorts,
  count: number,
): Promise<'granted' | 'held'> {
  if (count === 0) return 'granted';
  for (let tries = 0; tries < MAX_CHANGES; tries += 1) {
    const state = await baselines.state();
    const now = clock.now();
    if (count > endingsLeft(state, guard, now)) return 'held';
    if ((await baselines.writeState(withEndings(state, count, now))) !== undefined) return 'granted';
  }
  throw new LedgerContentionError('the state of the baselines', MAX_CHANGES);
}

function withEndings(state: BaselineState, count: number, now: number): BaselineState {
  const minute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  const kept = state.endings.filter((each) => each.minute > now - WINDOW_MS - MINUTE_MS);
  const present = kept.find((each) => each.minute === minute)?.count ?? 0;
  return {
    ...state,
    endings: [...kept.filter((each) => each.minute !== minute), { minute, count: present + count }],
  };
}
