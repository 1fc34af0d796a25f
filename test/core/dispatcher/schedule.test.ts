import * as fc from 'fast-check';
import { Backlog } from '../../../core/dispatcher/backlog';
import { Forecast } from '../../../core/dispatcher/latencies';
import { type ScheduleState, decide } from '../../../core/dispatcher/schedule';
import { WORK_CLASSES, type WorkClass } from '../../../core/ports/ledger';
import { DispatcherWorld, keyOf } from '../../support/dispatcher-world';
import {
  MINUTE,
  NOW,
  SECOND,
  type StateChanges,
  inWords,
  openOne,
  slotsTaken,
  stateOf,
  waitingOf,
} from './schedule-states';

/** How many of each class are sent. */
function sent(changes: StateChanges): Partial<Record<WorkClass, number>> {
  const count: Partial<Record<WorkClass, number>> = {};
  for (const each of decide(stateOf(changes)).decisions)
    if (each.do === 'submit') count[each.class] = (count[each.class] ?? 0) + 1;
  return count;
}

describe('what waits', () => {
  test('is not sent before its time, which is waited for', () => {
    const at = NOW + 3 * SECOND;
    const waiting = { revoke: waitingOf('revoke', 2, (n) => ({ notBefore: n === 0 ? at : at + SECOND })) };

    expect(decide(stateOf({ waiting }))).toMatchObject({ decisions: [], waitUntil: at });
    expect(inWords(decide(stateOf({ waiting, now: at })).decisions)).toEqual(['submit revoke 0']);
  });

  test('is not sent where it is under way already: an index may lag', () => {
    const open = [openOne('bulk 0', { isBusy: true })];

    expect(sent({ open, waiting: { bulk: waitingOf('bulk', 1) } })).toEqual({});
  });

  test('hides nothing that waits behind it while it may not be sent', () => {
    const waiting = { people: waitingOf('people', 3, (n) => (n < 2 ? { notBefore: NOW + MINUTE } : {})) };

    expect(inWords(decide(stateOf({ waiting })).decisions)).toEqual(['submit people 2']);
  });
});

describe('a pause', () => {
  const waiting = Object.fromEntries(WORK_CLASSES.map((each) => [each, waitingOf(each, 1)]));

  test('holds back grants, bulk work and provisions, and never a revoke', () => {
    expect(sent({ waiting, isPaused: true })).toEqual({ overdue: 1, revoke: 1, look: 1 });
  });

  test('does not wait for what it holds back', () => {
    const later = { people: waitingOf('people', 1, () => ({ notBefore: NOW + SECOND })) };

    expect(decide(stateOf({ waiting: later, isPaused: true })).waitUntil).toBeUndefined();
  });

  test('lets what is under way be followed to its end', () => {
    const open = [openOne('under way', { isUrgent: true })];

    expect(inWords(decide(stateOf({ open, isPaused: true })).decisions)).toEqual(['describe under way']);
  });
});

