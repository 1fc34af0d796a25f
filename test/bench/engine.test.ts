import { chanceFor } from './engine/chance';
import { EventHeap } from './engine/event-heap';
import { VirtualTime } from './engine/virtual-time';

describe('virtual time', () => {
  test('runs events by their instant, and those of one instant in the order of planning', async () => {
    // GIVEN events that were planned out of order
    const time = new VirtualTime();
    const ran: string[] = [];
    for (const [ms, name] of [
      [30, 'late'],
      [10, 'first'],
      [10, 'second'],
      [0, 'at once'],
    ] as const) {
      time.after(ms, () => ran.push(`${name} at ${time.elapsed()}`));
    }

    // WHEN time runs
    await time.run();

    // THEN they happened in the order of time
    expect(ran).toEqual(['at once at 0', 'first at 10', 'second at 10', 'late at 30']);
  });

  test('lets every promise go on before the next event', async () => {
    // GIVEN one who goes on over a long chain of promises after an event
    const time = new VirtualTime();
    const ran: string[] = [];
    const slow = async (): Promise<void> => {
      await time.sleep(5);
      for (let step = 0; step < 1_000; step += 1) await Promise.resolve();
      ran.push(`chain at ${time.elapsed()}`);
    };
    const work = slow();
    time.after(6, () => ran.push('next event'));

    // WHEN time runs
    await time.run();
    await work;

    // THEN the chain came to its end at the instant of its event
    expect(ran).toEqual(['chain at 5', 'next event']);
  });

  test('passes over what was taken back, without moving to its instant', async () => {
    const time = new VirtualTime();
    const ran: string[] = [];
    const takeBack = time.after(1_000, () => ran.push('taken back'));
    time.after(10, takeBack);

    await time.run();

    expect({ ran, elapsed: time.elapsed() }).toEqual({ ran: [], elapsed: 10 });
  });

  test('never wakes anybody before the instant that was asked for', async () => {
    const time = new VirtualTime();
    const sleeping = time.sleep(0.2);
    await time.run();
    await sleeping;
    expect(time.elapsed()).toBe(1);
  });

  test('gives ten thousand events back in order', () => {
    // GIVEN events at random instants
    const chance = chanceFor(7, 'heap');
    const heap = new EventHeap();
    for (let order = 0; order < 10_000; order += 1) {
      heap.add({ at: Math.floor(500 * chance.next()), order, run: () => undefined, off: false });
    }

    // WHEN they are taken off
    const taken: number[] = [];
    for (let event = heap.take(); event !== undefined; event = heap.take())
      taken.push(event.at * 10_000 + event.order);

    // THEN none is before the one that came before it
    expect(taken).toEqual([...taken].sort((a, b) => a - b));
    expect(taken).toHaveLength(10_000);
  });
});
