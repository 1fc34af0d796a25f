import type { AssignmentKey } from '../../core/assignments/assignment';
import { VirtualTime } from './engine/virtual-time';
import { errorName } from './service/service-error';
import { ServiceModel } from './service/service-model';
import { NO_FAULTS, SERVICE, type ServiceSettings } from './service/service-settings';

function key(account: number, set = 'set', group = 'group'): AssignmentKey {
  return {
    accountId: String(100_000_000_000 + account),
    permissionSetArn: `arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-${set}`,
    principalType: 'GROUP',
    principalId: group,
  };
}

function serviceWith(change: Partial<ServiceSettings> = {}): { time: VirtualTime; service: ServiceModel } {
  const time = new VirtualTime();
  return {
    time,
    service: new ServiceModel(time, 1, { ...SERVICE, latency: 'two', listLagMs: 0, ...change }),
  };
}

/** What becomes of calls that are sent at once. */
async function outcomes(time: VirtualTime, calls: readonly Promise<unknown>[]): Promise<string[]> {
  const settled = Promise.all(
    calls.map((call) =>
      call.then(
        () => 'ok',
        (error: unknown) => errorName(error),
      ),
    ),
  );
  await time.run();
  return settled;
}

function count(words: readonly string[], word: string): number {
  return words.filter((each) => each === word).length;
}

