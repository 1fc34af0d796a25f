import type { NamedError } from '../../local/identity-center/named-errors';
import type { WitnessedOperation } from '../support/adversary';
import { FaultyApp, type Story } from '../support/faulty-app';

/** Every way in which the admin API says that the customer-managed key of the instance cannot be used. */
const KEY_FAULTS: readonly NamedError[] = [
  'kms-access-denied',
  'kms-not-found',
  'kms-throttling',
  'kms-disabled',
  'kms-invalid-key-usage',
  'kms-invalid-state',
];

/** Operations of one call that are looked at together, in its status list: one or two are described one by one. */
const CROWD = 4;

/** What a request may be while nobody can tell how its operations stand. */
const UNDECIDED = ['granting', 'active', 'ending'];

const STARTS = ['CreateAccountAssignment', 'DeleteAccountAssignment'] as const;
const LISTS = ['ListAccountAssignmentCreationStatus', 'ListAccountAssignmentDeletionStatus'] as const;

/** An operation is told as it was: under its own id, and not before it had ended. */
const isTold = (operation: WitnessedOperation | undefined, requestId: string | undefined, at = ''): boolean =>
  operation?.requestId === requestId && Date.parse(at) >= (operation?.endedAt ?? Infinity);

/** How requests ended, and what Identity Center did for them. */
async function outcomes(world: FaultyApp, stories: readonly Story[]): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const story of stories) {
    const { user, permissionSet, account } = story.place;
    const [creation, deletion] = world.witness.of(user, permissionSet, account);
    const told = await world.account(story);
    found.push({
      status: (await world.app.request(story.id)).status,
      has: world.has(story),
      operations: world.operations(story),
      creationIsTold: isTold(creation, told?.creation?.requestId, told?.grantedAt),
      deletionIsTold: isTold(deletion, told?.deletion?.requestId, told?.endedAt),
    });
  }
  return found;
}

const CLEAN = {
  status: 'ended',
  has: false,
  operations: ['create SUCCEEDED', 'delete SUCCEEDED'],
  creationIsTold: true,
  deletionIsTold: true,
};

