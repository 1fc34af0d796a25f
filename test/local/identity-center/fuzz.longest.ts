import { nameOf, runEpisode, type Successes } from './fuzz-episode';
import { OPERATIONS } from './fuzz-values';

const EPISODES = 50;
const CALLS = 2000;

describe('a hundred thousand calls made up from the input tables', () => {
  test('are answered or refused as a client can understand, and reach every operation', async () => {
    // GIVEN worlds with settings of their own; another first seed is given with FUZZ_SEED
    const first = Number(process.env.FUZZ_SEED ?? 1000);
    const successes: Successes = new Map();

    // WHEN calls are made, THEN every answer, and what is left of each world, is checked
    for (let episode = 0; episode < EPISODES; episode += 1)
      await runEpisode(first + episode, CALLS, successes);

    // AND no operation was refused each time; another instance is never made
    const never = OPERATIONS.map(([targetPrefix, operation]) => nameOf({ targetPrefix, operation })).filter(
      (name) => !successes.has(name),
    );
    expect(never).toEqual(['SWBExternalService.CreateInstance']);
  });
});
