import type { EffectLook } from '../assignments/assignment';
import { RECOVERY_LOOKS, RECOVERY_MS } from '../assignments/operations';
import type { ProvisionTarget } from '../ports/identity-center';

/** One `ProvisionPermissionSet` on its way; the states are those of an assignment's operation (protocol R). */
export interface ProvisionOperation {
  readonly state: 'INTENT' | 'SUBMITTING' | 'FOLLOWING' | 'RECOVERING';
  readonly plannedAt: number;
  readonly notBefore: number;
  readonly attempts: number;
  /** Which of the askings it serves: the ones up to this were there when it was sent. */
  readonly serves?: number;
  readonly submittedAt?: number;
  readonly requestId?: string;
  readonly acceptedAt?: number;
  readonly looks?: readonly EffectLook[];
  /** Why it waits or failed last, in Identity Center's words. */
  readonly reason?: string;
}

/** How a provision ended. `ADOPTED`: its reply was lost, and no account is left that has an older version. */
export interface ProvisionOutcome {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'ADOPTED';
  readonly requestId?: string;
  /** Identity Center's words, unchanged, where it failed. */
  readonly reason?: string;
  readonly at: number;
  /** The askings up to this one are answered by it. */
  readonly serves: number;
}

/**
 * All that the ledger knows of bringing one permission set up to date in one account, or in every account that has it. What is
 * asked for while one is under way may concern a later version of the set: another one follows.
 */
export interface Provision {
  readonly target: ProvisionTarget;
  /** Counts the writes; 0: not in the ledger yet. */
  readonly version: number;
  /** How often it was asked for. */
  readonly asked: number;
  readonly operation?: ProvisionOperation;
  /** How the last one ended. */
  readonly outcome?: ProvisionOutcome;
  /** Request ids that were accepted for this target, the last ones. */
  readonly requestIds: readonly string[];
}

/** Request ids that are kept with a target. */
const KEPT_REQUEST_IDS = 20;

/** A target that the ledger does not know yet. */
export function unknownProvision(target: ProvisionTarget): Provision {
  return { target, version: 0, asked: 0, requestIds: [] };
}

/** Asks for one more. One that waits serves this asking too. */
export function askFor(provision: Provision, now: number): Provision {
  return planned({ ...provision, asked: provision.asked + 1 }, now);
}

/** Protocol R, step 2: durable before the call. */
export function submittingProvision(
  provision: Provision,
  operation: ProvisionOperation,
  now: number,
): Provision {
  const sent: ProvisionOperation = {
    ...operation,
    state: 'SUBMITTING',
    submittedAt: now,
    serves: provision.asked,
  };
  return { ...provision, operation: sent };
}

/** The service gave a request id, or a search found the one of a lost reply. */
export function acceptedProvision(
  provision: Provision,
  operation: ProvisionOperation,
  requestId: string,
  acceptedAt = operation.submittedAt ?? operation.plannedAt,
): Provision {
  const { reason: _waitedFor, looks: _searched, ...open } = operation;
  const before = provision.requestIds.filter((id) => id !== requestId);
  return {
    ...provision,
    requestIds: [...before, requestId].slice(-KEPT_REQUEST_IDS),
    operation: { ...open, state: 'FOLLOWING', requestId, acceptedAt },
  };
}

/** Nothing was started, or it failed for a reason that may pass: it waits. */
export function waitingAgain(
  provision: Provision,
  operation: ProvisionOperation,
  reason: string,
  notBefore: number,
): Provision {
  const { requestId: _ended, submittedAt: _sent, acceptedAt: _taken, looks: _seen, ...open } = operation;
  const attempts = operation.attempts + 1;
  return { ...provision, operation: { ...open, state: 'INTENT', reason, notBefore, attempts } };
}

/** The reply was lost, or the id is not known any more. */
export function recoveringProvision(provision: Provision, operation: ProvisionOperation): Provision {
  return { ...provision, operation: { ...operation, state: 'RECOVERING', looks: [] } };
}

/** Adds a look for a lost one; `isUpToDate`: no account is left with an older version. */
export function lookedForProvision(
  operation: ProvisionOperation,
  isUpToDate: boolean,
  now: number,
): { readonly operation: ProvisionOperation; readonly isOver: boolean } {
  const looks = [...(operation.looks ?? []), { at: now, exists: isUpToDate }].slice(-20);
  const first = looks[0]?.at ?? now;
  return {
    operation: { ...operation, looks },
    isOver: looks.length >= RECOVERY_LOOKS && now - first >= RECOVERY_MS,
  };
}

/** It is over; whoever asked since it was sent gets another one. */
export function endedProvision(
  provision: Provision,
  operation: ProvisionOperation,
  status: ProvisionOutcome['status'],
  now: number,
  reason?: string,
): Provision {
  const outcome: ProvisionOutcome = {
    status,
    at: now,
    serves: operation.serves ?? provision.asked,
    ...(operation.requestId === undefined ? {} : { requestId: operation.requestId }),
    ...(reason === undefined ? {} : { reason }),
  };
  const { operation: _over, ...rest } = provision;
  return planned({ ...rest, outcome }, now);
}

/** Names a target: the set's id, and the account or `all`. */
export function describeTarget({ permissionSetArn, accountId = 'all' }: ProvisionTarget): string {
  return `${permissionSetArn.split('/').at(-1) ?? permissionSetArn}/${accountId}`;
}

function planned(provision: Provision, now: number): Provision {
  if (provision.operation !== undefined || provision.asked <= (provision.outcome?.serves ?? 0))
    return provision;
  return {
    ...provision,
    operation: { state: 'INTENT', plannedAt: now, notBefore: now, attempts: 0 },
  };
}
