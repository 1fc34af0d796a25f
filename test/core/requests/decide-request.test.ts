import { decideRequest } from '../../../core/requests/decide-request';
import { FIRST, HOUR, NOW, RequestWorld, decided, pending, policy, resolved, ticket } from './requests';

const basis = {
  policy: policy(),
  policyHash: 'hash-of-a-test-policy',
  settings: { managementAccountId: '111122223333', hostAccountId: '222233334444' },
};
const asked = (changes: Parameters<typeof ticket>[0] = {}) =>
  pending({ ticket: ticket(changes), resolved: resolved() });

describe('deciding a request', () => {
  test('gives a lease from now, and says by which rule and until when', async () => {
    const world = RequestWorld.with(asked());

    const next = await decideRequest(world, basis, 'req-1');

    expect(next).toEqual({ next: 'openLeases', seconds: 1 });
    expect((await world.request()).decision).toMatchObject({
      effect: 'allow',
      rules: ['read-anywhere'],
      lease: { from: NOW, until: NOW + 4 * HOUR },
    });
    expect(await world.words()).toContain('allowed by read-anywhere, until 2026-11-24T12:00:00.000Z');
  });

  test('denies with the rule and its reason', async () => {
    const world = RequestWorld.with(asked());

    const next = await decideRequest(world, { ...basis, policy: policy([FIRST]) }, 'req-1');

    expect(next.next).toBe('announceEnd');
    expect(await world.request()).toMatchObject({
      status: 'denied',
      decision: { effect: 'deny', rules: ['not-there'] },
      reason: expect.stringContaining('rule not-there forbids') as string,
    });
  });

  test('of a request that starts later gives no lease yet, and waits for its start', async () => {
    const world = RequestWorld.with(asked({ startsAt: NOW + HOUR, expiresAt: NOW + 5 * HOUR }));

    const next = await decideRequest(world, basis, 'req-1');

    expect(next).toEqual({ next: 'awaitStart', seconds: 3_600 });
    expect((await world.request()).decision?.lease).toBeUndefined();
  });

  test('of a request that starts later is made again at its start, by the policy of then', async () => {
    const world = RequestWorld.with(asked({ startsAt: NOW + HOUR, expiresAt: NOW + 5 * HOUR }));
    await decideRequest(world, basis, 'req-1');

    world.clock.advance(HOUR);
    await decideRequest(world, { ...basis, policy: policy([FIRST]) }, 'req-1');

    expect((await world.request()).status).toBe('denied');
  });

  test('lasts as long as asked from whenever it is made, but for an end that is given', async () => {
    for (const endIsGiven of [false, true]) {
      const world = RequestWorld.with(asked({ endIsGiven }));
      world.clock.advance(HOUR);

      await decideRequest(world, basis, 'req-1');

      expect((await world.request()).decision?.lease).toEqual({
        from: NOW + HOUR,
        until: NOW + (endIsGiven ? 4 : 5) * HOUR,
      });
    }
  });

  test('fails a request whose end has come before it could be granted', async () => {
    const world = RequestWorld.with(asked({ endIsGiven: true }));
    world.clock.advance(4 * HOUR);

    const next = await decideRequest(world, basis, 'req-1');

    expect(next.next).toBe('announceEnd');
    expect((await world.request()).reason).toBe('its time was over before it could be granted');
  });

  test('is made once: a lease that was given stays, whatever the policy says now', async () => {
    const world = RequestWorld.with(decided());

    const next = await decideRequest(world, { ...basis, policy: policy([FIRST]) }, 'req-1');

    expect(next.next).toBe('openLeases');
    expect((await world.request()).decision?.effect).toBe('allow');
  });

  test('is not made of what a person has ended', async () => {
    const world = RequestWorld.with({ ...asked(), revocation: { at: NOW, by: 'somebody' } });

    expect((await decideRequest(world, basis, 'req-1')).next).toBe('announceEnd');
    expect((await world.request()).decision).toBeUndefined();
  });

  test('says once that access was requested', async () => {
    const world = RequestWorld.with(asked({ startsAt: NOW + HOUR, expiresAt: NOW + 5 * HOUR }));

    await decideRequest(world, basis, 'req-1');
    await decideRequest(world, basis, 'req-1');

    expect(world.announced).toEqual(['AccessRequested']);
  });

  test('goes on where the announcement fails', async () => {
    const world = RequestWorld.with(asked());
    world.announcer.publish = () => Promise.reject(new Error('the bus is down'));

    expect((await decideRequest(world, basis, 'req-1')).next).toBe('openLeases');
    expect(world.observer.warnings.map(({ what }) => what)).toEqual(['announcement failed']);
  });
});
