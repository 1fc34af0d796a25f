import type { WorkClass } from '../ports/ledger';
import type { Assignment, Claim, Operation } from './assignment';

/** A revoke that has waited for longer is overdue. */
export const OVERDUE_MS = 15 * 60_000;

/** A request for more accounts than there are slots is bulk work: it would hold up everybody else's tickets. */
const PEOPLE_ACCOUNTS = 15;

/** Bulk work that came within so long of one another is one batch, in which accounts take turns. */
const BATCH_MS = 10_000;

/** Where an assignment's waiting operation stands in the work index. */
export interface WorkPlace {
  readonly class: WorkClass;
  /** Epoch milliseconds: the order within the class … */
  readonly from: number;
  /** … and the n-th turn of its account, so that the index itself interleaves accounts and a blocked one hides nobody. */
  readonly rank: number;
}

/** See {@link WorkPlace}; of an operation that waits (`INTENT`). */
export function workPlace(assignment: Assignment, operation: Operation): WorkPlace {
  const workClass = classOf(assignment, operation);
  const { notBefore } = operation;
  if (workClass !== 'bulk') return { class: workClass, from: notBefore, rank: 0 };
  const ranks = waitingClaims(assignment).map(({ rank = 0 }) => rank);
  return {
    class: workClass,
    from: Math.floor(notBefore / BATCH_MS) * BATCH_MS,
    rank: ranks.length === 0 ? 0 : Math.min(...ranks),
  };
}

function classOf(assignment: Assignment, { kind, plannedAt, notBefore }: Operation): WorkClass {
  if (kind === 'look') return 'look';
  if (kind === 'delete') return notBefore - plannedAt >= OVERDUE_MS ? 'overdue' : 'revoke';
  const isPersonal = ({ kind: reason, accounts = 1 }: Claim): boolean =>
    reason === 'lease' && accounts <= PEOPLE_ACCOUNTS;
  return waitingClaims(assignment).some(isPersonal) ? 'people' : 'bulk';
}

/** Claims that the assignment's create is for. */
function waitingClaims({ claims }: Assignment): Claim[] {
  return Object.values(claims).filter(
    ({ grantedAt, closedAt, endedAt }) =>
      grantedAt === undefined && closedAt === undefined && endedAt === undefined,
  );
}
