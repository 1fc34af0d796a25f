import { PlaceLooks } from '../../../core/dispatcher/place-looks';
import { describeKey } from '../../../core/assignments/assignment';
import { keyOf } from '../../support/dispatcher-world';
import { FakeClock } from '../../support/fake-clock';
import { FakeIdentityCenter } from '../../support/fake-identity-center';

const SECOND = 1_000;

function setUp() {
  const clock = new FakeClock();
  const identityCenter = new FakeIdentityCenter(clock);
  return { clock, identityCenter, looks: new PlaceLooks(identityCenter, clock) };
}

/** Another principal with the same permission set in the same account. */
const NEIGHBOUR = { ...keyOf(), principalId: '906799d2-0000-7000-8000-000000000002' };

describe('a look at a place', () => {
  test('shows whether an assignment is listed there', async () => {
    const { identityCenter, looks, clock } = setUp();
    identityCenter.rows.add(describeKey(keyOf()));

    expect(await looks.sight(keyOf(), clock.now())).toEqual({ at: clock.now(), exists: true });
    expect((await looks.sight(NEIGHBOUR, clock.now())).exists).toBe(false);
  });

  test('tells a group from a user of the same id', async () => {
    const { identityCenter, looks, clock } = setUp();
    identityCenter.rows.add(describeKey({ ...keyOf(), principalType: 'GROUP' }));

    expect((await looks.sight(keyOf(), clock.now())).exists).toBe(false);
  });

  test('serves every assignment there that is content with its age', async () => {
    const { identityCenter, looks, clock } = setUp();
    const { at } = await looks.sight(keyOf(), clock.now());
    clock.advance(5 * SECOND);

    const second = await looks.sight(NEIGHBOUR, at);

    expect(second.at).toBe(at);
    expect(identityCenter.calls).toEqual(['look']);
  });

  test('is shared while it is being made', async () => {
    const { identityCenter, looks, clock } = setUp();

    await Promise.all([looks.sight(keyOf(), clock.now()), looks.sight(NEIGHBOUR, clock.now())]);

    expect(identityCenter.calls).toEqual(['look']);
  });

  test('is made anew for who wants a fresher one', async () => {
    const { identityCenter, looks, clock } = setUp();
    await looks.sight(keyOf(), clock.now());
    clock.advance(SECOND);
    identityCenter.rows.add(describeKey(keyOf()));

    expect(await looks.sight(keyOf(), clock.now())).toEqual({ at: clock.now(), exists: true });
  });

  test('is dated by its beginning: what it does not show may have come since', async () => {
    const { identityCenter, looks, clock } = setUp();
    const began = clock.now();
    const list = identityCenter.assignees.bind(identityCenter);
    identityCenter.assignees = async (place) => {
      const rows = await list(place);
      await clock.sleep(2 * SECOND);
      return rows;
    };

    expect((await looks.sight(keyOf(), began)).at).toBe(began);
    expect(clock.now()).toBe(began + 2 * SECOND);
  });

  test('says nothing of other places', async () => {
    const { identityCenter, looks, clock } = setUp();
    await looks.sight(keyOf(), clock.now());

    await looks.sight(keyOf(2), clock.now());
    await looks.sight({ ...keyOf(), permissionSetArn: `${keyOf().permissionSetArn}0` }, clock.now());

    expect(identityCenter.calls).toHaveLength(3);
  });

  test('that failed is not kept', async () => {
    const { identityCenter, looks, clock } = setUp();
    const list = identityCenter.assignees.bind(identityCenter);
    identityCenter.assignees = () => Promise.reject(new Error('throttled'));
    await expect(looks.sight(keyOf(), clock.now())).rejects.toThrow('throttled');
    identityCenter.assignees = list;

    expect((await looks.sight(keyOf(), clock.now())).exists).toBe(false);
  });
});
