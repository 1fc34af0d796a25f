import { ACCESS_OF_BASELINE_STORIES, BASELINE_STORIES } from '../support/baseline-grant-stories';
import type { GrantStoryName } from '../support/grant-stories';
import { proveGrants } from '../support/prove-grants';

describe('least privilege of baselines', () => {
  proveGrants(Object.keys(BASELINE_STORIES) as GrantStoryName[], ACCESS_OF_BASELINE_STORIES);
});
