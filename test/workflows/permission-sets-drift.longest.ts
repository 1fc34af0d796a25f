import { SSOAdminClient, UpdatePermissionSetCommand } from '@aws-sdk/client-sso-admin';
import { RolloutApp } from '../support/rollout-app';

const NAMES = Array.from({ length: 16 }, (_, index) => `Set-${String(index + 10)}`);

describe('sets that others change behind the back of Latchkey', () => {
  let world: RolloutApp;
  let client: SSOAdminClient;

  beforeAll(async () => {
    world = await RolloutApp.start({
      access: {
        permissionSets: Object.fromEntries(
          NAMES.map((name) => [`${name}.yaml`, `name: ${name}\nrelayState: https://ours/\n`]),
        ),
      },
    });
    await world.app.advance('PT2M');
    client = new SSOAdminClient({
      endpoint: world.app.runtime.endpoint,
      region: world.app.organization.instance.region,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
  });

  beforeEach(() => {
    world.forget();
  });

  afterAll(async () => {
    client.destroy();
    await world.stop();
  });

  async function changeByHand(name: string): Promise<void> {
    const { arn } = await world.set(name);
    await client.send(
      new UpdatePermissionSetCommand({
        InstanceArn: world.app.organization.instance.arn,
        PermissionSetArn: arn,
        SessionDuration: 'PT12H',
        RelayState: 'https://theirs/',
      }),
    );
  }

  test('are shown by a plan that reads everything, by no other, and put right by a rollout of their name', async () => {
    await changeByHand('Set-12');

    const trusting = await world.plan();
    const reading = await world.plan({ verify: true, permissionSets: ['Set-11', 'Set-12'] });
    const changed = world.inService('Set-12');
    await world.rollOut('Set-12');
    await world.app.advance('PT1M');

    expect(trusting.map(({ action }) => action)).toEqual(NAMES.map(() => 'none'));
    expect(reading).toMatchObject([
      { name: 'Set-11', action: 'verify', changes: [] },
      {
        name: 'Set-12',
        action: 'verify',
        changes: ['session duration PT12H → PT1H', 'relay state "https://theirs/" → "https://ours/"'],
      },
    ]);
    expect(changed).toMatchObject({ relayState: 'https://theirs/' });
    expect(world.inService('Set-12')).toMatchObject({ sessionDuration: 'PT1H', relayState: 'https://ours/' });
    expect(await world.set('Set-12')).toMatchObject({ status: 'current' });
  });

  test('are looked at by pages of a plan, each of them once, and nothing is changed', async () => {
    const seen: string[] = [];
    let pages = 0;
    let after: unknown;
    do {
      const { body } = await world.answered(
        world.app.post('/permission-sets/plan', { verify: true, ...(after === undefined ? {} : { after }) }),
      );
      seen.push(...(body.permissionSets as { name: string }[]).map(({ name }) => name));
      after = body.next;
      pages += 1;
    } while (after !== undefined);

    expect(seen).toEqual(NAMES);
    expect(pages).toBeGreaterThan(1);
    expect(world.operations()).toEqual([]);
  });
});
