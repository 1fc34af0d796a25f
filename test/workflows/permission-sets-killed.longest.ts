import { Transitions, stopExecution } from '../support/adversary';
import { RolloutStory } from '../support/rollout-story';

/** Kills of one story: each costs it up to two minutes, until the lease of the dead function is over. */
const MOST_KILLS = 12;

describe('a rollout that is killed', () => {
  const transitions = new Transitions();
  let story: RolloutStory;
  let expected: readonly unknown[];

  beforeAll(async () => {
    story = await RolloutStory.start({ onTransition: transitions.hear });
    expected = await story.tell();
  });

  afterAll(async () => {
    await story.stop();
  });

  test.each([5, 7, 11])(
    'ends as one that lives where its functions die at every %ith call of the admin API',
    async (every) => {
      const { lambda, simulator } = story.world.app.runtime;
      const rollout = lambda
        .functions()
        .filter(({ name }) => /(Apply|Plan|LookAt|Report)\w*Rollout/.test(name));
      let calls = 0;
      let kills = 0;
      const end = simulator.onCall(({ service }) => {
        calls += service === 'sso' ? 1 : 0;
        if (service !== 'sso' || calls % every !== 0 || kills >= MOST_KILLS) return;
        for (const { name } of rollout) kills += lambda.killWorkers(name) > 0 ? 1 : 0;
      });

      const ends = await story.tell();
      end();

      expect(kills).toBeGreaterThanOrEqual(MOST_KILLS);
      expect(ends).toEqual(expected);
    },
  );

  test.each(['Look at the rollout', 'Plan', 'Apply next set', 'Report', 'Wait'])(
    'ends as one that lives where its execution is stopped in the middle of %s',
    async (state) => {
      let stopped = 0;
      const ends: Promise<void>[] = [];
      const end = transitions.on(({ executionArn, event: { details } }) => {
        const { stateEnteredEventDetails } = details;
        if (stateEnteredEventDetails?.name !== state || !executionArn.includes('rollout') || stopped >= 3)
          return;
        stopped += 1;
        ends.push(stopExecution(story.world.app, executionArn));
      });

      const seen = await story.tell();
      end();
      await Promise.all(ends);

      expect(stopped).toBe(3);
      expect(seen).toEqual(expected);
    },
  );
});
