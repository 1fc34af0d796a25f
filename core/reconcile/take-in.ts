import {
  type Assignment,
  type AssignmentKey,
  type EffectLook,
  unknownAssignment,
} from '../assignments/assignment';
import { changeAssignment } from '../assignments/change';
import type { Place } from '../ports/identity-center';
import { type Judgement, type Observed, compared, judged } from './compare';
import { type Finding, type FindingKind, findingName } from './finding';
import { modeOf } from './modes';

import type { Walk } from './walk';

/** So many places are looked at a second time within a reconciliation; what is beyond that is confirmed by the next one. */
const MOST_DOUBTS = 50;

/**
 * Takes in a whole listing that was begun at `at`: writes what it changes in the ledger, and findings. Answers the names of what was found.
 */
export async function takeIn(
  walk: Walk,
  rows: readonly AssignmentKey[],
  known: readonly Assignment[],
  at: number,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const observed of compared(rows, known)) {
    const kind = await takeInOne(walk, observed, at);
    if (kind !== undefined) found.add(findingName({ kind, key: observed.key }));
  }
  return found;
}

/** Looks at a place, takes it in, and closes the findings there that the look does not show any more. */
export async function lookAtPlace(walk: Walk, place: Place): Promise<void> {
  const { accountId, permissionSetArn } = place;
  if ((await walk.standingOf(accountId)) === 'stale') return;
  const { drift, clock } = walk.ports;
  const found = await takeInPlace(walk, { accountId, permissionSetArn });
  for (const finding of await drift.openAt(place))
    if (!found.has(findingName(finding))) await drift.write({ ...finding, closedAt: clock.now() });
}

/** Looks at a place and takes it in. */
export async function takeInPlace(
  walk: Walk,
  place: Place,
  known?: readonly Assignment[],
): Promise<ReadonlySet<string>> {
  const { lister, finder, clock } = walk.ports;
  const at = clock.now();
  const rows = await lister.assignees(place);
  const items = known ?? (await finder.inAccount(place.accountId, place.permissionSetArn));
  return takeIn(
    walk,
    rows.map((row) => ({ ...place, principalType: row.principalType, principalId: row.principalId })),
    items,
    at,
  );
}

async function takeInOne(
  walk: Walk,
  { key, known, exists }: Observed,
  at: number,
): Promise<FindingKind | undefined> {
  const look: EffectLook = { at, exists };
  // Whoever is gone has their claims ended before what follows is worked out.
  const isPrincipalGone = exists && (await walk.isGone(key));
  const decided = modeOf(key, await walk.rules(), walk.ports.deployed);
  const judge = (assignment: Assignment): Judgement =>
    judged(assignment, look, { isPrincipalGone, mode: decided.mode });
  const first = judge(known ?? unknownAssignment(key));
  if (first.next === undefined && first.finding === undefined) return undefined;
  if (await walk.isControlTowers(key, key.permissionSetArn)) return undefined;
  const judgement = await taken(walk, key, judge);
  if (judgement.isAdopted === true) walk.count('adopted');
  if (judgement.isDoubted === true) doubt(walk, key, at);
  if (judgement.finding === undefined) return undefined;
  await find(walk, { kind: judgement.finding, key, ...decided });
  return judgement.finding;
}

/** Judges by the item as it is now, since it may have changed after it was listed, and writes what follows. */
async function taken(
  walk: Walk,
  key: AssignmentKey,
  judge: (assignment: Assignment) => Judgement,
): Promise<Judgement> {
  let judgement: Judgement = {};
  const after = await changeAssignment(walk.ports, key, (present) => {
    judgement = judge(present);
    return judgement.next;
  });
  if (judgement.next !== undefined) {
    walk.count('looks');
    if (after.operation?.state === 'INTENT' || after.toTell.length > 0) walk.isWorkPlanned = true;
  }
  return judgement;
}

function doubt(walk: Walk, { accountId, permissionSetArn }: Place, at: number): void {
  const { doubts } = walk.run;
  const isKnown = doubts.some(
    (each) => each.accountId === accountId && each.permissionSetArn === permissionSetArn,
  );
  if (isKnown || doubts.length >= MOST_DOUBTS) return;
  walk.run = { ...walk.run, doubts: [...doubts, { accountId, permissionSetArn }], doubtedAt: at };
}

/** Writes that a difference was seen. */
export async function find(
  walk: Walk,
  { kind, key, mode, rule }: Pick<Finding, 'kind' | 'key' | 'mode' | 'rule'>,
): Promise<void> {
  const { drift, clock } = walk.ports;
  const before = await drift.read({ kind, key });
  const now = clock.now();
  const isOpen = before !== undefined && before.closedAt === undefined;
  const { accountId, permissionSetArn, principalType, principalId } = key;
  await drift.write({
    kind,
    key: { accountId, permissionSetArn, principalType, principalId },
    mode,
    ...(rule === undefined ? {} : { rule }),
    since: isOpen ? before.since : now,
    foundBy: isOpen ? before.foundBy : walk.run.walk,
    lastSeenAt: now,
    walk: walk.run.walk,
  });
}
