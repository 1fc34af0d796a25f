import type { AssignmentRow } from '../../local/identity-center/operation-views';

/** What differs between two states of the assignments. */
export interface AssignmentDifference {
  /** Was there before, and should be there still. */
  readonly missing: readonly AssignmentRow[];
  /** Is there, and should be gone. */
  readonly left: readonly AssignmentRow[];
}

/** Time-bound access leaves no trace: after it, exactly what stood before stands. */
export function compareAssignments(
  before: readonly AssignmentRow[],
  after: readonly AssignmentRow[],
): AssignmentDifference {
  const [was, is] = [new Set(before.map(keyOf)), new Set(after.map(keyOf))];
  return {
    missing: before.filter((row) => !is.has(keyOf(row))),
    left: after.filter((row) => !was.has(keyOf(row))),
  };
}

/** An assignment in words: who, what, where. */
export function describeAssignment(row: AssignmentRow): string {
  const who = row.principalName ?? row.principalId;
  const what = row.permissionSetName ?? row.permissionSetArn;
  const type = row.principalType === 'GROUP' ? 'group ' : '';
  return `${type}${who}  ${what}  ${row.accountName ?? row.accountId}`;
}

function keyOf({ accountId, permissionSetArn, principalType, principalId }: AssignmentRow): string {
  return [accountId, permissionSetArn, principalType, principalId].join(' ');
}
