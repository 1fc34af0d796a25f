import * as fc from 'fast-check';
import { decide } from '../../../core/dispatcher/schedule';
import { MINUTE, NOW, SECOND, inWords, openOne, slotsTaken, stateOf, waitingOf } from './schedule-states';

describe('operations under way are looked at', () => {
  test('one by one while there are one or two of a call', () => {
    const open = [openOne('first'), openOne('second')];

    expect(inWords(decide(stateOf({ open })).decisions)).toEqual(['describe first', 'describe second']);
  });

  test('together, by one list, where there are more', () => {
    const open = Array.from({ length: 15 }, (_, n) => openOne(`operation ${n}`));

    expect(inWords(decide(stateOf({ open })).decisions)).toEqual(['look for creates']);
  });

  test('one by one, without a list, where it is all but certain which few have ended', () => {
    const latencies = { create: Array.from({ length: 64 }, () => 10 * SECOND) };
    const at = (age: number) => ({ acceptedAt: NOW - age, seenAt: NOW - age });
    const open = [10.5, 10.3, 6, 5, 4, 3].map((age, n) => openOne(`operation ${n}`, at(age * SECOND)));

    expect(inWords(decide(stateOf({ open, latencies })).decisions)).toEqual([
      'describe operation 0',
      'describe operation 1',
    ]);
  });

  test('by a list of each call that has many', () => {
    const open = [
      ...Array.from({ length: 5 }, (_, n) => openOne(`create ${n}`)),
      ...Array.from({ length: 4 }, (_, n) => openOne(`delete ${n}`, { call: 'delete' })),
      openOne('single', { call: 'provision', group: undefined }),
    ];

    expect(inWords(decide(stateOf({ open })).decisions)).toEqual([
      'look for creates',
      'look for deletes',
      'describe single',
    ]);
  });

  test('alone, and at once, where the list does not have them any more', () => {
    const many = Array.from({ length: 10 }, (_, n) => openOne(`operation ${n}`, { seenAt: NOW }));
    const open = [...many, openOne('gone', { isMissing: true, seenAt: NOW })];
    const listedAt = { create: NOW, delete: NOW, provision: NOW };

    expect(inWords(decide(stateOf({ open, listedAt })).decisions)).toEqual(['describe gone']);
  });

  test('not a second time while the list is being asked for', () => {
    const open = Array.from({ length: 15 }, (_, n) => openOne(`operation ${n}`));
    const listedAt = { create: undefined, delete: NOW, provision: NOW };

    expect(decide(stateOf({ open, listedAt }))).toMatchObject({ decisions: [], waitUntil: undefined });
  });

  test('not while something is being done about them', () => {
    const open = [openOne('busy', { isBusy: true })];

    expect(decide(stateOf({ open }))).toMatchObject({ decisions: [], waitUntil: undefined });
  });

  test('not before the instant that the last look named', () => {
    const open = [openOne('unknown to the service', { lookAt: NOW + 2 * SECOND })];

    expect(decide(stateOf({ open }))).toMatchObject({ decisions: [], waitUntil: NOW + 2 * SECOND });
  });

  test('sooner where somebody waits for them', () => {
    const waitFor = (isUrgent: boolean) =>
      decide(stateOf({ open: [openOne('one', { acceptedAt: NOW, seenAt: NOW, isUrgent })] })).waitUntil;

    expect(waitFor(true)).toBeLessThan(waitFor(false) ?? 0);
  });

  test('sooner in a list too, where somebody waits for one of them', () => {
    const waitFor = (isUrgent: boolean) => {
      const bulk = Array.from({ length: 3 }, (_, n) =>
        openOne(`bulk ${n}`, { acceptedAt: NOW, seenAt: NOW }),
      );
      const one = openOne('one', { acceptedAt: NOW, seenAt: NOW, isUrgent });
      return decide(stateOf({ open: [...bulk, one], listedAt: { create: NOW, delete: NOW, provision: NOW } }))
        .waitUntil;
    };

    expect(waitFor(true)).toBeLessThan(waitFor(false) ?? 0);
  });

  test.each([1, 2, 3, 15])('within seconds, whatever is believed of their latency (%i of them)', (count) => {
    const latencies = { create: Array.from({ length: 64 }, () => 60 * MINUTE) };
    const fresh = { acceptedAt: NOW, seenAt: NOW };
    const open = Array.from({ length: count }, (_, n) => openOne(`operation ${n}`, fresh));
    const listedAt = { create: NOW, delete: NOW, provision: NOW };

    const { waitUntil } = decide(stateOf({ open, latencies, listedAt }));

    expect(waitUntil).toBeLessThanOrEqual(NOW + 10 * SECOND);
  });

  test('when ends are to be expected, not before: a list is not asked for while all of them are fresh', () => {
    const latencies = { create: Array.from({ length: 64 }, (_, n) => 4_000 + n) };
    const fresh = { acceptedAt: NOW, seenAt: NOW };
    const open = Array.from({ length: 15 }, (_, n) => openOne(`operation ${n}`, fresh));
    const listedAt = { create: NOW, delete: NOW, provision: NOW };

    const { decisions, waitUntil = 0 } = decide(stateOf({ open, latencies, listedAt }));

    expect(decisions).toEqual([]);
    expect(waitUntil).toBeGreaterThan(NOW + 3 * SECOND);
    expect(waitUntil).toBeLessThan(NOW + 5 * SECOND);
  });
});

