import { type Assignment, type Operation, describeKey } from '../assignments/assignment';
import { changeAssignment } from '../assignments/change';
import {
  READ_BACK_PATIENCE_MS,
  absenceProved,
  addRecoveryLook,
  confirming,
  failedForGood,
  failedForNow,
  neverShown,
  nextAttemptAt,
  recovering,
  settled,
} from '../assignments/operations';
import { classifyFailure } from '../assignments/outcomes';
import type { DispatcherPorts } from './ports';

/** A status that is asked for right after the call may not be known yet; later, not known means forgotten. */
const UNKNOWN_STATUS_PATIENCE_MS = 60_000;

/** Recovery looks are spread so that three of them span the 90 s that stability takes. */
const RECOVERY_LOOK_EVERY_MS = 45_000;

/** When to look at an operation again; undefined: it is no longer under way. */
export type NextLook = number | undefined;

/** Takes one operation that is under way one step on: at most one status and one listing are read, at most one write made. */
export async function follow(
  ports: DispatcherPorts,
  assignment: Assignment,
  leaseTakenAt: number,
): Promise<NextLook> {
  const { operation } = assignment;
  switch (operation?.state) {
    case undefined:
    case 'INTENT':
      return undefined;
    case 'SUBMITTING':
      // Only a pass whose lease is over can have left this behind.
      if ((operation.submittedAt ?? 0) >= leaseTakenAt) return ports.clock.now() + 1000;
      return startRecovery(ports, assignment, operation);
    case 'FOLLOWING':
      return followStatus(ports, assignment, operation);
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

async function startRecovery(
  ports: DispatcherPorts,
  { key }: Assignment,
  operation: Operation,
): Promise<NextLook> {
  ports.observer.warn('operation lost its reply', { assignment: describeKey(key), kind: operation.kind });
  await step(ports, key, operation, (present, current) => recovering(present, current));
  return ports.clock.now();
}

async function followStatus(
  ports: DispatcherPorts,
  assignment: Assignment,
  operation: Operation,
): Promise<NextLook> {
  const { clock, identityCenter } = ports;
  const { kind, requestId, submittedAt = clock.now() } = operation;
  if (kind === 'look' || requestId === undefined) return startRecovery(ports, assignment, operation);
  const reported = await identityCenter.describe(kind, requestId);
  const age = clock.now() - submittedAt;
  switch (reported.status) {
    case 'IN_PROGRESS':
      return clock.now() + pauseAfter(age);
    case 'UNKNOWN':
      if (age < UNKNOWN_STATUS_PATIENCE_MS) return clock.now() + pauseAfter(age);
      return startRecovery(ports, assignment, operation);
    case 'SUCCEEDED':
      return confirm(ports, assignment, confirming(operation, clock.now()));
    case 'FAILED':
      return failed(ports, assignment, operation, reported.reason ?? 'no reason given');
  }
}

async function failed(
  ports: DispatcherPorts,
  assignment: Assignment,
  operation: Operation,
  reason: string,
): Promise<NextLook> {
  const { clock, random, observer } = ports;
  const kind = operation.kind === 'delete' ? 'delete' : 'create';
  const failure = classifyFailure(kind, reason);
  observer.note('operation failed', { assignment: describeKey(assignment.key), kind, class: failure });
  if (failure === 'done') return confirm(ports, assignment, confirming(operation, clock.now(), reason));
  await step(ports, assignment.key, operation, (present, current, now) =>
    failure === 'terminal'
      ? failedForGood(present, current, reason, now)
      : failedForNow(
          present,
          current,
          reason,
          nextAttemptAt(current, failure === 'retry slowly', now, random),
        ),
  );
  return undefined;
}

/** Reads the effect back, for every operation: a grant is told only when it can be seen, a revoke only when it is gone. */
async function confirm(
  ports: DispatcherPorts,
  assignment: Assignment,
  operation: Operation,
): Promise<NextLook> {
  const { clock, identityCenter, random, observer } = ports;
  const { key } = assignment;
  const exists = await identityCenter.assignmentExists(key);
  const since = operation.confirmingSince ?? clock.now();
  const age = clock.now() - since;
  if (exists === (operation.kind === 'create')) {
    await step(ports, key, operation, (present, current, now) =>
      settled(
        present,
        { ...current, ...operation },
        operation.reason === undefined ? 'SUCCEEDED' : 'UNCHANGED',
        now,
      ),
    );
    observer.note('operation settled', { assignment: describeKey(key), kind: operation.kind });
    return undefined;
  }
  if (age < READ_BACK_PATIENCE_MS) {
    if (assignment.operation?.state !== 'CONFIRMING') {
      await step(ports, key, operation, (present) => ({ ...present, operation }));
    }
    return clock.now() + Math.min(Math.max(age / 4, 1_000), 30_000);
  }
  observer.warn('effect did not show', { assignment: describeKey(key), kind: operation.kind });
  await step(ports, key, operation, (present, current, now) =>
    operation.kind === 'create'
      ? neverShown(present, current, now)
      : failedForNow(
          present,
          current,
          'the assignment is still listed',
          nextAttemptAt(current, false, now, random),
        ),
  );
  return undefined;
}

async function recover(
  ports: DispatcherPorts,
  assignment: Assignment,
  operation: Operation,
): Promise<NextLook> {
  const { clock, identityCenter, observer } = ports;
  const { key } = assignment;
  const last = operation.looks?.at(-1);
  if (last !== undefined && clock.now() - last.at < RECOVERY_LOOK_EVERY_MS)
    return last.at + RECOVERY_LOOK_EVERY_MS;
  const exists = await identityCenter.assignmentExists(key);
  const { operation: looked, verdict } = addRecoveryLook(operation, { at: clock.now(), exists });
  await step(ports, key, operation, (present, _current, now) => {
    if (verdict === 'look again') return { ...present, operation: looked };
    return verdict === 'as wanted'
      ? settled(present, looked, 'ADOPTED', now)
      : absenceProved(present, looked, now);
  });
  if (verdict === 'look again') return clock.now() + RECOVERY_LOOK_EVERY_MS;
  observer.note('operation recovered', { assignment: describeKey(key), kind: operation.kind, verdict });
  return undefined;
}

/** Applies a transition if the operation is still the one that was looked at: nobody else moves it, others only change claims. */
async function step(
  ports: DispatcherPorts,
  key: Assignment['key'],
  operation: Operation,
  transition: (present: Assignment, current: Operation, now: number) => Assignment,
): Promise<void> {
  await changeAssignment(ports, key, (present, now) => {
    const current = present.operation;
    if (current?.generation !== operation.generation || current.kind !== operation.kind) return undefined;
    return transition(present, current, now);
  });
}
