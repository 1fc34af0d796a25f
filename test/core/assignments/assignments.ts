import {
  type Assignment,
  type Claim,
  type Operation,
  unknownAssignment,
} from '../../../core/assignments/assignment';
import { keyOf } from '../../support/dispatcher-world';

export const NOW = Date.parse('2026-11-24T08:00:00Z');
export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** A lease of four hours that began at {@link NOW}. */
export function lease(id: string, changes: Partial<Claim> = {}): Claim {
  return { id, kind: 'lease', from: NOW, until: NOW + 4 * HOUR, openedAt: NOW, ...changes };
}

/** The claim of an assignment that was there before Latchkey. */
export function standing(changes: Partial<Claim> = {}): Claim {
  return { id: 'standing', kind: 'standing', from: NOW, until: null, openedAt: NOW, ...changes };
}

/** A create that waits, unless `changes` says otherwise. */
export function operation(changes: Partial<Operation> = {}): Operation {
  return {
    kind: 'create',
    state: 'INTENT',
    generation: 1,
    plannedAt: NOW,
    notBefore: NOW,
    attempts: 0,
    ...changes,
  };
}

/** An assignment with these claims, and whatever else `changes` says of it. */
export function assignment(claims: readonly Claim[] = [], changes: Partial<Assignment> = {}): Assignment {
  return {
    ...unknownAssignment(keyOf()),
    version: 1,
    claims: Object.fromEntries(claims.map((claim) => [claim.id, claim])),
    ...(changes.operation === undefined ? {} : { generation: changes.operation.generation }),
    ...changes,
  };
}
