import type { DirectoryEntry } from '../../../core/ports/directory';
import { resolveRequest } from '../../../core/requests/resolve';
import { keyOf } from '../../support/dispatcher-world';
import { TEST_SETTINGS } from '../../support/test-settings';
import { FIRST, HOUR, IN_FORCE, NOW, RequestWorld, SECOND, decided, pending, ticket } from './requests';

describe('resolving a request', () => {
  test('pins what the names mean, and the accounts that are active', async () => {
    const world = RequestWorld.with(pending({ ticket: ticket({ accounts: [FIRST, SECOND] }) }));
    world.states.set(SECOND, 'SUSPENDED');

    const next = await resolveRequest(world, TEST_SETTINGS, IN_FORCE, 'req-1');

    expect(next).toBe('decide');
    expect((await world.request()).resolved).toMatchObject({
      principal: { type: 'USER', id: keyOf().principalId },
      permissionSet: { arn: keyOf().permissionSetArn },
      accounts: [FIRST],
    });
    expect(await world.requests.reports('req-1')).toEqual([
      {
        accountId: SECOND,
        status: 'skipped',
        reason: 'the account is SUSPENDED',
        endedAt: NOW,
        assignmentVersion: 0,
      },
    ]);
  });

  test('fails where no account is left, and each account says why', async () => {
    const world = RequestWorld.with(pending());
    world.states.clear();

    const next = await resolveRequest(world, TEST_SETTINGS, IN_FORCE, 'req-1');

    expect(next).toBe('announceEnd');
    expect(await world.request()).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(/^none of the accounts can be granted/) as string,
    });
    expect((await world.requests.reports('req-1'))[0]?.reason).toBe('the account is not in the organization');
  });

  test('fails with the name and a remedy where it means nothing', async () => {
    const world = RequestWorld.with(
      pending({ ticket: ticket({ principal: { by: 'user', value: 'alcie@example.com' } }) }),
    );

    await resolveRequest(world, TEST_SETTINGS, IN_FORCE, 'req-1');

    expect((await world.request()).reason).toBe(
      'principal: user alcie@example.com was not found in the directory, check the spelling',
    );
  });

  test('refuses a name that means two people, and names both ids', async () => {
    const world = RequestWorld.with(pending());
    world.users.set('alice@example.com', [
      { id: 'id-1', name: 'alice@example.com' },
      { id: 'id-2', name: 'alice', email: 'alice@example.com' },
    ]);

    await resolveRequest(world, TEST_SETTINGS, IN_FORCE, 'req-1');

    expect((await world.request()).reason).toMatch(/is ambiguous \(id-1, id-2\), name the one that is meant/);
  });

  test('fails for a user who is disabled', async () => {
    const world = RequestWorld.with(pending());
    world.users.set('alice@example.com', [{ id: keyOf().principalId, name: 'alice', isDisabled: true }]);

    await resolveRequest(world, TEST_SETTINGS, IN_FORCE, 'req-1');

    expect(await world.request()).toMatchObject({
      status: 'failed',
      reason: 'principal: the user alice is disabled, have it enabled, or ask for somebody else',
    });
  });

  test.each<readonly [string, DirectoryEntry[], RegExp]>([
    [
      'disabled',
      [{ id: keyOf().principalId, name: 'alice', isDisabled: true }],
      /alice@example.com is disabled/,
    ],
    ['deleted', [], /^principal: the user alice@example.com was deleted meanwhile$/],
  ])('fails at its start for a user who was %s while it waited', async (_what, entries, reason) => {
    const world = RequestWorld.with(pending({ ticket: ticket({ startsAt: NOW + HOUR }) }));
    await resolveRequest(world, TEST_SETTINGS, IN_FORCE, 'req-1');
    world.users.set('alice@example.com', entries);

    const next = await resolveRequest(world, TEST_SETTINGS, IN_FORCE, 'req-1');

    expect(next).toBe('announceEnd');
    expect(await world.request()).toMatchObject({ status: 'failed' });
    expect((await world.request()).reason).toMatch(reason);
  });

  test('fails where the permission set does not exist', async () => {
    const world = RequestWorld.with(
      pending({ ticket: ticket({ permissionSet: { by: 'name', value: 'Nope' } }) }),
    );

    await resolveRequest(world, TEST_SETTINGS, IN_FORCE, 'req-1');

    expect((await world.request()).reason).toBe('permission set Nope does not exist, check its name');
  });

  test('keeps the person who was pinned when the name means somebody else later', async () => {
    const world = RequestWorld.with(pending());
    await resolveRequest(world, TEST_SETTINGS, IN_FORCE, 'req-1');
    world.users.set('alice@example.com', [{ id: 'id-of-another', name: 'alice@example.com' }]);

    await resolveRequest(world, TEST_SETTINGS, IN_FORCE, 'req-1');

    expect((await world.request()).resolved?.principal.id).toBe(keyOf().principalId);
  });

  test('asks for nothing once leases are open', async () => {
    const world = RequestWorld.with(decided([FIRST], { status: 'active', grantingSince: NOW }));
    world.states.clear();

    expect(await resolveRequest(world, TEST_SETTINGS, IN_FORCE, 'req-1')).toBe('decide');
    expect((await world.request()).status).toBe('active');
  });

  test('goes to the end where a person has ended it before', async () => {
    const world = RequestWorld.with(pending({ revocation: { at: NOW, by: 'somebody' } }));

    expect(await resolveRequest(world, TEST_SETTINGS, IN_FORCE, 'req-1')).toBe('announceEnd');
    expect((await world.request()).resolved).toBeUndefined();
  });

  test('stops, and leaves the request open, where the organization cannot be asked', async () => {
    const world = RequestWorld.with(pending());
    const organization = { accountState: () => Promise.reject(new Error('throttled')) };
    const ports = Object.assign(Object.create(world) as RequestWorld, { organization });

    await expect(resolveRequest(ports, TEST_SETTINGS, IN_FORCE, 'req-1')).rejects.toThrow('throttled');
    expect((await world.request()).status).toBe('pending');
  });

  test('names a request that is not in the ledger', async () => {
    await expect(resolveRequest(new RequestWorld(), TEST_SETTINGS, IN_FORCE, 'req-9')).rejects.toThrow(
      'request req-9 is not in the ledger: nothing can be done for it',
    );
  });
});
