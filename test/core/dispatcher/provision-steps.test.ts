import { askForProvision } from '../../../core/provisions/ask';
import type { Provision } from '../../../core/provisions/provision';
import type { ProvisionTarget } from '../../../core/ports/identity-center';
import { DispatcherWorld, keyOf } from '../../support/dispatcher-world';
import { refusals } from '../../support/fake-identity-center';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const { accountId, permissionSetArn } = keyOf();
const EVERYWHERE: ProvisionTarget = { permissionSetArn };
const HERE: ProvisionTarget = { permissionSetArn, accountId };
const OTHER_ACCOUNT = keyOf(2).accountId;
const NOT_READY = 'Obtaining permissions to manage your AWS account takes longer than usual.';
const FOR_GOOD = 'Received a 404 status error: Not supported policy';

/** What the ledger has of a provision that was asked for in the test. */
async function provisionOf(world: DispatcherWorld, target = EVERYWHERE): Promise<Provision> {
  const provision = await world.provisions.read(target);
  if (provision === undefined) throw new Error('the test has not asked for this provision');
  return provision;
}

describe('a provision', () => {
  test('is sent, followed, and its outcome kept with the request id', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.stale.set(permissionSetArn, [accountId, OTHER_ACCOUNT]);

    await askForProvision(world, EVERYWHERE);
    await world.drain();

    const { operation, outcome, requestIds } = await provisionOf(world);
    expect(operation).toBeUndefined();
    expect(outcome).toMatchObject({ status: 'SUCCEEDED', requestId: 'operation-1', serves: 1 });
    expect(requestIds).toEqual(['operation-1']);
    expect(world.identityCenter.stale.get(permissionSetArn)).toEqual([]);
  });

  test('brings one account up to date where one was named', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.stale.set(permissionSetArn, [accountId, OTHER_ACCOUNT]);

    await askForProvision(world, HERE);
    await world.drain();

    expect(world.identityCenter.stale.get(permissionSetArn)).toEqual([OTHER_ACCOUNT]);
    expect((await provisionOf(world, HERE)).outcome?.status).toBe('SUCCEEDED');
  });

  test('ends with Identity Center’s own words where it failed for good', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.faults.push({ at: 'end', reason: FOR_GOOD });

    await askForProvision(world, EVERYWHERE);
    await world.drain();

    expect((await provisionOf(world)).outcome).toMatchObject({ status: 'FAILED', reason: FOR_GOOD });
    expect(world.identityCenter.accepted()).toEqual(['provision']);
  });

  test('of one account is sent again where it failed for a reason that passes', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.faults.push({ at: 'end', reason: NOT_READY }, { at: 'end', reason: NOT_READY });

    await askForProvision(world, HERE);
    await world.drain();

    const { outcome } = await provisionOf(world, HERE);
    expect(outcome).toMatchObject({ status: 'SUCCEEDED', requestId: 'operation-3' });
    expect(outcome?.reason).toBeUndefined();
  });

  test.each([NOT_READY, FOR_GOOD])(
    'of all accounts is over where it failed: the asker goes on with what is left (%s)',
    async (reason) => {
      const world = new DispatcherWorld();
      world.identityCenter.stale.set(permissionSetArn, [accountId, OTHER_ACCOUNT]);
      world.identityCenter.faults.push({ at: 'end', reason });

      await askForProvision(world, EVERYWHERE);
      await world.drain();

      const { operation, outcome } = await provisionOf(world);
      expect(operation).toBeUndefined();
      expect(outcome).toMatchObject({ status: 'FAILED', reason, requestId: 'operation-1', serves: 1 });
      expect(world.identityCenter.accepted()).toEqual(['provision']);
    },
  );

  test('of all accounts that failed is followed by another one where it was asked for meanwhile', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.latencyMs = MINUTE;
    world.identityCenter.faults.push({ at: 'end', reason: NOT_READY });
    await askForProvision(world, EVERYWHERE);
    await world.pass();

    await askForProvision(world, EVERYWHERE);
    await world.drain();

    expect((await provisionOf(world)).outcome).toMatchObject({ status: 'SUCCEEDED', serves: 2 });
  });

  test('says why it waits while it is tried again', async () => {
    const world = new DispatcherWorld();
    for (let failures = 0; failures < 10; failures += 1)
      world.identityCenter.faults.push({ at: 'end', reason: NOT_READY });

    await askForProvision(world, HERE);
    await world.pass();

    const { operation } = await provisionOf(world, HERE);
    expect(operation).toMatchObject({ state: 'INTENT', reason: NOT_READY });
    expect(operation?.requestId).toBeUndefined();
  });

  test('waits and is sent again where the call was refused', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.faults.push({ at: 'before', refusal: refusals.THROTTLED });

    await askForProvision(world, EVERYWHERE);
    await world.drain();

    expect((await provisionOf(world)).outcome?.status).toBe('SUCCEEDED');
    expect(world.identityCenter.calls.filter((call) => call === 'provision')).toHaveLength(2);
  });

  test('ends where its permission set is gone', async () => {
    const world = new DispatcherWorld();
    const refusal = {
      name: 'ResourceNotFoundException',
      message: 'PermissionSet not found',
      fault: 'client',
    } as const;
    world.identityCenter.faults.push({ at: 'before', refusal });

    await askForProvision(world, EVERYWHERE);
    await world.drain();

    expect((await provisionOf(world)).outcome).toMatchObject({
      status: 'FAILED',
      reason: 'ResourceNotFoundException: PermissionSet not found',
    });
  });
});

