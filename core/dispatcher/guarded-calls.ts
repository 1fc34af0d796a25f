import type { Clock } from '../ports/clock';
import { CallRefusedError, type IdentityCenter } from '../ports/identity-center';
import type { Lessons } from './lessons';
import type { Pace } from './pace';

/** A call that was not sent, since its pass was over when its turn came. */
const PASS_IS_OVER = {
  name: 'PassIsOver',
  message: 'the pass ended before the call was sent',
  fault: 'client',
} as const;

/**
 * Identity Center, each call and each page in its turn, and none after `lastCallAt` (epoch ms): the function must not die in the
 * middle of it. Tries that are repeated by themselves are counted afterwards, and `lessons` hears why they had to be.
 */
export function guardedCalls(
  identityCenter: IdentityCenter,
  pace: Pace,
  clock: Clock,
  lastCallAt: number,
  lessons?: Pick<Lessons, 'refused'>,
): IdentityCenter {
  identityCenter.onRepeat = (refusal) => {
    // It has been sent: what comes next waits for it.
    pace.charge();
    lessons?.refused(refusal);
  };
  const turn = async (): Promise<void> => {
    await pace.turn();
    if (clock.now() > lastCallAt) throw new CallRefusedError(PASS_IS_OVER);
  };
  const inTurn = async <T>(call: () => Promise<T>): Promise<T> => {
    await turn();
    return call();
  };
  return {
    createAssignment: (key) => inTurn(() => identityCenter.createAssignment(key)),
    deleteAssignment: (key) => inTurn(() => identityCenter.deleteAssignment(key)),
    provision: (target) => inTurn(() => identityCenter.provision(target)),
    describe: (call, requestId) => inTurn(() => identityCenter.describe(call, requestId)),
    inProgress: (call) => inTurn(() => identityCenter.inProgress(call, turn)),
    operationsPage: (call, from) => inTurn(() => identityCenter.operationsPage(call, from)),
    assignees: (place) => inTurn(() => identityCenter.assignees(place, turn)),
    staleAccounts: (permissionSetArn) => inTurn(() => identityCenter.staleAccounts(permissionSetArn, turn)),
  };
}
