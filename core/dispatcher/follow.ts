import { type Assignment, type Operation, describeKey } from '../assignments/assignment';
import {
  READ_BACK_PATIENCE_MS,
  absenceProved,
  addRecoveryLook,
  adopted,
  confirming,
  failedForGood,
  failedForNow,
  needsReadBack,
  neverShown,
  nextAttemptAt,
  nextCreateAt,
  recovering,
  settled,
} from '../assignments/operations';
import { classifyFailure } from '../assignments/outcomes';
import type { SearchStep } from './lost-replies';
import { type MovedOn, measureEnd, moveOn } from './operation-ends';
import type { StepPorts, Stepped } from './ports';

/** A status that is asked for right after the call may not be known yet; later, not known means forgotten. */
export const UNKNOWN_STATUS_PATIENCE_MS = 60_000;

/** How long the wait for an effect is kept in memory only. */
const UNWRITTEN_MS = 3_000;

/**
 * Pauses before the searches for a lost reply: two soon, since lists show a new operation within seconds and somebody may wait for
 * it, then so that three agreeing looks span the 90 s that stability takes.
 */
const SEARCH_PAUSES_MS = [1_500, 5_000, 45_000] as const;

/** Asks for the status of an operation that was accepted: one call, and a write where it has ended. */
export async function describeOperation(
  ports: StepPorts,
  assignment: Assignment,
): Promise<Stepped<Assignment>> {
  const { clock, identityCenter } = ports;
  const { operation } = assignment;
  if (operation?.requestId === undefined || operation.kind === 'look') return { item: assignment };
  const askedAt = clock.now();
  const reported = await identityCenter.describe(operation.kind, operation.requestId);
  const age = askedAt - (operation.submittedAt ?? askedAt);
  switch (reported.status) {
    case 'IN_PROGRESS':
      return { item: assignment, seenAt: askedAt };
    case 'UNKNOWN':
      if (age < UNKNOWN_STATUS_PATIENCE_MS)
        return { item: assignment, lookAt: clock.now() + pauseAfter(age) };
      return startRecovery(ports, assignment, operation);
    case 'SUCCEEDED':
      if (!needsReadBack(assignment, operation)) return settle(ports, assignment, operation);
      return { item: { ...assignment, operation: confirming(operation, clock.now()) } };
    case 'FAILED':
      return failed(ports, assignment, operation, reported.reason ?? 'no reason given');
  }
}

/** Reads the effect of an operation that has ended, or searches for one whose reply was lost. */
export async function checkOperation(
  ports: StepPorts,
  assignment: Assignment,
  leaseTakenAt: number,
): Promise<Stepped<Assignment>> {
  const { operation } = assignment;
  switch (operation?.state) {
    case undefined:
    case 'INTENT':
    case 'FOLLOWING':
      return { item: assignment };
    case 'SUBMITTING':
      // Only a pass whose lease is over can have left this behind.
      if ((operation.submittedAt ?? 0) >= leaseTakenAt)
        return { item: assignment, lookAt: ports.clock.now() + 1000 };
      return startRecovery(ports, assignment, operation);
    case 'CONFIRMING':
      return confirm(ports, assignment, operation);
    case 'RECOVERING':
      return recover(ports, assignment, operation);
  }
}

/** Falling rate of looks: every second for the first eight, then an eighth of the age, at most a minute. */
export function pauseAfter(age: number): number {
  return Math.min(Math.max(age / 8, 1_000), 60_000);
}

/** When an operation that a search has found is asked for: at once, or later where `Describe…` has just not known its id. */
export function afterFinding(
  { requestId: ownId, submittedAt = 0 }: Pick<Operation, 'requestId' | 'submittedAt'>,
  foundId: string,
  now: number,
): number {
  return foundId === ownId ? now + pauseAfter(now - submittedAt) : now;
}

/** When an operation whose reply was lost is searched for next. */
export function nextSearchAt({
  looks = [],
  submittedAt = 0,
}: Pick<Operation, 'looks' | 'submittedAt'>): number {
  const pause = SEARCH_PAUSES_MS[Math.min(looks.length, SEARCH_PAUSES_MS.length - 1)] ?? 0;
  return (looks.at(-1)?.at ?? submittedAt) + pause;
}

async function startRecovery(
  ports: StepPorts,
  assignment: Assignment,
  operation: Operation,
): Promise<Stepped<Assignment>> {
  const { key } = assignment;
  ports.observer.warn('operation lost its reply', { assignment: describeKey(key), kind: operation.kind });
  const { item } = await step(ports, assignment, operation, (present, current) =>
    recovering(present, current),
  );
  return { item, lookAt: ports.clock.now() };
}

async function failed(
  ports: StepPorts,
  assignment: Assignment,
  operation: Operation,
  reason: string,
): Promise<Stepped<Assignment>> {
  const { clock, random, observer } = ports;
  const kind = operation.kind === 'delete' ? 'delete' : 'create';
  const failure = classifyFailure(kind, reason);
  observer.note('operation failed', { assignment: describeKey(assignment.key), kind, class: failure });
  if (failure === 'done')
    return { item: { ...assignment, operation: confirming(operation, clock.now(), reason) } };
  // It may have been somebody else's on the same assignment; the lost one is still searched for, this one not taken again.
  if (operation.isAdopted === true) return startRecovery(ports, assignment, operation);
  const moved = await step(ports, assignment, operation, (present, current, now) =>
    failure === 'terminal'
      ? failedForGood(present, current, reason, now)
      : failedForNow(
          present,
          current,
          reason,
          nextCreateAt(present, current, failure === 'retry slowly', now, random),
        ),
  );
  measureEnd(ports, kind, failure === 'terminal' ? 'failed' : 'retried', moved);
  return { item: moved.item };
}

