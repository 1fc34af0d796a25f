import * as fc from 'fast-check';
import {
  type Ceiling,
  type Learned,
  fewerSlots,
  grown,
  learnedAtFirst,
  slower,
} from '../../../core/dispatcher/learned';
import { askForProvision } from '../../../core/provisions/ask';
import { DispatcherWorld, LIMITS, keyOf } from '../../support/dispatcher-world';
import type { Refusal } from '../../../core/assignments/outcomes';

const NOW = Date.parse('2026-11-24T08:00:00Z');
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const CEILING: Ceiling = { slots: 15, perSecond: 18 };
const AT_FIRST = learnedAtFirst(CEILING, NOW);

describe('the slots that the service has shown', () => {
  test('are those of the settings at first', () => {
    expect(AT_FIRST).toMatchObject({ slots: 15, perSecond: 18, latencies: {} });
  });

  test('fall to what was under way when one more was refused', () => {
    expect(fewerSlots(AT_FIRST, 10, NOW + SECOND)).toMatchObject({ slots: 10, slotsAt: NOW + SECOND });
  });

  test('never rise by a refusal, and are one at least', () => {
    expect(fewerSlots(AT_FIRST, 40, NOW).slots).toBe(15);
    expect(fewerSlots(AT_FIRST, 0, NOW).slots).toBe(1);
  });

  test('are tried one more at a time, and only after a minute without a refusal', () => {
    const learned = fewerSlots(AT_FIRST, 10, NOW);
    const after = [MINUTE, 2 * MINUTE, 4 * MINUTE].map((ms) => grown(learned, CEILING, NOW + ms).slots);

    expect(after).toEqual([11, 12, 14]);
  });

  test('rise as fast whether a pass looks often or seldom', () => {
    let often = fewerSlots(AT_FIRST, 5, NOW);
    for (let at = NOW; at <= NOW + 8 * MINUTE; at += 7 * SECOND) often = grown(often, CEILING, at);
    often = grown(often, CEILING, NOW + 8 * MINUTE);

    expect(often.slots).toBe(grown(fewerSlots(AT_FIRST, 5, NOW), CEILING, NOW + 8 * MINUTE).slots);
  });
});

describe('the rate that the service leaves', () => {
  test('falls by a quarter with a refusal', () => {
    expect(slower(AT_FIRST, NOW + 2 * SECOND).perSecond).toBe(13.5);
  });

  test('falls once for all calls that were refused together', () => {
    const once = slower(AT_FIRST, NOW + 2 * SECOND);

    expect(slower(once, NOW + 2 * SECOND + 900).perSecond).toBe(once.perSecond);
    expect(slower(once, NOW + 3 * SECOND).perSecond).toBeLessThan(once.perSecond);
  });

  test('never falls so low that revokes do not get through', () => {
    let learned = AT_FIRST;
    for (let second = 2; second < 100; second += 1) learned = slower(learned, NOW + second * SECOND);

    expect(learned.perSecond).toBe(3);
  });

  test('rises by one call a second every ten seconds', () => {
    const learned = slower(AT_FIRST, NOW + 2 * SECOND);
    const after = [9, 10, 30].map((s) => grown(learned, CEILING, NOW + (2 + s) * SECOND).perSecond);

    expect(after).toEqual([13.5, 14.5, 16.5]);
  });
});

describe('what was learned', () => {
  test('never goes beyond the settings, nor below what keeps work going, whatever happens in whatever order', () => {
    const happening = fc.record({
      what: fc.constantFrom('fewer', 'slower', 'grown'),
      outstanding: fc.nat(20),
      ms: fc.nat(5 * MINUTE),
    });
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 50 }), (happenings) => {
        let [learned, now] = [AT_FIRST, NOW];
        for (const { what, outstanding, ms } of happenings) {
          now += ms;
          learned =
            what === 'fewer'
              ? fewerSlots(learned, outstanding, now)
              : what === 'slower'
                ? slower(learned, now)
                : grown(learned, CEILING, now);

          expect(learned.slots).toBeGreaterThanOrEqual(1);
          expect(learned.slots).toBeLessThanOrEqual(CEILING.slots);
          expect(learned.perSecond).toBeGreaterThanOrEqual(3);
          expect(learned.perSecond).toBeLessThanOrEqual(CEILING.perSecond);
        }
        expect(grown(learned, CEILING, now + HOUR)).toMatchObject(CEILING);
      }),
    );
  });

  test('goes down at once to settings that were lowered', () => {
    expect(grown(AT_FIRST, { slots: 10, perSecond: 8 }, NOW)).toMatchObject({ slots: 10, perSecond: 8 });
  });
});

describe('a pass', () => {
  const TOO_MANY: Refusal = {
    name: 'ThrottlingException',
    message: 'There are too many requests processing. Please try again later.',
    fault: 'client',
  };
  const RATE: Refusal = { name: 'ThrottlingException', message: 'Rate exceeded', fault: 'client' };

  async function afterRefusals(refusal: Refusal, count: number, open: number): Promise<Learned | undefined> {
    const world = new DispatcherWorld();
    world.identityCenter.latencyMs = HOUR;
    await Promise.all(Array.from({ length: open }, (_, n) => world.open('lease', 9 * HOUR, keyOf(n))));
    await world.pass();
    for (let n = 0; n < count; n += 1) {
      world.identityCenter.faults.push({ at: 'before', refusal });
      await world.open('one more', 9 * HOUR, keyOf(100 + n));
    }
    await world.pass();
    return world.dispatcher.record.learned;
  }

  test('learns that there are fewer slots, and nothing of the rate, from the refusal that says so', async () => {
    expect(await afterRefusals(TOO_MANY, 1, 6)).toMatchObject({
      slots: 6,
      perSecond: LIMITS.callsPerSecond,
    });
  });

  test('learns that the rate is lower, and nothing of the slots, from other throttles that come together', async () => {
    const learned = await afterRefusals(RATE, 3, 6);

    expect(learned?.slots).toBe(LIMITS.slots);
    expect(learned?.perSecond).toBeLessThan(LIMITS.callsPerSecond);
  });

  test('learns nothing of the slots from a provision, which has a quota of its own', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.faults.push({ at: 'before', refusal: TOO_MANY });
    await askForProvision(world, { permissionSetArn: keyOf().permissionSetArn });

    await world.pass();

    expect(world.dispatcher.record.learned?.slots).toBe(LIMITS.slots);
  });

  test('begins with what the one before it has learned', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.latencyMs = HOUR;
    await world.open('first', 9 * HOUR, keyOf(0));
    const now = world.clock.now();
    const learned = { ...AT_FIRST, slots: 2, slotsAt: now, perSecondAt: now };
    world.dispatcher.record = { ...world.dispatcher.record, learned };
    await Promise.all([1, 2, 3, 4].map((n) => world.open('lease', 9 * HOUR, keyOf(n))));

    await world.pass();

    expect(world.identityCenter.accepted()).toHaveLength(2);
  });
});
