import { BASELINE_STORIES } from '../support/baseline-grant-stories';
import { GRANT_STORIES, type GrantStoryName } from '../support/grant-stories';
import { proveGrants } from '../support/prove-grants';
import { ROLLOUT_STORIES } from '../support/rollout-grant-stories';

/** Those of rollouts and of baselines are proved in files of their own. */
describe('least privilege', () => {
  proveGrants(
    (Object.keys(GRANT_STORIES) as GrantStoryName[]).filter(
      (name) => !Object.hasOwn(ROLLOUT_STORIES, name) && !Object.hasOwn(BASELINE_STORIES, name),
    ),
  );
});
