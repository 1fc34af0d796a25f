import { SSOAdminClient, UpdatePermissionSetCommand } from '@aws-sdk/client-sso-admin';
import { accountNumber } from '../support/organizations';
import { RolloutApp, organizationWithSets, setOf } from '../support/rollout-app';

const ACCOUNTS = [accountNumber(0), accountNumber(1), accountNumber(2)];
/** Where bob's ticket asks for the edited set while others edit it. */
const ASKED = '412345678901';
/** Tickets may ask for both. `EDITED` gets other contents; of `TOUCHED` only the version grows, as by an edit and its opposite. */
const [EDITED, TOUCHED] = ['ReadOnly', 'Developer'];

describe('B24: sets that others change while they are assigned', () => {
  let world: RolloutApp;
  let client: SSOAdminClient;

  beforeAll(async () => {
    world = await RolloutApp.start({
      organization: organizationWithSets(
        [EDITED, TOUCHED].map((name, index) => ({
          set: setOf(index + 1, { name }),
          accounts: ACCOUNTS.length,
        })),
      ),
      access: {
        permissionSets: { 'edited.yaml': `name: ${EDITED}\n`, 'touched.yaml': `name: ${TOUCHED}\n` },
      },
    });
    client = new SSOAdminClient({
      endpoint: world.app.runtime.endpoint,
      region: world.app.organization.instance.region,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    await world.app.advance('PT2M');
  });

  afterAll(async () => {
    client.destroy();
    await world.stop();
  });

  async function editByHand(name: string): Promise<void> {
    await client.send(
      new UpdatePermissionSetCommand({
        InstanceArn: world.app.organization.instance.arn,
        PermissionSetArn: world.inService(name)?.arn,
        SessionDuration: 'PT12H',
      }),
    );
  }

  /** Provisions that were sent for a set, each with the account, or all of them. */
  function provisions(name: string): unknown[] {
    const { arn } = world.inService(name) ?? {};
    return world.calls
      .filter(
        ({ operation, input }) => operation === 'ProvisionPermissionSet' && input.PermissionSetArn === arn,
      )
      .map(({ input }) => input.TargetId ?? input.TargetType)
      .sort();
  }

  test('are found once by the daily look, which brings accounts up to date where the set is as defined; a rollout corrects the rest', async () => {
    const { simulator } = world.app.runtime;
    const ticket = await world.app.ask({
      principal: { user: 'bob' },
      permissionSet: EDITED,
      target: { account: ASKED },
    });
    while (simulator.operations(0).underWay.length === 0) await world.app.advance('PT0.2S');
    await editByHand(EDITED);
    const isMeanwhile = simulator.operations(0).underWay.some(({ kind }) => kind === 'create');
    simulator.changePermissionSet(world.inService(TOUCHED)?.arn ?? '');
    await world.app.advance('PT1M');
    const behind = [world.roles(EDITED).stale, world.roles(TOUCHED).stale];
    const granted = (await world.app.request(ticket)).status;
    world.forget();

    await world.app.advance('PT49H');

    expect([isMeanwhile, granted]).toEqual([true, 'active']);
    expect(behind).toEqual([expect.arrayContaining(ACCOUNTS), ACCOUNTS]);
    expect(world.told('DriftFound', EDITED)).toEqual([
      { permissionSet: EDITED, changes: ['session duration PT12H → PT1H'] },
    ]);
    expect(await world.set(EDITED)).toMatchObject({
      status: 'drifted',
      drift: { changes: ['session duration PT12H → PT1H'] },
    });
    expect(provisions(EDITED)).toEqual([]);
    expect(provisions(TOUCHED)).toEqual(ACCOUNTS);
    expect(
      world.operations(/^DescribePermissionSetProvisioningStatus|^ListPermissionSetProvisioningStatus/),
    ).not.toEqual([]);
    expect(world.roles(TOUCHED)).toEqual({ current: ACCOUNTS, stale: [] });
    expect(await world.set(TOUCHED)).toMatchObject({ status: 'current', accounts: { current: 3, stale: 0 } });

    await world.rollOut(EDITED);
    await world.app.advance('PT2M');

    const corrected = await world.set(EDITED);
    expect(corrected).toMatchObject({ status: 'current', accounts: { stale: 0 } });
    expect(corrected.drift).toBeUndefined();
    expect(world.inService(EDITED)).toMatchObject({ sessionDuration: 'PT1H' });
    expect(world.roles(EDITED).stale).toEqual([]);
    expect(world.told('DriftFound', EDITED)).toHaveLength(1);
  });
});
