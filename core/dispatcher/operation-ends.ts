import type { Assignment, AssignmentKey, Operation } from '../assignments/assignment';
import { changeAssignment } from '../assignments/change';
import { isOver } from '../assignments/claims';
import type { StepPorts } from './ports';

/**
 * How an operation ended: as it was to (`adopted`: its reply was lost, and its effect is there), given up, or to be sent anew.
 * `not shown`: Identity Center said that it succeeded, and its effect cannot be seen.
 */
export type OperationEnd = 'succeeded' | 'unchanged' | 'adopted' | 'failed' | 'not shown' | 'retried';

const SETTLED: ReadonlySet<OperationEnd> = new Set(['succeeded', 'unchanged', 'adopted']);

/** The assignment with its operation moved on, and what it was moved on from; that is absent where another pass was first. */
export interface MovedOn {
  readonly item: Assignment;
  readonly from?: { readonly assignment: Assignment; readonly at: number };
}

/** Applies a transition if the operation is still the one that is meant: nobody else moves it, others only change claims. */
export async function moveOn(
  ports: Pick<StepPorts, 'assignments' | 'clock'>,
  key: AssignmentKey,
  isMeant: (current: Operation) => boolean,
  transition: (present: Assignment, current: Operation, now: number) => Assignment | undefined,
): Promise<MovedOn> {
  let from: MovedOn['from'];
  const item = await changeAssignment(ports, key, (present, now) => {
    const current = present.operation;
    const next = current === undefined || !isMeant(current) ? undefined : transition(present, current, now);
    from = next === undefined ? undefined : { assignment: present, at: now };
    return next;
  });
  return { item, ...(from === undefined ? {} : { from }) };
}

/** Counts an operation that ended, once; one that took access away also says how late that was. */
export function measureEnd(
  { observer }: Pick<StepPorts, 'observer'>,
  kind: Operation['kind'],
  outcome: OperationEnd,
  { from }: MovedOn,
): void {
  if (from === undefined) return;
  observer.measure('OperationsEnded', 1, { kind, outcome });
  const lateness =
    kind === 'delete' && SETTLED.has(outcome) ? latenessOf(from.assignment, from.at) : undefined;
  if (lateness !== undefined) observer.measure('RevokeLateness', lateness / 1000);
}

/** Milliseconds since the last claim was over; undefined where none was (a stray that nobody asked for). */
function latenessOf({ claims }: Assignment, now: number): number | undefined {
  const over = Object.values(claims).filter((claim) => claim.endedAt === undefined && isOver(claim, now));
  if (over.length === 0) return undefined;
  const ends = over.map(({ closedAt, until }) => Math.min(closedAt ?? Infinity, until ?? Infinity));
  return Math.max(0, now - Math.max(...ends));
}
