import { accountsOf, type OperationSubject } from './operations';
import type { SimulatorSettings } from './settings';

type Scope = SimulatorSettings['conflictScope'];

const SCOPES: readonly Scope[] = ['account', 'account-and-permission-set', 'assignment'];

/**
 * What the operations under way hold, so that another one on the same is a conflict. Everything is held in the terms of every
 * scope, and looked up in those of the one that is set: so the scope can change while operations are under way.
 */
export class OperationLocks {
  /** How many operations hold a key: under a narrow scope two may share an account. */
  readonly #held = new Map<string, number>();

  /** Whether an operation under way is on the same, by this scope. */
  public isHeld(subject: OperationSubject, scope: Scope): boolean {
    return keysOf(subject, scope).some((key) => this.#held.has(key));
  }

  /** Whether an operation under way is on this permission set, in whatever account. */
  public isSetHeld(permissionSetArn: string): boolean {
    return this.#held.has(setKey(permissionSetArn));
  }

  /** Holds all that the operation is on; answers how to let go. */
  public hold(subject: OperationSubject): () => void {
    const keys = [setKey(setOf(subject)), ...SCOPES.flatMap((scope) => keysOf(subject, scope))];
    for (const key of keys) this.#held.set(key, (this.#held.get(key) ?? 0) + 1);
    return () => {
      for (const key of keys) {
        const left = (this.#held.get(key) ?? 1) - 1;
        if (left === 0) this.#held.delete(key);
        else this.#held.set(key, left);
      }
    };
  }
}

/** A provision is on no assignment: by the narrowest scope it only conflicts with a provision of the same role. */
function keysOf(subject: OperationSubject, scope: Scope): readonly string[] {
  const permissionSetArn = setOf(subject);
  return accountsOf(subject).map((accountId) => {
    if (scope === 'account') return `account ${accountId}`;
    if (scope === 'account-and-permission-set') return `role ${accountId} ${permissionSetArn}`;
    if (subject.kind === 'provision') return `provision ${accountId} ${permissionSetArn}`;
    const { principalType, principalId } = subject.assignment;
    return `assignment ${accountId} ${permissionSetArn} ${principalType} ${principalId}`;
  });
}

function setOf(subject: OperationSubject): string {
  return subject.kind === 'provision' ? subject.permissionSetArn : subject.assignment.permissionSetArn;
}

function setKey(permissionSetArn: string): string {
  return `permission set ${permissionSetArn}`;
}
