import type { Assignment, AssignmentKey, Claim } from '../assignments/assignment';
import { describeKey } from '../assignments/assignment';
import { type ChangePorts, changeAssignment } from '../assignments/change';
import { TooManyClaimsError } from '../assignments/claims';
import { closeRuleClaim, openRuleClaim } from '../assignments/rule-claims';
import type { AccountLook } from './look-at-account';
import type { WantedClaim } from './wanted-claims';

/** A claim of a rule that stands in the ledger. */
export interface RuleClaim {
  readonly key: AssignmentKey;
  readonly claim: Claim;
}

/** What brings the claims of an account to what the rules want there. */
export interface ClaimDifference {
  readonly open: readonly WantedClaim[];
  /** Open claims that no rule wants: the guard counts them. */
  readonly close: readonly RuleClaim[];
  /** What a rule lost and does not want any more. */
  readonly forget: readonly RuleClaim[];
  /** Claims of rules that stay, open ones. */
  readonly kept: number;
}

const PREFIX = 'baseline:';

/** All claims of rules on these assignments. */
export function ruleClaimsOf(assignments: readonly Assignment[]): RuleClaim[] {
  return assignments.flatMap(({ key, claims }) =>
    Object.values(claims)
      .filter(({ kind }) => kind === 'baseline')
      .map((claim) => ({ key, claim })),
  );
}

/** The name of the rule that a claim is of. */
export function ruleOf({ id }: Pick<Claim, 'id'>): string {
  return id.startsWith(PREFIX) ? id.slice(PREFIX.length) : id;
}

/**
 * What is to be opened and closed in an account. Claims of a rule of which nobody knows what it means here stay as they are.
 * @param assignments all of the account that the ledger has
 */
export function claimDifference(
  { wanted, undecided, keepsAll }: Pick<AccountLook, 'wanted' | 'undecided' | 'keepsAll'>,
  assignments: readonly Assignment[],
): ClaimDifference {
  const present = ruleClaimsOf(assignments);
  const byPlace = new Map(present.map((each) => [placeOf(each.key, each.claim.id), each.claim]));
  const wantedPlaces = new Set(wanted.map(({ key, claimId }) => placeOf(key, claimId)));
  const unwanted = present.filter(
    ({ key, claim }) =>
      !keepsAll && !wantedPlaces.has(placeOf(key, claim.id)) && !undecided.includes(ruleOf(claim)),
  );
  const open = wanted.filter(({ key, claimId, mode }) => {
    const claim = byPlace.get(placeOf(key, claimId));
    if (claim === undefined) return true;
    return claim.closedAt !== undefined && (claim.lostBy !== 'removal' || mode === 'enforce');
  });
  const isOpen = ({ claim }: RuleClaim): boolean => claim.closedAt === undefined;
  const close = unwanted.filter(isOpen);
  return {
    open,
    close,
    forget: unwanted.filter((each) => !isOpen(each) && each.claim.lostBy !== undefined),
    kept: present.filter(isOpen).length - close.length,
  };
}

/** Opens claims: one read and one write each, and the guard is not asked. */
export async function openClaims(ports: ChangePorts, claims: readonly WantedClaim[]): Promise<void> {
  for (const { key, claimId, rank, mode } of claims) {
    await changeAssignment(ports, key, (present, now) => {
      const claim: Claim = { id: claimId, kind: 'baseline', from: now, until: null, openedAt: now, rank };
      const next = openRuleClaim(present, claim, mode === 'enforce' ? 'restore' : 'leave');
      return next === present ? undefined : next;
    }).catch((error: unknown) => {
      // Full of others' claims: the account's other claims, and all other accounts, do not wait for that.
      if (!(error instanceof TooManyClaimsError)) throw error;
    });
  }
}

/** Closes claims that no rule wants any more, or forgets what they lost. */
export async function closeClaims(ports: ChangePorts, claims: readonly RuleClaim[]): Promise<void> {
  for (const { key, claim } of claims) {
    await changeAssignment(ports, key, (present, now) => {
      const because = `rule ${ruleOf(claim)} does not give it in this account any more`;
      const next = closeRuleClaim(present, claim.id, now, because);
      return next === present ? undefined : next;
    });
  }
}

function placeOf(key: AssignmentKey, claimId: string): string {
  return `${describeKey(key)} ${claimId}`;
}
