import { changeAssignment } from '../../../core/assignments/change';
import { openClaim } from '../../../core/assignments/claims';
import { wakeDispatcher } from '../../../core/dispatcher/control';
import { type HealPorts, healPrincipal } from '../../../core/healing/heal-principal';
import type { DirectoryEntry } from '../../../core/ports/directory';
import { DispatcherWorld, keyOf } from '../../support/dispatcher-world';

const HOUR = 60 * 60_000;
const { principalId: ID } = keyOf();
const USER = { type: 'USER', id: ID } as const;
const NEVER = Number.POSITIVE_INFINITY;

/** The domain in memory, with a directory that has one user until a test says otherwise. */
class HealWorld extends DispatcherWorld {
  /** What the directory answers. */
  answer: () => Promise<DirectoryEntry | undefined> = () => Promise.resolve({ id: ID, name: 'frank' });

  get healPorts(): HealPorts {
    const directory = { user: () => this.answer(), group: () => this.answer() };
    return Object.assign(Object.create(this) as this, { directory, finder: this.assignments });
  }

  async openRule(key = keyOf()): Promise<void> {
    await changeAssignment(this, key, (present, now) =>
      openClaim(present, { id: 'baseline:read', kind: 'baseline', from: now, until: null, openedAt: now }),
    );
    await wakeDispatcher(this, this.clock.now());
  }

  deleteUser(): void {
    this.answer = () => Promise.resolve(undefined);
  }
}

describe('healing a principal', () => {
  test('ends leases of a deleted user as ended, with the reason, once the delete was read back', async () => {
    const world = new HealWorld();
    await world.open('req-1', HOUR);
    await world.drain();
    world.deleteUser();

    const healing = await healPrincipal(world.healPorts, USER, NEVER);
    const before = (await world.requests.reports('req-1'))[0];
    await world.drain();

    expect(healing).toEqual({ outcome: 'healed', changed: 1 });
    expect(before?.status).toBe('granted');
    expect(world.exists()).toBe(false);
    expect((await world.requests.reports('req-1'))[0]).toMatchObject({
      status: 'ended',
      endedAs: 'revoked',
      reason: 'the user was deleted',
      deletion: { status: 'SUCCEEDED' },
    });
  });

  test('ends a lease that Identity Center has forgotten already, after a look has proved it', async () => {
    const world = new HealWorld();
    await world.open('req-1', HOUR);
    await world.drain();
    world.deleteUser();
    world.identityCenter.rows.clear();

    await healPrincipal(world.healPorts, USER, NEVER);
    await world.drain();

    expect((await world.requests.reports('req-1'))[0]).toMatchObject({
      status: 'ended',
      reason: 'the user was deleted',
    });
    expect((await world.assignment()).seen?.exists).toBe(false);
  });

  test('closes a lease that has not begun, and the claims of rules', async () => {
    const world = new HealWorld();
    await world.open('req-1', HOUR, keyOf(1), HOUR);
    await world.openRule(keyOf(2));
    await world.drain();
    world.deleteUser();

    await healPrincipal(world.healPorts, USER, NEVER);
    await world.drain();

    expect((await world.requests.reports('req-1'))[0]).toMatchObject({
      status: 'ended',
      endedAs: 'never granted',
      reason: 'the user was deleted',
    });
    expect(world.exists(keyOf(2))).toBe(false);
    expect((await world.assignment(keyOf(2))).claims).toEqual({});
  });

  test('names a group as what it is', async () => {
    const world = new HealWorld();
    const key = { ...keyOf(), principalType: 'GROUP', principalId: 'group-1' } as const;
    await world.open('req-1', HOUR, key);
    await world.drain();
    world.deleteUser();

    await healPrincipal(world.healPorts, { type: 'GROUP', id: 'group-1' }, NEVER);
    await world.drain();

    expect((await world.requests.reports('req-1'))[0]?.reason).toBe('the group was deleted');
  });

  test('leaves what stood before, and another principal’s leases, alone', async () => {
    const world = new HealWorld();
    const other = { ...keyOf(2), principalId: 'somebody-else' };
    world.identityCenter.rows.add(`${keyOf().accountId}/ps-aaaabbbbccccdddd/USER/${ID}`);
    await world.open('req-1', HOUR);
    await world.open('req-2', HOUR, other);
    await world.drain();
    world.deleteUser();

    await healPrincipal(world.healPorts, USER, NEVER);
    await world.drain();

    expect(world.exists()).toBe(true);
    expect((await world.requests.reports('req-1'))[0]).toMatchObject({ endedAs: 'kept', keptBy: 'standing' });
    expect((await world.requests.reports('req-2'))[0]?.status).toBe('granted');
  });

  test('heals nothing where the user is there', async () => {
    const world = new HealWorld();
    await world.open('req-1', HOUR);
    await world.drain();

    expect(await healPrincipal(world.healPorts, USER, NEVER)).toEqual({ outcome: 'there', changed: 0 });
    expect((await world.assignment()).claims['req-1']?.closedAt).toBeUndefined();
  });

  test.each(['KMS key is disabled', 'InternalServerException', 'no answer'])(
    'heals nothing where the directory answers with an error: %s',
    async (message) => {
      const world = new HealWorld();
      await world.open('req-1', HOUR);
      await world.drain();
      world.answer = () => Promise.reject(new Error(message));

      await expect(healPrincipal(world.healPorts, USER, NEVER)).rejects.toThrow(message);

      expect((await world.assignment()).claims['req-1']?.closedAt).toBeUndefined();
    },
  );

  test('stops at its deadline, and goes on when it is asked again', async () => {
    const world = new HealWorld();
    const keys = Array.from({ length: 25 }, (_, index) => keyOf(index + 1));
    for (const key of keys) await world.open('req-1', HOUR, key);
    await world.drain();
    world.deleteUser();
    const { healPorts } = world;
    const deadline = world.clock.now() + 1;
    const read = world.assignments.read.bind(world.assignments);
    world.assignments.read = (key) => {
      world.clock.advance(1);
      return read(key);
    };

    const first = await healPrincipal(healPorts, USER, deadline);
    const second = await healPrincipal(healPorts, USER, NEVER);
    const third = await healPrincipal(healPorts, USER, NEVER);
    await world.drain();

    expect(first).toEqual({ outcome: 'more', changed: 10 });
    expect(second).toEqual({ outcome: 'healed', changed: 15 });
    expect(third).toEqual({ outcome: 'healed', changed: 0 });
    expect(world.identityCenter.rows.size).toBe(0);
  });

  test('wakes the dispatcher for what was closed before the ledger failed', async () => {
    const world = new HealWorld();
    for (const n of [1, 2]) await world.open('req-1', HOUR, keyOf(n));
    await world.drain();
    world.deleteUser();
    const { healPorts } = world;
    const read = world.assignments.read.bind(world.assignments);
    world.assignments.read = (key) =>
      key.accountId === keyOf(2).accountId ? Promise.reject(new Error('no answer')) : read(key);

    await expect(healPrincipal(healPorts, USER, NEVER)).rejects.toThrow('no answer');
    world.assignments.read = read;

    expect(world.dispatcher.record.running).toBe(true);
    await world.drain();
    expect(world.exists(keyOf(1))).toBe(false);
    expect(world.exists(keyOf(2))).toBe(true);
  });
});
