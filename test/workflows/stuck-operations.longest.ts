import { FaultyApp, type Story } from '../support/faulty-app';

const MINUTE = 60_000;

describe('a request', () => {
  let world: FaultyApp;
  /** When the status of each operation was asked for, by its request id. */
  let asked: Map<unknown, number[]>;

  beforeEach(async () => {
    world = await FaultyApp.start();
    asked = new Map();
    world.app.runtime.simulator.onCall(({ input, at }) => {
      const { AccountAssignmentCreationRequestId, AccountAssignmentDeletionRequestId } = input;
      const id = AccountAssignmentCreationRequestId ?? AccountAssignmentDeletionRequestId;
      if (id !== undefined) asked.set(id, [...(asked.get(id) ?? []), at]);
    });
  });

  afterEach(async () => {
    await world.stop();
  });

  /** How often the last operation of a story was asked for in a minute, so many minutes after it was accepted. */
  function perMinute({ place }: Story, minutesAfter: number): number {
    const operation = world.witness.of(place.user, place.permissionSet, place.account).at(-1);
    const from = (operation?.acceptedAt ?? 0) + minutesAfter * MINUTE;
    return (asked.get(operation?.requestId) ?? []).filter((at) => at >= from && at < from + MINUTE).length;
  }

  test('B20: because the delete never ends stays open and is asked for as long as it lasts, less and less often', async () => {
    world.fail('DeleteAccountAssignment', 'never-ends');
    const story = await world.ask('PT5M');
    await world.app.advance('PT3H');

    const [first = 0, sixth = 0, later = 0, last = 0] = [0, 5, 20, 150].map((minute) =>
      perMinute(story, minute),
    );
    expect(first).toBeGreaterThan(2 * sixth);
    expect(sixth).toBeGreaterThan(later);
    expect(later).toBeGreaterThanOrEqual(last);
    expect(last).toBeGreaterThan(0);
    expect(world.operations(story)).toEqual(['create SUCCEEDED', 'delete IN_PROGRESS']);
    expect(await world.app.request(story.id)).toMatchObject({ status: 'ending' });
    expect(world.events.filter(({ type }) => type === 'RevokeOverdue')).toHaveLength(1);
  });

  test('B20: because the create never ends is asked for less and less often, and nothing else is sent', async () => {
    world.fail('CreateAccountAssignment', 'never-ends');
    const story = await world.ask('PT1H');
    await world.app.advance('PT30M');

    const [first = 0, sixth = 0, last = 0] = [0, 5, 25].map((minute) => perMinute(story, minute));
    expect(first).toBeGreaterThan(2 * sixth);
    expect(sixth).toBeGreaterThan(last);
    expect(last).toBeGreaterThan(0);
    expect(world.operations(story)).toEqual(['create IN_PROGRESS']);
    expect(await world.app.request(story.id)).toMatchObject({ status: 'granting' });
  });
});