describe('the rate', () => {
  const all = {
    open: [
      openOne('gone', { isMissing: true }),
      ...Array.from({ length: 5 }, (_, n) => openOne(`under way ${n}`)),
    ],
    waiting: Object.fromEntries(WORK_CLASSES.map((each) => [each, waitingOf(each, 5)])),
  };

  test('allows no more decisions than calls are free', () => {
    fc.assert(
      fc.property(fc.nat(30), (freeCalls) => {
        const { decisions, waitUntil } = decide(stateOf({ ...all, freeCalls, freeCallAt: NOW + 55 }));

        expect(decisions.length).toBeLessThanOrEqual(freeCalls);
        // There is more to do than 12 decisions, so it goes on with the next free call.
        expect(freeCalls >= 12 || waitUntil === NOW + 55).toBe(true);
      }),
    );
  });

  test('counts the look before a grant as a call of its own', () => {
    const waiting = { people: waitingOf('people', 5) };

    expect(sent({ waiting, freeCalls: 4 })).toEqual({ people: 2 });
  });

  test('lets nothing be done while no call is free', () => {
    expect(decide(stateOf({ ...all, freeCalls: 0, freeCallAt: NOW + 40 }))).toMatchObject({
      decisions: [],
      waitUntil: NOW + 40,
    });
  });

  test('goes to what somebody waits for, then to statuses, then to bulk work', () => {
    const changes = {
      open: [...Array.from({ length: 4 }, (_, n) => openOne(`under way ${n}`)), ...slotsTaken('people', 2)],
      waiting: { bulk: waitingOf('bulk', 5), people: waitingOf('people', 1), revoke: waitingOf('revoke', 1) },
    };

    expect(inWords(decide(stateOf(changes)).decisions)).toEqual([
      'submit revoke 0',
      'submit people 0',
      'look for creates',
      ...[0, 1, 2, 3, 4].map((n) => `submit bulk ${n}`),
    ]);
  });

  test.each(['bulk', 'provision', 'look'] as const)(
    'goes to %s first where that has sent nothing for a second',
    (each) => {
      const open = Array.from({ length: 3 }, (_, n) => openOne(`of a person ${n}`, { group: 'people' }));
      const sentAt = { bulk: NOW, provision: NOW, look: NOW, [each]: NOW - SECOND };
      const changes = { open, waiting: { [each]: waitingOf(each, 2) }, freeCalls: 1, sentAt };

      expect(inWords(decide(stateOf(changes)).decisions)).toEqual([`submit ${each} 0`]);
    },
  );
});

describe('bulk work of one latency', () => {
  const waiting = { bulk: waitingOf('bulk', 100) };
  const latencies = { create: Array.from({ length: 64 }, () => 4_000) };

  test('is sent one after the other', () => {
    const { decisions, waitUntil } = decide(stateOf({ waiting, latencies }));
    const again = decide(stateOf({ waiting, latencies, sentAt: { bulk: NOW } }));

    expect(inWords(decisions)).toEqual(['submit bulk 0']);
    expect(again.decisions).toEqual([]);
    expect(waitUntil).toBeGreaterThan(NOW);
    expect(again.waitUntil).toBe(waitUntil);
  });

  test('fills the slots evenly within one latency', () => {
    let state: ScheduleState = stateOf({ waiting, latencies });
    const at: number[] = [];
    for (let rounds = 0; at.length < 15 && rounds < 1_000; rounds += 1) {
      const { decisions, waitUntil = state.now } = decide(state);
      at.push(...decisions.map(() => state.now));
      const sentAt = decisions.length > 0 ? { bulk: state.now } : state.sentAt;
      state = { ...state, sentAt, now: waitUntil };
    }
    const gaps = at.slice(1).map((each, n) => each - (at[n] ?? 0));
    const took = (at.at(-1) ?? Infinity) - NOW;

    expect(at).toHaveLength(15);
    expect(took).toBeLessThanOrEqual(new Forecast(latencies, 'create').mean);
    expect(took).toBeGreaterThan(new Forecast(latencies, 'create').mean / 2);
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThan(100);
  });

  test('is spread before anything is known of latencies', () => {
    expect(sent({ waiting, latencies: {} })).toEqual({ bulk: 1 });
  });

  test('is sent at once where it is soon over, or where latencies vary', () => {
    expect(sent({ waiting: { bulk: waitingOf('bulk', 5) }, latencies })).toEqual({ bulk: 5 });
    expect(sent({ waiting })).toEqual({ bulk: 15 });
  });

  test('spreads neither people nor revokes', () => {
    const many = { people: waitingOf('people', 100), revoke: waitingOf('revoke', 7) };

    expect(sent({ waiting: many, latencies })).toEqual({ revoke: 7, people: 8 });
  });
});

