import { askForProvision } from '../../../core/provisions/ask';
import { DispatcherWorld, keyOf } from '../../support/dispatcher-world';

const TARGET = { permissionSetArn: keyOf().permissionSetArn };

describe('a provision that is asked for', () => {
  test('is sent once, followed to its end, and answers who asked', async () => {
    const world = new DispatcherWorld();

    const asked = await askForProvision(world, TARGET);
    await world.drain();

    const provision = await world.provisions.read(TARGET);
    expect(world.identityCenter.accepted()).toEqual(['provision']);
    expect(provision?.operation).toBeUndefined();
    expect(provision?.outcome).toMatchObject({ status: 'SUCCEEDED', serves: asked });
  });

  test('is sent once for two that ask before it was sent', async () => {
    const world = new DispatcherWorld();

    await askForProvision(world, TARGET);
    const second = await askForProvision(world, TARGET);
    await world.drain();

    expect(world.identityCenter.accepted()).toEqual(['provision']);
    expect((await world.provisions.read(TARGET))?.outcome?.serves).toBe(second);
  });
});
