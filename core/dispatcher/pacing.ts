import type { Clock } from '../ports/clock';
import type { IdentityCenter } from '../ports/identity-center';

/** Calls a second that a pass allows itself: the service takes 20 over all admin APIs and all callers. */
export const CALLS_PER_SECOND = 18;

/** Spreads calls evenly: the n-th of a burst waits for its turn, none is refused. */
export class Pace {
  #nextAt = 0;

  constructor(
    private readonly clock: Clock,
    private readonly perSecond = CALLS_PER_SECOND,
  ) {}

  /** Resolves when the next call may be sent. */
  async turn(): Promise<void> {
    const now = this.clock.now();
    const at = Math.max(now, this.#nextAt);
    this.#nextAt = at + 1000 / this.perSecond;
    if (at > now) await this.clock.sleep(at - now);
  }
}

/** Identity Center, each of its calls in its turn. */
export function paced(identityCenter: IdentityCenter, pace: Pace): IdentityCenter {
  return {
    createAssignment: async (key) => (await pace.turn(), identityCenter.createAssignment(key)),
    deleteAssignment: async (key) => (await pace.turn(), identityCenter.deleteAssignment(key)),
    describe: async (kind, requestId) => (await pace.turn(), identityCenter.describe(kind, requestId)),
    assignmentExists: async (key) => (await pace.turn(), identityCenter.assignmentExists(key)),
  };
}
