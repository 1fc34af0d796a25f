import { RolloutApp } from '../support/rollout-app';

const described = (description: string, relayState: string): string =>
  `name: Described\ndescription: ${description}\nsessionDuration: PT4H\nrelayState: https://${relayState}/\n`;

describe('a rollout', () => {
  let world: RolloutApp;

  beforeAll(async () => {
    world = await RolloutApp.start({
      access: { permissionSets: { 'described.yaml': described('one', 'first') } },
    });
    await world.app.advance('PT30S');
  });

  afterAll(async () => {
    await world.stop();
  });

  test('of another description keeps the relay state, and one of another relay state the duration', async () => {
    const deploy = async (text: string): Promise<void> => {
      world.app.deploy({ 'described.yaml': text });
      await world.app.advance('PT30S');
    };

    await deploy(described('two', 'first'));
    const between = world.inService('Described');
    await deploy(described('two', 'second'));

    expect(between).toMatchObject({
      description: 'two',
      sessionDuration: 'PT4H',
      relayState: 'https://first/',
    });
    expect(world.inService('Described')).toMatchObject({
      description: 'two',
      sessionDuration: 'PT4H',
      relayState: 'https://second/',
    });
  });
});
