import type { ProvisionTarget } from '../../core/ports/identity-center';
import { askForProvision } from '../../core/provisions/ask';
import type { FaultEffect } from '../../local/identity-center/faults';
import { functionNamed } from '../support/adversary';
import { FaultyApp, type Story } from '../support/faulty-app';
import { provisionPorts } from '../support/provision-ports';

/** More than one or two of a kind are looked at together, in their status list; the service lets three run. */
const CROWD = 3;

describe('a provision that is asked for', () => {
  const before = { ...process.env };
  let world: FaultyApp;
  let ports: ReturnType<typeof provisionPorts>;
  /** Ids of provisions that Identity Center accepted, and how each ended. */
  let accepted: Map<string, string>;
  /** How often each call was made. */
  let calls: Map<string, number>;

  beforeAll(async () => {
    // So far apart that only the list can tell which of several have ended.
    world = await FaultyApp.start({ provisionLatency: { kind: 'uniform', from: 5, to: 40 } });
    ports = provisionPorts(world.app);
    const { simulator } = world.app.runtime;
    simulator.onOperation(({ kind, status, requestId }) => {
      if (kind === 'provision') accepted.set(requestId, status);
    });
    simulator.onCall(({ operation }) => {
      calls.set(operation, (calls.get(operation) ?? 0) + 1);
    });
  });

  beforeEach(() => {
    accepted = new Map();
    calls = new Map();
  });

  afterAll(async () => {
    process.env = before;
    await world.stop();
  });

  afterEach(() => {
    world.app.runtime.simulator.faults.clear();
  });

  /** Asks for access in so many accounts, and changes the permission set once they have it. */
  async function outdated(count: number): Promise<ProvisionTarget[]> {
    const { simulator } = world.app.runtime;
    const stories: Story[] = [];
    while (stories.length < count) stories.push(await world.ask('PT1H'));
    await world.app.advance('PT1M');
    const targets = stories.map(({ place }): ProvisionTarget => {
      const { accountId, permissionSetArn } = simulator.world.resolve(place);
      return { accountId, permissionSetArn };
    });
    for (const arn of new Set(targets.map(({ permissionSetArn }) => permissionSetArn)))
      simulator.changePermissionSet(arn);
    calls.clear();
    return targets;
  }

  /** What the ledger and Identity Center have of them in the end. */
  async function endings(targets: readonly ProvisionTarget[], asked: readonly number[]): Promise<unknown[]> {
    const { provisioning } = world.app.runtime.simulator.world;
    const sets = world.app.runtime.simulator.world.permissionSets();
    const found: unknown[] = [];
    for (const [index, target] of targets.entries()) {
      const { operation, outcome } = (await ports.provisions.read(target)) ?? {};
      const role = provisioning.find(target.accountId ?? '', target.permissionSetArn);
      found.push({
        isOpen: operation !== undefined,
        status: outcome?.status,
        isServed: outcome?.serves === asked[index],
        isAccepted: accepted.get(outcome?.requestId ?? '') === 'SUCCEEDED',
        isUpToDate: role?.version === sets.find(({ arn }) => arn === target.permissionSetArn)?.version,
      });
    }
    return found;
  }

  const RIGHT = { isOpen: false, status: 'SUCCEEDED', isServed: true, isAccepted: true, isUpToDate: true };

  test.each<[string, FaultEffect | undefined, number]>([
    ['is sent once and followed to its end', undefined, 1],
    ['is found in the lists after its reply was lost', 'lose-reply', 1],
    ['is found in the lists after its reply did not come in time', 'hang-after', 1],
    ['is sent again after it was lost before it came', 'lose-request', 2],
    ['is sent again after an internal error', 'internal-error', 2],
    ['is sent again after a conflict', 'conflict', 2],
  ])('B13, B14: %s', async (_name, effect, sent) => {
    const targets = await outdated(1);
    if (effect !== undefined) world.fail('ProvisionPermissionSet', effect);

    const asked = await askFor(targets);
    await world.app.advance('PT5M');

    expect(accepted.size).toBe(1);
    expect(calls.get('ProvisionPermissionSet')).toBe(sent);
    expect(await endings(targets, asked)).toEqual([RIGHT]);
  });

  test('B15, B26: whose function dies between its acceptance and the write of its id is found, not sent again', async () => {
    const { lambda, simulator } = world.app.runtime;
    const targets = await outdated(1);
    let kills = 0;
    const letGo = simulator.onOperation(({ kind, status }) => {
      if (kind !== 'provision' || status !== 'IN_PROGRESS') return;
      kills += 1;
      lambda.killWorkers(functionNamed(world.app, 'AdvanceOperations'));
    });

    const asked = await askFor(targets);
    await world.app.advance('PT5M');
    letGo();

    expect(kills).toBe(1);
    expect(calls.get('ProvisionPermissionSet')).toBe(1);
    expect(await endings(targets, asked)).toEqual([RIGHT]);
  });

  test('B19: whose call is refused for a key is sent again when the key is back', async () => {
    const targets = await outdated(1);
    breakKey('ProvisionPermissionSet');

    const asked = await askFor(targets);
    await world.app.advance('PT5M');
    const refused = calls.get('ProvisionPermissionSet') ?? 0;
    const during = accepted.size;
    world.app.runtime.simulator.faults.clear();
    await world.app.advance('PT10M');

    expect(refused).toBeGreaterThan(1);
    expect(during).toBe(0);
    expect(calls.get('ProvisionPermissionSet')).toBe(refused + 1);
    expect(await endings(targets, asked)).toEqual([RIGHT]);
  });

  test('B19: whose statuses and list are refused for a key is followed when the key is back', async () => {
    const targets = await outdated(CROWD);
    world.fail('DescribePermissionSetProvisioningStatus', 'kms-not-found', 2);
    breakKey('ListPermissionSetProvisioningStatus');

    const asked = await askFor(targets);
    await world.app.advance('PT4M');
    const refused = calls.get('ListPermissionSetProvisioningStatus') ?? 0;
    world.app.runtime.simulator.faults.clear();
    await world.app.advance('PT2M');

    expect(refused).toBeGreaterThan(2);
    expect(accepted.size).toBe(CROWD);
    expect(calls.get('ProvisionPermissionSet')).toBe(CROWD);
    expect(await endings(targets, asked)).toEqual(targets.map(() => RIGHT));
  });

  test('B19: whose reply was lost is not sent again while a key hides lists and accounts', async () => {
    const targets = await outdated(CROWD);
    world.fail('ProvisionPermissionSet', 'lose-reply', CROWD);
    breakKey('ListPermissionSetProvisioningStatus', 'ListAccountsForProvisionedPermissionSet');

    const asked = await askFor(targets);
    await world.app.advance('PT5M');
    const during = [...accepted.keys()].length;
    world.app.runtime.simulator.faults.clear();
    await world.app.advance('PT3M');

    expect(during).toBe(CROWD);
    expect(calls.get('ProvisionPermissionSet')).toBe(CROWD);
    expect(await endings(targets, asked)).toEqual(targets.map(() => RIGHT));
  });

  /** Each of these calls is refused from now on, as by a key that denies access, or is not there. */
  function breakKey(...operations: readonly string[]): void {
    const { faults } = world.app.runtime.simulator;
    for (const operation of operations) {
      faults.add({ operation, effect: 'kms-access-denied', share: 0.5 });
      faults.add({ operation, effect: 'kms-not-found', share: 1 });
    }
  }

  async function askFor(targets: readonly ProvisionTarget[]): Promise<number[]> {
    const asked: number[] = [];
    for (const target of targets) asked.push(await askForProvision(ports, target));
    return asked;
  }
});
