import { runPass } from '../../../core/dispatcher/pass';
import type { DispatcherPorts } from '../../../core/dispatcher/ports';
import { DispatcherWorld, LIMITS, keyOf } from '../../support/dispatcher-world';
import { QuotaIdentityCenter } from '../../support/quota-identity-center';
import { ANSWERS, QUOTAS } from '../../support/quota-settings';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A service that answers in 0.1 s, where somebody else has just made `foreign` assignments, and we hold one of our own. */
async function setUp(foreign: number) {
  const world = new DispatcherWorld();
  const { assignments, provisions, requests, dispatcher, workflows, clock, random, observer } = world;
  const identityCenter = new QuotaIdentityCenter(clock, {
    ...QUOTAS,
    slots: 100,
    latencyMs: (n) => (n <= foreign ? 500 : 8_000),
  });
  const ports: DispatcherPorts = {
    assignments,
    provisions,
    requests,
    dispatcher,
    workflows,
    identityCenter,
    clock,
    random,
    observer,
  };
  let passes = 0;
  const pass = async (): Promise<void> => {
    const { epoch } = world.dispatcher.record;
    const { seconds } = await runPass(ports, { epoch, pass: passes }, LIMITS);
    passes += 1;
    await clock.sleep(seconds * SECOND + 200);
  };
  await world.open('held', 4 * HOUR, keyOf(500));
  await pass();
  for (let n = 0; n < foreign; n += 1) {
    await identityCenter.createAssignment(keyOf(600 + n));
    await clock.sleep(100);
  }
  await clock.sleep(3 * SECOND);
  return { world, clock, identityCenter, pass };
}

describe('searches for lost replies', () => {
  test.each([
    ['few were lost, and nobody else was there', 5, 0],
    ['few were lost, and others did much', 5, 60],
    ['many were lost, and others did much', 12, 60],
  ])('do not hold up a revoke where %s', async (_case, lost, foreign) => {
    // GIVEN a service that took nothing and answered nothing, and creates whose replies were lost
    const { world, clock, identityCenter, pass } = await setUp(foreign);
    for (let n = 1; n <= lost; n += 1) {
      identityCenter.faults.push({ what: 'lost', isAccepted: false, refusal: ANSWERS.server });
      await world.open(`lost ${n}`, 4 * HOUR, keyOf(n));
    }

    // WHEN a lease is closed while they are searched for
    let closedAt = Infinity;
    clock.after(4 * SECOND, () => {
      closedAt = clock.now();
      void world.close('held', keyOf(500));
    });
    for (let passes = 0; passes < 3; passes += 1) await pass();

    // THEN its delete is sent as soon as the call for it is seen
    const sent = identityCenter.submissions.find(({ call }) => call === 'delete');
    expect(sent?.known).toBe('accepted');
    expect((sent?.at ?? Infinity) - closedAt).toBeLessThanOrEqual(1_200);
  });

  test('end all the same, one after the other: the leases get their access', async () => {
    const { world, identityCenter, pass } = await setUp(60);
    for (let n = 1; n <= 12; n += 1) {
      identityCenter.faults.push({ what: 'lost', isAccepted: false, refusal: ANSWERS.server });
      await world.open(`lost ${n}`, 4 * HOUR, keyOf(n));
    }
    const began = world.clock.now();

    while (world.clock.now() - began < 4 * MINUTE) await pass();

    const keys = Array.from({ length: 12 }, (_, n) => keyOf(n + 1));
    expect(keys.filter((key) => !identityCenter.exists(key))).toEqual([]);
    expect(world.observer.measured('Recoveries')).toHaveLength(12);
  });
});
