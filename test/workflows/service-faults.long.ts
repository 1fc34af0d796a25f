import type { SimulatorSettings } from '../../local/identity-center/settings';
import { FaultyApp, type Story, error } from '../support/faulty-app';

const MINUTE = 60_000;
const fixed = (seconds: number) => ({ kind: 'fixed', seconds }) as const;

/** How requests ended, and what Identity Center did for them. */
async function outcomes(world: FaultyApp, stories: readonly Story[]): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const story of stories) {
    const { status } = await world.app.request(story.id);
    found.push({ status, has: world.has(story), operations: world.operations(story) });
  }
  return found;
}

const CLEAN = { status: 'ended', has: false, operations: ['create SUCCEEDED', 'delete SUCCEEDED'] };

describe('faults of single calls', () => {
  let world: FaultyApp;

  beforeAll(async () => {
    world = await FaultyApp.start();
  });

  afterAll(async () => {
    await world.stop();
  });

  afterEach(() => {
    world.app.runtime.simulator.faults.clear();
  });

  test('B17: an operation of somebody else on the same role is waited for', async () => {
    const { simulator } = world.app.runtime;
    let conflicts = 0;
    const letGo = simulator.onCall(({ operation, outcome }) => {
      if (operation === 'CreateAccountAssignment' && outcome === 'ConflictException') conflicts += 1;
    });
    simulator.changeSettings({ createLatency: fixed(30) });
    const [service] = simulator.services;
    const place = world.nextPlace();
    const { accountId, permissionSetArn, principalType, principalId } = simulator.world.resolve({
      user: 'bob',
      permissionSet: place.permissionSet,
      account: place.account,
    });
    await service?.call({
      operation: 'CreateAccountAssignment',
      requestId: '5d1e0a10-1c2b-4a3d-8e4f-000000000017',
      input: {
        InstanceArn: world.app.organization.instance.arn,
        TargetId: accountId,
        TargetType: 'AWS_ACCOUNT',
        PermissionSetArn: permissionSetArn,
        PrincipalType: principalType,
        PrincipalId: principalId,
      },
    });
    simulator.changeSettings({ createLatency: fixed(2) });
    const story = await world.ask('PT10M');
    await world.app.advance('PT13M');
    letGo();

    expect(conflicts).toBeGreaterThan(0);
    expect(await outcomes(world, [story])).toEqual([CLEAN]);
    expect(world.app.has('bob', place.permissionSet, place.account)).toBe(true);
  });

  test('B18: an exceeded quota parks a grant, and holds up no revoke', async () => {
    const ending = await world.ask('PT5M');
    await world.app.advance('PT4M');
    world.fail('CreateAccountAssignment', error('ServiceQuotaExceededException'), 3);
    const parked = await world.ask('PT30M');
    await world.app.advance('PT2M');
    const during = await world.lateness(ending);
    await world.app.advance('PT31M');

    expect(during).toBeLessThan(MINUTE);
    expect(await outcomes(world, [ending, parked])).toEqual([CLEAN, CLEAN]);
  });
});

describe('a service with its own pace', () => {
  test.each([
    ['has 10 slots', { outstandingAssignments: 10, createLatency: fixed(20) }, 1],
    ['throttles every third call', {}, 0.33],
  ] as const)(
    'B16: where it %s, 14 requests at once are granted, and end',
    async (_name, settings, share) => {
      const world = await FaultyApp.start({ outstandingCounts: 'creates-and-deletes', ...settings });
      let throttles = 0;
      world.app.runtime.simulator.onCall(({ outcome }) => {
        if (outcome === 'ThrottlingException') throttles += 1;
      });
      if (share < 1) world.app.runtime.simulator.faults.add({ operation: '*', effect: 'throttle', share });
      const stories: Story[] = [];
      for (let count = 0; count < 14; count += 1) stories.push(await world.ask('PT30M'));
      await world.app.advance('PT45M');

      expect(throttles).toBeGreaterThan(0);
      world.app.runtime.simulator.faults.clear();
      expect(await outcomes(world, stories)).toEqual(stories.map(() => CLEAN));
      await world.stop();
    },
  );

  test.each([0, 30, 120])(
    'B22: a list that is %i s late delays the grant, and repeats nothing',
    async (lag) => {
      const world = await FaultyApp.start({ listLag: fixed(lag) });
      const story = await world.ask('PT20M');
      await world.app.advance('PT19M');
      const during = await world.account(story);
      await world.app.advance('PT8M');

      const { user, permissionSet, account } = story.place;
      const [creation] = world.witness.of(user, permissionSet, account);
      const shown = Date.parse(during?.grantedAt ?? '') - (creation?.endedAt ?? 0);
      expect(shown).toBeGreaterThanOrEqual(lag * 1000);
      expect(await outcomes(world, [story])).toEqual([CLEAN]);
      await world.stop();
    },
  );

  test('B23: a status that is forgotten as soon as it ends is replaced by a look at the effect', async () => {
    const world = await FaultyApp.start({
      statusRetention: 1,
      createLatency: fixed(130),
      deleteLatency: fixed(130),
    });
    const story = await world.ask('PT20M');
    await world.app.advance('PT19M');
    const during = (await world.app.request(story.id)).status;
    await world.app.advance('PT12M');

    expect(during).toBe('active');
    expect(await outcomes(world, [story])).toEqual([CLEAN]);
    await world.stop();
  });
});

describe('a service that is slow to do, or to show, what it was asked for', () => {
  test.each<[string, Partial<SimulatorSettings>]>([
    ['shows changes in lists a minute late', { listLag: fixed(60) }],
    ['knows an operation by its id two minutes late', { listLag: fixed(45), describeLag: fixed(120) }],
    [
      'takes four minutes for an operation, and answers no lists where there is nothing',
      {
        createLatency: fixed(240),
        deleteLatency: fixed(240),
        unprovisionedList: 'not-found',
        omitEmptyLists: 'always',
      },
    ],
  ])('B22, B23: that %s grants once and takes away once', async (_name, settings) => {
    const world = await FaultyApp.start(settings);
    const story = await world.ask('PT10M');
    await world.app.advance('PT9M');
    const during = (await world.app.request(story.id)).status;
    await world.app.advance('PT9M');

    expect(during).toBe('active');
    expect(world.operations(story)).toEqual(['create SUCCEEDED', 'delete SUCCEEDED']);
    expect(await world.app.request(story.id)).toMatchObject({
      status: 'ended',
      accounts: { items: [{ endedAs: 'revoked' }] },
    });
    expect(await world.lateness(story)).toBeLessThan(5 * MINUTE);
    await world.stop();
  });
});
