import * as fc from 'fast-check';
import { decide } from '../../../core/dispatcher/schedule';
import { PROVISION_SLOTS, SLOT_FLOORS, type SlotGroup, groupOf } from '../../../core/dispatcher/slots';
import { WORK_CLASSES, type WorkClass } from '../../../core/ports/ledger';
import { type StateChanges, inWords, openOne, slotsTaken, stateOf, waitingOf } from './schedule-states';

const SLOT_GROUPS: readonly SlotGroup[] = ['revokes', 'people', 'bulk'];

/** Classes of what is sent, in the order in which it is. */
function sent(changes: StateChanges): WorkClass[] {
  return decide(stateOf(changes)).decisions.flatMap((each) => (each.do === 'submit' ? [each.class] : []));
}

/** Every group has its floor, and one slot is free. */
function oneBeyondTheFloors(): Pick<StateChanges, 'slots' | 'open'> {
  const open = SLOT_GROUPS.flatMap((group) => slotsTaken(group, SLOT_FLOORS[group]));
  return { open, slots: open.length + 1 };
}

describe('the slots', () => {
  test('are never exceeded, whatever waits and whatever is under way', () => {
    const counts = fc.record({ revokes: fc.nat(8), people: fc.nat(8), bulk: fc.nat(15) });
    const queues = fc.record({
      overdue: fc.nat(5),
      revoke: fc.nat(20),
      people: fc.nat(20),
      provision: fc.nat(5),
      bulk: fc.nat(100),
      look: fc.nat(5),
    });
    fc.assert(
      fc.property(counts, queues, fc.integer({ min: 1, max: 15 }), (taken, queued, slots) => {
        const open = SLOT_GROUPS.flatMap((group) => slotsTaken(group, taken[group]));
        const waiting = Object.fromEntries(WORK_CLASSES.map((each) => [each, waitingOf(each, queued[each])]));

        const slotsFor = sent({ open, waiting, slots }).filter((each) => groupOf(each) !== undefined);

        expect(slotsFor.length).toBeLessThanOrEqual(Math.max(0, slots - open.length));
        const isWorkLeft = queued.overdue + queued.revoke + queued.people + queued.bulk > slotsFor.length;
        // None stays empty either while there is something to put into it.
        expect(!isWorkLeft || slotsFor.length === Math.max(0, slots - open.length)).toBe(true);
      }),
    );
  });

  test('are all used by bulk work while nobody else asks: a floor is no reserve', () => {
    expect(sent({ waiting: { bulk: waitingOf('bulk', 20) } })).toEqual(Array(15).fill('bulk'));
  });

  test('of operations that are only confirmed are free again', () => {
    const confirmed = openOne('confirmed', { phase: 'confirming', group: undefined, isBusy: true });
    const open = [...slotsTaken('bulk', 14), confirmed];

    expect(sent({ open, waiting: { people: waitingOf('people', 3) } })).toEqual(['people']);
  });

  test('of operations whose reply was lost are not', () => {
    const lost = openOne('lost', { phase: 'recovering', isBusy: true });
    const open = [...slotsTaken('bulk', 14), lost];

    expect(sent({ open, waiting: { people: waitingOf('people', 3) } })).toEqual([]);
  });

  test.each<[SlotGroup, WorkClass]>([
    ['revokes', 'revoke'],
    ['people', 'people'],
    ['bulk', 'bulk'],
  ])('go to %s first while they have fewer than their floor', (group, workClass) => {
    const others = SLOT_GROUPS.filter((each) => each !== group).flatMap((each) =>
      slotsTaken(each, SLOT_FLOORS[each]),
    );
    const waiting = Object.fromEntries(WORK_CLASSES.map((each) => [each, waitingOf(each, 20)]));
    const free = 1;
    const open = [...others, ...slotsTaken('revokes', group === 'revokes' ? 0 : 5)];

    const given = sent({
      open,
      waiting: { ...waiting, provision: [], overdue: [], look: [] },
      slots: open.length + free,
    });

    expect(given).toEqual([workClass]);
  });

  test('have lower floors where fewer than five are left, so that three still serve everybody', () => {
    const waiting = {
      revoke: waitingOf('revoke', 20),
      people: waitingOf('people', 20),
      bulk: waitingOf('bulk', 20),
    };

    expect(sent({ waiting, slots: 3 }).sort()).toEqual(['bulk', 'people', 'revoke']);
  });

  test('beyond the floors go to overdue revokes, revokes, people and bulk, in this order', () => {
    const order: readonly WorkClass[] = ['overdue', 'revoke', 'people', 'bulk'];

    const winners = order.map((_, first) => {
      const waiting = Object.fromEntries(order.slice(first).map((each) => [each, waitingOf(each, 20)]));
      return sent({ ...oneBeyondTheFloors(), waiting });
    });

    expect(winners).toEqual(order.map((each) => [each]));
  });

  test('go to the longest-waiting of a class', () => {
    const waiting = { revoke: waitingOf('revoke', 5) };

    const { decisions } = decide(stateOf({ slots: 2, waiting }));

    expect(inWords(decisions)).toEqual(['submit revoke 0', 'submit revoke 1']);
  });

  test('are not taken by provisions and looks', () => {
    const waiting = { provision: waitingOf('provision', 1), look: waitingOf('look', 2) };

    expect(sent({ open: slotsTaken('bulk', 15), waiting })).toEqual(['provision', 'look', 'look']);
  });
});

