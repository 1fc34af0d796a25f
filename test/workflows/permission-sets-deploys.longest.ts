import { RolloutApp } from '../support/rollout-app';

const looker = (sessionDuration: string): string => `name: Looker\nsessionDuration: ${sessionDuration}\n`;
const FILES = { 'looker.yaml': looker('PT2H'), 'leaver.yaml': 'name: Leaver\n' };

describe('deploys of permission sets', () => {
  let world: RolloutApp;
  let found: { readonly atFirst: object | undefined; readonly afterTwoMinutes: object | undefined };

  beforeAll(async () => {
    world = await RolloutApp.start({ announceDeploy: false, access: { permissionSets: FILES } });
    const atFirst = world.inService('Looker');
    await world.app.advance('PT2M');
    found = { atFirst, afterTwoMinutes: world.inService('Looker') };
  });

  beforeEach(() => {
    world.forget();
  });

  afterAll(async () => {
    await world.stop();
  });

  async function deploy(files: Readonly<Record<string, string>>): Promise<void> {
    world.app.deploy(files);
    await world.app.advance('PT30S');
  }

  test('are found by the sweep within two minutes where no event tells of them', () => {
    expect(found).toEqual({
      atFirst: undefined,
      afterTwoMinutes: expect.objectContaining({ sessionDuration: 'PT2H' }) as unknown,
    });
  });

  test('of older definitions roll the older ones out again', async () => {
    await deploy({ ...FILES, 'looker.yaml': looker('PT9H') });
    const newer = world.inService('Looker')?.sessionDuration;
    await deploy(FILES);

    expect([newer, world.inService('Looker')?.sessionDuration]).toEqual(['PT9H', 'PT2H']);
    expect(await world.set('Looker')).toMatchObject({ status: 'current' });
    expect(world.told('PermissionSetRolledOut', 'Looker').map(({ outcome }) => outcome)).toEqual([
      'updated',
      'updated',
    ]);
  });

  test('leave a set whose file is gone as it is while prune is off, and say that it is orphaned', async () => {
    await deploy(FILES);
    const before = world.inService('Leaver');
    world.forget();

    await deploy({ 'looker.yaml': FILES['looker.yaml'] });

    expect(before).toBeDefined();
    expect(world.inService('Leaver')).toEqual(before);
    expect(await world.set('Leaver')).toMatchObject({ status: 'orphaned' });
    expect(await world.running()).toEqual([]);
    expect(world.operations()).toEqual([]);
  });
});
