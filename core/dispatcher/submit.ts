import {
  type Assignment,
  type AssignmentKey,
  type Operation,
  describeKey,
  unknownAssignment,
} from '../assignments/assignment';
import { SECOND_LOOK_MS, recordLook } from '../assignments/looks';
import {
  accepted,
  failedForGood,
  nextAttemptAt,
  nextCallAt,
  recovering,
  refused,
  settled,
  submitting,
  withoutOperation,
} from '../assignments/operations';
import { type Refusal, classifyRefusal } from '../assignments/outcomes';
import { reconcile } from '../assignments/reconcile';
import { CallRefusedError } from '../ports/identity-center';
import { type MovedOn, type OperationEnd, measureEnd, moveOn } from './operation-ends';
import type { StepPorts } from './ports';

/** How old a look may be that a submission relies on, in milliseconds: bulk work shares looks, a person's ticket looks afresh. */
export const SHARED_LOOK_MS = 30_000;

/** What became of a submission. */
export interface Submitted {
  readonly item: Assignment;
  /** The refusal, where the service had no room or no patience. */
  readonly refusal?: Refusal;
}

/**
 * Sends one waiting operation, if the claims still want it (protocol R, steps 2 and 3). A create looks first: what is there
 * already is not created, and if somebody else made it, it is standing. Costs a listing (creates), a read, two writes and one call.
 */
export async function submit(ports: StepPorts, key: AssignmentKey, lookAge = 0): Promise<Submitted> {
  const present = (await ports.assignments.read(key)) ?? unknownAssignment(key);
  const now = ports.clock.now();
  if (present.operation?.state !== 'INTENT' || present.operation.notBefore > now) return { item: present };
  const looked = await lookFirst(ports, present, lookAge);
  const planned = reconcile(looked, ports.clock.now());
  const ready = sendable(planned, present.operation) ? planned.operation : undefined;
  const next =
    ready === undefined
      ? planned
      : reconcile(submitting(planned, ready, ports.clock.now()), ports.clock.now());
  // Where another writer was first, nothing has been sent: the next round begins anew.
  const written = await ports.assignments.write(next);
  if (written?.operation?.state === 'SUBMITTING') return send(ports, written, written.operation);
  return { item: written ?? present };
}

/** Still the same intent, and no doubt about what is there. */
function sendable(planned: Assignment, intent: Operation): planned is Assignment & { operation: Operation } {
  const { operation, doubt } = planned;
  if (operation?.generation !== intent.generation || operation.kind === 'look') return false;
  return operation.kind === 'delete' || doubt === undefined;
}

async function lookFirst(ports: StepPorts, assignment: Assignment, lookAge: number): Promise<Assignment> {
  const { operation, ownOperationAt = 0, seen } = assignment;
  if (operation === undefined || operation.kind === 'delete') return assignment;
  const now = ports.clock.now();
  // A look from before an own operation, or before the last one, shows a world that is gone.
  const since = Math.max(now - lookAge, ownOperationAt + 1, seen?.at ?? 0);
  const look = await ports.looks.sight(assignment.key, Math.min(since, now));
  const { exists } = look;
  // What a lost delete may still take away proves nothing. A create that is sent all the same conflicts while the delete is
  // under way, is tried again until that is over, and then it stands.
  const isInDanger = exists && (assignment.lostDeleteUntil ?? 0) > look.at;
  if (isInDanger && operation.kind === 'create') return assignment;
  const looked = recordLook(assignment, look);
  if (looked.doubt !== undefined) {
    return { ...looked, operation: { ...operation, notBefore: look.at + SECOND_LOOK_MS } };
  }
  return operation.kind === 'look' ? withoutOperation(looked) : looked;
}

async function send(ports: StepPorts, { key }: Assignment, operation: Operation): Promise<Submitted> {
  const { identityCenter, observer } = ports;
  let requestId: string;
  try {
    requestId =
      operation.kind === 'delete'
        ? await identityCenter.deleteAssignment(key)
        : await identityCenter.createAssignment(key);
  } catch (error) {
    if (!(error instanceof CallRefusedError)) throw error;
    return { item: await answered(ports, key, operation, error.refusal), refusal: error.refusal };
  }
  observer.note('operation accepted', { assignment: describeKey(key), kind: operation.kind, requestId });
  const acceptedAt = ports.clock.now();
  const { item } = await afterSending(ports, key, operation, (present, current) =>
    accepted(present, current, requestId, acceptedAt),
  );
  return { item };
}

async function answered(
  ports: StepPorts,
  key: AssignmentKey,
  operation: Operation,
  refusal: Refusal,
): Promise<Assignment> {
  const { looks, clock, observer, random } = ports;
  const outcome = classifyRefusal(operation.kind === 'delete' ? 'delete' : 'create', refusal);
  const fields = { assignment: describeKey(key), kind: operation.kind, error: refusal.name, outcome };
  if (outcome === 'unknown') observer.warn('operation has an unknown outcome', fields);
  else observer.note('operation refused', fields);
  const reason = `${refusal.name}: ${refusal.message}`;
  const isGone = outcome === 'done' && !(await looks.sight(key, clock.now())).exists;
  const end: OperationEnd | undefined = isGone ? 'unchanged' : outcome === 'terminal' ? 'failed' : undefined;
  if (end === undefined) observer.measure('OperationsRefused', 1, { kind: operation.kind, outcome });
  const moved = await afterSending(ports, key, operation, (present, current, now) => {
    switch (outcome) {
      case 'unknown':
        return recovering(present, current);
      case 'done':
        // The refusal says that it is gone; only a look can prove it.
        return isGone
          ? settled(present, { ...current, reason }, 'UNCHANGED', now)
          : refused(present, current, reason, nextAttemptAt(current, true, now, random));
      case 'terminal':
        return failedForGood(present, current, reason, now);
      case 'not accepted':
        return refused(present, current, reason, nextCallAt(current, now, random));
      case 'not accepted, slowly':
        return refused(present, current, reason, nextAttemptAt(current, true, now, random));
    }
  });
  if (end !== undefined) measureEnd(ports, operation.kind, end, moved);
  return moved.item;
}

/** Saves what became of the call; claims may have changed meanwhile, the operation cannot have. */
function afterSending(
  ports: StepPorts,
  key: AssignmentKey,
  sent: Operation,
  transition: (present: Assignment, current: Operation, now: number) => Assignment,
): Promise<MovedOn> {
  const isSent = ({ state, generation }: Operation): boolean =>
    state === 'SUBMITTING' && generation === sent.generation;
  return moveOn(ports, key, isSent, transition);
}
