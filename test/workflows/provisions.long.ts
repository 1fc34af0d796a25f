import { askForProvision } from '../../core/provisions/ask';
import { Environment } from '../../lambdas/runtime/contract';
import { DispatcherItem } from '../../lambdas/runtime/ledger/dispatcher-item';
import { ProvisionItems } from '../../lambdas/runtime/ledger/provision-items';
import { LedgerTable } from '../../lambdas/runtime/ledger/table';
import { SdkWorkflows } from '../../lambdas/runtime/workflows';
import type { FaultEffect } from '../../local/identity-center/faults';
import { FaultyApp } from '../support/faulty-app';
import { ledgerTableName } from '../support/ledger-scan';

/** What the ports that functions have read from their environment, set for this process until the story is over. */
function portsOf({ app }: FaultyApp) {
  const { runtime, organization } = app;
  const { region } = organization.instance;
  Object.assign(process.env, {
    [Environment.ledgerTable]: ledgerTableName(app),
    AWS_ENDPOINT_URL: runtime.endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  const machine = (name: string) => (): string =>
    `arn:aws:states:${region}:${runtime.assembly.accountId}:stateMachine:${name}`;
  const table = new LedgerTable();
  return {
    provisions: new ProvisionItems(table),
    dispatcher: new DispatcherItem(table),
    workflows: new SdkWorkflows({
      accessRequest: machine('latchkey-access-request'),
      dispatcher: machine('latchkey-dispatcher'),
    }),
    clock: runtime.clock,
  };
}

describe('a provision that is asked for', () => {
  const before = { ...process.env };
  let world: FaultyApp;
  let ports: ReturnType<typeof portsOf>;

  beforeAll(async () => {
    world = await FaultyApp.start();
    ports = portsOf(world);
  });

  afterAll(async () => {
    process.env = before;
    await world.stop();
  });

  test.each<[string, FaultEffect | undefined, number]>([
    ['is sent once and followed to its end', undefined, 1],
    ['is found in the lists after its reply was lost', 'lose-reply', 1],
    ['is sent again after it was lost before it came', 'lose-request', 2],
    ['is sent again after a conflict', 'conflict', 2],
  ])('%s', async (_name, effect, sent) => {
    const { simulator } = world.app.runtime;
    const story = await world.ask('PT1H');
    await world.app.advance('PT1M');
    const { accountId, permissionSetArn } = simulator.world.resolve(story.place);
    simulator.changePermissionSet(permissionSetArn);
    const accepted: string[] = [];
    const letGo = simulator.onOperation(({ kind, status, requestId }) => {
      if (kind === 'provision' && status === 'IN_PROGRESS') accepted.push(requestId);
    });
    const calls = simulator.counts()['sso:ProvisionPermissionSet'] ?? 0;
    if (effect !== undefined) world.fail('ProvisionPermissionSet', effect);

    const asked = await askForProvision(ports, { permissionSetArn, accountId });
    await world.app.advance('PT5M');
    letGo();

    const provision = await ports.provisions.read({ permissionSetArn, accountId });
    expect(accepted).toHaveLength(1);
    expect((simulator.counts()['sso:ProvisionPermissionSet'] ?? 0) - calls).toBe(sent);
    expect(provision?.operation).toBeUndefined();
    expect(provision?.outcome).toMatchObject({
      status: 'SUCCEEDED',
      serves: asked,
      requestId: accepted[0],
    });
    const [role] = simulator.world.provisioning.records({ permissionSetArn, accountId });
    const set = simulator.world.permissionSets().find(({ arn }) => arn === permissionSetArn);
    expect(role?.version).toBe(set?.version);
  });
});
