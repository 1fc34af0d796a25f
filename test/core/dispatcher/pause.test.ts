import { askForProvision } from '../../../core/provisions/ask';
import { changeAssignment } from '../../../core/assignments/change';
import { openClaim } from '../../../core/assignments/claims';
import { wakeDispatcher } from '../../../core/dispatcher/control';
import { DispatcherWorld, keyOf } from '../../support/dispatcher-world';

const HOUR = 60 * 60_000;

/** As somebody does it by hand, see the runbook. */
function pause(world: DispatcherWorld, paused: boolean): void {
  world.dispatcher.record = { ...world.dispatcher.record, paused };
}

async function openBaseline(world: DispatcherWorld, n: number): Promise<void> {
  await changeAssignment(world, keyOf(n), (present, now) =>
    openClaim(present, { id: 'rule', kind: 'baseline', from: now, until: null, openedAt: now }),
  );
  await wakeDispatcher(world, world.clock.now());
}

describe('a pause', () => {
  test('sends neither grants nor bulk work nor provisions, and ends without turning in circles', async () => {
    const world = new DispatcherWorld();
    pause(world, true);
    await world.open('lease', HOUR);
    await openBaseline(world, 2);
    await askForProvision(world, { permissionSetArn: keyOf().permissionSetArn });

    await world.drain(5);

    expect(world.identityCenter.accepted()).toEqual([]);
    expect(world.dispatcher.record.running).toBe(false);
  });

  test('takes access away all the same', async () => {
    const world = new DispatcherWorld();
    await world.open('lease', HOUR);
    await world.drain();
    pause(world, true);

    await world.close('lease');
    await world.drain();

    expect(world.exists()).toBe(false);
  });

  test('follows to its end what is under way', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.latencyMs = 30_000;
    await world.open('lease', HOUR);
    await world.pass();
    pause(world, true);

    await world.drain();

    expect((await world.assignment()).claims.lease?.grantedAt).toBeDefined();
  });

  test('that is over lets everything be sent with the next sweep', async () => {
    const world = new DispatcherWorld();
    pause(world, true);
    await world.open('lease', HOUR);
    await openBaseline(world, 2);
    await world.minutes(3);
    pause(world, false);

    await world.minutes(1);

    expect(world.exists()).toBe(true);
    expect(world.exists(keyOf(2))).toBe(true);
  });
});
