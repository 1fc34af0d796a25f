import { type Assignment, type AssignmentKey, type PrincipalType } from '../../core/assignments/assignment';
import type { AssignmentFinder } from '../../core/ports/assignment-finder';
import type { DriftLedger, FindingPage, WalkNotes } from '../../core/ports/drift-ledger';
import type { Place } from '../../core/ports/identity-center';
import type { ReconcileLedger } from '../../core/ports/reconcile-ledger';
import { type Finding, type FindingId, findingName } from '../../core/reconcile/finding';
import { NO_RECONCILIATION, type ReconcileRecord } from '../../core/reconcile/record';
import type { MemoryAssignments } from './memory-ledger';

/** Findings and notes in memory. */
export class MemoryDrift implements DriftLedger {
  readonly items = new Map<string, Finding>();
  readonly parts = new Map<number, { readonly walk: number; readonly notes: WalkNotes }>();

  read(id: FindingId): Promise<Finding | undefined> {
    return Promise.resolve(this.items.get(findingName(id)));
  }

  write(finding: Finding): Promise<void> {
    this.items.set(findingName(finding), finding);
    return Promise.resolve();
  }

  open(limit: number, after = ''): Promise<FindingPage> {
    const open = this.opened.filter((each) => findingName(each) > after);
    const findings = open.slice(0, limit);
    const last = findings.at(-1);
    const next = open.length > limit && last !== undefined ? { next: findingName(last) } : {};
    return Promise.resolve({ findings, ...next });
  }

  openAt({ accountId, permissionSetArn }: Place): Promise<readonly Finding[]> {
    return Promise.resolve(
      this.opened.filter(
        ({ key }) => key.accountId === accountId && key.permissionSetArn === permissionSetArn,
      ),
    );
  }

  notes(walk: number): Promise<WalkNotes> {
    const parts = [...this.parts.values()].filter((each) => each.walk === walk).map(({ notes }) => notes);
    return Promise.resolve({
      principals: parts.flatMap(({ principals }) => principals),
      permissionSets: parts.flatMap(({ permissionSets }) => permissionSets),
      alive: parts.flatMap(({ alive }) => alive),
      gone: parts.flatMap(({ gone }) => gone),
    });
  }

  keepNotes(walk: number, part: number, notes: WalkNotes): Promise<void> {
    this.parts.set(part, { walk, notes });
    return Promise.resolve();
  }

  get opened(): readonly Finding[] {
    return [...this.items.values()]
      .filter(({ closedAt }) => closedAt === undefined)
      .sort((one, other) => (findingName(one) < findingName(other) ? -1 : 1));
  }
}

/** The item of the reconciliations in memory. */
export class MemoryReconciliations implements ReconcileLedger {
  record: ReconcileRecord = NO_RECONCILIATION;
  /** Bytes of the largest record that was written. */
  largest = 0;

  read(): Promise<ReconcileRecord> {
    return Promise.resolve(this.record);
  }

  write(next: ReconcileRecord): Promise<ReconcileRecord | undefined> {
    if (this.record.version !== next.version) return Promise.resolve(undefined);
    // As JSON: what does not survive it would be lost in the table.
    const text = JSON.stringify({ ...next, version: next.version + 1 });
    this.record = JSON.parse(text) as ReconcileRecord;
    this.largest = Math.max(this.largest, text.length);
    return Promise.resolve(this.record);
  }
}

/** Finds what {@link MemoryAssignments} holds. */
export class MemoryFinder implements AssignmentFinder {
  constructor(private readonly assignments: MemoryAssignments) {}

  inAccount(accountId: string, permissionSetArn?: string): Promise<readonly Assignment[]> {
    return Promise.resolve(
      this.#all().filter(
        ({ key }) =>
          key.accountId === accountId &&
          (permissionSetArn === undefined || key.permissionSetArn === permissionSetArn),
      ),
    );
  }

  ofPrincipal(type: PrincipalType, id: string): Promise<readonly AssignmentKey[]> {
    return Promise.resolve(
      this.#all()
        .map(({ key }) => key)
        .filter(({ principalType, principalId }) => principalType === type && principalId === id),
    );
  }

  ofPermissionSet(arn: string): Promise<readonly AssignmentKey[]> {
    return Promise.resolve(
      this.#all()
        .map(({ key }) => key)
        .filter(({ permissionSetArn }) => permissionSetArn === arn),
    );
  }

  #all(): Assignment[] {
    return [...this.assignments.items.values()];
  }
}
