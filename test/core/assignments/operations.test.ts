import * as fc from 'fast-check';
import type { Operation } from '../../../core/assignments/assignment';
import {
  RECOVERY_LOOKS,
  RECOVERY_MS,
  STRAY_MS,
  absenceProved,
  accepted,
  addRecoveryLook,
  confirming,
  failedForGood,
  failedForNow,
  neverShown,
  nextAttemptAt,
  recovering,
  refused,
  settled,
  submitting,
} from '../../../core/assignments/operations';
import { MINUTE, NOW, SECOND, assignment, lease, operation } from './assignments';

const waiting = operation({ attempts: 2, reason: 'ThrottlingException: slow down' });
const sent = operation({ state: 'SUBMITTING', submittedAt: NOW });
const followed = operation({ state: 'FOLLOWING', submittedAt: NOW, requestId: 'r-1' });

describe('before the call', () => {
  test('a create is noted as one that may exist', () => {
    const next = submitting(assignment([lease('a')], { operation: waiting }), waiting, NOW);

    expect(next).toMatchObject({ mayExist: true, ownOperationAt: NOW });
    expect(next.operation).toMatchObject({
      state: 'SUBMITTING',
      submittedAt: NOW,
      generation: 1,
      attempts: 2,
    });
  });

  test('a delete does not make the assignment one that may exist', () => {
    const next = submitting(assignment(), operation({ kind: 'delete' }), NOW);

    expect(next.mayExist).toBeUndefined();
  });
});

describe('the answer to the call', () => {
  test('accepted: the request id is kept, what it waited for is forgotten', () => {
    const next = accepted(assignment([lease('a')], { operation: sent }), { ...sent, reason: 'busy' }, 'r-1');

    expect(next.operation).toEqual({
      ...sent,
      state: 'FOLLOWING',
      requestId: 'r-1',
      acceptedAt: sent.submittedAt,
    });
  });

  test('refused: the same generation waits, and a create cannot exist', () => {
    const before = assignment([lease('a')], { operation: sent, mayExist: true });

    const next = refused(before, sent, 'ConflictException: busy', NOW + MINUTE);

    expect(next.mayExist).toBeUndefined();
    expect(next.generation).toBe(before.generation);
    expect(next.operation).toEqual(
      operation({ attempts: 1, reason: 'ConflictException: busy', notBefore: NOW + MINUTE }),
    );
  });

  test('refused: a delete that was not accepted leaves what may exist as it is', () => {
    const before = assignment([], { mayExist: true });

    expect(refused(before, operation({ kind: 'delete' }), 'busy', NOW).mayExist).toBe(true);
  });

  test('lost: the effect is watched, from the first look on', () => {
    const before = { ...sent, looks: [{ at: NOW, exists: true }] };

    expect(recovering(assignment(), before).operation).toMatchObject({ state: 'RECOVERING', looks: [] });
  });
});

describe('an operation that settled', () => {
  test('leaves its trace on the claims that waited for it, and grants those that count', () => {
    const claims = [
      lease('a'),
      lease('granted', { grantedAt: NOW - 1 }),
      lease('later', { from: NOW + MINUTE }),
    ];
    const before = assignment(claims, { operation: followed, mayExist: true });

    const next = settled(before, followed, 'SUCCEEDED', NOW);

    const creation = { status: 'SUCCEEDED', at: NOW, requestId: 'r-1' };
    expect(next.claims.a).toMatchObject({ creation, grantedAt: NOW });
    expect(next.claims.granted?.creation).toBeUndefined();
    expect(next.claims.later?.grantedAt).toBeUndefined();
    expect(next.operation ?? next.mayExist).toBeUndefined();
    expect(next.seen).toEqual({ at: NOW, exists: true });
  });

  test('as a delete leaves its trace on the claims that are over', () => {
    const claims = [lease('over', { closedAt: NOW, grantedAt: NOW }), lease('new')];
    const gone = { ...followed, kind: 'delete' } as const;

    const next = settled(assignment(claims, { operation: gone }), gone, 'SUCCEEDED', NOW);

    expect(next.claims.over?.deletion).toEqual({ status: 'SUCCEEDED', at: NOW, requestId: 'r-1' });
    expect(next.claims.new?.deletion).toBeUndefined();
    expect(next.seen?.exists).toBe(false);
  });

  test('without anything to do keeps the words that said so', () => {
    const gone = confirming({ ...followed, kind: 'delete' }, NOW, 'it does not exist');
    const before = assignment([lease('over', { closedAt: NOW })], { operation: gone });

    expect(settled(before, gone, 'UNCHANGED', NOW).claims.over?.deletion).toMatchObject({
      status: 'UNCHANGED',
      reason: 'it does not exist',
    });
  });
});

describe('an operation that failed', () => {
  test('for now: the next generation waits, and its request id is over', () => {
    const next = failedForNow(
      assignment([lease('a')], { operation: followed }),
      followed,
      'not ready',
      NOW + SECOND,
    );

    expect(next.generation).toBe(2);
    expect(next.operation).toEqual(
      operation({ generation: 2, attempts: 1, reason: 'not ready', notBefore: NOW + SECOND }),
    );
  });

  test('for good: the leases that waited end with the reason, others do not', () => {
    const claims = [lease('a'), lease('granted', { grantedAt: NOW }), lease('later', { from: NOW + MINUTE })];

    const next = failedForGood(
      assignment(claims, { operation: followed, mayExist: true }),
      followed,
      'no such user',
      NOW,
    );

    expect(next.claims.a).toMatchObject({
      closedAt: NOW,
      closedBecause: 'no such user',
      lostBy: 'failure',
      creation: { status: 'FAILED', reason: 'no such user', requestId: 'r-1', at: NOW },
    });
    expect(next.claims.granted?.closedAt).toBeUndefined();
    expect(next.claims.later?.closedAt).toBeUndefined();
    expect(next.operation).toBeUndefined();
    expect(next.toTell).toEqual(['a']);
  });

  test('to show, although it succeeded: it may exist all the same', () => {
    const next = neverShown(assignment([lease('a')], { operation: followed }), followed, NOW);

    expect(next.mayExist).toBe(true);
    expect(next.claims.a?.closedBecause).toMatch(/r-1 as SUCCEEDED.* did not appear within 5 minutes/);
  });
});

