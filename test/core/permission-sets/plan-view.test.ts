import { OWNER_TAG } from '../../../core/permission-sets/definition';
import { type PlanAnswer, type PlanQuestion, planInDetail } from '../../../core/permission-sets/plan-view';
import { RolloutWorld, definition } from '../../support/rollout-world';

/** As the function has it, whose calls are paced to three a second. */
const BUDGET_MS = 18_000;
const CALL_MS = 334;

const READ = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const OWNED = { [OWNER_TAG.key]: OWNER_TAG.value };

/** An organization with so many sets that the ledger does not know; a few of them carry the owner's tag. */
function worldWith(count: number, isOwned: (index: number) => boolean = () => false): RolloutWorld {
  const world = new RolloutWorld();
  const names = Array.from({ length: count }, (_, index) => `Set-${String(index + 100)}`);
  for (const [index, name] of names.entries()) world.service.add(name, isOwned(index) ? { tags: OWNED } : {});
  world.definitions = names.map((name) => definition(name, { awsManagedPolicies: [READ] })).reverse();
  world.onCall = () => world.clock.sleep(CALL_MS);
  return world;
}

function ask(world: RolloutWorld, question: PlanQuestion = {}): Promise<PlanAnswer> {
  return planInDetail(world.ports, question, { permissionSetsPerAccount: 50 }, world.clock.now() + BUDGET_MS);
}

/** Asks until the names of the sets are known, which every plan after it builds on. */
async function namesKnown(world: RolloutWorld): Promise<void> {
  for (let asked = 0; asked < 50; asked += 1) if ((await ask(world)).isIncomplete !== true) return;
  throw new Error('the names are never known');
}

/** All answers, as a client has them that goes on until nothing is left. */
async function pages(world: RolloutWorld): Promise<PlanAnswer[]> {
  const answers: PlanAnswer[] = [];
  let after: string | undefined;
  do {
    if (answers.length > 50) throw new Error('the plan does not come to its end');
    const answer = await ask(world, after === undefined ? {} : { after });
    answers.push(answer);
    if (answer.isIncomplete !== true) after = answer.next;
  } while (after !== undefined || answers.at(-1)?.isIncomplete === true);
  return answers;
}

describe('a plan of more sets of others than can be asked about in time', () => {
  test('goes on from page to page until every set was told once, and whose it is', async () => {
    const world = worldWith(200, (index) => index % 40 === 7);

    const told = (await pages(world)).flatMap(({ permissionSets }) => permissionSets);

    expect(told.map(({ name }) => name)).toEqual(world.definitions.map(({ name }) => name).reverse());
    const ours = told.filter(({ action }) => action === 'update');
    expect(ours.map(({ name }) => name)).toEqual(['Set-107', 'Set-147', 'Set-187', 'Set-227', 'Set-267']);
    expect(ours.map(({ changes }) => changes)).toEqual(ours.map(() => ['attach ReadOnlyAccess']));
    expect(told.filter(({ action }) => action === 'refuse')).toHaveLength(195);
  });

  test('answers each page in time, and with the quotas of the whole instance', async () => {
    const world = worldWith(120);
    await namesKnown(world);
    const startedAt = world.clock.now();

    const answer = await ask(world);

    expect(world.clock.now() - startedAt).toBeLessThan(BUDGET_MS + 10 * CALL_MS);
    expect(answer.next).toBe(answer.permissionSets.at(-1)?.name);
    expect(answer.permissionSets.length).toBeGreaterThan(10);
    expect(answer.quotas).toMatchObject({ permissionSets: { now: 120, afterwards: 120 } });
  });

  test('reads no tag before the page that is asked for', async () => {
    const world = worldWith(40);
    await namesKnown(world);
    world.service.called.length = 0;

    const { permissionSets, next } = await ask(world, { after: 'Set-137' });

    expect([permissionSets.map(({ name }) => name), next]).toEqual([['Set-138', 'Set-139'], undefined]);
    expect(world.service.called).toEqual(['list', 'read', 'read']);
  });
});