describe('what has to be seen or searched for', () => {
  test.each(['confirming', 'recovering', 'sending'] as const)('is checked when it is due (%s)', (phase) => {
    const open = [openOne('due', { phase }), openOne('later', { phase, lookAt: NOW + SECOND })];

    expect(decide(stateOf({ open }))).toMatchObject({
      decisions: [{ do: 'check', id: 'due' }],
      waitUntil: NOW + SECOND,
    });
  });

  test('comes before bulk work where somebody waits for it', () => {
    const open = [openOne('of a person', { phase: 'confirming', isUrgent: true })];
    const waiting = { bulk: waitingOf('bulk', 15) };

    const { decisions } = decide(
      stateOf({ open: [...slotsTaken('bulk', 1), ...open], waiting, freeCalls: 1 }),
    );

    expect(inWords(decisions)).toEqual(['check of a person']);
  });
});

describe('a schedule', () => {
  test('waits for nothing where there is nothing', () => {
    expect(decide(stateOf())).toMatchObject({ decisions: [], waitUntil: undefined });
  });

  test('has something to do at the instant until which it lets wait, and nothing before', () => {
    const operation = fc.record({
      call: fc.constantFrom('create', 'delete', 'provision'),
      phase: fc.constantFrom('following', 'confirming', 'recovering', 'sending'),
      age: fc.integer({ min: 0, max: 120_000 }),
      unseen: fc.integer({ min: 0, max: 10_000 }),
      lookIn: fc.integer({ min: -5_000, max: 5_000 }),
      isMissing: fc.boolean(),
      isUrgent: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(operation, { minLength: 1, maxLength: 15 }), (drawn) => {
        const open = drawn.map(({ age, unseen, lookIn, ...rest }, n) =>
          openOne(`operation ${n}`, {
            ...rest,
            acceptedAt: NOW - age,
            seenAt: NOW - Math.min(age, unseen),
            lookAt: NOW + lookIn,
          }),
        );
        const state = stateOf({ open, listedAt: { create: NOW, delete: NOW, provision: NOW } });
        const { decisions, waitUntil } = decide(state);
        fc.pre(decisions.length === 0 && waitUntil !== undefined);
        const at = Math.ceil(waitUntil);

        expect(waitUntil).toBeGreaterThan(NOW);
        expect(decide({ ...state, now: at }).decisions).not.toEqual([]);
        expect(decide({ ...state, now: at - 10 }).decisions).toEqual([]);
      }),
    );
  });
});
