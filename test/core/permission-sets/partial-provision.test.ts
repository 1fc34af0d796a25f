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

const COUNTS = ACCOUNTS.map((_, index) => index + 1);

/** So many of the accounts, whichever. */
function some(count: number): fc.Arbitrary<string[]> {
  return fc.subarray(ACCOUNTS, { minLength: count, maxLength: count });
}

/** Of each number, so many choices. */
const RUNS = { numRuns: 6 };

describe('B25: a provision of all accounts that fails', () => {
  test.each(COUNTS)(
    'in %i of 6 accounts keeps the outcome of each, and brings the others up to date',
    async (count) => {
      await fc.assert(
        fc.asyncProperty(some(count), async (failing) => {
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
        RUNS,
      );
    },
  );

  test.each(COUNTS)(
    'in %i of 6 accounts is made good in those alone, once they can be provisioned',
    async (count) => {
      await fc.assert(
        fc.asyncProperty(some(count), async (failing) => {
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
        RUNS,
      );
    },
  );
});