describe('a key that cannot be used for a while', () => {
  let world: FaultyApp;
  let calls: Map<string, number>;

  beforeAll(async () => {
    // So far apart that only the lists can tell which of several have ended.
    const latency = { kind: 'uniform', from: 5, to: 40 } as const;
    world = await FaultyApp.start({ createLatency: latency, deleteLatency: latency });
    world.app.runtime.simulator.onCall(({ operation, outcome }) => {
      const what = outcome === 'ok' || outcome === 'no reply' ? `${operation} accepted` : operation;
      calls.set(what, (calls.get(what) ?? 0) + 1);
    });
  });

  beforeEach(() => {
    calls = new Map();
  });

  afterAll(async () => {
    await world.stop();
  });

  afterEach(() => {
    world.app.runtime.simulator.faults.clear();
  });

  /** From now on until the key is repaired, each of these calls is refused, for one of the reasons by chance. */
  const breakKey = (...operations: readonly string[]): void => {
    for (const operation of operations)
      for (const [index, effect] of KEY_FAULTS.entries())
        world.app.runtime.simulator.faults.add({ operation, effect, share: 1 / (KEY_FAULTS.length - index) });
  };

  const repairKey = (): void => {
    world.app.runtime.simulator.faults.clear();
  };

  const count = (what: string): number => calls.get(what) ?? 0;

  /** Creates and deletes that came to Identity Center, whether it carried them out or lost them. */
  const sent = (): number[] => STARTS.map((start) => count(`${start} accepted`));

  const ask = async (times: number, duration: string): Promise<Story[]> => {
    const stories: Story[] = [];
    while (stories.length < times) stories.push(await world.ask(duration));
    return stories;
  };

  const statuses = async (stories: readonly Story[]): Promise<string[]> => {
    const found: string[] = [];
    for (const { id } of stories) found.push((await world.app.request(id)).status);
    return found;
  };

  test.each(KEY_FAULTS)(
    'B19: %s of a create, delete, describe and list says nothing of the assignment',
    async (effect) => {
      for (const start of STARTS) world.fail(start, effect);
      world.fail('DescribeAccountAssignmentCreationStatus', effect, 2);
      world.fail('DescribeAccountAssignmentDeletionStatus', effect, 2);
      world.fail('ListAccountAssignments', effect, 2);
      const stories = await ask(1, 'PT10M');
      await world.app.advance('PT9M');
      const during = await statuses(stories);
      await world.app.advance('PT5M');

      expect(during).toEqual(['active']);
      expect(await outcomes(world, stories)).toEqual([CLEAN]);
      expect(world.app.runtime.simulator.faults.pending()).toEqual([]);
    },
  );

  test('B19: where the lists of operations under way are refused, none is lost, doubled or settled wrongly', async () => {
    breakKey(LISTS[0]);
    const stories = await ask(CROWD, 'PT10M');
    await world.app.advance('PT3M');
    const during = await statuses(stories);
    repairKey();
    await world.app.advance('PT30S');
    const granted = await statuses(stories);
    breakKey(LISTS[1]);
    await world.app.advance('PT9M');
    during.push(...(await statuses(stories)));
    const refused = LISTS.map(count);
    repairKey();
    await world.app.advance('PT30S');

    expect(during.filter((status) => !UNDECIDED.includes(status))).toEqual([]);
    expect(granted).toEqual(stories.map(() => 'active'));
    expect(await outcomes(world, stories)).toEqual(stories.map(() => CLEAN));
    expect(sent()).toEqual([CROWD, CROWD]);
    // Refused for three minutes, and not asked for more than once a second.
    for (const times of refused) {
      expect(times).toBeGreaterThan(5);
      expect(times).toBeLessThan(180);
    }
  });

  test('B19: where the lists are refused, a lost reply is no refusal: it is found when they are back', async () => {
    breakKey(LISTS[0]);
    world.fail(STARTS[0], 'lose-reply', CROWD);
    const stories = await ask(CROWD, 'PT10M');
    await world.app.advance('PT4M');
    const during = await statuses(stories);
    repairKey();
    await world.app.advance('PT2M');
    const granted = await statuses(stories);
    breakKey(LISTS[1]);
    world.fail(STARTS[1], 'lose-reply', CROWD);
    await world.app.advance('PT8M');
    during.push(...(await statuses(stories)));
    const refused = LISTS.map(count);
    repairKey();
    await world.app.advance('PT2M');

    expect(during.filter((status) => !UNDECIDED.includes(status))).toEqual([]);
    expect(Math.min(...refused)).toBeGreaterThan(5);
    expect(granted).toEqual(stories.map(() => 'active'));
    expect(await outcomes(world, stories)).toEqual(stories.map(() => CLEAN));
    expect(sent()).toEqual([CROWD, CROWD]);
  });

  test('B19: where looks at an account are refused, nothing counts as gone and nothing as absent', async () => {
    world.fail(STARTS[0], 'lose-request');
    const stories = await ask(1, 'PT20M');
    await world.app.advance('PT5S');
    breakKey('ListAccountAssignments');
    await world.app.advance('PT5M');
    const [creates] = sent();
    const during = await statuses(stories);
    repairKey();
    await world.app.advance('PT5M');
    during.push(...(await statuses(stories)));
    world.fail(STARTS[1], 'lose-request');
    await world.app.advance('PT10M');
    breakKey('ListAccountAssignments');
    await world.app.advance('PT5M');
    const [, deletes] = sent();
    during.push(...(await statuses(stories)));
    repairKey();
    await world.app.advance('PT5M');

    expect([creates, deletes]).toEqual([1, 1]);
    expect(during).toEqual(['granting', 'active', 'ending']);
    expect(await outcomes(world, stories)).toEqual([CLEAN]);
    expect(sent()).toEqual([2, 2]);
  });
});
