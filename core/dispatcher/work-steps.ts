import { describeKey } from '../assignments/assignment';
import type { Refusal } from '../assignments/outcomes';
import type { WorkClass } from '../ports/ledger';
import { readAll } from './backlog';
import { checkOperation, describeOperation } from './follow';
import { type Subject, type WorkItem, isAssignment, isAssignmentKey } from './held';
import type { DispatcherPorts, StepPorts, Stepped } from './ports';
import { checkProvision, describeProvision, submitProvision } from './provision-steps';
import { SHARED_LOOK_MS, submit } from './submit';

type LedgerPorts = Pick<DispatcherPorts, 'assignments' | 'provisions'>;

/** The item of a subject, as the ledger has it now. */
export function readItem(
  { assignments, provisions }: LedgerPorts,
  subject: Subject,
): Promise<WorkItem | undefined> {
  return isAssignmentKey(subject) ? assignments.read(subject) : provisions.read(subject);
}

/** Sends a waiting operation; `refusal`: Identity Center did not take it. */
export function send(
  ports: StepPorts,
  workClass: WorkClass,
  subject: Subject,
): Promise<{ readonly item: WorkItem; readonly refusal?: Refusal }> {
  if (!isAssignmentKey(subject)) return submitProvision(ports, subject);
  return submit(ports, subject, workClass === 'bulk' ? SHARED_LOOK_MS : 0);
}

/** Asks for the status of an operation under way, or checks its effect. */
export function step(
  ports: StepPorts,
  item: WorkItem,
  kind: 'describe' | 'check',
  leaseTakenAt: number,
): Promise<Stepped<WorkItem>> {
  if (isAssignment(item))
    return kind === 'describe' ? describeOperation(ports, item) : checkOperation(ports, item, leaseTakenAt);
  return kind === 'describe' ? describeProvision(ports, item) : checkProvision(ports, item, leaseTakenAt);
}

/** Everything that the indexes show under way or to be told, as the ledger has it now, apart from assignments that are held already. */
export async function itemsUnderWay(
  { assignments, provisions }: LedgerPorts,
  provisionsUnderWay: readonly Subject[],
  isHeld: (id: string) => boolean,
): Promise<WorkItem[]> {
  const keys = (await assignments.underWay()).filter((key) => !isHeld(describeKey(key)));
  const items: WorkItem[] = await readAll(keys, (key) => assignments.read(key));
  for (const target of provisionsUnderWay) {
    const item = isAssignmentKey(target) ? undefined : await provisions.read(target);
    if (item !== undefined) items.push(item);
  }
  return items;
}
