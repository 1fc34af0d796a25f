import type { Clock } from '../ports/clock';
import type { Instances } from '../ports/instances';
import type { Observer } from '../ports/observer';
import type { Settings } from '../settings/settings';

/** One `ListInstances` an hour: settings change by a deploy, the instance behind them hardly ever. */
const EVERY_MS = 60 * 60_000;

/**
 * Compares the settings that were deployed with the instance that is there, once an hour per environment of the function. A
 * difference means that Latchkey would work on another instance than people use: it is said, and nothing is changed.
 */
export class SettingsCheck {
  #checkedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly ports: {
      readonly instances: Instances;
      readonly clock: Clock;
      readonly observer: Observer;
    },
    private readonly settings: Pick<Settings, 'instanceArn' | 'identityStoreId'>,
  ) {}

  async run(): Promise<void> {
    const { instances, clock, observer } = this.ports;
    if (clock.now() - this.#checkedAt < EVERY_MS) return;
    this.#checkedAt = clock.now();
    try {
      const seen = await instances.list();
      const own = seen.find(({ instanceArn }) => instanceArn === this.settings.instanceArn);
      if (own?.identityStoreId === this.settings.identityStoreId) return;
      observer.warn('settings differ', { instanceArn: this.settings.instanceArn, seen: seen.length });
    } catch (cause) {
      observer.warn('settings were not checked', {}, cause);
    }
  }
}
