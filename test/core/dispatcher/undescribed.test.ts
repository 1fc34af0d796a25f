import { askForProvision } from '../../../core/provisions/ask';
import { DispatcherWorld, keyOf } from '../../support/dispatcher-world';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The first operation takes four minutes, and `Describe…` does not know it for `forMs`. */
function worldThatDoesNotDescribe(forMs: number): DispatcherWorld {
  const world = new DispatcherWorld();
  world.identityCenter.latencyMs = 4 * MINUTE;
  world.identityCenter.describedFrom.set('operation-1', world.clock.now() + forMs);
  return world;
}

describe('an operation that Describe does not know, while the list has it', () => {
  test('is under way, and is followed to its end', async () => {
    const world = worldThatDoesNotDescribe(3 * MINUTE);

    await world.open('lease', HOUR);
    await world.drain();

    const { claims } = await world.assignment();
    expect(claims.lease?.creation).toMatchObject({ status: 'SUCCEEDED', requestId: 'operation-1' });
    expect(world.identityCenter.calls.filter((call) => call === 'create')).toHaveLength(1);
  });

  test('is looked at less and less often, and keeps its id among those of its assignment once', async () => {
    const world = worldThatDoesNotDescribe(3 * MINUTE);

    await world.open('lease', HOUR);
    await world.drain();

    const { requestIds } = await world.assignment();
    expect(requestIds).toEqual(['operation-1']);
    // Each second for 60 s, an eighth of its age apart then, and every half second at its end.
    expect(world.identityCenter.calls.filter((call) => call === 'describe').length).toBeLessThan(120);
  });

  test('is resolved by its effect once it has left the list', async () => {
    const world = worldThatDoesNotDescribe(HOUR);

    await world.open('lease', HOUR);
    await world.drain();

    const { claims } = await world.assignment();
    expect(claims.lease?.creation?.status).toBe('ADOPTED');
    expect(world.identityCenter.accepted()).toEqual(['create']);
  });

  test('is under way all the same where it is a provision', async () => {
    const world = worldThatDoesNotDescribe(3 * MINUTE);
    const { permissionSetArn } = keyOf();
    world.identityCenter.stale.set(permissionSetArn, [keyOf().accountId]);

    await askForProvision(world, { permissionSetArn });
    await world.drain();

    const provision = await world.provisions.read({ permissionSetArn });
    expect(provision?.outcome).toMatchObject({ status: 'SUCCEEDED', requestId: 'operation-1' });
    expect(provision?.requestIds).toEqual(['operation-1']);
    expect(world.identityCenter.calls.filter((call) => call === 'provision')).toHaveLength(1);
  });
});
