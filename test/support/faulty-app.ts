import type { FaultEffect } from '../../local/identity-center/faults';
import type { SimulatorSettings } from '../../local/identity-center/settings';
import { QUICK, Witness } from './adversary';
import { type Place, placeAt, placesOf, ticketFor } from './places';
import { type SeenRequest, TestApp } from './test-app';

/** An error that a call is answered with instead of being carried out. */
export const error = (
  name: string,
  more: { statusCode?: number; members?: Record<string, unknown> } = {},
): FaultEffect => ({
  error: name,
  message: 'on purpose',
  ...more,
});

/** A request of a test, and where it wants access. */
export interface Story {
  readonly place: Place;
  readonly id: string;
}

/** One app; its stories come one after the other, each in a place of its own. */
export class FaultyApp {
  readonly #places: readonly Place[];
  #stories = 0;

  private constructor(
    readonly app: TestApp,
    readonly witness: Witness,
    readonly events: { readonly type: string; readonly requestId: string }[],
  ) {
    this.#places = ['alice', 'carol', 'dave'].flatMap((user) =>
      placesOf(app).map((place) => ({ ...place, user })),
    );
  }

  static async start(simulator: Partial<SimulatorSettings> = {}): Promise<FaultyApp> {
    const app = await TestApp.start({ ticks: 'all', simulator: { ...QUICK, ...simulator } });
    const events: { type: string; requestId: string }[] = [];
    app.runtime.events.events.onEvent(({ event }) => {
      const { requestId } = event.detail as { requestId?: string };
      events.push({ type: event['detail-type'], requestId: requestId ?? '' });
    });
    return new FaultyApp(app, new Witness(app), events);
  }

  fail(operation: string, effect: FaultEffect, times = 1): void {
    this.app.runtime.simulator.failNext({ operation, effect, times });
  }

  /** Where the next story asks for access: chosen among what was free at the start, so that no two stories meet. */
  nextPlace(): Place {
    return placeAt(this.#places, this.#stories);
  }

  async ask(duration: string): Promise<Story> {
    const place = this.nextPlace();
    this.#stories += 1;
    return { place, id: await this.app.ask(ticketFor(place, { duration })) };
  }

  has({ place }: Story): boolean {
    return this.app.has(place.user, place.permissionSet, place.account);
  }

  operations({ place }: Story): string[] {
    const { user, permissionSet, account } = place;
    return this.witness.of(user, permissionSet, account).map(({ kind, status }) => `${kind} ${status}`);
  }

  /** Milliseconds from the end of the lease to the end of the access; negative where it was taken away early. */
  async lateness({ id, place }: Story): Promise<number> {
    const { until = '' } = await this.app.request(id);
    const last = this.witness.of(place.user, place.permissionSet, place.account).at(-1);
    return (last?.endedAt ?? Infinity) - Date.parse(until);
  }

  async account(story: Story): Promise<SeenRequest['accounts']['items'][number] | undefined> {
    return (await this.app.request(story.id)).accounts.items[0];
  }

  async stop(): Promise<void> {
    await this.app.stop();
  }
}
