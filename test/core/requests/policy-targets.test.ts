import type { AccessPolicy, PolicyRule } from '../../../core/policy/access-policy';
import { decideRequest } from '../../../core/requests/decide-request';
import { resolveRequest } from '../../../core/requests/resolve';
import type { Target } from '../../../core/targets/grammar';
import { pictureOf } from '../../support/fake-pictures';
import { TEST_SETTINGS } from '../../support/test-settings';
import { FIRST, HOUR, NOW, pending, policy, RequestWorld, SECOND, ticket } from './requests';

const [ALLOW, DENY] = policy().rules as [PolicyRule, PolicyRule];

function withTarget({ accounts: _accounts, ...rule }: PolicyRule, target: Target): PolicyRule {
  return { ...rule, target };
}

/** Permits what `allow` means, and forbids what `deny` means. */
function inForce(allow: Target | undefined, deny?: Target) {
  const rules = [
    allow === undefined ? ALLOW : withTarget(ALLOW, allow),
    ...(deny === undefined ? [] : [withTarget(DENY, deny)]),
  ];
  const written: AccessPolicy = { ...policy(), rules };
  return { policy: written, policyHash: 'hash' };
}

type InForce = ReturnType<typeof inForce>;

/** An organization with the first account in `Dev` and the second in `Prod`, and a request for both or for one. */
function worldFor(accounts: readonly string[] = [FIRST], changes: Parameters<typeof ticket>[0] = {}) {
  const world = RequestWorld.with(pending({ ticket: ticket({ accounts, ...changes }) }));
  world.pictures.found = pictureOf([
    { id: FIRST, ou: 'Dev' },
    { id: SECOND, ou: 'Prod' },
  ]);
  world.pictures.at = NOW;
  return world;
}

async function outcomeOf(world: RequestWorld, resolvedBy: InForce, decidedBy = resolvedBy) {
  await resolveRequest(world, TEST_SETTINGS, resolvedBy, 'req-1');
  const settings = { managementAccountId: '111122223333', hostAccountId: '222233334444' };
  await decideRequest(world, { ...decidedBy, settings }, 'req-1');
  const { decision, reason } = await world.request();
  return { effect: decision?.effect, reason };
}

describe('deciding by rules with targets', () => {
  test('permits in the accounts that an allow rule means, and in no other', async () => {
    const dev = inForce([{ ou: 'Dev' }]);

    expect((await outcomeOf(worldFor([FIRST]), dev)).effect).toBe('allow');
    expect((await outcomeOf(worldFor([FIRST, SECOND]), dev)).effect).toBe('deny');
  });

  test('forbids in the accounts that a deny rule means, and in no other', async () => {
    const notInProd = inForce(undefined, [{ ou: 'Prod' }]);

    expect((await outcomeOf(worldFor([FIRST]), notInProd)).effect).toBe('allow');
    expect((await outcomeOf(worldFor([SECOND]), notInProd)).reason).toBe(
      `rule not-there forbids ReadOnlyAccess for user alice@example.com in account ${SECOND}`,
    );
  });

  test('asks for no picture where no rule that concerns the request has a target', async () => {
    const plain = worldFor();
    await outcomeOf(plain, inForce(undefined));
    const others = worldFor();
    const rule = { ...withTarget(DENY, [{ ou: 'Prod' }]), permissionSets: ['Administrator'] };
    await outcomeOf(others, { policy: { ...policy(), rules: [ALLOW, rule] }, policyHash: 'hash' });

    expect(plain.pictures.asked).toEqual([]);
    expect(others.pictures.asked).toEqual([]);
    expect((await others.request()).resolved).not.toHaveProperty('policyTargets');
  });

  test('reads tags for those accounts of the request alone of which a rule depends on them', async () => {
    const world = worldFor([FIRST, SECOND]);
    world.pictures.tagsOf = { [FIRST]: { env: 'dev' } };

    const { effect } = await outcomeOf(world, inForce([{ ou: 'Prod' }, { tag: { env: 'dev' } }]));

    expect(effect).toBe('allow');
    expect(world.pictures.asked).toEqual([
      { what: 'picture', youngerThanMs: 15 * 60_000 },
      { what: `tags of ${FIRST}`, youngerThanMs: 15 * 60_000 },
    ]);
  });

  test.each<[string, InForce, RegExp]>([
    ['an allow rule', inForce([{ ou: 'Nowhere' }]), /^no rule permits .*read-anywhere.*unit Nowhere/],
    ['a deny rule', inForce(undefined, [{ ou: 'Nowhere' }]), /^rule not-there forbids .*unit Nowhere/],
    ['a name in a deny rule', inForce(undefined, [{ accountName: 'gone' }]), /forbids .*has the name gone/],
  ])('permits nothing by %s whose target names what is not there', async (_case, basis, reason) => {
    const world = worldFor();

    expect(await outcomeOf(world, basis)).toEqual({
      effect: 'deny',
      reason: expect.stringMatching(reason) as string,
    });
    expect(world.pictures.asked.map(({ youngerThanMs }) => youngerThanMs)).toEqual([15 * 60_000, 60_000]);
  });

  test('permits nothing by an allow rule, and forbids by a deny rule, where nothing is known of the organization', async () => {
    for (const basis of [inForce([{ all: true }]), inForce(undefined, [{ ou: 'Prod' }])]) {
      const world = worldFor();
      world.pictures.found = undefined;
      expect(await outcomeOf(world, basis)).toMatchObject({
        effect: 'deny',
        reason: expect.stringContaining('nothing is known') as string,
      });
    }
  });

  test('takes nothing from what was worked out for another policy', async () => {
    const basis = inForce([{ ou: 'Dev' }]);
    const { effect, reason } = await outcomeOf(worldFor(), basis, { ...basis, policyHash: 'another' });

    expect(effect).toBe('deny');
    expect(reason).toContain('the access policy was deployed anew meanwhile, send the request again');
  });

  test('does not know where an account is that is in no listing yet, and looks for it once more', async () => {
    const world = worldFor();
    world.pictures.found = pictureOf([{ id: SECOND, ou: 'Prod' }]);

    const { reason } = await outcomeOf(world, inForce(undefined, [{ ou: 'Prod' }]));

    expect(reason).toContain(`account ${FIRST} was not in the listing of the organization`);
    expect(world.pictures.asked).toHaveLength(2);
  });

  test('decides a later start by where its accounts are then', async () => {
    const world = worldFor([FIRST], { startsAt: NOW + HOUR, expiresAt: NOW + 5 * HOUR });
    const notInProd = inForce(undefined, [{ ou: 'Prod' }]);
    expect((await outcomeOf(world, notInProd)).effect).toBe('allow');

    world.clock.advance(HOUR);
    world.pictures.found = pictureOf([{ id: FIRST, ou: 'Prod' }]);

    expect((await outcomeOf(world, notInProd)).effect).toBe('deny');
    expect((await world.request()).resolved?.accounts).toEqual([FIRST]);
  });

  test('says in the story that the picture was stale', async () => {
    const world = worldFor();
    world.pictures.isStale = true;
    await outcomeOf(world, inForce([{ ou: 'Dev' }]));

    expect((await world.words()).join('\n')).toContain('Organizations could not be reached since');
  });
});