describe('provisions', () => {
  test('are at most three at a time', () => {
    const waiting = { provision: waitingOf('provision', 5) };

    expect(sent({ waiting })).toHaveLength(PROVISION_SLOTS);
    expect(PROVISION_SLOTS).toBe(3);
  });

  test.each(['sending', 'following', 'recovering'] as const)('count one that is %s', (phase) => {
    const open = [openOne('one', { call: 'provision', group: undefined, phase, isBusy: true })];
    const waiting = { provision: waitingOf('provision', 5) };

    expect(sent({ open, waiting })).toHaveLength(PROVISION_SLOTS - 1);
  });
});

describe('places and accounts', () => {
  const samePlace = () => ({ accountId: 'a', place: 'a set' });

  test('one operation at a time is sent to a permission set in an account', () => {
    expect(sent({ waiting: { people: waitingOf('people', 3, samePlace) } })).toEqual(['people']);
  });

  test('a provision of the set in the account counts too', () => {
    const waiting = {
      provision: waitingOf('provision', 1, samePlace),
      bulk: waitingOf('bulk', 1, samePlace),
    };

    expect(sent({ waiting })).toHaveLength(1);
  });

  test.each(['sending', 'following'] as const)('none is sent to where one is %s', (phase) => {
    const open = [openOne('there', { ...samePlace(), phase, isBusy: true })];
    const waiting = { revoke: waitingOf('revoke', 2, (n) => (n === 0 ? samePlace() : {})) };

    expect(inWords(decide(stateOf({ open, waiting })).decisions)).toEqual(['submit revoke 1']);
  });

  test('one is sent to where the last has ended and is only confirmed', () => {
    const open = [openOne('there', { ...samePlace(), phase: 'confirming', group: undefined, isBusy: true })];

    expect(sent({ open, waiting: { revoke: waitingOf('revoke', 1, samePlace) } })).toEqual(['revoke']);
  });

  test('bulk work goes to other accounts before it goes to one twice', () => {
    const accounts = ['a', 'a', 'a', 'b', 'b', 'c'];
    const waiting = { bulk: waitingOf('bulk', 6, (n) => ({ accountId: accounts[n] })) };

    const { decisions } = decide(stateOf({ slots: 4, waiting }));

    expect(inWords(decisions)).toEqual(['submit bulk 0', 'submit bulk 3', 'submit bulk 5', 'submit bulk 1']);
  });

  test('bulk work of a single account uses the free slots all the same', () => {
    const waiting = { bulk: waitingOf('bulk', 6, () => ({ accountId: 'a' })) };

    expect(sent({ waiting })).toHaveLength(6);
  });

  test('the last of bulk work go first where the most wait, since those go one after the other', () => {
    const bulk = waitingOf('bulk', 5, (n) => (n < 2 ? {} : { place: 'crowded' }));
    const first = (isAllBulkShown: boolean) =>
      inWords(
        decide(stateOf({ open: slotsTaken('people', 14), waiting: { bulk }, isAllBulkShown })).decisions,
      )[0];

    expect(first(true)).toBe('submit bulk 2');
    expect(first(false)).toBe('submit bulk 0');
  });

  test('people of one account are not put behind those of others', () => {
    const accounts = ['a', 'a', 'b'];
    const waiting = { people: waitingOf('people', 3, (n) => ({ accountId: accounts[n] })) };

    expect(inWords(decide(stateOf({ slots: 2, waiting })).decisions)).toEqual([
      'submit people 0',
      'submit people 1',
    ]);
  });
});
