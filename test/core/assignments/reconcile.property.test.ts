import * as fc from 'fast-check';
import type { Assignment, Claim, Operation } from '../../../core/assignments/assignment';
import { counts, isOver, wanted } from '../../../core/assignments/claims';
import { reconcile } from '../../../core/assignments/reconcile';
import { NOW, assignment, lease, operation, standing } from './assignments';

/** Instants around {@link NOW}, close enough together for equal ones to be common. */
const instant = fc.integer({ min: -5, max: 5 }).map((n) => NOW + n * 60_000);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const claim: fc.Arbitrary<Claim> = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    kind: fc.constantFrom('lease', 'baseline'),
    from: instant,
    until: instant,
    closedAt: maybe(instant),
    grantedAt: maybe(instant),
    isEnded: fc.boolean(),
  })
  .map(({ id, kind, from, until, closedAt, grantedAt, isEnded }) => ({
    ...lease(id, { kind, from, until }),
    ...(closedAt === undefined ? {} : { closedAt }),
    ...(grantedAt === undefined ? {} : { grantedAt }),
    // Only what is over can have ended.
    ...(isEnded && (closedAt !== undefined || until <= NOW)
      ? { endedAt: NOW, endedAs: 'revoked' as const }
      : {}),
  }));

const open: fc.Arbitrary<Operation> = fc
  .record({
    kind: fc.constantFrom('create', 'delete', 'look'),
    state: fc.constantFrom('INTENT', 'SUBMITTING', 'FOLLOWING', 'CONFIRMING', 'RECOVERING'),
    generation: fc.integer({ min: 1, max: 5 }),
    notBefore: instant,
  })
  // A look is made while it waits: it is never on its way.
  .map((each) => operation(each.kind === 'look' ? { ...each, state: 'INTENT' } : each));

const item: fc.Arbitrary<Assignment> = fc
  .record({
    claims: fc.uniqueArray(claim, { selector: ({ id }) => id, maxLength: 4 }),
    isStanding: fc.boolean(),
    seen: maybe(fc.record({ at: instant, exists: fc.boolean() })),
    mayExist: fc.boolean(),
    strayUntil: maybe(instant),
    ownOperationAt: maybe(instant),
    operation: maybe(open),
    toTell: fc.subarray(['a', 'b']),
  })
  .map(({ claims, isStanding, seen, mayExist, strayUntil, ownOperationAt, operation: under, toTell }) =>
    assignment([...claims, ...(isStanding ? [standing({ from: NOW - 600_000 })] : [])], {
      toTell,
      ...(seen === undefined ? {} : { seen }),
      ...(mayExist ? { mayExist } : {}),
      ...(strayUntil === undefined ? {} : { strayUntil }),
      ...(ownOperationAt === undefined ? {} : { ownOperationAt }),
      ...(under === undefined ? {} : { operation: under }),
    }),
  );

describe('reconcile, for every assignment at every instant', () => {
  test('changes nothing the second time', () => {
    fc.assert(
      fc.property(item, instant, (before, now) => {
        const once = reconcile(before, now);

        expect(reconcile(once, now)).toEqual(once);
      }),
    );
  });

  test('never plans a delete while a claim counts, a standing one included', () => {
    fc.assert(
      fc.property(item, instant, (before, now) => {
        const { operation: planned } = reconcile(before, now);

        const isWaitingDelete = planned?.kind === 'delete' && planned.state === 'INTENT';
        expect(isWaitingDelete && wanted(before, now) !== 'absent').toBe(false);
      }),
    );
  });

  test('never plans a create that no lease or baseline asks for', () => {
    fc.assert(
      fc.property(item, instant, (before, now) => {
        const { operation: planned } = reconcile(before, now);

        const isWaitingCreate = planned?.kind === 'create' && planned.state === 'INTENT';
        expect(isWaitingCreate && wanted(before, now) !== 'present').toBe(false);
      }),
    );
  });

  test('always has work under way while claims and the world are known to differ', () => {
    fc.assert(
      fc.property(item, instant, (before, now) => {
        const after = reconcile(before, now);

        const isThere = before.seen?.exists === true;
        const mayBeThere = isThere || before.mayExist === true;
        const wants = wanted(before, now);
        const differs = (wants === 'present' && !isThere) || (wants === 'absent' && mayBeThere);
        expect(differs && after.operation === undefined).toBe(false);
      }),
    );
  });

  test('sets lookAt while anything is due but what the work index shows, and never later than the next thing that happens by itself', () => {
    fc.assert(
      fc.property(item, instant, (before, now) => {
        const after = reconcile(before, now);
        const next = [
          ...Object.values(after.claims).flatMap((each) =>
            counts(each, now) && each.until !== null
              ? [each.until]
              : !isOver(each, now) && each.from > now
                ? [each.from]
                : [],
          ),
          ...(after.toTell.length > 0 ? [now] : []),
        ];
        const { operation } = after;
        const isUnderWay = operation !== undefined && operation.state !== 'INTENT';
        const isDue = next.length > 0 || isUnderWay;

        expect(isDue && after.lookAt === undefined).toBe(false);
        for (const each of next) expect(after.lookAt).toBeLessThanOrEqual(each);
      }),
    );
  });

  test('leaves no claim that is over without an end, unless the assignment may still be there', () => {
    fc.assert(
      fc.property(item, instant, (before, now) => {
        const after = reconcile(before, now);

        const open = Object.values(after.claims).filter(
          (each) => each.kind !== 'standing' && each.endedAt === undefined && isOver(each, now),
        );
        const mayBeThere =
          after.seen?.exists === true || after.mayExist === true || after.operation !== undefined;
        expect(open.length > 0 && !mayBeThere).toBe(false);
      }),
    );
  });

  test('never loses a claim that may still count, nor one that its request was not told of', () => {
    fc.assert(
      fc.property(item, instant, (before, now) => {
        const after = reconcile(before, now);

        const kept = Object.values(before.claims).filter((each) => {
          const isTombstone = each.until !== null && each.until > now;
          const isNeeded = !isOver(each, now) || isTombstone || before.toTell.includes(each.id);
          return each.kind !== 'standing' && isNeeded;
        });
        expect(Object.keys(after.claims)).toEqual(expect.arrayContaining(kept.map(({ id }) => id)));
      }),
    );
  });

  test('never lowers the generation, and raises it with every new operation', () => {
    fc.assert(
      fc.property(item, instant, (before, now) => {
        const after = reconcile(before, now);

        const isNew = after.operation !== undefined && after.operation !== before.operation;
        expect(after.generation).toBe(before.generation + (isNew ? 1 : 0));
      }),
    );
  });
});
