import type { EventEnvelope } from '../../../local/events/event-envelope';
import type { SimulatorSettings } from '../../../local/identity-center/settings';
import { createTestWorld, type TestWorld } from './support';

/** A simulator, and the events that arrived, in the order of their arrival. */
export interface EventWorld extends TestWorld {
  readonly arrived: EventEnvelope[];
  /** The only event of this name. */
  event(name: string): EventEnvelope;
  names(): string[];
}

/** Events have no lag unless the test gives them one; `pass(0)` lets arrive what is due. */
export function createEventWorld(settings: Partial<SimulatorSettings> = {}, seed = 1): EventWorld {
  const world = createTestWorld({ eventLag: { kind: 'fixed', seconds: 0 }, ...settings }, seed);
  const arrived: EventEnvelope[] = [];
  world.simulator.onCloudEvent((event) => arrived.push(event));
  const nameOf = (event: EventEnvelope): unknown => event.detail.eventName ?? event['detail-type'];
  return {
    ...world,
    arrived,
    event: (name) => {
      const [event, ...others] = arrived.filter((one) => nameOf(one) === name);
      expect(others).toEqual([]);
      if (event === undefined) throw new Error(`no ${name} among ${arrived.map(nameOf).join(', ')}`);
      return event;
    },
    names: () => arrived.map((one) => String(nameOf(one))),
  };
}

export const UUID: unknown = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
