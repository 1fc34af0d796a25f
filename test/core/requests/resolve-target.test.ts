import { resolveRequest } from '../../../core/requests/resolve';
import type { Target } from '../../../core/targets/grammar';
import { accountNumber } from '../../support/organizations';
import { FakePictures, pictureOf } from '../../support/fake-pictures';
import { TEST_SETTINGS } from '../../support/test-settings';
import { FIRST, NOW, RequestWorld, SECOND, pending, ticket, IN_FORCE } from './requests';

/** A world with a request for a target, in an organization of two accounts in `Workloads`. */
function worldFor(target: Target): RequestWorld {
  const world = RequestWorld.with(pending({ ticket: ticket({ accounts: [], target }) }));
  world.pictures.found = pictureOf([
    { id: FIRST, ou: 'Workloads' },
    { id: SECOND, ou: 'Workloads', state: 'SUSPENDED' },
    { id: TEST_SETTINGS.managementAccountId },
  ]);
  world.pictures.at = NOW;
  return world;
}

describe('resolving a request by target', () => {
  test('pins the accounts that can take access, says how old the picture was, and reports the others', async () => {
    const world = worldFor([{ all: true }]);

    expect(await resolveRequest(world, TEST_SETTINGS, IN_FORCE, 'req-1')).toBe('decide');

    expect((await world.request()).resolved).toMatchObject({ accounts: [FIRST], organization: { at: NOW } });
    expect(await world.requests.reports('req-1')).toMatchObject([
      { accountId: SECOND, status: 'skipped', reason: 'the account is SUSPENDED' },
      {
        accountId: TEST_SETTINGS.managementAccountId,
        status: 'skipped',
        reason: 'it is the management account, in which nothing can be granted',
      },
    ]);
    expect(world.pictures.asked).toEqual([{ what: 'picture', youngerThanMs: 15 * 60_000 }]);
  });

  test('reads the tags that it depends on, and is as old as the older of the two', async () => {
    const world = worldFor([{ ou: 'Workloads', except: [{ tag: { env: 'prod' } }] }]);
    world.pictures.tagsOf = { [FIRST]: { env: 'dev' } };

    await resolveRequest(world, TEST_SETTINGS, IN_FORCE, 'req-1');

    expect(world.pictures.asked.map(({ what }) => what)).toEqual(['picture', `tags of ${FIRST}`]);
    expect((await world.request()).resolved?.accounts).toEqual([FIRST]);
  });

  test('says in the story that the picture was stale', async () => {
    const world = worldFor([{ ou: 'Workloads' }]);
    world.pictures.isStale = true;

    await resolveRequest(world, TEST_SETTINGS, IN_FORCE, 'req-1');

    expect((await world.request()).resolved?.organization).toEqual({ at: NOW, isStale: true });
    expect((await world.words()).at(-1)).toMatch(
      /\(by the organization of 2026-11-24T08:00:00.000Z: Organizations could not be reached since\)$/,
    );
  });

  test('looks once more before it says that something is not there: it may have been made just now', async () => {
    const world = worldFor([{ ou: 'New' }]);
    world.pictures.next = pictureOf([{ id: FIRST, ou: 'New' }]);

    await resolveRequest(world, TEST_SETTINGS, IN_FORCE, 'req-1');

    expect((await world.request()).resolved?.accounts).toEqual([FIRST]);
    expect(world.pictures.asked.map(({ youngerThanMs }) => youngerThanMs)).toEqual([15 * 60_000, 60_000]);
  });

  test.each<[string, Target, RegExp]>([
    [
      'every problem',
      [{ ou: 'A' }, { accountName: 'b' }],
      /^target: .*unit A below.*; no account has the name b/,
    ],
    ['no account', [{ accountName: `account-${SECOND}` }], /^none of the accounts can be granted/],
  ])('fails with %s', async (_case, target, reason) => {
    const world = worldFor(target);

    expect(await resolveRequest(world, TEST_SETTINGS, IN_FORCE, 'req-1')).toBe('announceEnd');
    expect(await world.request()).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(reason) as string,
    });
  });

  test('fails where nothing is known of the organization', async () => {
    const world = worldFor([{ ou: 'Workloads' }]);
    world.pictures.found = undefined;

    await resolveRequest(world, TEST_SETTINGS, IN_FORCE, 'req-1');
    expect((await world.request()).reason).toBe('target: nothing is known');
  });

  test('fails where it means more accounts than the setting says, and grants 500 where it says nothing', async () => {
    const world = worldFor([{ all: true }]);
    world.pictures.found = pictureOf(Array.from({ length: 500 }, (_, n) => ({ id: accountNumber(n) })));
    const few = { ...TEST_SETTINGS, mostAccountsPerRequest: 499 };

    await resolveRequest(world, few, IN_FORCE, 'req-1');
    expect((await world.request()).reason).toBe(
      'target: it means 500 accounts, a request may have 499: narrow it, or split it over several requests',
    );

    const other = worldFor([{ all: true }]);
    other.pictures.found = world.pictures.found;
    expect(await resolveRequest(other, TEST_SETTINGS, IN_FORCE, 'req-1')).toBe('decide');
  });

  test('never widens: later runs ask for the states of what was pinned, and no picture', async () => {
    const world = worldFor([{ ou: 'Workloads' }]);
    await resolveRequest(world, TEST_SETTINGS, IN_FORCE, 'req-1');
    world.pictures.found = pictureOf([
      { id: FIRST, ou: 'Workloads' },
      { id: SECOND, ou: 'Workloads' },
    ]);

    await resolveRequest(world, TEST_SETTINGS, IN_FORCE, 'req-1');

    expect((await world.request()).resolved).toMatchObject({ accounts: [FIRST], organization: { at: NOW } });
    expect(world.pictures.asked).toHaveLength(1);
  });

  test('keeps what an execution before it has pinned meanwhile', async () => {
    const world = worldFor([{ ou: 'Workloads' }]);
    const late = Object.assign(Object.create(world) as RequestWorld, {
      pictures: Object.assign(new FakePictures(), {
        picture: async () => {
          await resolveRequest(world, TEST_SETTINGS, IN_FORCE, 'req-1');
          const found = pictureOf([
            { id: FIRST, ou: 'Workloads' },
            { id: SECOND, ou: 'Workloads' },
          ]);
          return { found, at: NOW, isStale: false };
        },
      }),
    });

    await resolveRequest(late, TEST_SETTINGS, IN_FORCE, 'req-1');

    expect((await world.request()).resolved?.accounts).toEqual([FIRST]);
  });
});