describe('recovery of a lost reply', () => {
  const look = (operation: Operation, at: number, exists: boolean) =>
    addRecoveryLook(operation, { at, exists });

  test('believes three looks that agree over 90 seconds, not fewer and not faster', () => {
    const lost = operation({ state: 'RECOVERING', looks: [] });
    const first = look(lost, NOW, true);
    const second = look(first.operation, NOW + 45 * SECOND, true);

    expect([first.verdict, second.verdict]).toEqual(['look again', 'look again']);
    expect(look(second.operation, NOW + RECOVERY_MS - 1, true).verdict).toBe('look again');
    expect(look(second.operation, NOW + RECOVERY_MS, true).verdict).toBe('as wanted');
    expect(look(first.operation, NOW + RECOVERY_MS, true).verdict).toBe('look again');
  });

  test('begins anew with every look that contradicts the one before', () => {
    const looks = [0, 45, 90].map((second) => ({ at: NOW + second * SECOND, exists: false }));
    const lost = operation({ state: 'RECOVERING', looks });

    const changed = look(lost, NOW + 135 * SECOND, true);

    expect(changed.verdict).toBe('look again');
    expect(changed.operation.looks).toEqual([{ at: NOW + 135 * SECOND, exists: true }]);
  });

  test('never ends on looks that are fewer, younger or of two minds', () => {
    const step = fc.record({ seconds: fc.integer({ min: 1, max: 60 }), exists: fc.boolean() });
    fc.assert(
      fc.property(fc.constantFrom('create', 'delete'), fc.array(step, { maxLength: 12 }), (kind, steps) => {
        let open = operation({ kind, state: 'RECOVERING', looks: [] });
        let at = NOW;
        const all: { at: number; exists: boolean }[] = [];
        for (const { seconds, exists } of steps) {
          at += seconds * SECOND;
          all.push({ at, exists });
          const { operation: next, verdict } = look(open, at, exists);
          open = next;
          if (verdict === 'look again') continue;

          const agreeing = all.slice(-(open.looks?.length ?? 0));
          expect(agreeing.length).toBeGreaterThanOrEqual(RECOVERY_LOOKS);
          expect(at - (agreeing[0]?.at ?? at)).toBeGreaterThanOrEqual(RECOVERY_MS);
          expect(agreeing.every((each) => each.exists === exists)).toBe(true);
          expect(verdict).toBe(exists === (kind === 'create') ? 'as wanted' : 'not as wanted');
        }
      }),
    );
  });

  test('without an effect: the next generation waits, and what still appears is its own', () => {
    const lost = operation({ state: 'RECOVERING', submittedAt: NOW, looks: [] });
    const before = assignment([lease('a')], { operation: lost, mayExist: true });

    const next = absenceProved(before, lost, NOW);

    expect(next).toMatchObject({ generation: 2, seen: { exists: false }, strayUntil: NOW + STRAY_MS });
    expect(next.mayExist).toBeUndefined();
    expect(next.operation).toMatchObject({ state: 'INTENT', generation: 2, notBefore: NOW });
    expect(next.operation?.looks).toBeUndefined();
  });

  test('of a delete without an effect: the next generation waits, and nothing is believed gone', () => {
    const lost = operation({ kind: 'delete', state: 'RECOVERING', submittedAt: NOW, looks: [] });
    const before = assignment([], { operation: lost, seen: { at: NOW, exists: true } });

    expect(absenceProved(before, lost, NOW)).toMatchObject({ generation: 2, seen: { exists: true } });
  });
});

describe('the pause before the next attempt', () => {
  const pause = (attempts: number, slowly: boolean, kind: 'create' | 'delete', chance = 0.999) =>
    nextAttemptAt(operation({ kind, attempts }), slowly, 0, { next: () => chance });

  test('is between half and all of what it should be', () => {
    expect(pause(0, false, 'create', 0)).toBe(1_000);
    expect(pause(0, false, 'create')).toBe(1_999);
  });

  test('grows to a minute for creates and to 15 minutes for deletes, and no further', () => {
    expect(pause(10_000, false, 'create', 0)).toBe(30_000);
    expect(pause(10_000, false, 'delete', 0)).toBe(7.5 * MINUTE);
    expect(pause(10_000, true, 'create', 0)).toBe(7.5 * MINUTE);
  });

  test('never shrinks with another failure, and is always in time', () => {
    fc.assert(
      fc.property(
        fc.nat(10_000),
        fc.boolean(),
        fc.constantFrom('create', 'delete'),
        (attempts, slowly, kind) => {
          expect(pause(attempts + 1, slowly, kind)).toBeGreaterThanOrEqual(pause(attempts, slowly, kind));
          expect(pause(attempts, slowly, kind)).toBeLessThanOrEqual(15 * MINUTE);
          expect(pause(attempts, slowly, kind, 0)).toBeGreaterThan(0);
        },
      ),
    );
  });
});