describe('the service model', () => {
  test('takes a burst of 20 calls and refuses the ones beyond it', async () => {
    const { time, service } = serviceWith();
    const answers = await outcomes(
      time,
      Array.from({ length: 30 }, () => service.assignees(key(1))),
    );
    expect(count(answers, 'ok')).toBe(20);
    expect(count(answers, 'ThrottlingException')).toBe(10);
    expect(service.counts.throttled).toBe(10);
  });

  test('gives back 20 calls a second', async () => {
    // GIVEN a bucket that was emptied
    const { time, service } = serviceWith();
    const calls: Promise<unknown>[] = Array.from({ length: 20 }, () => service.assignees(key(1)));

    // WHEN another 20 come after half a second
    time.after(500, () => {
      for (let n = 0; n < 20; n += 1) calls.push(service.assignees(key(1)).catch(errorName));
    });
    await time.run();

    // THEN half of them are taken
    expect(service.counts.throttled).toBe(10);
    expect(calls).toHaveLength(40);
  });

  test('counts the calls of other clients against the same rate', async () => {
    const alone = serviceWith();
    const crowded = serviceWith({ otherCallsPerSecond: 19 });
    for (const { time, service } of [alone, crowded]) {
      const calling = (async () => {
        for (let n = 0; n < 100; n += 1) {
          void service.assignees(key(1)).catch(errorName);
          await time.sleep(100);
        }
      })();
      await time.run();
      await calling;
    }
    expect(alone.service.counts.throttled).toBe(0);
    expect(crowded.service.counts.throttled).toBeGreaterThan(20);
  });

  test('has 15 slots for creates and deletes together', async () => {
    // GIVEN ten assignments
    const { time, service } = serviceWith();
    await outcomes(
      time,
      Array.from({ length: 10 }, (_, n) => service.createAssignment(key(n))),
    );

    // WHEN eight are deleted and ten created at once
    const both = [
      ...Array.from({ length: 8 }, (_, n) => service.deleteAssignment(key(n))),
      ...Array.from({ length: 10 }, (_, n) => service.createAssignment(key(100 + n))),
    ];
    const answers = await outcomes(time, both);

    // THEN three are too many
    expect(count(answers, 'ok')).toBe(15);
    expect(count(answers, 'ThrottlingException')).toBe(3);
  });

  test('has three places for provisions, beside the slots', async () => {
    const { time, service } = serviceWith();
    const answers = await outcomes(
      time,
      Array.from({ length: 4 }, (_, n) =>
        service.provision({ permissionSetArn: `set-${n}`, accountId: '1' }),
      ),
    );
    expect(answers).toEqual(['ok', 'ok', 'ok', 'ThrottlingException']);
    expect(service.slotsUsed).toBe(0);
  });

  test('lets one operation at a time write the role of a permission set in an account', async () => {
    const { time, service } = serviceWith();
    const answers = await outcomes(time, [
      service.createAssignment(key(1, 'set', 'one')),
      service.createAssignment(key(1, 'set', 'other')),
      service.createAssignment(key(1, 'another set', 'other')),
    ]);
    expect(answers).toEqual(['ok', 'ConflictException', 'ok']);
  });

  test('shows a new request id and an effect only after their lag', async () => {
    // GIVEN lists that lag
    const { time, service } = serviceWith({ listLagMs: 2_000 });
    const seen: Record<string, unknown> = {};
    const look = async (): Promise<void> => {
      const id = await service.createAssignment(key(1));
      const [operation] = service.operations.values();
      const listedFrom = operation?.listedFrom ?? 0;
      seen.atOnce = (await service.inProgress('create')).has(id);
      seen.isLagging = listedFrom > (operation?.acceptedAt ?? 0) + 100;
      await time.sleep(2_000 - 100);
      seen.later = (await service.describe('create', id)).status;
      await time.sleep(2_200);
      seen.effect = (await service.assignees(key(1))).length;
    };

    // WHEN one looks
    const looking = look();
    await time.run();
    await looking;

    // THEN the status by id is there at once, lists are late
    expect(seen).toEqual({ atOnce: false, isLagging: true, later: 'SUCCEEDED', effect: 1 });
  });

  test('carries out a create whose reply is lost, and forgets one that never arrived', async () => {
    const after = serviceWith({ faults: { ...NO_FAULTS, lostAfter: 1 } });
    const before = serviceWith({ faults: { ...NO_FAULTS, lostBefore: 1 } });
    const answers = [
      ...(await outcomes(after.time, [after.service.createAssignment(key(1))])),
      ...(await outcomes(before.time, [before.service.createAssignment(key(1))])),
    ];
    expect(answers).toEqual(['TimeoutError', 'TimeoutError']);
    expect(after.service.rows.exists(key(1))).toBe(true);
    expect(before.service.rows.exists(key(1))).toBe(false);
  });

  test('takes longer for a share of the calls, half on the way there and half on the way back', async () => {
    // GIVEN a service with slow calls, and nothing that could refuse one
    const slowCalls = { share: 0.1, leastExtraMs: 300, mostExtraMs: 1_500 };
    const { time, service } = serviceWith({ slowCalls, callsPerSecond: 1e6, burst: 1e6, slots: 1e6 });

    // WHEN a thousand creates are sent, one after the other
    const trips: { readonly there: number; readonly back: number }[] = [];
    const send = async (): Promise<void> => {
      for (let n = 0; n < 1_000; n += 1) {
        const sentAt = time.now();
        const operation = service.operations.get(await service.createAssignment(key(n)));
        const arrivedAt = operation?.acceptedAt ?? 0;
        trips.push({ there: arrivedAt - sentAt, back: time.now() - arrivedAt });
      }
    };
    const sending = send();
    await time.run();
    await sending;

    // THEN about a tenth took 0.3 to 1.5 s longer, both ways alike, and the others what calls take
    const slow = trips.filter(({ there }) => there > 50);
    expect(slow.length).toBeGreaterThan(70);
    expect(slow.length).toBeLessThan(130);
    expect(trips.every(({ there, back }) => there === back)).toBe(true);
    const extras = slow.map(({ there, back }) => there + back - SERVICE.roundTripMs);
    expect(Math.min(...extras)).toBeGreaterThanOrEqual(300);
    // Each half is rounded up to a whole millisecond.
    expect(Math.max(...extras)).toBeLessThanOrEqual(1_502);
    expect(Math.max(...extras) - Math.min(...extras)).toBeGreaterThan(1_000);
  });

  test('draws slow calls from a stream of their own, so that everything else stays as it was', async () => {
    // GIVEN the same seed with calls that are slow by nothing, and without the setting
    const lagging = { listLagMs: 2_000, effectLagMs: 2_000, otherCallsPerSecond: 5 };
    const slowByNothing = { share: 0.5, leastExtraMs: 0, mostExtraMs: 0 };
    const worlds = [serviceWith(lagging), serviceWith({ ...lagging, slowCalls: slowByNothing })];

    // WHEN both are used alike
    const stories = await Promise.all(
      worlds.map(async ({ time, service }) => {
        await outcomes(
          time,
          Array.from({ length: 10 }, (_, n) => service.createAssignment(key(n))),
        );
        return [...service.operations.values()].map(({ endsAt, listedFrom }) => [endsAt, listedFrom]);
      }),
    );

    // THEN nothing differs
    expect(stories[0]).toHaveLength(10);
    expect(stories[1]).toEqual(stories[0]);
  });

  test('gives an assignment the same latency in every run of a seed', () => {
    const one = serviceWith({ latency: 'tail' }).service;
    const other = serviceWith({ latency: 'tail' }).service;
    const subjects = Array.from({ length: 50 }, (_, n) => `create ${n}`);
    const latencies = subjects.map((subject) => one.latencyMs(subject, 1));
    expect([...subjects].reverse().map((subject) => other.latencyMs(subject, 1))).toEqual(
      [...latencies].reverse(),
    );
    expect(new Set(latencies).size).toBeGreaterThan(40);
  });
});
