import { accountNumber } from '../support/organizations';
import { RolloutApp, organizationWithSets, setOf } from '../support/rollout-app';

const POLICY = (name: string): string => `arn:aws:iam::aws:policy/${name}`;

/** Files of two sets that attach this policy. */
const files = (policy: string): Record<string, string> => ({
  'one.yaml': `name: One\nawsManagedPolicies: [${policy}]\n`,
  'two.yaml': `name: Two\nrelayState: https://kept/\nawsManagedPolicies: [${policy}]\n`,
});

/** Two sets that Latchkey owns, each in three accounts, before the first rollout. */
function organization() {
  const sets = ['One', 'Two'].map((name, index) => ({ set: setOf(index + 1, { name }), accounts: 3 }));
  return organizationWithSets(sets);
}

describe('rollouts that are asked for at one time', () => {
  let world: RolloutApp;
  const most = { running: 0 };

  beforeAll(async () => {
    world = await RolloutApp.start({
      organization: organization(),
      access: { permissionSets: files('ReadOnlyAccess') },
    });
    await world.app.advance('PT2M');
  });

  beforeEach(() => {
    world.forget();
    most.running = 0;
  });

  afterAll(async () => {
    await world.stop();
  });

  /** Lets time pass until a call of this name was made. */
  async function until(operation: string): Promise<void> {
    for (let seconds = 0; seconds < 120; seconds += 1) {
      if (world.operations(/./).includes(operation)) return;
      await pass(1);
    }
    throw new Error(`nobody called ${operation}`);
  }

  async function pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      await world.app.advance('PT1S');
      most.running = Math.max(most.running, (await world.running()).length);
    }
  }

  /** Names of the sets that were written to, where a set is named again only after another one. */
  function writtenTo(): string[] {
    const names = new Map(['One', 'Two'].map((name) => [world.inService(name)?.arn, name]));
    const written = world.calls
      .filter(({ operation }) => /^(Update|Attach|Detach|Put|Delete|Tag|Untag)/.test(operation))
      .map(({ input }) => names.get(String(input.PermissionSetArn ?? input.ResourceArn)) ?? 'another');
    return written.filter((name, index) => name !== written[index - 1]);
  }

  function policies(): unknown[] {
    return ['One', 'Two'].map((name) => world.inService(name)?.managedPolicies);
  }

  async function isOver(): Promise<boolean> {
    const { rollout } = await world.set('One');
    return rollout?.running === undefined && rollout?.waiting === undefined;
  }

  test('share one execution, and are all served', async () => {
    world.app.deploy(files('PowerUserAccess'));
    await Promise.all([world.rollOut(), world.rollOut({ verify: true }), world.rollOut('Two')]);
    await pass(60);

    expect(most.running).toBe(1);
    expect(await world.running()).toEqual([]);
    expect(await isOver()).toBe(true);
    expect(writtenTo()).toEqual(['One', 'Two']);
    expect(policies()).toEqual([[POLICY('PowerUserAccess')], [POLICY('PowerUserAccess')]]);
    expect(['One', 'Two'].map((name) => world.roles(name).stale)).toEqual([[], []]);
  });

  test('have a deploy in the middle of one wait for its end, and be rolled out by the same execution', async () => {
    world.app.deploy(files('ViewOnlyAccess'));
    await until('AttachManagedPolicyToPermissionSet');
    world.app.deploy(files('job-function/Billing'));
    await pass(90);

    expect(most.running).toBe(1);
    expect(await isOver()).toBe(true);
    expect(policies()).toEqual([[POLICY('job-function/Billing')], [POLICY('job-function/Billing')]]);
    expect(world.inService('Two')).toMatchObject({ relayState: 'https://kept/' });
    expect(['One', 'Two'].map((name) => world.roles(name).current)).toEqual(
      Array(2).fill([0, 1, 2].map(accountNumber).sort()),
    );
    expect(['One', 'Two'].map((name) => world.roles(name).stale)).toEqual([[], []]);
  });

  test('have the asking for one set in the middle of another read it whole after that', async () => {
    world.app.deploy(files('SecurityAudit'));
    await until('ProvisionPermissionSet');
    await world.rollOut('Two');
    const before = world.calls.length;
    const { rollout } = await world.set('Two');
    await pass(60);

    const { arn } = world.inService('Two') ?? {};
    const reads = world.calls
      .slice(before)
      .filter(
        ({ operation, input }) => operation === 'DescribePermissionSet' && input.PermissionSetArn === arn,
      );
    expect(rollout).toMatchObject({ running: {}, waiting: { names: ['Two'] } });
    expect(reads).toHaveLength(1);
    expect(most.running).toBe(1);
    expect(await isOver()).toBe(true);
    expect(policies()).toEqual([[POLICY('SecurityAudit')], [POLICY('SecurityAudit')]]);
  });
});
