import { runEpisode, type Successes } from './fuzz-episode';
import { OPERATIONS } from './fuzz-values';

describe('calls made up from the input tables', () => {
  test.each([11, 12, 13, 14])(
    'are answered or refused as a client can understand, and leave a world without contradictions: seed %i (W11)',
    async (seed) => {
      // GIVEN settings, calls and pauses that depend on the seed alone
      const successes: Successes = new Map();

      // WHEN they are made, THEN every answer and what is left in the end is checked
      await runEpisode(seed, 500, successes);

      // AND calls were not refused for being nonsense alone
      expect(successes.size).toBeGreaterThan(OPERATIONS.length / 3);
    },
  );
});
