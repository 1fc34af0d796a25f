import { OWNER_TAG, type PermissionSetContents } from '../../../core/permission-sets/definition';
import type { FakeSet } from '../../support/fake-permission-sets';
import { type Death, RolloutWorld, definition } from '../../support/rollout-world';

const policy = (name: string): string => `arn:aws:iam::aws:policy/${name}`;

/** Every part of it changes, but for what is in both: `Kept`, the relay state, the tag `keep`. */
const BEFORE = definition('Changed', {
  description: 'Before',
  sessionDuration: 'PT2H',
  relayState: 'https://example.com/kept',
  tags: { keep: 'yes', old: 'x' },
  awsManagedPolicies: [policy('Kept'), policy('Old')],
  customerManagedPolicies: [{ name: 'KeptToo', path: '/' }],
  inlinePolicy: '{"Statement":[],"Version":"2012-10-17"}',
});
const AFTER = definition('Changed', {
  description: 'After',
  sessionDuration: 'PT4H',
  relayState: 'https://example.com/kept',
  tags: { keep: 'yes', new: 'y' },
  awsManagedPolicies: [policy('Kept'), policy('New')],
  customerManagedPolicies: [{ name: 'KeptToo', path: '/' }],
  permissionsBoundary: { awsManagedPolicy: policy('Boundary') },
});

/** A world in which one set is to be changed, one made, one taken over, one taken away, and one left alone. */
async function worldBefore(): Promise<RolloutWorld> {
  const world = new RolloutWorld();
  world.definitions = [BEFORE, definition('Gone'), definition('Same')];
  await world.rollOut();
  for (const name of ['Changed', 'Gone']) {
    const set = world.service.named(name);
    for (const id of ['444455556666', '555566667777']) {
      set?.accounts.set(id, set.version);
      set?.assignees.set(id, [{ principalType: 'USER', principalId: `user-${id}` }]);
    }
  }
  world.service.add('Adopted', { awsManagedPolicies: [policy('Old')] }, ['444455556666']);
  world.service.add('Foreign', { awsManagedPolicies: [policy('Old')] });
  world.definitions = [
    AFTER,
    definition('Same'),
    definition('New', { awsManagedPolicies: [policy('New')], relayState: 'https://example.com/new' }),
    definition('Adopted', { adopt: true, awsManagedPolicies: [policy('New')] }),
    definition('Foreign', { awsManagedPolicies: [policy('New')] }),
  ];
  world.calls = 0;
  world.events.length = 0;
  return world;
}

/** The sets of the service, their accounts up to date or not, and what the ledger believes. */
function state(world: RolloutWorld) {
  return {
    sets: [...world.service.sets.values()]
      .map(({ name, contents, version, accounts }) => ({
        name,
        contents,
        behind: [...accounts].filter(([, its]) => its < version).map(([id]) => id),
      }))
      .sort((one, other) => (one.name < other.name ? -1 : 1)),
    ledger: [...world.sets.items.values()]
      .map(({ name, applied, task, provisioning, accounts, deletedAt, result }) => ({
        name,
        applied,
        task,
        provisioning,
        stale: accounts?.stale ?? 0,
        isDeleted: deletedAt !== undefined,
        isFailure: result?.outcome === 'failed',
      }))
      .sort((one, other) => (one.name < other.name ? -1 : 1)),
    // One provision of all accounts does it; singly it would take hours in a large organization.
    provisionedSingly: [...world.provisionItems.items.values()].filter(
      ({ target }) => target.accountId !== undefined,
    ).length,
    isRunning: world.rolloutItem.record.running,
  };
}

/** What must hold at every moment, whoever dies. */
function violations(world: RolloutWorld): string[] {
  const found: string[] = [];
  world.service.onChange = (set) => found.push(...lacking(set));
  return found;
}

function lacking({ name, contents }: FakeSet): string[] {
  if (name !== 'Changed') return name === 'Same' || name === 'Foreign' ? [`${name} was touched`] : [];
  const { awsManagedPolicies, customerManagedPolicies, relayState, tags }: PermissionSetContents = contents;
  return [
    ...(awsManagedPolicies.includes(policy('Kept')) ? [] : ['a policy that stays was detached']),
    ...(customerManagedPolicies.length === 1 ? [] : ['a policy reference that stays was detached']),
    ...(relayState === 'https://example.com/kept' ? [] : ['the relay state was lost']),
    ...(tags.keep === 'yes' && tags[OWNER_TAG.key] === OWNER_TAG.value ? [] : ['a tag that stays was lost']),
  ];
}

describe('a rollout that is killed', () => {
  let calls: number;
  let expected: ReturnType<typeof state>;

  beforeAll(async () => {
    const world = await worldBefore();
    await world.rollOut();
    calls = world.calls;
    expected = state(world);
  });

  test('has a story in which something happens to every set', () => {
    expect(calls).toBeGreaterThan(100);
    expect(expected.sets.map(({ name }) => name)).toEqual(['Adopted', 'Changed', 'Foreign', 'New', 'Same']);
    expect(expected.sets.filter(({ behind }) => behind.length > 0)).toEqual([]);
    expect(expected.ledger.filter(({ isFailure }) => isFailure)).toEqual([]);
  });

  test.each(['function', 'execution'] as const)(
    'ends as one that lives, and loses nothing on the way, when its %s dies at any call',
    async (kills) => {
      for (let call = 1; call <= calls; call += 1) {
        for (const when of ['before', 'after'] as const) {
          const death: Death = { call, when, kills };
          const world = await worldBefore();
          const found = violations(world);
          world.killAt = death;

          await world.rollOut();
          // Whoever asked may have died before anybody heard of it: the sweep finds that other definitions are deployed.
          await world.clock.sleep(200_000);
          await world.due();
          await world.run();

          expect({ death, found, ...state(world) }).toEqual({ death, found: [], ...expected });
        }
      }
    },
  );
});
