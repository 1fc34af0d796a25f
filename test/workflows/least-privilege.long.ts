import type { NamedGrant } from '../support/grant-world';
import { GrantWorld, grantNamed, grantsOf } from '../support/grant-world';
import {
  GRANT_STORIES,
  NOT_CALLED_LOCALLY,
  STORY_OF_GRANT,
  type GrantStoryName,
} from '../support/grant-stories';

/** Actions that need more than these stories, with who has them. */
const ACTIONS_OF_OTHERS: Readonly<Record<string, string>> = {
  'AdvanceOperations ProvisionPermissionSets sso:ListAccountsForProvisionedPermissionSet':
    'provisions.long.ts, where a reply is lost and the list has too much to find it in',
};

describe('least privilege', () => {
  const before = { ...process.env };
  const found: Partial<Record<GrantStoryName, string[]>> = {};
  let used: ReadonlySet<string>;
  let world: GrantWorld;

  beforeAll(async () => {
    world = await GrantWorld.start();
    for (const name of Object.keys(GRANT_STORIES) as GrantStoryName[]) found[name] = await play(name);
    used = new Set(world.used());
  });

  afterAll(async () => {
    process.env = before;
    await world.stop();
  });

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
    expect(found).toEqual(Object.fromEntries(Object.keys(GRANT_STORIES).map((name) => [name, []])));
  });

  test('every action that a role is allowed is used by a story', () => {
    const actions = grantsOf(world.app)
      .filter(({ sid }) => !NOT_CALLED_LOCALLY.has(sid))
      .flatMap(({ name, actions: each }) => each.map((action) => `${name} ${action}`));
    expect(actions.filter((action) => !used.has(action)).sort()).toEqual(
      Object.keys(ACTIONS_OF_OTHERS).sort(),
    );
  });

  test.each([...new Set(Object.values(STORY_OF_GRANT))])(
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
});
