import type { SimulatorSettings } from '../../local/identity-center/settings';
import { FaultyApp, type Story, error } from '../support/faulty-app';

const MINUTE = 60_000;
const fixed = (seconds: number) => ({ kind: 'fixed', seconds }) as const;

const ONCE = ['create SUCCEEDED', 'delete SUCCEEDED'];

/** The operations of a story, as Identity Center saw them. */
const witnessed = ({ witness }: FaultyApp, { place: { user, permissionSet, account } }: Story) =>
  witness.of(user, permissionSet, account);

/** How a request stands, what it tells of its account, and what Identity Center did for it. */
async function outcome(world: FaultyApp, story: Story): Promise<unknown> {
  const { status } = await world.app.request(story.id);
  const { endedAs } = (await world.account(story)) ?? {};
  return { status, endedAs, has: world.has(story), operations: world.operations(story) };
}

const CLEAN = { status: 'ended', endedAs: 'revoked', has: false, operations: ONCE };

describe('an effect that shows late', () => {
  let world: FaultyApp;

  afterEach(async () => {
    await world.stop();
  });

  test.each([0, 30, 120])('B22: by %i s is told when it shows, and repeated by nobody', async (lag) => {
    world = await FaultyApp.start({ listLag: fixed(lag) });
    const story = await world.ask('PT20M');
    await world.app.advance(lag === 0 ? 'PT1S' : `PT${lag}S`);
    const early = (await world.app.request(story.id)).status;
    await world.app.advance('PT17M');
    const granted = (await world.app.request(story.id)).status;
    await world.app.advance('PT10M');

    const [creation, deletion] = witnessed(world, story);
    const { grantedAt = '', endedAt = '' } = (await world.account(story)) ?? {};
    expect([early, granted]).toEqual(['granting', 'active']);
    expect(Date.parse(grantedAt) - (creation?.endedAt ?? 0)).toBeGreaterThanOrEqual(lag * 1000);
    expect(Date.parse(endedAt) - (deletion?.endedAt ?? 0)).toBeGreaterThanOrEqual(lag * 1000);
    expect(await outcome(world, story)).toEqual(CLEAN);
  });

  test('B22: of a create, after more than five minutes, is no grant: the request fails, and what may be there is taken away', async () => {
    world = await FaultyApp.start({ listLag: fixed(20 * 60) });
    const story = await world.ask('PT2H');
    await world.app.advance('PT5M');
    const early = (await world.app.request(story.id)).status;
    await world.app.advance('PT1M');
    const { status, reason } = await world.app.request(story.id);
    await world.app.advance('PT3H');

    expect([early, status]).toEqual(['granting', 'failed']);
    expect(reason).toContain('the assignment did not appear within 5 minutes');
    expect(world.operations(story)).toEqual(ONCE);
    expect(world.has(story)).toBe(false);
  });

  test('B22: of a delete, after more than 15 minutes, is overdue, and ends the request when it shows', async () => {
    world = await FaultyApp.start();
    const story = await world.ask('PT5M');
    await world.app.advance('PT4M');
    world.app.runtime.simulator.changeSettings({ listLag: fixed(20 * 60) });
    await world.app.advance('PT18M');
    const during = (await world.app.request(story.id)).status;
    const overdue = world.events.filter(({ type }) => type === 'RevokeOverdue').length;
    await world.app.advance('PT15M');

    expect({ during, overdue }).toEqual({ during: 'ending', overdue: 1 });
    const [, deletion, ...repeats] = witnessed(world, story);
    const { endedAt = '' } = (await world.account(story)) ?? {};
    expect(Date.parse(endedAt) - (deletion?.endedAt ?? 0)).toBeGreaterThanOrEqual(20 * MINUTE);
    // A delete of what is gone does no harm.
    expect(repeats.map(({ kind, status }) => `${kind} ${status}`)).toEqual(
      repeats.map(() => 'delete FAILED'),
    );
    expect((await world.app.request(story.id)).status).toBe('ended');
  });

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
  ])('B22, B23: of a service that %s, is granted once and taken away once', async (_name, settings) => {
    world = await FaultyApp.start(settings);
    const story = await world.ask('PT10M');
    await world.app.advance('PT9M');
    const during = (await world.app.request(story.id)).status;
    await world.app.advance('PT9M');

    expect(during).toBe('active');
    expect(await outcome(world, story)).toEqual(CLEAN);
    expect(await world.lateness(story)).toBeLessThan(5 * MINUTE);
  });
});

