import { GRANT_STORIES, NOT_CALLED_LOCALLY, STORY_OF_GRANT } from '../support/grant-stories';
import { GrantWorld, grantsOf } from '../support/grant-world';

/** Each grant is taken away in turn in least-privilege.longest.ts, and in those of rollouts and of baselines. */
describe('the grants of the roles', () => {
  let world: GrantWorld;

  beforeAll(async () => {
    world = await GrantWorld.start();
  });

  afterAll(async () => {
    await world.stop();
  });

  test('have each a story that needs it, but for those that nobody uses on the local runtime', () => {
    const names = grantsOf(world.app)
      .filter(({ sid }) => !NOT_CALLED_LOCALLY.has(sid))
      .map(({ name }) => name);
    expect(names.sort()).toEqual(Object.keys(STORY_OF_GRANT).sort());
  });

  test('are used, and nothing is refused, from a ticket to its revocation', async () => {
    world.forget();
    const complaints = await GRANT_STORIES['what is revoked ends in seconds'](world);

    const used = new Set(world.used().map((grant) => grant.replace(/ [^ ]+$/, '')));
    const needed = Object.entries(STORY_OF_GRANT).filter(
      ([, story]) =>
        story === 'a ticket is granted in seconds' || story === 'what is revoked ends in seconds',
    );
    expect(complaints).toEqual([]);
    expect(needed.map(([name]) => name).filter((name) => !used.has(name))).toEqual([]);
    expect(world.decided.filter(({ answer }) => answer !== 'allowed')).toEqual([]);
  });

  test('are what a function has: without one it is refused as the service does', async () => {
    const ledger = grantsOf(world.app).find(({ name }) => name === 'ResolveRequest LedgerItems');
    if (ledger === undefined) throw new Error('the template has no such grant');
    world.forget();
    const giveBack = world.app.runtime.authorization.without({ ...ledger, action: 'dynamodb:GetItem' });
    await world.ask();
    await world.app.advance('PT5S');
    giveBack();

    const lines = world.logged.map(({ line }) => line).join('\n');
    expect(lines).toMatch(
      /AccessDeniedException[^]*User: arn:aws:sts::222233334444:assumed-role\/Latchkey-FunctionsResolveRequestRole\w+\/Latchkey-FunctionsResolveRequestFunction\w+ is not authorized to perform: dynamodb:GetItem on resource: arn:aws:dynamodb:us-east-1:222233334444:table\/Latchkey-\w+ because no identity-based policy allows the dynamodb:GetItem action/,
    );
  });
});
