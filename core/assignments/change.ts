import type { Clock } from '../ports/clock';
import { type AssignmentLedger, LedgerContentionError } from '../ports/ledger';
import { type Assignment, type AssignmentKey, describeKey, unknownAssignment } from './assignment';
import { reconcile } from './reconcile';

/** How often a change is worked out anew because another writer was first: lease steps, the API and one dispatcher meet here. */
const MAX_CHANGES = 12;

/** What a change needs. */
export interface ChangePorts {
  readonly assignments: Pick<AssignmentLedger, 'read' | 'write'>;
  readonly clock: Clock;
}

/**
 * Reads an assignment, applies `change`, reconciles and writes, until a write wins. `change` may answer undefined: nothing is
 * written then, and the assignment is answered as it was read. One read and one write where nobody interferes.
 */
export async function changeAssignment(
  { assignments, clock }: ChangePorts,
  key: AssignmentKey,
  change: (assignment: Assignment, now: number) => Assignment | undefined,
): Promise<Assignment> {
  for (let tries = 0; tries < MAX_CHANGES; tries += 1) {
    const present = (await assignments.read(key)) ?? unknownAssignment(key);
    const now = clock.now();
    const next = change(present, now);
    if (next === undefined) return present;
    const written = await assignments.write(reconcile(next, now));
    if (written !== undefined) return written;
  }
  throw new LedgerContentionError(`assignment ${describeKey(key)}`, MAX_CHANGES);
}
