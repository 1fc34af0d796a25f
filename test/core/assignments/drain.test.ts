import { isOver } from '../../../core/assignments/claims';
import { drained } from '../../../core/assignments/drain';
import { accepted, settled } from '../../../core/assignments/operations';
import { reconcile } from '../../../core/assignments/reconcile';
import { reportOf } from '../../../core/assignments/report';
import { HOUR, MINUTE, NOW, assignment, lease, operation, standing } from './assignments';

const BECAUSE = 'the permission set ReadOnly is being deleted';
const THERE = { at: NOW - HOUR, exists: true };
const GRANTED = { grantedAt: NOW - HOUR };

describe('an assignment of a permission set that is being deleted', () => {
  test('is to be deleted, whoever holds it up', () => {
    const held = assignment(
      [
        lease('lease', GRANTED),
        lease('baseline', { kind: 'baseline', until: null, ...GRANTED }),
        standing(GRANTED),
      ],
      { seen: THERE },
    );

    const planned = reconcile(drained(held, BECAUSE, NOW), NOW);

    expect(planned.operation).toMatchObject({ kind: 'delete', state: 'INTENT', notBefore: NOW });
    expect(planned.claims.standing).toBeUndefined();
    expect(Object.values(planned.claims)).toEqual([
      expect.objectContaining({ id: 'lease', closedAt: NOW, closedBecause: BECAUSE }),
      expect.objectContaining({ id: 'baseline', closedAt: NOW, closedBecause: BECAUSE }),
    ]);
  });

  test.each([
    ['the ledger has never looked', {}],
    ['it was proved absent', { seen: { at: NOW - MINUTE, exists: false }, ownOperationAt: NOW - MINUTE }],
    ['a first look had put it in doubt', { seen: THERE, doubt: { at: NOW - MINUTE, exists: false } }],
  ])('is to be deleted although %s', (_case, changes) => {
    const planned = reconcile(drained(assignment([], changes), BECAUSE, NOW), NOW);

    expect(planned.operation?.kind).toBe('delete');
    expect(planned.seen).toEqual({ at: NOW, exists: true });
    expect(planned.doubt).toBeUndefined();
  });

  test('is not created any more where a create waits', () => {
    const waiting = assignment([lease('a')], { operation: operation() });

    const planned = reconcile(drained(waiting, BECAUSE, NOW), NOW);

    expect(planned.operation).toMatchObject({ kind: 'delete', generation: 2, attempts: 0 });
  });

  test('is deleted after the create that is under way', () => {
    const sent = operation({ state: 'SUBMITTING', submittedAt: NOW - MINUTE });
    const creating = accepted(assignment([lease('a')]), sent, 'request-1');

    const during = reconcile(drained(creating, BECAUSE, NOW), NOW);
    const after = reconcile(settled(during, sent, 'SUCCEEDED', NOW + MINUTE), NOW + MINUTE);

    expect(during.operation).toEqual(creating.operation);
    expect(after.operation).toMatchObject({ kind: 'delete', state: 'INTENT' });
  });

  test('keeps how often its delete was tried', () => {
    const waits = operation({ kind: 'delete', attempts: 3, notBefore: NOW + MINUTE });
    const over = lease('a', { closedAt: NOW - HOUR, closedBecause: 'it was ended early', ...GRANTED });

    const planned = reconcile(drained(assignment([over], { operation: waits }), BECAUSE, NOW), NOW);

    expect(planned.operation).toEqual(waits);
  });

  test('tells the requests that had it or waited for it why they lose it, and nobody else', () => {
    const claims = [
      lease('has', GRANTED),
      lease('waits'),
      lease('comes', { from: NOW + HOUR }),
      lease('was', { until: NOW, endedAt: NOW, endedAs: 'revoked' }),
      lease('ended early', { closedAt: NOW - 1, closedBecause: 'it was ended early' }),
    ];

    const drainedNow = drained(assignment(claims, { seen: THERE }), BECAUSE, NOW);

    expect(new Set(drainedNow.toTell)).toEqual(new Set(['has', 'waits', 'comes']));
    expect(reportOf(drainedNow, 'has', NOW)).toMatchObject({ status: 'ending', reason: BECAUSE });
    expect(reportOf(drainedNow, 'waits', NOW)).toMatchObject({
      status: 'ending',
      reason: BECAUSE,
      grantedAt: NOW,
    });
    expect(reportOf(drainedNow, 'ended early', NOW)?.reason).toBe('it was ended early');
  });

  test('ends its leases once it is gone', () => {
    const waits = reconcile(drained(assignment([lease('a', GRANTED)], { seen: THERE }), BECAUSE, NOW), NOW);
    const sent = operation({ kind: 'delete', state: 'SUBMITTING', generation: 1, submittedAt: NOW });

    const gone = reconcile(
      settled({ ...waits, operation: sent }, sent, 'SUCCEEDED', NOW + MINUTE),
      NOW + MINUTE,
    );

    expect(reportOf(gone, 'a', NOW + MINUTE)).toMatchObject({
      status: 'ended',
      reason: BECAUSE,
      endedAs: 'revoked',
      endedAt: NOW + MINUTE,
    });
  });

  test('may be drained again: nothing changes but when it was seen', () => {
    const once = reconcile(drained(assignment([lease('a', GRANTED)], { seen: THERE }), BECAUSE, NOW), NOW);

    const twice = reconcile(drained(once, 'another reason', NOW + 1), NOW + 1);

    expect(twice.claims).toEqual(once.claims);
    expect(twice.operation).toEqual(once.operation);
    expect(Object.values(twice.claims).every((claim) => isOver(claim, NOW))).toBe(true);
  });
});