describe('a status that is forgotten as soon as the operation ends', () => {
  let world: FaultyApp;
  let forgotten: Map<string, number>;

  beforeEach(async () => {
    world = await FaultyApp.start({
      statusRetention: 0,
      createLatency: fixed(130),
      deleteLatency: fixed(130),
    });
    forgotten = new Map();
    world.app.runtime.simulator.onCall(({ operation, outcome: answer }) => {
      if (operation.startsWith('Describe') && answer === 'ResourceNotFoundException')
        forgotten.set(operation, (forgotten.get(operation) ?? 0) + 1);
    });
  });

  afterEach(async () => {
    await world.stop();
  });

  test('B23: is replaced by a look at the effect', async () => {
    const story = await world.ask('PT20M');
    await world.app.advance('PT19M');
    const during = (await world.app.request(story.id)).status;
    await world.app.advance('PT12M');

    expect([...forgotten.keys()].sort()).toEqual([
      'DescribeAccountAssignmentCreationStatus',
      'DescribeAccountAssignmentDeletionStatus',
    ]);
    expect(during).toBe('active');
    expect(await outcome(world, story)).toEqual(CLEAN);
  });

  test('B23: of an operation that failed is replaced by a look at the effect: it is sent again', async () => {
    world.fail('CreateAccountAssignment', { failed: 'Received a 500 status error: nobody will read this' });
    const story = await world.ask('PT30M');
    await world.app.advance('PT20M');
    const during = (await world.app.request(story.id)).status;
    await world.app.advance('PT25M');

    expect(forgotten.size).toBeGreaterThan(0);
    expect(during).toBe('active');
    expect(world.operations(story)).toEqual(['create FAILED', ...ONCE]);
    expect((await world.app.request(story.id)).status).toBe('ended');
  });

  test('B23: before its lost reply could be found is replaced by looks at the effect, and sent no second time', async () => {
    const { simulator } = world.app.runtime;
    simulator.changeSettings({ createLatency: fixed(1), deleteLatency: fixed(1) });
    for (const kind of ['Create', 'Delete']) world.fail(`${kind}AccountAssignment`, 'lose-reply');
    const story = await world.ask('PT20M');
    await world.app.advance('PT10M');
    const { creation } = (await world.account(story)) ?? {};
    await world.app.advance('PT15M');
    const { deletion } = (await world.account(story)) ?? {};

    expect([creation, deletion].map((trace) => trace?.status)).toEqual(['ADOPTED', 'ADOPTED']);
    expect(await outcome(world, story)).toEqual(CLEAN);
    const counts = simulator.counts();
    expect([counts['sso:CreateAccountAssignment'], counts['sso:DeleteAccountAssignment']]).toEqual([1, 1]);
  });
});

describe('a quota of the service that is exceeded', () => {
  let world: FaultyApp;

  beforeEach(async () => {
    world = await FaultyApp.start();
  });

  afterEach(async () => {
    await world.stop();
  });

  test('B18: parks the grant that ran into it, which is sent less and less often, and holds up no revoke', async () => {
    const sentAt: number[] = [];
    world.app.runtime.simulator.onCall(({ operation, outcome, at }) => {
      if (operation === 'CreateAccountAssignment' && outcome === 'ServiceQuotaExceededException')
        sentAt.push(at);
    });
    const ending = await world.ask('PT5M');
    await world.app.advance('PT4M');
    world.fail('CreateAccountAssignment', error('ServiceQuotaExceededException'), 5);
    const parked = await world.ask('PT40M');
    await world.app.advance('PT2M');
    const during = {
      late: await world.lateness(ending),
      parked: (await world.app.request(parked.id)).status,
    };
    await world.app.advance('PT41M');

    expect(during).toEqual({
      late: expect.any(Number) as number,
      parked: 'granting',
    });
    expect(during.late).toBeLessThan(MINUTE);
    const pauses = sentAt.slice(1).map((at, index) => at - (sentAt[index] ?? 0));
    // Half of 30 s, 1, 2 and 4 minutes is jitter.
    expect(pauses.map((pause, index) => pause >= 15_000 * 2 ** index)).toEqual([true, true, true, true]);
    for (const story of [ending, parked]) expect(await outcome(world, story)).toEqual(CLEAN);
  });
});
