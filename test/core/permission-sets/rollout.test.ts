import {
  OWNER_TAG,
  type PermissionSetDefinition,
  definitionHash,
} from '../../../core/permission-sets/definition';
import { askForRollout } from '../../../core/permission-sets/steps';
import { AdminCallError } from '../../../core/ports/permission-sets';
import { RolloutWorld, definition } from '../../support/rollout-world';

const OWNED = { [OWNER_TAG.key]: OWNER_TAG.value };
const READ = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const POWER = 'arn:aws:iam::aws:policy/PowerUserAccess';

/** A world in which these definitions have been rolled out. */
async function rolledOut(...definitions: PermissionSetDefinition[]): Promise<RolloutWorld> {
  const world = new RolloutWorld();
  world.definitions = definitions;
  await world.rollOut();
  world.events.length = 0;
  return world;
}

/** Puts roles of a set into accounts, as assignments would. */
function provisionIn(world: RolloutWorld, name: string, ...accounts: string[]): void {
  const set = world.service.named(name);
  for (const id of accounts) set?.accounts.set(id, set.version);
}

function outcomes(world: RolloutWorld): Record<string, string | undefined> {
  return Object.fromEntries(
    [...world.sets.items.values()].map(({ name, result }) => [name, result?.outcome]),
  );
}

