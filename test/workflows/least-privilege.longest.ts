import { GRANT_STORIES, type GrantStoryName } from '../support/grant-stories';
import { proveGrants } from '../support/prove-grants';
import { ROLLOUT_STORIES } from '../support/rollout-grant-stories';

/** Those of rollouts are proved in least-privilege-of-rollouts.longest.ts. */
describe('least privilege', () => {
  proveGrants(
    (Object.keys(GRANT_STORIES) as GrantStoryName[]).filter((name) => !Object.hasOwn(ROLLOUT_STORIES, name)),
  );
});
