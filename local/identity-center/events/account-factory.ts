import type { Random } from '../../../core/ports/random';
import type { LocalClock } from '../../clock/local-clock';
import { drawLatency } from '../latency';
import type { OrganizationChange } from '../listeners';
import type { World } from '../world';
import type { ManagedAccountEvent } from './control-tower-drafts';
import type { EventSettings } from './event-settings';

/** What an account factory is made of. */
export interface AccountFactoryParts {
  readonly clock: LocalClock;
  readonly random: Random;
  readonly settings: EventSettings;
  readonly world: World;
  /** Takes the account when AWS Control Tower has it ready. */
  readonly tell: (event: ManagedAccountEvent) => void;
}

/** AWS Control Tower's Account Factory, as far as others see it: a new account that was moved to its unit is ready some time later. */
export class AccountFactory {
  readonly #parts: AccountFactoryParts;
  /** Created and not moved yet: account ids, and when they were asked for. */
  readonly #created = new Map<string, number>();

  public constructor(parts: AccountFactoryParts) {
    this.#parts = parts;
  }

  public see(change: OrganizationChange): void {
    const { clock, random, settings, world, tell } = this.#parts;
    if (settings.accountFactory === 'none') return;
    if (change.kind === 'account-created') this.#created.set(change.accountId, change.requestedAt);
    if (change.kind !== 'account-moved') return;
    const { accountId } = change;
    const requestedAt = this.#created.get(accountId);
    if (requestedAt === undefined || !this.#created.delete(accountId)) return;
    const at = change.at + drawLatency(settings.accountFactoryLatency, random);
    clock.at(at, () => {
      // Somebody may have taken it out of the organization by then.
      if (world.account(accountId) === undefined) return;
      tell({ event: 'CreateManagedAccount', accountId, state: 'SUCCEEDED', requestedAt, at });
    });
  }
}
