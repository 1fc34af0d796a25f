import { askForProvision } from '../../../core/provisions/ask';
import { ENTITLEMENT_GONE, refusals } from '../../support/fake-identity-center';
import { DispatcherWorld, keyOf } from '../../support/dispatcher-world';
import { describeKey } from '../../../core/assignments/assignment';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const GONE = { name: 'ResourceNotFoundException', message: 'not found', fault: 'client' } as const;

/** A lease that is there; nothing has been measured yet. */
async function granted(): Promise<DispatcherWorld> {
  const world = new DispatcherWorld();
  await world.open('lease', 4 * HOUR);
  await world.drain();
  world.observer.measures.length = 0;
  return world;
}

function counted(world: DispatcherWorld, name: 'OperationsEnded' | 'OperationsRefused'): unknown[] {
  return world.observer.measures.filter((each) => each.name === name).map(({ dimension }) => dimension);
}

const ended = (world: DispatcherWorld) => counted(world, 'OperationsEnded');
const refused = (world: DispatcherWorld) => counted(world, 'OperationsRefused');

describe('a revoke that is settled says once how late it was', () => {
  test('when it is followed to its end', async () => {
    const world = await granted();

    await world.close('lease');
    await world.drain();

    expect(world.observer.measured('RevokeLateness')).toHaveLength(1);
    expect(ended(world)).toEqual([{ kind: 'delete', outcome: 'succeeded' }]);
  });

  test('when its reply was lost, no list shows it, and its effect tells', async () => {
    const world = await granted();
    world.identityCenter.faults.push({ at: 'after', refusal: refusals.TIMED_OUT });
    world.identityCenter.forgotten.add('operation-2');

    await world.close('lease');
    await world.drain();

    expect((await world.assignment()).claims.lease?.deletion?.status).toBe('ADOPTED');
    const [lateness, ...more] = world.observer.measured('RevokeLateness');
    expect(lateness).toBeGreaterThanOrEqual(90);
    expect(more).toEqual([]);
    expect(ended(world)).toEqual([{ kind: 'delete', outcome: 'adopted' }]);
    expect(refused(world)).toEqual([{ kind: 'delete', outcome: 'unknown' }]);
  });

  test('when its reply was lost, and a list shows it', async () => {
    const world = await granted();
    world.identityCenter.faults.push({ at: 'after', refusal: refusals.TIMED_OUT });

    await world.close('lease');
    await world.drain();

    expect(world.observer.measured('RevokeLateness')).toHaveLength(1);
    expect(ended(world)).toEqual([{ kind: 'delete', outcome: 'succeeded' }]);
  });

  test('when it is refused since the permission set is gone, and nothing is listed', async () => {
    const world = await granted();
    world.identityCenter.rows.delete(describeKey(keyOf()));
    world.identityCenter.faults.push({ at: 'before', refusal: GONE });

    await world.close('lease');
    await world.drain();

    expect(world.observer.measured('RevokeLateness')).toHaveLength(1);
    expect(ended(world)).toEqual([{ kind: 'delete', outcome: 'unchanged' }]);
    expect(refused(world)).toEqual([]);
  });

  test('when it failed since there was nothing to delete', async () => {
    const world = await granted();
    world.identityCenter.rows.delete(describeKey(keyOf()));
    world.identityCenter.faults.push({ at: 'end', reason: ENTITLEMENT_GONE });

    await world.close('lease');
    await world.drain();

    expect(world.observer.measured('RevokeLateness')).toHaveLength(1);
    expect(ended(world)).toEqual([{ kind: 'delete', outcome: 'unchanged' }]);
  });
});

describe('what has not ended', () => {
  test('is counted as refused, by why, and says nothing of lateness', async () => {
    const world = await granted();
    world.identityCenter.faults.push({ at: 'before', refusal: GONE });
    world.identityCenter.faults.push({ at: 'before', refusal: refusals.THROTTLED });

    await world.close('lease');
    await world.drain();

    expect(refused(world)).toEqual([
      { kind: 'delete', outcome: 'done' },
      { kind: 'delete', outcome: 'not accepted' },
    ]);
    expect(ended(world)).toEqual([{ kind: 'delete', outcome: 'succeeded' }]);
    expect(world.observer.measured('RevokeLateness')).toHaveLength(1);
  });

  test('is none that was given up', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.faults.push({ at: 'before', refusal: GONE });

    await world.open('lease', HOUR);
    await world.drain();

    expect(ended(world)).toEqual([{ kind: 'create', outcome: 'failed' }]);
    expect(refused(world)).toEqual([]);
  });
});

describe('an operation that is sent anew', () => {
  test('has ended each time', async () => {
    const world = await granted();
    world.identityCenter.faults.push({ at: 'end', reason: 'Received a 500 status error: try later' });
    world.identityCenter.faults.push({ at: 'before', refusal: refusals.TIMED_OUT });

    await world.close('lease');
    await world.drain();

    expect(ended(world)).toEqual([
      { kind: 'delete', outcome: 'retried' },
      { kind: 'delete', outcome: 'retried' },
      { kind: 'delete', outcome: 'succeeded' },
    ]);
    expect(world.observer.measured('RevokeLateness')).toHaveLength(1);
  });
});

describe('a provision', () => {
  const { permissionSetArn, accountId } = keyOf();

  test('whose reply was lost is counted when its effect tells, and once', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.stale.set(permissionSetArn, [accountId]);
    world.identityCenter.faults.push({ at: 'after', refusal: refusals.TIMED_OUT });
    world.identityCenter.forgotten.add('operation-1');

    await askForProvision(world, { permissionSetArn });
    await world.drain();

    expect(ended(world)).toEqual([{ kind: 'provision', outcome: 'adopted' }]);
    expect(refused(world)).toEqual([{ kind: 'provision', outcome: 'unknown' }]);
  });

  test('that is refused, fails, is sent anew and succeeds is counted at each of its ends', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.faults.push({ at: 'before', refusal: refusals.THROTTLED });
    world.identityCenter.faults.push({ at: 'end', reason: 'Assignment not found' });

    await askForProvision(world, { permissionSetArn, accountId });
    await world.drain();

    expect(refused(world)).toEqual([{ kind: 'provision', outcome: 'not accepted' }]);
    expect(ended(world)).toEqual([
      { kind: 'provision', outcome: 'retried' },
      { kind: 'provision', outcome: 'succeeded' },
    ]);
  });

  test('that is refused for good has ended', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.faults.push({ at: 'before', refusal: GONE });

    await askForProvision(world, { permissionSetArn });
    await world.drain();

    expect(ended(world)).toEqual([{ kind: 'provision', outcome: 'failed' }]);
    expect(refused(world)).toEqual([]);
  });
});
