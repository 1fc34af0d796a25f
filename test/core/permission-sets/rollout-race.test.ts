import * as fc from 'fast-check';
import { changesTo } from '../../../core/permission-sets/differences';
import {
  type PermissionSetDefinition,
  definitionHash,
  wantedContents,
} from '../../../core/permission-sets/definition';
import { type RolloutScope, isInScope } from '../../../core/permission-sets/rollout';
import { type RaceEvent, RolloutRace } from '../../support/rollout-race';
import { RolloutWorld, definition } from '../../support/rollout-world';

const policies = (...names: string[]): string[] => names.map((name) => `arn:aws:iam::aws:policy/${name}`);

/** What is deployed first, and what may be deployed later. */
const VERSIONS: readonly (readonly PermissionSetDefinition[])[] = [
  [
    definition('A', { awsManagedPolicies: policies('One', 'Two'), relayState: 'https://first/' }),
    definition('B', { description: 'First' }),
    definition('C'),
  ],
  [
    definition('A', { awsManagedPolicies: policies('Three', 'Two'), sessionDuration: 'PT2H' }),
    definition('B', { description: 'Second', awsManagedPolicies: policies('One') }),
    definition('D', { awsManagedPolicies: policies('One') }),
  ],
  [
    definition('A', { inlinePolicy: '{"Statement":[],"Version":"2012-10-17"}' }),
    definition('C', { tags: { team: 'x' } }),
    definition('D', { permissionsBoundary: { awsManagedPolicy: 'arn:aws:iam::aws:policy/One' } }),
  ],
];

/** The first version is rolled out; two accounts have A, one has B and C. */
async function before(): Promise<RolloutWorld> {
  const world = new RolloutWorld();
  world.definitions = VERSIONS[0] ?? [];
  await world.rollOut();
  for (const [name, ...accounts] of [
    ['A', '444455556666', '555566667777'],
    ['B', '444455556666'],
    ['C', '555566667777'],
  ] as const) {
    const set = world.service.named(name);
    for (const id of accounts) {
      set?.accounts.set(id, set.version);
      set?.assignees.set(id, [{ principalType: 'USER', principalId: `user-${id}` }]);
    }
  }
  return world;
}

const scope = fc.oneof(
  fc.constant<RolloutScope>({}),
  fc.constantFrom<RolloutScope>({ verify: 'report' }, { verify: 'correct' }),
  fc.subarray(['A', 'B', 'C', 'D'], { minLength: 1 }).map((names): RolloutScope => ({ names })),
);

/** A rollout of this world makes some 60 to 150 calls. */
const call = fc.nat(250);
const asking = fc.record({ call, kind: fc.constant('ask' as const), scope });
const event: fc.Arbitrary<RaceEvent> = fc.oneof(
  { weight: 3, arbitrary: asking },
  { weight: 2, arbitrary: fc.record({ call, kind: fc.constantFrom('sweep' as const, 'twice' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ call, kind: fc.constant('deploy' as const), version: fc.nat(2) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      call,
      kind: fc.constant('death' as const),
      when: fc.constantFrom('before' as const, 'after' as const),
      kills: fc.constantFrom('function' as const, 'execution' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      call,
      kind: fc.constantFrom('slow' as const, 'stall' as const),
      seconds: fc.integer({ min: 1, max: 400 }),
    }),
  },
);

/** Askings, and whatever else happens on the way; two askings come at the very beginning. */
const events = fc
  .tuple(scope, scope, fc.array(event, { maxLength: 9 }))
  .map(([one, other, rest]): RaceEvent[] => [
    { call: 0, kind: 'ask', scope: one },
    { call: 0, kind: 'ask', scope: other },
    ...rest,
  ]);

/** Whether a plan does all that was asked. */
function serves(done: RolloutScope, wanted: RolloutScope): boolean {
  if (wanted.names !== undefined) return wanted.names.every((name) => done.names?.includes(name) === true);
  const isEvery = ['A', 'B', 'C', 'D'].every((name) => isInScope(done, name));
  return (
    isEvery && (wanted.verify === undefined || done.verify === 'correct' || done.verify === wanted.verify)
  );
}

/** What is not as the definitions that were deployed last want it. */
function unlike({ service, sets, definitions }: RolloutWorld): string[] {
  const found: string[] = [];
  for (const each of definitions) {
    const set = service.named(each.name);
    if (set === undefined) {
      found.push(`${each.name} is not there`);
      continue;
    }
    if (changesTo(wantedContents(each), set.contents).length > 0) found.push(`${each.name} differs`);
    if ([...set.accounts.values()].some((version) => version < set.version))
      found.push(`an account of ${each.name} is behind`);
    if (sets.items.get(each.name)?.applied !== definitionHash(each)) found.push(`${each.name} is not noted`);
  }
  for (const { name } of service.sets.values())
    if (!definitions.some((each) => each.name === name)) found.push(`${name} is still there`);
  for (const { name, task, provisioning, trouble } of sets.items.values())
    if (task !== undefined || provisioning !== undefined || trouble !== undefined)
      found.push(`something is left to do with ${name}`);
  return found;
}

/** What a race left behind that must not be. */
function complaints(race: RolloutRace): string[] {
  const { world, workers, asked, runs } = race;
  const { running, run, pending } = world.rolloutItem.record;
  return [
    ...race.violations,
    ...workers
      .filter((each, index) => workers.indexOf(each) < index)
      .map((each) => `${each} was interrupted`),
    ...asked
      .filter((each) => !runs.some(({ plan, scope: done }) => plan > each.plans && serves(done, each.scope)))
      .map((each) => `nobody served ${JSON.stringify(each)}`),
    ...(race.working > 0 || running ? ['an execution works still'] : []),
    ...(run !== undefined || pending !== undefined ? ['something is left to do'] : []),
    ...unlike(world),
  ];
}

describe('rollouts that are asked for at one time', () => {
  test('are never at work at once, serve everybody, and bring the sets to the last definitions, whoever dies', async () => {
    let most = 0;
    let deaths = 0;
    await fc.assert(
      fc.asyncProperty(
        events,
        fc.array(fc.nat(999), { minLength: 20, maxLength: 200 }),
        async (happens, choices) => {
          const race = new RolloutRace(await before(), VERSIONS, happens, choices);

          await race.play();

          most = Math.max(most, race.mostWorking);
          deaths += happens.filter(({ kind }) => kind === 'death').length;
          expect(complaints(race)).toEqual([]);
        },
      ),
      { numRuns: 120 },
    );
    expect(most).toBeGreaterThan(1);
    expect(deaths).toBeGreaterThan(50);
  });
});