describe('looks ahead', () => {
  const waiting = { bulk: waitingOf('bulk', 20) };
  const full = { open: slotsTaken('bulk', 15), waiting, isSurveyed: () => false };

  test('are made for bulk grants that are next, while the slots are full', () => {
    const decided = inWords(decide(stateOf(full)).decisions);

    expect(decided.length).toBeGreaterThan(0);
    expect(decided).toEqual(decided.map((_, n) => `survey bulk ${n}`));
  });

  test('are made where an operation is about to end, since what waits there goes next', () => {
    const place = 'place of bulk 19';
    const latencies = { create: Array.from({ length: 64 }, () => MINUTE) };
    const surveyed = (ageMs: number) => {
      const under = openOne('under way', { place, isBusy: true, acceptedAt: NOW - ageMs });
      const open = [under, ...slotsTaken('bulk', 14)];
      return inWords(decide(stateOf({ ...full, open, latencies })).decisions);
    };

    expect(surveyed(58 * SECOND)).toContain('survey bulk 19');
    expect(surveyed(30 * SECOND)).not.toContain('survey bulk 19');
  });

  test('leave two calls for what comes due meanwhile', () => {
    expect(decide(stateOf({ ...full, freeCalls: 4 })).decisions).toHaveLength(2);
  });

  test('are made once for each place', () => {
    const crowded = waitingOf('bulk', 20, (n) => ({ place: n < 3 ? 'crowded' : `place ${n}` }));

    const decided = inWords(decide(stateOf({ ...full, waiting: { bulk: crowded } })).decisions);

    expect(decided[0]).toBe('survey bulk 0');
    expect(decided[1]).toBe('survey bulk 3');
  });

  test('are not made of places that are known', () => {
    expect(decide(stateOf({ ...full, isSurveyed: () => true })).decisions).toEqual([]);
  });

  test('are not made while bulk work is paused', () => {
    expect(decide(stateOf({ ...full, isPaused: true })).decisions).toEqual([]);
  });

  test('take calls only that nobody else needs', () => {
    const open = [...slotsTaken('bulk', 14), openOne('gone', { isMissing: true })];

    expect(inWords(decide(stateOf({ ...full, open, freeCalls: 1 })).decisions)).toEqual(['describe gone']);
  });

  test('spare the submission its own', () => {
    const sentOf = (isKnown: boolean) =>
      decide(stateOf({ waiting, isSurveyed: () => isKnown, freeCalls: 4 })).decisions.length;

    expect([sentOf(true), sentOf(false)]).toEqual([4, 2]);
  });
});

describe('a decision', () => {
  /** A ledger in which so many wait, and a pass that has asked it once. */
  async function backlogOf(count: number): Promise<{ backlog: Backlog; asked: number[] }> {
    const world = new DispatcherWorld();
    const asked: number[] = [];
    world.assignments.waiting = (workClass, _until, limit) => {
      asked.push(limit);
      const shown = workClass === 'look' ? 0 : Math.min(count, limit);
      const first = 1_000 * WORK_CLASSES.indexOf(workClass);
      return Promise.resolve(
        Array.from({ length: shown }, (_, n) => ({ key: keyOf(first + n), notBefore: NOW })),
      );
    };
    const backlog = new Backlog(world);
    await backlog.refresh(WORK_CLASSES);
    return { backlog, asked };
  }

  test('is the same whether a hundred wait or a hundred thousand: it is shown a page of each class', async () => {
    const [few, many] = [await backlogOf(100), await backlogOf(100_000)];
    const [forFew, forMany] = [few, many].map(({ backlog }) => decide(stateOf({ waiting: backlog.pages })));

    expect(forMany?.decisions).toHaveLength(15);
    expect(forMany).toEqual(forFew);
    expect(Math.max(...many.asked)).toBeLessThanOrEqual(100);
  });

  test('depends on its state alone', () => {
    const changes = { open: slotsTaken('bulk', 3), waiting: { bulk: waitingOf('bulk', 50) }, freeCalls: 7 };

    expect(decide(stateOf(changes))).toEqual(decide(stateOf(changes)));
  });
});
