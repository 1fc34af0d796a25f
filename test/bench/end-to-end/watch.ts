import type { LocalAppOptions } from '../../../cli/local-app';
import type { Simulator } from '../../../local/identity-center/simulator';
import type { Wish } from './work';

/** An event of an execution, as the local runtime tells it. */
type Transition = Parameters<NonNullable<NonNullable<LocalAppOptions['runtime']>['onTransition']>>[0];

/** Counts what the simulator and the state machines do. Instants are epoch milliseconds. */
export class Watch {
  readonly transitions = new Map<string, number>();
  readonly acceptedAt = new Map<string, number>();
  throttled = 0;
  succeeded = 0;
  #used = 0;
  #most = 0;

  get mostSlots(): number {
    return this.#most;
  }

  /** To be given to the runtime. */
  readonly onTransition = ({ machine, event }: Transition): void => {
    if (!event.type.endsWith('StateEntered')) return;
    this.transitions.set(machine, (this.transitions.get(machine) ?? 0) + 1);
  };

  follow(simulator: Simulator): void {
    simulator.onCall(({ service, outcome }) => {
      if (service === 'sso' && outcome === 'ThrottlingException') this.throttled += 1;
    });
    simulator.onOperation((operation) => {
      if (operation.kind === 'provision') return;
      this.#used += operation.status === 'IN_PROGRESS' ? 1 : -1;
      this.#most = Math.max(this.#most, this.#used);
      const { account, permissionSet, principal } = operation;
      const id = `${account.id} ${permissionSet.name ?? ''} ${principal.name ?? ''}`;
      if (operation.status === 'SUCCEEDED') this.succeeded += 1;
      if (operation.status === 'IN_PROGRESS' && !this.acceptedAt.has(id))
        this.acceptedAt.set(id, operation.at);
    });
  }
}

/** Names an assignment as {@link Watch.acceptedAt} does. */
export function nameOf({ accountId, permissionSet, user }: Wish): string {
  return `${accountId} ${permissionSet} ${user}`;
}
