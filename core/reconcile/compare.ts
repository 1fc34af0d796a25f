import { type Assignment, type AssignmentKey, type EffectLook, describeKey } from '../assignments/assignment';
import { isOver, wanted } from '../assignments/claims';
import { SETTLING_MS, recordLook } from '../assignments/looks';
import type { DriftMode } from '../baselines/baseline';
import type { FindingKind } from './finding';

/** One assignment as a whole listing shows it: a row, what the ledger has, or both. */
export interface Observed {
  readonly key: AssignmentKey;
  /** Absent: the ledger does not know it. */
  readonly known?: Assignment;
  readonly exists: boolean;
}

/** What is known beside the assignment and the look. */
export interface Circumstances {
  /** Its user or group is not in the identity store any more. */
  readonly isPrincipalGone: boolean;
  readonly mode: DriftMode;
}

/** What follows from a look at one assignment. */
export interface Judgement {
  /** The assignment with the look taken in; absent: nothing is to be written. */
  readonly next?: Assignment;
  readonly finding?: FindingKind;
  /** The look has to be confirmed by a second one. */
  readonly isDoubted?: true;
  /** What nobody knew becomes standing. */
  readonly isAdopted?: true;
}

/**
 * Puts the rows of a whole listing beside what the ledger knows of the same places, or of the same principal. A row without an item, and
 * an item without a row, are both a part of the answer.
 */
export function compared(rows: readonly AssignmentKey[], known: readonly Assignment[]): readonly Observed[] {
  const items = new Map(known.map((assignment) => [describeKey(assignment.key), assignment]));
  const listed = new Set(rows.map(describeKey));
  const shown = [...new Map(rows.map((key) => [describeKey(key), key]))].map(([name, key]): Observed => {
    const item = items.get(name);
    return { key, exists: true, ...(item === undefined ? {} : { known: item }) };
  });
  const unshown = known
    .filter(({ key }) => !listed.has(describeKey(key)))
    .map((item): Observed => ({ key: item.key, known: item, exists: false }));
  return [...shown, ...unshown];
}

/**
 * What a look that was begun at `look.at` means for an assignment as the ledger has it now. An own operation that is under way, or
 * ended within {@link SETTLING_MS} before, explains a difference, and what was proved after the look began is better than the look.
 */
export function judged(assignment: Assignment, look: EffectLook, circumstances: Circumstances): Judgement {
  const { operation, seen, ownOperationAt = -Infinity } = assignment;
  if (operation !== undefined && operation.state !== 'INTENT') return {};
  if ((seen?.at ?? -Infinity) > look.at || ownOperationAt > look.at) return {};
  const known = seen?.exists === true || assignment.mayExist === true;
  return look.exists
    ? judgedPresent(assignment, look, known, circumstances)
    : judgedAbsent(assignment, look, known);
}

function judgedPresent(
  assignment: Assignment,
  look: EffectLook,
  isKnown: boolean,
  { isPrincipalGone, mode }: Circumstances,
): Judgement {
  const { seen, doubt, operation, strayUntil, ownOperationAt } = assignment;
  const isChange = seen?.exists !== true || doubt !== undefined;
  const next = isChange ? { next: recordLook(assignment, look) } : {};
  const wish = wanted(assignment, look.at);
  // Its removal is planned, or is planned by the look.
  if (wish === 'absent' && (isKnown || operation?.kind === 'delete')) return next;
  if (isPrincipalGone) return { ...(wish === 'absent' ? {} : next), finding: 'orphaned' };
  if (wish !== 'absent') return next;
  // A create whose reply was lost may have worked after all: it is Latchkey's own, and is taken away.
  if (strayUntil !== undefined && (seen === undefined || seen.at < strayUntil)) return next;
  // A rule wants it, and somebody has put back what somebody took away.
  if (isMissing(assignment, look.at)) return {};
  const isSettling = ownOperationAt !== undefined && look.at - ownOperationAt < SETTLING_MS;
  if (isSettling) return {};
  return mode === 'adopt' ? { ...next, isAdopted: true } : { finding: 'unknown' };
}

function judgedAbsent(assignment: Assignment, look: EffectLook, isKnown: boolean): Judgement {
  if (!isKnown) return isMissing(assignment, look.at) ? { finding: 'missing' } : {};
  const next = recordLook(assignment, look);
  if (next.seen?.exists === true) return { next, isDoubted: true };
  const { claims } = assignment;
  const isLost = Object.values(next.claims).some(
    ({ id, kind, lostBy }) => kind !== 'standing' && lostBy === 'removal' && claims[id]?.lostBy === undefined,
  );
  return { next, ...(isLost ? { finding: 'missing' as const } : {}) };
}

/** Whether a rule wants what somebody else took away, and nothing that counts does. */
export function isMissing(assignment: Assignment, now: number): boolean {
  return (
    wanted(assignment, now) !== 'present' &&
    Object.values(assignment.claims).some(({ kind, lostBy }) => kind === 'baseline' && lostBy === 'removal')
  );
}

/** Whether the ledger counts on an assignment: it was seen, or something wants it. */
export function isCountedOn(assignment: Assignment, now: number): boolean {
  const { seen, mayExist, claims } = assignment;
  return (
    seen?.exists === true || mayExist === true || Object.values(claims).some((claim) => !isOver(claim, now))
  );
}
