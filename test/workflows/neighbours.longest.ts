import { QUICK, Witness } from '../support/adversary';
import { type Place, placeAt, placesOf, ticketFor } from '../support/places';
import { TestApp, type TicketBody } from '../support/test-app';

const MINUTE = 60_000;

/** Requests, and people in the console, that meet on one assignment or one role. */
describe('requests that meet', () => {
  let app: TestApp;
  let witness: Witness;
  let free: Place[];

  beforeAll(async () => {
    app = await TestApp.start({ ticks: 'all', simulator: { ...QUICK, conflictScope: 'account' } });
    witness = new Witness(app);
    free = placesOf(app);
  });

  afterAll(async () => {
    await app.stop();
  });

  /** A place of its own for a test. */
  function nextPlace(): Place {
    const place = placeAt(free, 0);
    free.shift();
    return place;
  }

  const ask = (place: Place, change: TicketBody): Promise<string> => app.ask(ticketFor(place, change));
  const has = ({ user, permissionSet, account }: Place): boolean => app.has(user, permissionSet, account);
  const story = ({ user, permissionSet, account }: Place): string =>
    witness.story(user, permissionSet, account);

  function byHand(change: 'add' | 'remove', { user, permissionSet, account }: Place): void {
    const { simulator } = app.runtime;
    const { id: principalId = '' } = app.organization.users.find(({ userName }) => userName === user) ?? {};
    const { arn: permissionSetArn = '' } =
      app.organization.permissionSets.find(({ name }) => name === permissionSet) ?? {};
    const row = { accountId: account, permissionSetArn, principalType: 'USER', principalId } as const;
    const changed =
      change === 'add' ? simulator.addAssignmentByHand(row) : simulator.removeAssignmentByHand(row);
    if (!changed) throw new Error(`there was nothing to ${change} for ${user} in ${account}`);
  }

  test('on one assignment, one after the other without a break, leave at most a minute without access', async () => {
    const place = nextPlace();
    const startsAt = new Date(app.runtime.clock.now() + 10 * MINUTE).toISOString();
    const first = await ask(place, { duration: 'PT10M' });
    const second = await ask(place, { duration: 'PT10M', startsAt });
    await app.advance('PT11M');
    const between = { first: (await app.request(first)).status, has: has(place) };
    await app.advance('PT12M');

    expect(between).toEqual({ first: 'ended', has: true });
    expect(await app.request(second)).toMatchObject({ status: 'ended' });
    expect(has(place)).toBe(false);
  });

  test('on one assignment, each ended by hand, keep it to the end of the last', async () => {
    const place = nextPlace();
    const ids = [
      await ask(place, { duration: 'PT20M' }),
      await ask(place, { duration: 'PT30M' }),
      await ask(place, { duration: 'PT10M' }),
    ];
    await app.advance('PT2M');
    const seen: boolean[] = [];
    for (const id of ids) {
      await app.post(`/requests/${id}/revocation`, '');
      await app.advance('PT1M');
      seen.push(has(place));
    }

    expect(seen).toEqual([true, true, false]);
    expect(story(place)).toBe('create delete');
  });

  test('on one account, two people with two permission sets at once, are all granted and all end', async () => {
    const { account } = nextPlace();
    const places = ['alice', 'carol', 'dave'].flatMap((user) =>
      ['ReadOnlyAccess', 'BillingReadOnly'].map((permissionSet) => ({ user, permissionSet, account })),
    );
    free = free.filter((place) => place.account !== account);
    for (const place of places) await ask(place, { duration: 'PT15M' });
    await app.advance('PT5M');
    const during = places.map(has);
    await app.advance('PT15M');

    expect(during).toEqual(places.map(() => true));
    expect(places.map(has)).toEqual(places.map(() => false));
    expect(places.map(story)).toEqual(places.map(() => 'create delete'));
    expect(witness.overlaps).toEqual([]);
  });

  test('with a person who takes the assignment away do not put it back, but for a new request', async () => {
    const place = nextPlace();
    const first = await ask(place, { duration: 'P1D' });
    await app.advance('PT15M');
    byHand('remove', place);
    await app.advance('PT5M');
    const after = has(place);
    const second = await ask(place, { duration: 'PT10M' });
    await app.advance('PT5M');

    expect(after).toBe(false);
    expect(await app.request(first)).toMatchObject({ accounts: { items: [{ status: 'removed' }] } });
    expect(await app.request(second)).toMatchObject({ status: 'active' });
    await app.advance('PT10M');
    expect(has(place)).toBe(false);
  });

  test('with a person who grants what a create failed to leave that standing', async () => {
    const place = nextPlace();
    app.runtime.simulator.failNext({
      operation: 'CreateAccountAssignment',
      effect: { failed: 'takes longer than usual' },
      times: 5,
    });
    const id = await ask(place, { duration: 'PT15M' });
    await app.advance('PT40S');
    byHand('add', place);
    await app.advance('PT5M');
    const during = (await app.request(id)).status;
    await app.advance('PT15M');

    expect(during).toBe('active');
    expect(await app.request(id)).toMatchObject({
      status: 'ended',
      accounts: { items: [{ endedAs: 'kept', keptBy: 'standing' }] },
    });
    expect(has(place)).toBe(true);
    expect(story(place)).not.toContain('delete');
    app.runtime.simulator.faults.clear();
  });

  test('on a standing assignment, one of them ended early, leave it alone', async () => {
    const place = nextPlace();
    byHand('add', place);
    const [first, second] = [await ask(place, { duration: 'PT10M' }), await ask(place, { duration: 'PT5M' })];
    await app.advance('PT2M');
    await app.post(`/requests/${first}/revocation`, '');
    await app.advance('PT10M');

    for (const id of [first, second]) {
      expect(await app.request(id)).toMatchObject({
        status: 'ended',
        accounts: { items: [{ endedAs: 'kept' }] },
      });
    }
    expect(has(place)).toBe(true);
    expect(story(place)).toBe('');
  });
});
