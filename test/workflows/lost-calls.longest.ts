import type { FaultEffect } from '../../local/identity-center/faults';
import { functionNamed } from '../support/adversary';
import { FaultyApp, type Story } from '../support/faulty-app';

/** Operations at a time whose replies are lost by chance. */
const CROWD = 12;

const STARTS = ['CreateAccountAssignment', 'DeleteAccountAssignment'] as const;

/** The dispatcher's calls: a request finds its way to them by others, of which each needs several in a row. */
const DISPATCHER_CALLS = [
  ...STARTS,
  'DescribeAccountAssignmentCreationStatus',
  'DescribeAccountAssignmentDeletionStatus',
  'ListAccountAssignmentCreationStatus',
  'ListAccountAssignmentDeletionStatus',
  'ListAccountAssignments',
];

/** Calls so far, as they came over the wire: what an SDK repeats counts each time. */
const wire = ({ app }: FaultyApp): number[] =>
  STARTS.map((operation) => app.runtime.simulator.counts()[`sso:${operation}`] ?? 0);

/** How a request ended, what Identity Center did for it, and whether the request tells of those operations. */
async function outcome(world: FaultyApp, story: Story): Promise<unknown> {
  const { user, permissionSet, account } = story.place;
  const ids = world.witness.of(user, permissionSet, account).map(({ requestId }) => requestId);
  const told = await world.account(story);
  return {
    status: (await world.app.request(story.id)).status,
    has: world.has(story),
    operations: world.operations(story),
    toldOfThese: ids[0] === told?.creation?.requestId && ids[1] === told?.deletion?.requestId,
  };
}

const CLEAN = {
  status: 'ended',
  has: false,
  operations: ['create SUCCEEDED', 'delete SUCCEEDED'],
  toldOfThese: true,
};

describe('a call that is lost', () => {
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

  test.each<FaultEffect & string>(['lose-reply', 'hang-after'])(
    'B13, B14: as by %s, after it was accepted, is found in the lists and goes over the wire once',
    async (effect) => {
      const [creates = 0, deletes = 0] = wire(world);
      world.fail('CreateAccountAssignment', effect);
      const story = await world.ask('PT10M');
      await world.app.advance('PT1M');
      const during = (await world.app.request(story.id)).status;
      world.fail('DeleteAccountAssignment', effect);
      await world.app.advance('PT12M');

      expect(during).toBe('active');
      expect(await outcome(world, story)).toEqual(CLEAN);
      expect(wire(world)).toEqual([creates + 1, deletes + 1]);
    },
  );

  // Errors of the service are among them: whether it had begun cannot be known, and an SDK would repeat the call at once.
  test.each<FaultEffect & string>(['lose-request', 'hang', 'internal-error', 'service-unavailable'])(
    'B13, B14: as by %s, before it was accepted, is sent again only when absence was proved',
    async (effect) => {
      const [creates = 0, deletes = 0] = wire(world);
      world.fail('CreateAccountAssignment', effect);
      const story = await world.ask('PT10M');
      await world.app.advance('PT1M');
      const early = wire(world)[0];
      await world.app.advance('PT8M');
      world.fail('DeleteAccountAssignment', effect);
      await world.app.advance('PT2M');
      const late = wire(world)[1];
      await world.app.advance('PT3M');

      expect([early, late]).toEqual([creates + 1, deletes + 1]);
      expect(await outcome(world, story)).toEqual(CLEAN);
      expect(wire(world)).toEqual([creates + 2, deletes + 2]);
    },
  );

  test.each(['throttle', 'conflict'] as const)(
    'B14: that is refused as by %s is repeated by the dispatcher, seconds later, and never by the SDK',
    async (effect) => {
      const { simulator } = world.app.runtime;
      const sentAt: number[] = [];
      const letGo = simulator.onCall(({ operation, at }) => {
        if (operation === 'CreateAccountAssignment') sentAt.push(at);
      });
      world.fail('CreateAccountAssignment', effect, 3);
      const story = await world.ask('PT10M');
      await world.app.advance('PT13M');
      letGo();

      expect(await outcome(world, story)).toEqual(CLEAN);
      expect(sentAt).toHaveLength(4);
      const pauses = sentAt.slice(1).map((at, index) => at - (sentAt[index] ?? 0));
      // Half of 2 s, 4 s and 8 s is jitter; an SDK would wait for a tenth of a second.
      expect(pauses.map((pause, index) => pause >= 1_000 * 2 ** index)).toEqual([true, true, true]);
    },
  );

  test.each(['create', 'delete'] as const)(
    'B15: a %s whose function dies between its acceptance and the write of its id is found, not sent again',
    async (killedAt) => {
      const { lambda, simulator } = world.app.runtime;
      const [creates = 0, deletes = 0] = wire(world);
      const story = await world.ask('PT10M');
      let kills = 0;
      const letGo = simulator.onOperation(({ kind, status }) => {
        if (kind !== killedAt || status !== 'IN_PROGRESS') return;
        kills += 1;
        lambda.killWorkers(functionNamed(world.app, 'AdvanceOperations'));
      });
      await world.app.advance('PT9M');
      const during = (await world.app.request(story.id)).status;
      await world.app.advance('PT5M');
      letGo();

      expect({ kills, during }).toEqual({ kills: 1, during: 'active' });
      expect(await outcome(world, story)).toEqual(CLEAN);
      expect(wire(world)).toEqual([creates + 1, deletes + 1]);
    },
  );
});

describe('calls that are lost by chance', () => {
  let world: FaultyApp;

  beforeEach(async () => {
    // Calls that are refused for the rate would be counted with those that were sent again.
    world = await FaultyApp.start({
      requestsPerSecond: 'unlimited',
      createLatency: { kind: 'uniform', from: 2, to: 8 },
    });
  });

  afterEach(async () => {
    await world.stop();
  });

  async function askAtOnce(): Promise<Story[]> {
    const stories: Story[] = [];
    while (stories.length < CROWD) stories.push(await world.ask('PT20M'));
    return stories;
  }

  test.each([0.05, 0.2, 0.5])(
    'B13, B14: of which a share of %d has no reply, are each accepted once and told by their own ids',
    async (share) => {
      const { faults } = world.app.runtime.simulator;
      for (const operation of DISPATCHER_CALLS) faults.add({ operation, effect: 'lose-reply', share });
      const stories = await askAtOnce();
      await world.app.advance('PT19M');
      const during = stories.map((story) => world.has(story));
      await world.app.advance('PT20M');
      faults.clear();
      await world.app.advance('PT5M');

      expect(during).toEqual(stories.map(() => true));
      for (const story of stories) expect(await outcome(world, story)).toEqual(CLEAN);
      expect(wire(world)).toEqual([CROWD, CROWD]);
    },
  );

  test('B13: of which some come and some do not, start nothing that may be under way already', async () => {
    const { faults } = world.app.runtime.simulator;
    for (const operation of STARTS) {
      faults.add({ operation, effect: 'hang-after', share: 0.25 });
      faults.add({ operation, effect: 'lose-request', share: 0.33 });
    }
    const stories = await askAtOnce();
    await world.app.advance('PT19M');
    const during = stories.map((story) => world.has(story));
    await world.app.advance('PT30M');
    faults.clear();
    await world.app.advance('PT5M');

    expect(during).toEqual(stories.map(() => true));
    for (const story of stories) expect(await outcome(world, story)).toEqual(CLEAN);
    expect(world.witness.overlaps).toEqual([]);
    expect(Math.min(...wire(world))).toBeGreaterThan(CROWD);
  });
});