describe('a rollout', () => {
  test('creates a set that is not there, whole and tagged', async () => {
    const world = await rolledOut(
      definition('A', {
        description: 'Looks',
        relayState: 'https://example.com',
        awsManagedPolicies: [READ],
      }),
    );
    expect(world.service.named('A')?.contents).toEqual({
      description: 'Looks',
      sessionDuration: 'PT1H',
      relayState: 'https://example.com',
      tags: OWNED,
      awsManagedPolicies: [READ],
      customerManagedPolicies: [],
    });
    expect(outcomes(world)).toEqual({ A: 'created' });
  });

  test('costs no call but the list where nothing has changed', async () => {
    const world = await rolledOut(definition('A'), definition('B'));
    world.service.called.length = 0;
    await world.rollOut();
    expect(world.service.called).toEqual(['list']);
  });

  test('changes only what differs, keeps relay state and duration, and provisions every account once', async () => {
    const before = definition('A', { relayState: 'https://example.com', sessionDuration: 'PT8H' });
    const world = await rolledOut(before);
    provisionIn(world, 'A', '444455556666', '555566667777');
    const sent: string[] = [];
    world.service.onChange = (_set, change) => sent.push(JSON.stringify(change));

    world.definitions = [{ ...before, description: 'Now described' }];
    await world.rollOut();

    expect(sent).toEqual([
      '{"change":"attributes","description":"Now described","sessionDuration":"PT8H","relayState":"https://example.com"}',
    ]);
    expect(world.sets.items.get('A')?.accounts).toMatchObject({ current: 2, stale: 0, failed: [] });
    expect(
      (await world.provisionItems.read({ permissionSetArn: world.service.named('A')?.arn ?? '' }))?.asked,
    ).toBe(1);
  });

  test('leaves a set of the same name alone that others made, and says how to take it over', async () => {
    const world = new RolloutWorld();
    world.service.add('A', { awsManagedPolicies: [POWER] });
    world.definitions = [definition('A')];
    await world.rollOut();
    expect(world.service.named('A')?.contents.awsManagedPolicies).toEqual([POWER]);
    expect(world.sets.items.get('A')?.result).toMatchObject({
      outcome: 'refused',
      reason: expect.stringContaining('adopt: true') as string,
    });
  });

  test('takes a set over where its file says so', async () => {
    const world = new RolloutWorld();
    world.service.add('A', { awsManagedPolicies: [POWER], tags: { team: 'x' } }, ['444455556666']);
    world.definitions = [definition('A', { adopt: true, awsManagedPolicies: [READ] })];
    await world.rollOut();
    expect(world.service.named('A')?.contents).toMatchObject({ tags: OWNED, awsManagedPolicies: [READ] });
    expect(outcomes(world)).toEqual({ A: 'adopted' });
    expect(world.service.named('A')?.accounts.get('444455556666')).toBe(world.service.named('A')?.version);
  });

  test('leaves a set alone that the management account has too', async () => {
    const world = await rolledOut(definition('A'));
    world.service.inManagement.add(world.service.named('A')?.arn ?? '');
    world.definitions = [definition('A', { awsManagedPolicies: [POWER] })];
    await world.rollOut();
    expect(world.service.named('A')?.contents.awsManagedPolicies).toEqual([]);
    expect(world.sets.items.get('A')?.result?.reason).toContain('management account');
  });

  test('takes hold of one of its own that the management account had when the ledger did not know it yet', async () => {
    const world = new RolloutWorld();
    const { arn } = world.service.add('A', { tags: OWNED });
    world.service.inManagement.add(arn);
    world.definitions = [definition('A', { awsManagedPolicies: [POWER] })];
    await world.rollOut();

    world.service.inManagement.clear();
    await world.rollOut();

    expect(outcomes(world)).toEqual({ A: 'updated' });
    expect(world.service.named('A')?.contents.awsManagedPolicies).toEqual([POWER]);
  });

  test('tells which accounts failed and why, and the next one tries just those', async () => {
    const accounts = ['444455556666', '555566667777', '666677778888'];
    const world = await rolledOut(definition('A'));
    provisionIn(world, 'A', ...accounts);
    const reason =
      'Received a 404 status error: Not supported policy arn:aws:iam::555566667777:policy/Extra.';
    world.broken.set('555566667777', reason);

    world.definitions = [definition('A', { customerManagedPolicies: [{ name: 'Extra', path: '/' }] })];
    await world.rollOut();
    const { arn = '', accounts: seen } = world.sets.items.get('A') ?? {};
    world.broken.clear();
    await world.rollOut();

    expect(seen).toMatchObject({ current: 2, stale: 1, failed: [{ accountId: '555566667777', reason }] });
    expect(world.events.map(({ type }) => type)).toEqual([
      'PermissionSetRolloutFailed',
      'PermissionSetRolledOut',
    ]);
    expect((await world.provisionItems.read({ permissionSetArn: arn }))?.asked).toBe(1);
    expect(
      (await world.provisionItems.read({ permissionSetArn: arn, accountId: '444455556666' }))?.asked,
    ).toBeUndefined();
    expect(
      (await world.provisionItems.read({ permissionSetArn: arn, accountId: '555566667777' }))?.asked,
    ).toBe(2);
    expect(world.sets.items.get('A')?.accounts).toMatchObject({ current: 3, stale: 0 });
  });

  test('drains, then deletes a set whose file is gone', async () => {
    const world = await rolledOut(definition('A'), definition('B'));
    const set = world.service.named('A');
    provisionIn(world, 'A', '444455556666');
    set?.assignees.set('444455556666', [{ principalType: 'USER', principalId: 'someone' }]);
    world.definitions = [definition('B')];
    await world.rollOut();
    expect(world.service.named('A')).toBeUndefined();
    expect(world.service.named('B')).toBeDefined();
    expect(outcomes(world)).toEqual({ A: 'deleted', B: 'created' });
  });

  test('takes a delete for done that is denied because its first try has succeeded', async () => {
    const world = await rolledOut(definition('A'));
    const remove = world.service.delete.bind(world.service);
    jest.spyOn(world.service, 'delete').mockImplementation(async (arn) => {
      await remove(arn);
      throw new AdminCallError('denied', 'DeletePermissionSet', 'no policy allows it');
    });
    world.definitions = [];
    await world.rollOut();
    expect(outcomes(world)).toEqual({ A: 'deleted' });
  });

  test('deletes nothing where prune is off', async () => {
    const world = await rolledOut(definition('A'));
    world.rules = { ...world.rules, prune: false };
    world.definitions = [];
    await world.rollOut();
    expect(world.service.named('A')).toBeDefined();
  });

  test('deletes none of more sets than the guard lets through', async () => {
    const world = await rolledOut(...['A', 'B', 'C', 'D', 'E', 'F'].map((name) => definition(name)));
    world.rules = { ...world.rules, mostDeletions: 2 };
    world.definitions = [definition('A'), definition('B'), definition('C')];
    await world.rollOut();
    expect(world.service.sets.size).toBe(6);
    expect(world.sets.items.get('F')?.result?.reason).toContain('3 of 6 sets would be deleted at once');
  });

  test('never deletes a protected set', async () => {
    const secured = definition('A', { protected: true });
    const world = await rolledOut({ ...secured, approveHash: definitionHash(secured) });
    world.definitions = [];
    await world.rollOut();
    expect(world.service.named('A')).toBeDefined();
    expect(outcomes(world)).toEqual({ A: 'refused' });
  });

  test('lifts a protection only with the hash of the file that lifts it', async () => {
    const secured = definition('A', { protected: true });
    const world = await rolledOut({ ...secured, approveHash: definitionHash(secured) });
    const lifted = definition('A');
    world.definitions = [lifted];
    await world.rollOut();
    const refused = outcomes(world).A;
    world.definitions = [{ ...lifted, approveHash: definitionHash(lifted) }];
    await world.rollOut();
    world.definitions = [];
    await world.rollOut();
    expect([refused, outcomes(world).A]).toEqual(['refused', 'deleted']);
  });

  test('applies no change of a protected set that was deployed after the plan and is not approved', async () => {
    const secured = definition('A', { protected: true });
    const world = await rolledOut({ ...secured, approveHash: definitionHash(secured) });
    const approved = { ...secured, description: 'Approved' };
    world.definitions = [{ ...approved, approveHash: definitionHash(approved) }];
    const { number } = await askForRollout(world.ports, {});
    await world.step('plan', number);
    world.definitions = [definition('A', { awsManagedPolicies: [POWER] })];
    await world.run();
    expect(world.service.named('A')?.contents.awsManagedPolicies).toEqual([]);
    expect(outcomes(world)).toEqual({ A: 'refused' });
  });

  test('changes a protected set only with the hash of what it leads to', async () => {
    const secured = definition('A', { protected: true });
    const world = await rolledOut({ ...secured, approveHash: definitionHash(secured) });
    const wider = { ...secured, awsManagedPolicies: [POWER] };
    world.definitions = [{ ...wider, approveHash: definitionHash(secured) }];
    await world.rollOut();
    const refused = world.service.named('A')?.contents.awsManagedPolicies;
    world.definitions = [{ ...wider, approveHash: definitionHash(wider) }];
    await world.rollOut();
    expect([refused, world.service.named('A')?.contents.awsManagedPolicies]).toEqual([[], [POWER]]);
  });

  test('says what others have changed, and changes nothing, where it only verifies', async () => {
    const world = await rolledOut(definition('A', { awsManagedPolicies: [READ] }));
    const set = world.service.named('A');
    if (set !== undefined) set.contents = { ...set.contents, awsManagedPolicies: [POWER, READ] };
    await world.rollOut({ verify: 'report' });
    await world.rollOut({ verify: 'report' });
    expect(world.sets.items.get('A')?.drift?.changes).toEqual(['detach PowerUserAccess']);
    expect(world.service.named('A')?.contents.awsManagedPolicies).toEqual([POWER, READ]);
    expect(world.events.filter(({ type }) => type === 'DriftFound')).toHaveLength(1);
  });

  test('says that a set is gone that vanishes between plan and look, and asks for nothing more of it', async () => {
    const world = await rolledOut(definition('A'));
    const { number } = await askForRollout(world.ports, { verify: 'report' });
    await world.step('plan', number);
    world.service.sets.clear();
    world.service.called.length = 0;
    await world.run();
    expect(world.sets.items.get('A')?.drift?.changes).toEqual(['the set is gone']);
    expect(world.service.called).toEqual(['read']);
  });

  test('puts right what others have changed where it is asked to', async () => {
    const world = await rolledOut(definition('A', { awsManagedPolicies: [READ] }));
    const set = world.service.named('A');
    if (set !== undefined) set.contents = { ...set.contents, awsManagedPolicies: [POWER, READ] };
    await world.rollOut({ names: ['A'] });
    expect(world.service.named('A')?.contents.awsManagedPolicies).toEqual([READ]);
    expect(world.sets.items.get('A')?.drift).toBeUndefined();
  });

  test('retries what conflicts with the change of another set', async () => {
    const world = await rolledOut(definition('A'));
    world.service.faults.set('change', ['conflict', 'conflict']);
    world.definitions = [definition('A', { awsManagedPolicies: [READ] })];
    await world.rollOut();
    expect(world.service.named('A')?.contents.awsManagedPolicies).toEqual([READ]);
  });

  test('tells what the service will never take, and goes on with the other sets', async () => {
    const world = new RolloutWorld();
    world.service.faults.set('create', ['invalid']);
    world.definitions = [definition('A'), definition('B')];
    await world.rollOut();
    expect(outcomes(world)).toEqual({ A: 'failed', B: 'created' });
  });

  test('finds a set that was made before the ledger could hear of it', async () => {
    const world = new RolloutWorld();
    world.service.add('A', { tags: OWNED });
    world.definitions = [definition('A', { awsManagedPolicies: [READ] })];
    await world.rollOut();
    expect(world.service.named('A')?.contents.awsManagedPolicies).toEqual([READ]);
    expect(world.service.sets.size).toBe(1);
  });

  test('is not held up for ever by a provision that does not end', async () => {
    const world = await rolledOut(definition('A'));
    provisionIn(world, 'A', '444455556666');
    jest.spyOn(world, 'dispatch').mockResolvedValue();
    world.definitions = [definition('A', { awsManagedPolicies: [READ] })];
    await world.rollOut();
    expect(world.sets.items.get('A')?.result).toMatchObject({ outcome: 'failed', mayPass: true });
    expect(world.rolloutItem.record).toMatchObject({ running: false, last: { failed: 1 } });
  });

  test('goes on with the accounts that are left after a provision that did not end', async () => {
    const world = await rolledOut(definition('A'));
    provisionIn(world, 'A', '444455556666');
    const dispatch = jest.spyOn(world, 'dispatch').mockResolvedValue();
    world.definitions = [definition('A', { awsManagedPolicies: [READ] })];
    await world.rollOut();
    dispatch.mockRestore();
    await world.rollOut();
    expect(world.sets.items.get('A')?.accounts).toMatchObject({ current: 1, stale: 0 });
  });

  test('comes to an end in an organization with more sets of others than one step can ask about', async () => {
    const world = new RolloutWorld();
    const names = Array.from({ length: 300 }, (_, n) => `Set${n}`);
    for (const name of names) world.service.add(name);
    world.definitions = names.map((name) => definition(name));
    // Three calls a second: a step has time for some 225.
    world.onCall = () => world.clock.sleep(334);
    await world.rollOut();
    expect(new Set(Object.values(outcomes(world)))).toEqual(new Set(['refused']));
    expect(world.service.called.filter((call) => call === 'read')).toHaveLength(names.length);
  });

  test('ends where nobody can be told, and tells it with the next one', async () => {
    const world = new RolloutWorld();
    world.definitions = [definition('A')];
    world.bus = 'down';
    await world.rollOut();
    const { running } = world.rolloutItem.record;
    world.bus = 'up';
    await world.rollOut();
    expect([running, world.events.map(({ type }) => type)]).toEqual([false, ['PermissionSetRolledOut']]);
  });

  test('that joins another one corrects what was named, and nothing that nobody asked to correct', async () => {
    const world = await rolledOut(definition('A'), definition('B'));
    for (const name of ['A', 'B']) {
      const set = world.service.named(name);
      if (set !== undefined) set.contents = { ...set.contents, awsManagedPolicies: [POWER] };
    }
    await askForRollout(world.ports, {});
    await askForRollout(world.ports, { names: ['A'] });
    await world.run();
    expect(['A', 'B'].map((name) => world.service.named(name)?.contents.awsManagedPolicies)).toEqual([
      [],
      [POWER],
    ]);
    expect(world.rolloutItem.record).toMatchObject({ running: false, plans: 2 });
  });

  test('tells of a change that the service takes and never shows, and is not held up by it', async () => {
    const world = await rolledOut(definition('A'), definition('B'));
    const { arn } = world.service.named('A') ?? {};
    const change = world.service.change.bind(world.service);
    jest
      .spyOn(world.service, 'change')
      .mockImplementation((changed, what) => (changed === arn ? Promise.resolve() : change(changed, what)));
    world.definitions = ['A', 'B'].map((name) => definition(name, { awsManagedPolicies: [READ] }));
    await world.rollOut();
    expect(outcomes(world)).toEqual({ A: 'failed', B: 'updated' });
    expect(world.sets.items.get('A')?.result?.reason).toContain('attach ReadOnlyAccess');
  });

  test('that is asked for while one ends begins at once', async () => {
    const world = await rolledOut(definition('A'));
    world.definitions = [definition('A', { description: 'Other' })];
    await askForRollout(world.ports, {});
    const rollouts = world.rolloutItem;
    const write = rollouts.write.bind(rollouts);
    let isAsked = false;
    jest.spyOn(rollouts, 'write').mockImplementation(async (next) => {
      const written = await write(next);
      if (written?.running === false && !isAsked) {
        isAsked = true;
        await askForRollout(world.ports, { names: ['A'] });
      }
      return written;
    });
    const startedAt = world.clock.now();
    await world.run();
    expect(isAsked).toBe(true);
    expect(world.clock.now() - startedAt).toBeLessThan(60_000);
  });
});
