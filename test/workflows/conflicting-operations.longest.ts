import type { Place } from '../support/places';
import { ticketFor } from '../support/places';
import { FaultyApp, type Story } from '../support/faulty-app';

const MINUTE = 60_000;

/** Somebody else's operation is under way for so long. */
const THEIRS_S = 60;

type Kind = 'create' | 'delete' | 'provision';

const CALLS = {
  create: 'CreateAccountAssignment',
  delete: 'DeleteAccountAssignment',
  provision: 'ProvisionPermissionSet',
} as const;

const CLEAN = { status: 'ended', has: false, operations: ['create SUCCEEDED', 'delete SUCCEEDED'] };

/** How a request ended, and what Identity Center did for it. */
async function outcome(world: FaultyApp, story: Story): Promise<unknown> {
  const { status } = await world.app.request(story.id);
  return { status, has: world.has(story), operations: world.operations(story) };
}

describe('two operations that would meet', () => {
  let world: FaultyApp;
  /** Times at which Identity Center refused a call of each kind for a conflict. */
  let conflicts: Record<string, number>;

  beforeAll(async () => {
    world = await FaultyApp.start();
    world.app.runtime.simulator.onCall(({ operation, outcome: answer }) => {
      if (answer === 'ConflictException') conflicts[operation] = (conflicts[operation] ?? 0) + 1;
    });
  });

  beforeEach(() => {
    conflicts = {};
  });

  afterAll(async () => {
    await world.stop();
  });

  /** Each kind of operation takes so many seconds from now on. */
  function setLatency(create: number, remove = create, provision = create): void {
    const fixed = (seconds: number) => ({ kind: 'fixed', seconds }) as const;
    world.app.runtime.simulator.changeSettings({
      createLatency: fixed(create),
      deleteLatency: fixed(remove),
      provisionLatency: fixed(provision),
      provisionLatencyPerAccount: fixed(0),
    });
  }

  let calls = 0;

  /** Somebody else's call in the console, on bob's assignment or on the role that it shares with others. */
  async function theirs(kind: Kind, { permissionSet, account }: Place): Promise<void> {
    const { simulator } = world.app.runtime;
    const named = { user: 'bob', permissionSet, account };
    const { accountId, permissionSetArn, principalType, principalId } = simulator.world.resolve(named);
    const common = {
      InstanceArn: world.app.organization.instance.arn,
      TargetId: accountId,
      TargetType: 'AWS_ACCOUNT',
      PermissionSetArn: permissionSetArn,
    };
    calls += 1;
    await simulator.services[0]?.call({
      operation: CALLS[kind],
      requestId: `5d1e0a10-1c2b-4a3d-8e4f-${String(calls).padStart(12, '0')}`,
      input: {
        ...common,
        ...(kind === 'provision' ? {} : { PrincipalType: principalType, PrincipalId: principalId }),
      },
    });
  }

  /** Bob has had the role for a while. */
  async function standing(place: Place): Promise<void> {
    setLatency(1);
    await theirs('create', place);
    await world.app.advance('PT5S');
  }

  test.each<[Kind, 'create' | 'delete']>([
    ['create', 'create'],
    ['delete', 'create'],
    ['provision', 'create'],
    ['create', 'delete'],
    ['delete', 'delete'],
    ['provision', 'delete'],
  ])("B17: somebody else's %s on a role is waited for by our %s", async (their, our) => {
    const place = world.nextPlace();
    if (their !== 'create') await standing(place);
    setLatency(2, 3);
    let story: Story | undefined;
    if (our === 'delete') {
      story = await world.ask('PT5M');
      await world.app.advance('PT4M45S');
    }
    setLatency(THEIRS_S);
    await theirs(their, place);
    setLatency(2, 3);
    story ??= await world.ask('PT5M');
    await world.app.advance('PT8M');

    expect(conflicts[CALLS[our]]).toBeGreaterThan(0);
    expect(await outcome(world, story)).toEqual(CLEAN);
    expect(await world.lateness(story)).toBeLessThan(3 * MINUTE);
    expect(world.app.has('bob', place.permissionSet, place.account)).toBe(their !== 'delete');
  });

  test('B17: access that is asked for again while it is taken away is given after that', async () => {
    setLatency(2, THEIRS_S);
    const first = await world.ask('PT5M');
    await world.app.advance('PT5M20S');
    const during = world.operations(first);
    const second = {
      place: first.place,
      id: await world.app.ask(ticketFor(first.place, { duration: 'PT5M' })),
    };
    await world.app.advance('PT4M');
    const [ended, granted] = [await world.app.request(first.id), await world.app.request(second.id)];
    await world.app.advance('PT4M');

    expect(during).toEqual(['create SUCCEEDED', 'delete IN_PROGRESS']);
    expect([ended.status, granted.status]).toEqual(['ended', 'active']);
    expect(await outcome(world, second)).toEqual({
      ...CLEAN,
      operations: [...CLEAN.operations, ...CLEAN.operations],
    });
    expect(conflicts).toEqual({});
    expect(world.witness.overlaps).toEqual([]);
  });

  test('B17: access that is given back while it is being given is taken away after that', async () => {
    setLatency(THEIRS_S, 3);
    const story = await world.ask('PT1H');
    await world.app.advance('PT10S');
    const during = world.operations(story);
    await world.app.post(`/requests/${story.id}/revocation`, '');
    await world.app.advance('PT3M');

    expect(during).toEqual(['create IN_PROGRESS']);
    expect(await outcome(world, story)).toEqual(CLEAN);
    expect(conflicts).toEqual({});
    expect(world.witness.overlaps).toEqual([]);
  });

  test('B17: of two requests for the same access, what is under way serves both', async () => {
    setLatency(THEIRS_S, 3);
    const first = await world.ask('PT5M');
    await world.app.advance('PT10S');
    const second = {
      place: first.place,
      id: await world.app.ask(ticketFor(first.place, { duration: 'PT10M' })),
    };
    await world.app.advance('PT6M');
    const [ended, active] = [await world.app.request(first.id), await world.app.request(second.id)];
    const between = world.has(first);
    await world.app.advance('PT6M');

    expect([ended.status, active.status, between]).toEqual(['ended', 'active', true]);
    expect(await outcome(world, second)).toEqual(CLEAN);
    expect(conflicts).toEqual({});
  });
});
