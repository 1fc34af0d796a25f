import fc from 'fast-check';
import { RolloutWorld, definition } from '../../support/rollout-world';

const ACCOUNTS = Array.from({ length: 6 }, (_, index) => String(444_455_550_000 + index));
const READ = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

const reasonIn = (accountId: string): string =>
  `Received a 404 status error: no such policy in ${accountId}.`;

/** A rollout of a change that reaches all accounts but these. */
async function rolledOutExceptIn(failing: readonly string[]): Promise<RolloutWorld> {
  const world = new RolloutWorld();
  world.definitions = [definition('A')];
  await world.rollOut();
  const set = world.service.named('A');
  for (const id of ACCOUNTS) set?.accounts.set(id, set.version);
  for (const id of failing) world.broken.set(id, reasonIn(id));
  world.definitions = [definition('A', { awsManagedPolicies: [READ] })];
  await world.rollOut();
  return world;
}

/** Accounts whose role is not of the latest version. */
function stale(world: RolloutWorld): string[] {
  const set = world.service.named('A');
  return [...(set?.accounts ?? [])].filter(([, version]) => version !== set?.version).map(([id]) => id);
}

const someAccounts = fc.subarray(ACCOUNTS, { minLength: 1 });

describe('B25: a provision of all accounts that fails in some of them', () => {
  test('keeps the outcome of each account, and brings the others up to date', async () => {
    await fc.assert(
      fc.asyncProperty(someAccounts, async (failing) => {
        const world = await rolledOutExceptIn(failing);

        expect(world.sets.items.get('A')).toMatchObject({
          result: { outcome: 'failed' },
          accounts: {
            current: ACCOUNTS.length - failing.length,
            stale: failing.length,
            failed: failing.map((accountId) => ({ accountId, reason: reasonIn(accountId) })),
          },
        });
        expect(stale(world)).toEqual(failing);
      }),
    );
  });

  test('is over once the accounts can be provisioned, with one asking for each that had failed and none for others', async () => {
    await fc.assert(
      fc.asyncProperty(someAccounts, async (failing) => {
        const world = await rolledOutExceptIn(failing);
        const { arn: permissionSetArn = '' } = world.sets.items.get('A') ?? {};

        world.broken.clear();
        await world.rollOut();

        expect(stale(world)).toEqual([]);
        expect(world.sets.items.get('A')).toMatchObject({ accounts: { current: 6, stale: 0, failed: [] } });
        const askings = await Promise.all(
          [undefined, ...ACCOUNTS].map(async (accountId) => {
            const target = { permissionSetArn, ...(accountId === undefined ? {} : { accountId }) };
            return (await world.provisionItems.read(target))?.asked ?? 0;
          }),
        );
        expect(askings).toEqual([1, ...ACCOUNTS.map((id) => (failing.includes(id) ? 2 : 0))]);
      }),
    );
  });
});
