import { changesTo } from '../../../core/permission-sets/differences';
import type { PermissionSetContents } from '../../../core/permission-sets/definition';
import { CONTENT_PARTS } from '../../../core/ports/permission-sets';
import type { SimulatorSettings } from '../../../local/identity-center/settings';
import { SdkPermissionSetAdmin } from '../../../lambdas/runtime/permission-set-admin';
import { openSdkFront, type SdkFront } from '../../local/identity-center/sdk-front';
import {
  createTestWorld,
  INSTANCE,
  READ_ONLY,
  type TestWorld,
  UNKNOWN_SET,
} from '../../local/identity-center/support';

const OWNED = { 'latchkey:owner': 'latchkey' };
const BARE: PermissionSetContents = {
  sessionDuration: 'PT1H',
  tags: OWNED,
  awsManagedPolicies: [],
  customerManagedPolicies: [],
};
const FULL: PermissionSetContents = {
  description: 'All of it',
  sessionDuration: 'PT1H30M',
  relayState: 'https://console.aws.amazon.com/',
  tags: { ...OWNED, team: 'a' },
  awsManagedPolicies: [
    'arn:aws:iam::aws:policy/ReadOnlyAccess',
    'arn:aws:iam::aws:policy/job-function/Billing',
  ],
  customerManagedPolicies: [
    { name: 'more', path: '/' },
    { name: 'more', path: '/team/' },
  ],
  inlinePolicy: '{"Statement":[],"Version":"2012-10-17"}',
  permissionsBoundary: { customerManagedPolicy: { name: 'limit', path: '/team/' } },
};

