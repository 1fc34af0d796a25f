import { QUICK, Transitions, Witness } from './adversary';
import { type Place, placeAt, placesOf, ticketFor } from './places';
import { TestApp } from './test-app';

/** A request of a test, and where it wants access. */
export interface Asked {
  readonly id: string;
  readonly place: Place;
}

/** One app for stories that leave its functions alone, as starting their workers costs more than most of them. */
export class SurvivalWorld {
  #asked = 0;

  private constructor(
    readonly app: TestApp,
    readonly witness: Witness,
    readonly transitions: Transitions,
  ) {}

  static async start(): Promise<SurvivalWorld> {
    const transitions = new Transitions();
    const app = await TestApp.start({ ticks: 'all', simulator: QUICK, onTransition: transitions.hear });
    return new SurvivalWorld(app, new Witness(app), transitions);
  }

  /** Asks for access in places where nobody has asked before. */
  async ask(count: number, duration: string): Promise<Asked[]> {
    const places = ['alice', 'carol', 'dave'].flatMap((user) =>
      placesOf(this.app).map((place) => ({ ...place, user })),
    );
    const asked: Asked[] = [];
    for (let index = 0; index < count; index += 1) {
      const place = placeAt(places, this.#asked);
      this.#asked += 1;
      asked.push({ id: await this.app.ask(ticketFor(place, { duration })), place });
    }
    return asked;
  }

  has({ place }: Asked): boolean {
    return this.app.has(place.user, place.permissionSet, place.account);
  }
}

/** What is wrong with how requests went, in words; an empty list if each was granted once and taken away once, in time. */
export async function complaints(
  { app, witness }: SurvivalWorld,
  asked: readonly Asked[],
  latestMs: number,
): Promise<string[]> {
  const found = [...witness.overlaps, ...witness.repeats()];
  for (const { id, place } of asked) {
    const { status, until = '' } = await app.request(id);
    const operations = witness.of(place.user, place.permissionSet, place.account);
    const [, deletion] = operations;
    const kinds = operations.map(({ kind, status: ending }) => `${kind} ${ending}`).join(', ');
    const early = (deletion?.acceptedAt ?? Infinity) - Date.parse(until);
    const late = (deletion?.endedAt ?? Infinity) - Date.parse(until);
    const isRight = status === 'ended' && kinds === 'create SUCCEEDED, delete SUCCEEDED';
    if (!isRight || early < 0 || late > latestMs) {
      found.push(`${id} is ${status}: ${kinds}; taken away from ${early} to ${late} ms after its end`);
    }
  }
  return found;
}
