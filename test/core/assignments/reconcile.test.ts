import { reconcile } from '../../../core/assignments/reconcile';
import { HOUR, MINUTE, NOW, assignment, lease, operation, standing } from './assignments';

const there = { at: NOW - MINUTE, exists: true };
const absent = { at: NOW - MINUTE, exists: false };

describe('the plan', () => {
  test('is a create where a claim counts and nothing was seen', () => {
    const { operation: planned, generation } = reconcile(assignment([lease('a')]), NOW);

    expect(planned).toEqual(operation({ generation: 1 }));
    expect(generation).toBe(1);
  });

  test('is a delete where nothing counts any more and the assignment was seen', () => {
    const over = lease('a', { grantedAt: NOW, until: NOW + HOUR });

    expect(reconcile(assignment([over], { seen: there }), NOW + HOUR).operation?.kind).toBe('delete');
  });

  test('is a delete where an own create may have worked, although no look has shown it', () => {
    const item = assignment([lease('a', { closedAt: NOW })], { seen: absent, mayExist: true });

    expect(reconcile(item, NOW).operation?.kind).toBe('delete');
  });

  test('is nothing where a standing claim alone holds the assignment, present or absent', () => {
    expect(reconcile(assignment([standing()], { seen: there }), NOW).operation).toBeUndefined();
    expect(reconcile(assignment([standing()], { seen: absent }), NOW).operation).toBeUndefined();
  });

  test('is nothing where everything is as it should be', () => {
    expect(
      reconcile(assignment([lease('a', { grantedAt: NOW })], { seen: there }), NOW).operation,
    ).toBeUndefined();
    expect(reconcile(assignment([], { seen: absent }), NOW).operation).toBeUndefined();
  });

  test('is a create where a second lease waits for proof, since a look comes before the call', () => {
    const item = assignment([lease('a', { grantedAt: NOW }), lease('b')], { seen: there });

    expect(reconcile(item, NOW).operation?.kind).toBe('create');
  });

  test('keeps an intent that is still wanted, with its time and its attempts', () => {
    const waiting = operation({
      notBefore: NOW + MINUTE,
      attempts: 7,
      reason: 'ThrottlingException: slow down',
    });

    expect(reconcile(assignment([lease('a')], { operation: waiting }), NOW).operation).toEqual(waiting);
  });

  test('drops an intent that nobody wants, and numbers the next one anew', () => {
    const item = assignment([lease('a', { closedAt: NOW })], { seen: there, operation: operation() });

    expect(reconcile(item, NOW).operation).toMatchObject({ kind: 'delete', generation: 2, attempts: 0 });
  });

  test.each(['SUBMITTING', 'FOLLOWING', 'CONFIRMING', 'RECOVERING'] as const)(
    'leaves an operation alone that is %s, whatever the claims want',
    (state) => {
      const sent = operation({ state, submittedAt: NOW });
      const item = assignment([lease('a', { closedAt: NOW })], { operation: sent, mayExist: true });

      expect(reconcile(item, NOW).operation).toEqual(sent);
    },
  );
});

describe('the end of a claim', () => {
  test('comes when the assignment is gone', () => {
    const over = lease('a', { grantedAt: NOW, closedAt: NOW });

    const waiting = reconcile(assignment([over], { seen: there }), NOW);
    const gone = reconcile(assignment([over], { seen: absent }), NOW);

    expect(waiting.claims.a?.endedAt).toBeUndefined();
    expect(gone.claims.a).toMatchObject({ endedAt: NOW, endedAs: 'revoked' });
    expect(gone.toTell).toEqual(['a']);
  });

  test('comes at once where something else holds the assignment, and says what', () => {
    const over = lease('a', { grantedAt: NOW, closedAt: NOW });

    const besideLease = reconcile(assignment([over, lease('b', { grantedAt: NOW })], { seen: there }), NOW);
    const besideStanding = reconcile(
      assignment([over, lease('b', { grantedAt: NOW }), standing()], { seen: there }),
      NOW,
    );

    expect(besideLease.claims.a).toMatchObject({ endedAs: 'kept', keptBy: 'lease' });
    expect(besideStanding.claims.a).toMatchObject({ endedAs: 'kept', keptBy: 'standing' });
  });

  test('of what was never there is told as never granted', () => {
    const item = reconcile(assignment([lease('a', { closedAt: NOW })]), NOW);

    expect(item.claims.a).toMatchObject({ endedAt: NOW, endedAs: 'never granted' });
  });

  test('does not come while an operation is on its way that may still make the assignment', () => {
    const sent = operation({ state: 'SUBMITTING', submittedAt: NOW });

    const item = reconcile(
      assignment([lease('a', { closedAt: NOW })], { operation: sent, mayExist: true }),
      NOW,
    );

    expect(item.claims.a?.endedAt).toBeUndefined();
  });
});

describe('a tombstone', () => {
  const ended = lease('a', { closedAt: NOW, endedAt: NOW, endedAs: 'revoked', until: NOW + HOUR });

  test('stays until the end that its claim would have had', () => {
    expect(reconcile(assignment([ended], { seen: absent }), NOW + HOUR - 1).claims.a).toEqual(ended);
    expect(reconcile(assignment([ended], { seen: absent }), NOW + HOUR).claims.a).toBeUndefined();
  });

  test('stays until its request was told', () => {
    const untold = assignment([ended], { seen: absent, toTell: ['a'] });

    expect(reconcile(untold, NOW + HOUR).claims.a).toEqual(ended);
  });
});

describe('lookAt', () => {
  test('is the earliest end of a claim that counts', () => {
    const claims = [
      lease('a', { grantedAt: NOW, until: NOW + 3 * HOUR }),
      lease('b', { grantedAt: NOW, until: NOW + HOUR }),
    ];

    expect(reconcile(assignment(claims, { seen: there }), NOW).lookAt).toBe(NOW + HOUR);
  });

  test('is the beginning of a claim that starts later', () => {
    expect(reconcile(assignment([lease('a', { from: NOW + MINUTE })]), NOW).lookAt).toBe(NOW + MINUTE);
  });

  test('is now while a request is to be told', () => {
    const item = assignment([lease('a', { grantedAt: NOW })], { seen: there, toTell: ['a'] });

    expect(reconcile(item, NOW).lookAt).toBe(NOW);
  });

  test('comes back to an operation on its way, should the dispatcher have died', () => {
    const sent = operation({ state: 'FOLLOWING', submittedAt: NOW });

    const { lookAt } = reconcile(assignment([lease('a')], { operation: sent, mayExist: true }), NOW);

    expect(lookAt).toBeGreaterThan(NOW);
    expect(lookAt).toBeLessThanOrEqual(NOW + 5 * MINUTE);
  });

  test('is not set where nothing will happen by itself', () => {
    expect(reconcile(assignment([standing()], { seen: there, lookAt: NOW }), NOW).lookAt).toBeUndefined();
  });

  test('comes back, ever more rarely, for a create that was lost and may still appear', () => {
    const lost = assignment([], {
      seen: { at: NOW, exists: false },
      ownOperationAt: NOW,
      strayUntil: NOW + HOUR,
    });

    const next = reconcile(lost, NOW).lookAt ?? 0;
    const planned = reconcile(lost, next);

    expect(next).toBeGreaterThan(NOW);
    expect(next).toBeLessThanOrEqual(NOW + 10 * MINUTE);
    expect(planned.operation?.kind).toBe('look');
  });
});