describe('SdkPermissionSetAdmin against the simulator', () => {
  const environment = process.env;
  let front: SdkFront;

  async function open(settings: Partial<SimulatorSettings> = {}) {
    // Time stands still: a rate would never let another call pass.
    const world = createTestWorld({ requestsPerSecond: 'unlimited', ...settings });
    front = await openSdkFront(world.simulator.services);
    process.env = {
      ...environment,
      AWS_ENDPOINT_URL: front.config.endpoint,
      AWS_REGION: front.config.region,
      AWS_ACCESS_KEY_ID: front.config.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: 's',
    };
    let turns = 0;
    const admin = new SdkPermissionSetAdmin(INSTANCE, () => {
      turns += 1;
      return Promise.resolve();
    });
    return { world, admin, turns: () => turns };
  }

  afterEach(async () => {
    process.env = environment;
    await front.close();
  });

  test.each<[string, Partial<SimulatorSettings>]>([
    ['keeps a description that is left out', { updateClears: 'relay-state' }],
    ['clears a description that is left out', { updateClears: 'everything' }],
    ['leaves out what is empty', { omitEmptyLists: 'always', noInlinePolicy: 'absent' }],
  ])(
    'brings a set from bare to full and back, call by call, where the service %s',
    async (_case, settings) => {
      const { admin } = await open(settings);
      const { description: _none, ...bare } = BARE;
      const arn = await admin.create({ name: 'Own', ...bare });
      for (const wanted of [FULL, BARE]) {
        const present = (await admin.read(arn, CONTENT_PARTS)) ?? {};
        for (const change of changesTo(wanted, present)) await admin.change(arn, change);
        expect(await admin.read(arn, CONTENT_PARTS)).toEqual(wanted);
      }
      expect(await admin.nameOf(arn)).toBe('Own');
    },
  );

  test('waits for one turn a call, and a page', async () => {
    const { admin, turns } = await open();
    await admin.read(READ_ONLY, CONTENT_PARTS);
    expect(turns()).toBe(CONTENT_PARTS.length);
    await admin.list();
    expect(turns()).toBe(CONTENT_PARTS.length + 1);
  });

  test('lists more sets than a page has', async () => {
    const { admin, world, turns } = await open();
    await manySets(world, 120);
    const arns = await admin.list();
    expect(arns).toHaveLength(123);
    expect(new Set(arns).size).toBe(123);
    expect(turns()).toBe(2);
  });

  test('knows who has a set, where, and which accounts are behind', async () => {
    const { admin, world } = await open();
    world.simulator.changePermissionSet(READ_ONLY);
    expect(await admin.accounts(READ_ONLY, 'all')).toEqual(['444444444444']);
    expect(await admin.accounts(READ_ONLY, 'stale')).toEqual(['444444444444']);
    expect(await admin.setsIn('444444444444')).toEqual([READ_ONLY]);
    const assignees = await admin.assignees({ accountId: '444444444444', permissionSetArn: READ_ONLY });
    expect(assignees.map(({ principalType }) => principalType).sort()).toEqual(['GROUP', 'USER']);
  });

  test('tells by their faults what cannot be', async () => {
    const { admin } = await open();
    const policy = { awsManagedPolicy: 'arn:aws:iam::aws:policy/ReadOnlyAccess' };
    const own = await admin.create({ name: 'Own', ...BARE });
    await expect(admin.create({ name: 'Own', ...BARE })).rejects.toMatchObject({ fault: 'exists' });
    await expect(admin.delete(READ_ONLY)).rejects.toMatchObject({ fault: 'in use' });
    await admin.change(own, { change: 'attach', ...policy });
    await expect(admin.change(own, { change: 'attach', ...policy })).rejects.toMatchObject({
      fault: 'conflict',
    });
    await admin.change(own, { change: 'detach', ...policy });
    await expect(admin.change(own, { change: 'detach', ...policy })).rejects.toMatchObject({ fault: 'gone' });
    const tooLong = { change: 'attributes', sessionDuration: 'PT13H' } as const;
    await expect(admin.change(own, tooLong)).rejects.toMatchObject({ fault: 'invalid' });
    await admin.delete(own);
    expect(await admin.read(own, CONTENT_PARTS)).toBeUndefined();
    expect(await admin.read(UNKNOWN_SET, ['permissionsBoundary'])).toBeUndefined();
    expect(await admin.nameOf(own)).toBeUndefined();
  });

  test('is refused changes of a set that the management account has, too', async () => {
    const { admin, world } = await open();
    const [breakGlass = ''] = await admin.setsIn(world.simulator.world.organization.managementAccountId);
    const change = { change: 'put inline policy', inlinePolicy: FULL.inlinePolicy ?? '' } as const;
    await expect(admin.change(breakGlass, change)).rejects.toMatchObject({ fault: 'denied' });
  });

  test('tells another policy write of the instance by the conflict, which the SDK does not repeat', async () => {
    const { admin, turns } = await open({ policyWriteSettles: { kind: 'fixed', seconds: 5 } });
    const own = await admin.create({ name: 'Own', ...BARE });
    const [one, other] = FULL.customerManagedPolicies.map(
      (customerManagedPolicy) => ({ change: 'attach', customerManagedPolicy }) as const,
    );
    if (one === undefined || other === undefined) throw new Error('two policies were expected');
    await admin.change(own, one);
    await expect(admin.change(own, other)).rejects.toMatchObject({ fault: 'conflict' });
    expect(turns()).toBe(3);
  });

  test('passes on what a turn was refused with, and does not try again, whatever it is called', async () => {
    const { world } = await open();
    const over = Object.assign(new Error('no turn in time'), { name: 'TimeoutError' });
    const beforeCall = jest.fn(() => Promise.reject(over));
    const admin = new SdkPermissionSetAdmin(INSTANCE, beforeCall);
    await expect(admin.read(READ_ONLY, ['tags'])).rejects.toBe(over);
    expect(beforeCall).toHaveBeenCalledTimes(1);
    expect(world.simulator.counts()).toEqual({});
  });
});

async function manySets(world: TestWorld, count: number): Promise<void> {
  for (let number = 0; number < count; number += 1)
    await world.call('CreatePermissionSet', { InstanceArn: INSTANCE, Name: `Set${number}` });
}