describe('a provision whose reply was lost', () => {
  test('is found in the list and followed, and not sent again', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.faults.push({ at: 'after', refusal: refusals.TIMED_OUT });

    await askForProvision(world, HERE);
    await world.drain();

    expect((await provisionOf(world, HERE)).outcome).toMatchObject({
      status: 'SUCCEEDED',
      requestId: 'operation-1',
    });
    expect(world.identityCenter.accepted()).toEqual(['provision']);
  });

  test('is not mistaken for what somebody else provisions in another account', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.latencyMs = 20 * SECOND;
    await world.identityCenter.provision({ permissionSetArn, accountId: OTHER_ACCOUNT });
    world.identityCenter.faults.push({ at: 'after', refusal: refusals.TIMED_OUT });

    await askForProvision(world, HERE);
    await world.drain();

    expect((await provisionOf(world, HERE)).outcome?.requestId).toBe('operation-2');
  });

  test('has worked where no account is left with an older version and no list shows it', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.stale.set(permissionSetArn, [accountId]);
    world.identityCenter.faults.push({ at: 'after', refusal: refusals.TIMED_OUT });
    world.identityCenter.forgotten.add('operation-1');
    const began = world.clock.now();

    await askForProvision(world, EVERYWHERE);
    await world.drain();

    const { outcome } = await provisionOf(world);
    expect(outcome?.status).toBe('ADOPTED');
    expect((outcome?.at ?? 0) - began).toBeGreaterThanOrEqual(90 * SECOND);
    expect(world.identityCenter.accepted()).toEqual(['provision']);
  });

  test('is sent again after ninety seconds where accounts still have an older version', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.stale.set(permissionSetArn, [accountId]);
    world.identityCenter.faults.push({ at: 'before', refusal: refusals.TIMED_OUT });
    const began = world.clock.now();

    await askForProvision(world, EVERYWHERE);
    await world.drain();

    const [only] = world.identityCenter.operations;
    expect((await provisionOf(world)).outcome).toMatchObject({
      status: 'SUCCEEDED',
      requestId: 'operation-1',
    });
    expect((only?.createdAt ?? 0) - began).toBeGreaterThanOrEqual(90 * SECOND);
  });

  test('in one account is judged by that account alone', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.stale.set(permissionSetArn, [OTHER_ACCOUNT]);
    world.identityCenter.faults.push({ at: 'before', refusal: refusals.TIMED_OUT });

    await askForProvision(world, HERE);
    await world.drain();

    expect((await provisionOf(world, HERE)).outcome?.status).toBe('ADOPTED');
    expect(world.identityCenter.accepted()).toEqual([]);
  });

  test.each(['crash before', 'crash after'] as const)(
    'because its pass died is resolved (%s)',
    async (at) => {
      const world = new DispatcherWorld();
      world.identityCenter.stale.set(permissionSetArn, [accountId]);
      world.identityCenter.faults.push({ at });

      await askForProvision(world, EVERYWHERE);
      await world.drain();

      expect((await provisionOf(world)).outcome?.status).toBe('SUCCEEDED');
      expect(world.identityCenter.accepted()).toEqual(['provision']);
    },
  );

  test('since the service has forgotten its id is resolved by the accounts', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.stale.set(permissionSetArn, [accountId]);
    world.identityCenter.forgotten.add('operation-1');

    await askForProvision(world, EVERYWHERE);
    await world.drain();

    expect((await provisionOf(world)).outcome?.status).toBe('ADOPTED');
  });
});

describe('askings', () => {
  test('while one is under way lead to exactly one more', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.latencyMs = MINUTE;
    await askForProvision(world, EVERYWHERE);
    await world.pass();

    const second = await askForProvision(world, EVERYWHERE);
    const third = await askForProvision(world, EVERYWHERE);
    const before = (await provisionOf(world)).outcome;
    await world.drain();

    const { outcome, operation } = await provisionOf(world);
    expect(before).toBeUndefined();
    expect([second, third]).toEqual([2, 3]);
    expect(world.identityCenter.accepted()).toEqual(['provision', 'provision']);
    expect(outcome?.serves).toBe(3);
    expect(operation).toBeUndefined();
  });

  test('of several sets are served three at a time', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.latencyMs = 10 * SECOND;
    const sets = Array.from({ length: 7 }, (_, n) => ({ permissionSetArn: `${permissionSetArn}${n}` }));
    for (const each of sets) await askForProvision(world, each);

    await world.drain();

    const { operations } = world.identityCenter;
    const atOnce = operations.map(
      ({ createdAt }) =>
        operations.filter((each) => each.createdAt <= createdAt && each.endsAt > createdAt).length,
    );
    expect(operations).toHaveLength(7);
    expect(Math.max(...atOnce)).toBe(3);
  });

  test('wait while the dispatcher is paused, and are served when it goes on', async () => {
    const world = new DispatcherWorld();
    await askForProvision(world, EVERYWHERE);
    world.dispatcher.record = { ...world.dispatcher.record, paused: true };
    await world.drain();
    const whilePaused = world.identityCenter.accepted();

    world.dispatcher.record = { ...world.dispatcher.record, paused: false };
    await world.minutes(1);

    expect(whilePaused).toEqual([]);
    expect(world.identityCenter.accepted()).toEqual(['provision']);
  });
});
