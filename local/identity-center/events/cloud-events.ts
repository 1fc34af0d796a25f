import type { Random } from '../../../core/ports/random';
import type { LocalClock } from '../../clock/local-clock';
import { uuidFrom } from '../../clock/seeded-random';
import type { CallEvent, Listeners, OrganizationChange } from '../listeners';
import type { World } from '../world';
import { AccountFactory } from './account-factory';
import { callDrafts } from './call-drafts';
import { consoleDraft, type ConsoleEdit } from './console-drafts';
import { managedAccountDraft, type ManagedAccountEvent } from './control-tower-drafts';
import { EventEmitter } from './event-emitter';
import type { EventSettings } from './event-settings';
import { organizationDraft } from './organization-drafts';

/** What the events are made of. */
export interface CloudEventsParts {
  readonly clock: LocalClock;
  readonly random: Random;
  readonly settings: EventSettings;
  readonly world: World;
  readonly calls: Listeners<CallEvent>;
  readonly changes: Listeners<OrganizationChange>;
}

/** The events that EventBridge has of the three services, of account tags and of AWS Control Tower, by way of CloudTrail. */
export class CloudEvents {
  public readonly emitter: EventEmitter;
  readonly #parts: CloudEventsParts;

  public constructor(parts: CloudEventsParts) {
    const { calls, changes, world, settings } = parts;
    this.#parts = parts;
    this.emitter = new EventEmitter(parts);
    calls.add((call) => {
      for (const draft of callDrafts(call, world, settings)) this.emitter.emit(draft);
    });
    const factory = new AccountFactory({
      ...parts,
      tell: (event) => {
        this.#tellManaged(event);
      },
    });
    changes.add((change) => {
      const draft = organizationDraft(change, world.organization);
      if (draft !== undefined) this.emitter.emit(draft);
      factory.see(change);
    });
  }

  /** Tells what somebody just did in the console. */
  public edited(edit: ConsoleEdit): void {
    const { clock, random, world, settings } = this.#parts;
    const call = { at: clock.now(), requestId: uuidFrom(random) };
    this.emitter.emit(consoleDraft(edit, world, settings, call));
  }

  /**
   * Tells that AWS Control Tower did something to an account just now.
   * @throws Error for an account that is not in the organization
   */
  public controlTower(told: Pick<ManagedAccountEvent, 'event' | 'accountId' | 'state'>): void {
    const at = this.#parts.clock.now();
    this.#tellManaged({ ...told, requestedAt: at, at });
  }

  #tellManaged(event: ManagedAccountEvent): void {
    this.emitter.emit(managedAccountDraft(event, this.#parts.world));
  }
}
