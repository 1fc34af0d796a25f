import type { Clock } from '../../core/ports/clock';
import type { Random } from '../../core/ports/random';

/** The platform's clock. Locally, the worker that runs the function sees virtual time through the same `Date` and timers. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  after: (ms, ring) => {
    const timer = setTimeout(ring, ms);
    return () => {
      clearTimeout(timer);
    };
  },
};

/** The platform's chance: for jitter, never for secrets. */
export const systemRandom: Random = { next: () => Math.random() };
