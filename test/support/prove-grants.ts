import type { AccessTexts } from './access-folder';
import { GrantWorld, type NamedGrant, grantNamed, grantsOf } from './grant-world';
import { GRANT_STORIES, NOT_CALLED_LOCALLY, STORY_OF_GRANT, type GrantStoryName } from './grant-stories';

/** Actions that need more than these stories, with who has them. */
const ACTIONS_OF_OTHERS: Readonly<Record<string, string>> = {
  'AdvanceOperations ProvisionPermissionSets sso:ListAccountsForProvisionedPermissionSet':
    'provisions.longest.ts, where a reply is lost and the list has too much to find it in',
  ...Object.fromEntries(
    ['AdvanceBaseline', 'AdvanceReconciliation', 'NoticeChange', 'PlanAccess', 'ResolveRequest'].map(
      (role) => [
        `${role} ListUnits organizations:ListAccountsForParent`,
        'organization-listing.test.ts, where accounts are listed without their paths',
      ],
    ),
  ),
};

/**
 * Takes each grant away whose story is among these, and plays the story without it. Tests, for a file of its own.
 * @param access - what is deployed. @default - as it is synthesized
 */
// eslint-disable-next-line jest/no-export -- the tests of several files, each of which takes too long for CI
export function proveGrants(stories: readonly GrantStoryName[], access?: AccessTexts): void {
  const before = { ...process.env };
  const found: Partial<Record<GrantStoryName, string[]>> = {};
  let used: ReadonlySet<string>;
  let world: GrantWorld;

  beforeAll(async () => {
    world = await GrantWorld.start(access);
    for (const name of stories) found[name] = await play(name);
    used = new Set(world.used());
  });

  afterAll(async () => {
    process.env = before;
    await world.stop();
  });

  function isOurs(grant: string): boolean {
    const story = STORY_OF_GRANT[grant];
    return story !== undefined && stories.includes(story);
  }

  /** What was wrong, an error of the story itself included: without a grant it may not get far. */
  async function play(name: GrantStoryName): Promise<string[]> {
    try {
      return await GRANT_STORIES[name](world);
    } catch (error) {
      return [error instanceof Error ? error.message : String(error)];
    }
  }

  /** Plays a story without a grant; answers whether it suffered from the refusal. */
  async function suffers(grant: NamedGrant, story: GrantStoryName): Promise<boolean> {
    world.forget();
    const giveBack = world.app.runtime.authorization.without(grant);
    const complaints = await play(story);
    giveBack();
    const refused = world.decided.some(({ role, answer }) => role === grant.role && answer === 'denied');
    // A dispatcher that was kept from its work is replaced after two minutes.
    await world.app.advance('PT3M');
    return complaints.length > 0 && refused;
  }

  test('with all its grants every story is as it should be', () => {
    expect(found).toEqual(Object.fromEntries(stories.map((name) => [name, []])));
  });

  test('every action that a role is allowed is used by a story', () => {
    const actions = grantsOf(world.app)
      .filter(({ name, sid }) => isOurs(name) && !NOT_CALLED_LOCALLY.has(sid))
      .flatMap(({ name, actions: each }) => each.map((action) => `${name} ${action}`));
    expect(actions.filter((action) => !used.has(action)).sort()).toEqual(
      Object.keys(ACTIONS_OF_OTHERS)
        .filter((action) => isOurs(action.replace(/ [^ ]+$/, '')))
        .sort(),
    );
  });

  test.each(stories.filter((story) => Object.values(STORY_OF_GRANT).includes(story)))(
    '%s: not without any of its grants',
    async (story) => {
      const grants = Object.keys(STORY_OF_GRANT).filter((name) => STORY_OF_GRANT[name] === story);
      const needless: string[] = [];
      for (const name of grants)
        if (!(await suffers(grantNamed(world.app, name), story))) needless.push(name);

      expect(needless).toEqual([]);
      // What the stories before have left behind is not what went wrong in them.
      expect(await play(story)).toEqual([]);
    },
  );
}
