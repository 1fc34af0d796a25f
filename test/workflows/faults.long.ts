import type { FaultEffect } from '../../local/identity-center/faults';
import { deadLetters } from '../support/adversary';
import { FaultyApp, type Story, error } from '../support/faulty-app';

const UNKNOWN_PRINCIPAL =
  'Received a 404 status error: the USER assignee x was not found in directory d-1234567890.';
const NOT_READY =
  "Obtaining permissions to manage your AWS account '1' takes longer than usual. Please try again in a few minutes.";

/** What may go wrong with a call and passes: with how often it does, what becomes of the operation, and its longest delay. */
const PASSING: readonly (readonly [
  name: string,
  effect: FaultEffect,
  times: number,
  tries: number,
  minutes: number,
])[] = [
  ['a lost request', 'lose-request', 1, 1, 3],
  ['a lost reply', 'lose-reply', 1, 1, 3],
  ['a call that is never answered', 'hang', 1, 1, 3],
  ['five throttles', error('ThrottlingException'), 5, 1, 3],
  ['five conflicts', error('ConflictException'), 5, 1, 3],
  ['two internal errors', error('InternalServerException', { statusCode: 500 }), 2, 1, 5],
  ['a key that denies access', 'kms-access-denied', 2, 1, 4],
  ['a key that is not found', 'kms-not-found', 2, 1, 4],
  ['an account that is not ready', { failed: NOT_READY }, 2, 3, 2],
];

/** Further ones that a delete outlives, and that end a create. */
const FINAL: readonly (readonly [name: string, effect: FaultEffect, tries: number])[] = [
  ['access denied', error('AccessDeniedException'), 0],
  ['a permission set that is gone', error('ResourceNotFoundException'), 0],
  ['a call that is not valid', error('ValidationException'), 0],
  ['an unknown principal', { failed: UNKNOWN_PRINCIPAL }, 1],
  ['a reason that nobody has seen yet', { failed: 'Received a 418 status error: teapot' }, 1],
];

describe('faults of the service', () => {
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

  test.each(PASSING)('a create and a revoke outlive %s', async (_name, effect, times, tries, minutes) => {
    world.fail('CreateAccountAssignment', effect, times);
    const story = await world.ask('PT10M');
    await world.app.advance(`PT${minutes}M`);
    const during = { status: (await world.app.request(story.id)).status, has: world.has(story) };
    await world.app.advance(`PT${9 - minutes}M`);
    world.fail('DeleteAccountAssignment', effect, times);
    await world.app.advance(`PT${minutes + 2}M`);

    const failures = (kind: string): string[] => Array<string>(tries - 1).fill(`${kind} FAILED`);
    expect(during).toEqual({ status: 'active', has: true });
    expect(world.operations(story)).toEqual([
      ...failures('create'),
      'create SUCCEEDED',
      ...failures('delete'),
      'delete SUCCEEDED',
    ]);
    expect(await world.lateness(story)).toBeGreaterThan(0);
    expect(await world.app.request(story.id)).toMatchObject({
      status: 'ended',
      accounts: { items: [{ endedAs: 'revoked' }] },
    });
    expect(world.has(story)).toBe(false);
  });

  test.each(FINAL)('a create ends with the reason after %s', async (_name, effect, tries) => {
    world.fail('CreateAccountAssignment', effect);

    const story = await world.ask('PT10M');
    await world.app.advance('PT1M');

    const text = typeof effect === 'object' && 'failed' in effect ? effect.failed : 'on purpose';
    const { status, reason } = await world.app.request(story.id);
    expect({ status, reason }).toEqual({ status: 'failed', reason: expect.stringContaining(text) as string });
    expect(world.operations(story)).toEqual(Array<string>(tries).fill('create FAILED'));
    expect(await world.account(story)).toMatchObject({ status: 'failed', reason });
  });

  test.each(FINAL)('a revoke outlives %s', async (_name, effect, tries) => {
    const story = await world.ask('PT5M');
    await world.app.advance('PT4M');

    world.fail('DeleteAccountAssignment', effect);
    await world.app.advance('PT4M');

    const failed = Array<string>(tries).fill('delete FAILED');
    expect(world.operations(story)).toEqual(['create SUCCEEDED', ...failed, 'delete SUCCEEDED']);
    expect(await world.app.request(story.id)).toMatchObject({ status: 'ended' });
    expect(world.has(story)).toBe(false);
  });
});

describe('a revoke that does not get through', () => {
  let world: FaultyApp;

  beforeAll(async () => {
    world = await FaultyApp.start();
  });

  afterAll(async () => {
    await world.stop();
  });

  const overdue = ({ id }: Story): number =>
    world.events.filter(({ type, requestId }) => type === 'RevokeOverdue' && requestId === id).length;

  test('is tried on, said to be overdue once, and done in the end', async () => {
    const story = await world.ask('PT5M');
    await world.app.advance('PT4M');
    world.fail('DeleteAccountAssignment', { failed: 'Received a 500 status error: try later' }, 11);
    await world.app.advance('PT14M');
    const early = overdue(story);
    await world.app.advance('PT4M');
    const late = await world.app.request(story.id);
    const stillThere = world.has(story);
    await world.app.advance('PT30M');

    expect({ early, stillThere, status: late.status }).toEqual({
      early: 0,
      stillThere: true,
      status: 'ending',
    });
    expect(late).toMatchObject({ overdueSince: expect.any(String) as string });
    expect(late.timeline.filter(({ text }) => text.startsWith('overdue'))).toHaveLength(1);
    expect(overdue(story)).toBe(1);
    expect(await world.app.request(story.id)).toMatchObject({ status: 'ended' });
    expect(world.has(story)).toBe(false);
  });

  test('B20: because the service never ends it is said to be overdue, and no second one is sent', async () => {
    const story = await world.ask('PT5M');
    await world.app.advance('PT4M');
    world.fail('DeleteAccountAssignment', 'never-ends');
    await world.app.advance('PT18M');

    expect(world.operations(story)).toEqual(['create SUCCEEDED', 'delete IN_PROGRESS']);
    expect(overdue(story)).toBe(1);
    expect(await world.app.request(story.id)).toMatchObject({ status: 'ending' });
  });

  test('B20: of a create that never ends is said to be overdue, and holds up nobody else', async () => {
    world.fail('CreateAccountAssignment', 'never-ends');
    const stuck = await world.ask('PT5M');
    await world.app.advance('PT1M');
    const other = await world.ask('PT5M');
    await world.app.advance('PT21M');

    expect(world.operations(stuck)).toEqual(['create IN_PROGRESS']);
    expect(overdue(stuck)).toBe(1);
    expect(await world.app.request(stuck.id)).toMatchObject({ status: 'ending' });
    expect(world.operations(other)).toEqual(['create SUCCEEDED', 'delete SUCCEEDED']);
    expect(await world.app.request(other.id)).toMatchObject({ status: 'ended' });
  });

  test('leaves nothing in a dead-letter queue', async () => {
    expect(await deadLetters(world.app)).toEqual({});
  });
});
