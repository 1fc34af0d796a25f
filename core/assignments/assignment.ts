/**
 * The words of the ledger's assignment items: who may have what, why, and which operation is on its way.
 * All instants are epoch milliseconds, UTC.
 */

/** Kinds of principals, as Identity Center writes them. */
export type PrincipalType = 'USER' | 'GROUP';

/** Identity Center's (account, permission set, principal) triple. */
export interface AssignmentKey {
  /** Twelve digits. */
  readonly accountId: string;
  readonly permissionSetArn: string;
  readonly principalType: PrincipalType;
  /** The identity store's id of the user or group. */
  readonly principalId: string;
}

/** How one asynchronous operation went, as Identity Center told it. */
export interface OperationTrace {
  /** Identity Center's request id; absent where a lost reply was resolved by its effect. */
  readonly requestId?: string;
  readonly status: 'SUCCEEDED' | 'FAILED' | 'ADOPTED' | 'UNCHANGED';
  /** Identity Center's words, unchanged, where it failed. */
  readonly reason?: string;
  readonly at: number;
}

/**
 * One reason why an assignment should exist. It counts while `from ≤ now < until`, unless it was closed before; a closed
 * claim stays as a tombstone until its `until`, so that a late step cannot open it again.
 */
export interface Claim {
  /** A lease's id is its request's id. */
  readonly id: string;
  /** `lease`: time-bound, from a request. `baseline`: from a rule. `standing`: it was there before Latchkey. */
  readonly kind: 'lease' | 'baseline' | 'standing';
  readonly from: number;
  /** Exclusive; null for a claim without an end of its own. */
  readonly until: number | null;
  readonly openedAt: number;
  /** Of how many accounts its request or rule is a part; absent: of this one. */
  readonly accounts?: number;
  /** Its turn among those of the same account in its batch, from 0: up to four with one permission set share a turn, and a look. */
  readonly rank?: number;
  /** When the assignment was first proved to exist while this claim counted. */
  readonly grantedAt?: number;
  readonly closedAt?: number;
  /** Why it was closed, in words for the requester. */
  readonly closedBecause?: string;
  /** How it was closed, where that was not its owner's wish. */
  readonly lostBy?: 'failure' | 'removal';
  /** When it was proved that this claim no longer holds the assignment up: gone, or held by other claims. */
  readonly endedAt?: number;
  readonly endedAs?: 'revoked' | 'kept' | 'never granted';
  /** What holds the assignment up where it was kept. */
  readonly keptBy?: Claim['kind'];
  /** The create and the delete that served this claim. */
  readonly creation?: OperationTrace;
  readonly deletion?: OperationTrace;
}

/** One look at the effect while an unknown outcome is being resolved. */
export interface EffectLook {
  readonly at: number;
  readonly exists: boolean;
}

/**
 * One piece of work on an assignment. States (protocol R):
 * - `INTENT`: waiting until `notBefore`; nothing was sent.
 * - `SUBMITTING`: written before the call; whether it was accepted is not yet known.
 * - `FOLLOWING`: accepted; Identity Center's status has not ended yet.
 * - `CONFIRMING`: Identity Center said that it is done; the effect has not been read back yet.
 * - `RECOVERING`: the reply was lost; the effect is watched until it is stable.
 */
export interface Operation {
  readonly kind: 'create' | 'delete' | 'look';
  readonly state: 'INTENT' | 'SUBMITTING' | 'FOLLOWING' | 'CONFIRMING' | 'RECOVERING';
  /** Numbers the submissions: one generation is sent once, and sent again only where it was refused. */
  readonly generation: number;
  readonly plannedAt: number;
  readonly notBefore: number;
  /** How often it was put back to wait. */
  readonly attempts: number;
  readonly submittedAt?: number;
  /** Identity Center's request id, once it is known, and when its answer came. */
  readonly requestId?: string;
  readonly acceptedAt?: number;
  /** Its reply was lost, and it was found in Identity Center's lists: its effect is read back whatever the status says. */
  readonly isAdopted?: boolean;
  /** When `CONFIRMING` began. */
  readonly confirmingSince?: number;
  readonly looks?: readonly EffectLook[];
  /** Why it waits or failed last, in Identity Center's words. */
  readonly reason?: string;
}

/** Everything that Latchkey knows of one assignment: one item, changed by one conditional write at a time. */
export interface Assignment {
  readonly key: AssignmentKey;
  /** Counts the writes; a write names the version that it read. 0: not in the ledger yet. */
  readonly version: number;
  /** By claim id; at most {@link MAX_CLAIMS}. */
  readonly claims: Readonly<Record<string, Claim>>;
  /** What the last proved look showed. */
  readonly seen?: EffectLook;
  /** A look that contradicts `seen` soon after an own operation: believed when a second one agrees. */
  readonly doubt?: EffectLook;
  /** An own create was sent and absence has not been proved since: it must be deleted even if no look shows it. */
  readonly mayExist?: boolean;
  /** A create whose reply was lost, and that showed no effect, may still work until then: what appears is Latchkey's own. */
  readonly strayUntil?: number;
  /** A delete whose reply was lost, and that showed no effect, may still work until then: what is seen may vanish. */
  readonly lostDeleteUntil?: number;
  /** When an own operation last ended. */
  readonly ownOperationAt?: number;
  readonly generation: number;
  readonly operation?: Operation;
  /** Request ids that were accepted for this assignment, the last {@link KEPT_REQUEST_IDS}: what is found again is not a lost one. */
  readonly requestIds?: readonly string[];
  /** Ids of requests whose report about this assignment is out of date. */
  readonly toTell: readonly string[];
  /** When to look at this item again without being told: the backstop of everything else. */
  readonly lookAt?: number;
}

/** An assignment has room for this many claims; each is about 300 bytes, an item has 400 KB. */
export const MAX_CLAIMS = 50;

/** An operation takes seconds, and a lost one is searched for among those of the last minutes. */
export const KEPT_REQUEST_IDS = 20;

/** An assignment that the ledger does not know yet. */
export function unknownAssignment(key: AssignmentKey): Assignment {
  return { key, version: 0, claims: {}, generation: 0, toTell: [] };
}

/** One line for logs and errors; ids only. */
export function describeKey(key: AssignmentKey): string {
  const permissionSet = key.permissionSetArn.split('/').at(-1) ?? key.permissionSetArn;
  return `${key.accountId}/${permissionSet}/${key.principalType}/${key.principalId}`;
}
