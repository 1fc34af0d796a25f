import type { GrantStoryName } from '../support/grant-stories';
import { proveGrants } from '../support/prove-grants';
import { ROLLOUT_STORIES } from '../support/rollout-grant-stories';

describe('least privilege of rollouts', () => {
  proveGrants(Object.keys(ROLLOUT_STORIES) as GrantStoryName[]);
});