/** Reads the effect back: a grant is told only when it can be seen, a revoke only when it is gone. */
async function confirm(
  ports: StepPorts,
  assignment: Assignment,
  operation: Operation,
): Promise<Stepped<Assignment>> {
  const { clock, looks, random, observer } = ports;
  const { key } = assignment;
  const since = operation.confirmingSince ?? clock.now();
  // A look that was begun before the operation ended proves nothing.
  const { exists } = await looks.sight(key, clock.now());
  const age = clock.now() - since;
  if (exists === (operation.kind === 'create')) return settle(ports, assignment, operation);
  if (age < READ_BACK_PATIENCE_MS) {
    const lookAt = clock.now() + Math.min(Math.max(age / 4, 500), 30_000);
    // The usual lag of a list is not worth a write: what is forgotten is asked for again.
    if (age < UNWRITTEN_MS) return { item: assignment, lookAt };
    const { item } = await step(ports, assignment, operation, (present, current) =>
      current.state === 'CONFIRMING' ? undefined : { ...present, operation },
    );
    return { item, lookAt };
  }
  observer.warn('effect did not show', { assignment: describeKey(key), kind: operation.kind });
  const moved = await step(ports, assignment, operation, (present, current, now) =>
    operation.kind === 'create'
      ? neverShown(present, { ...current, ...operation }, now)
      : failedForNow(
          present,
          current,
          'the assignment is still listed',
          nextAttemptAt(current, false, now, random),
        ),
  );
  measureEnd(ports, operation.kind, 'not shown', moved);
  return { item: moved.item };
}

async function settle(
  ports: StepPorts,
  assignment: Assignment,
  operation: Operation,
): Promise<Stepped<Assignment>> {
  const { kind, reason } = operation;
  const moved = await step(ports, assignment, operation, (present, current, now) =>
    settled(present, { ...current, ...operation }, reason === undefined ? 'SUCCEEDED' : 'UNCHANGED', now),
  );
  ports.observer.note('operation settled', { assignment: describeKey(assignment.key), kind });
  measureEnd(ports, kind, reason === undefined ? 'succeeded' : 'unchanged', moved);
  return { item: moved.item };
}

async function recover(
  ports: StepPorts,
  assignment: Assignment,
  operation: Operation,
): Promise<Stepped<Assignment>> {
  const { clock, looks, observer } = ports;
  const { key } = assignment;
  const dueAt = nextSearchAt(operation);
  if (clock.now() < dueAt) return { item: assignment, lookAt: dueAt };
  const searched = await search(ports, assignment, operation);
  if (searched.is === 'going on') return { item: assignment, lookAt: searched.goOnAt };
  if (searched.is === 'found') {
    const { requestId } = searched;
    observer.note('lost operation found', { assignment: describeKey(key), kind: operation.kind });
    observer.measure('Recoveries', 1, { verdict: 'found' });
    const { item } = await step(ports, assignment, operation, (present, current) =>
      adopted(present, current, requestId),
    );
    return { item, lookAt: afterFinding(operation, requestId, clock.now()) };
  }
  const look = await looks.sight(key, clock.now());
  const { operation: looked, verdict } = addRecoveryLook(operation, look);
  const moved = await step(ports, assignment, operation, (present, _current, now) => {
    if (verdict === 'look again') return { ...present, operation: looked };
    return verdict === 'as wanted'
      ? settled(present, looked, 'ADOPTED', now)
      : absenceProved(present, looked, now);
  });
  if (verdict === 'look again') return { item: moved.item, lookAt: nextSearchAt(looked) };
  observer.note('operation recovered', { assignment: describeKey(key), kind: operation.kind, verdict });
  observer.measure('Recoveries', 1, { verdict });
  measureEnd(ports, operation.kind, verdict === 'as wanted' ? 'adopted' : 'retried', moved);
  return { item: moved.item };
}

async function search(
  { lostReplies, clock }: StepPorts,
  { key, requestIds = [] }: Assignment,
  { kind, submittedAt = clock.now(), requestId: ownId }: Operation,
): Promise<SearchStep> {
  if (kind === 'look') return { is: 'not shown' };
  return lostReplies.search({
    name: describeKey(key),
    call: kind,
    submittedAt,
    knownIds: requestIds,
    ...(ownId === undefined ? {} : { ownId }),
    isAbout: (subject) =>
      subject.accountId === key.accountId &&
      subject.permissionSetArn === key.permissionSetArn &&
      subject.principalId === key.principalId &&
      subject.principalType === key.principalType,
  });
}

/** See {@link moveOn}: the operation that was looked at, whatever its state is by now. */
function step(
  ports: StepPorts,
  { key }: Assignment,
  { generation, kind }: Operation,
  transition: (present: Assignment, current: Operation, now: number) => Assignment | undefined,
): Promise<MovedOn> {
  return moveOn(
    ports,
    key,
    (current) => current.generation === generation && current.kind === kind,
    transition,
  );
}
