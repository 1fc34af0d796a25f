import type { AssignmentKey, Claim } from '../assignments/assignment';
import { type ChangePorts, changeAssignment } from '../assignments/change';
import { openRuleClaim } from '../assignments/rule-claims';

/**
 * Opens the claims of rules on an assignment again that ended since somebody else took it away; the dispatcher has to be woken. Answers
 * whether there was any.
 */
export async function restoreRuleClaims(ports: ChangePorts, key: AssignmentKey): Promise<boolean> {
  let isAny = false as boolean;
  await changeAssignment(ports, key, (present, now) => {
    const lost = Object.values(present.claims).filter(
      ({ kind, lostBy }) => kind === 'baseline' && lostBy === 'removal',
    );
    isAny = lost.length > 0;
    if (!isAny) return undefined;
    return lost.reduce((assignment, { id, accounts, rank }) => {
      const again: Claim = {
        id,
        kind: 'baseline',
        from: now,
        until: null,
        openedAt: now,
        ...(accounts === undefined ? {} : { accounts }),
        ...(rank === undefined ? {} : { rank }),
      };
      return openRuleClaim(assignment, again, 'restore');
    }, present);
  });
  return isAny;
}
