import { DispatcherMachine } from './ours/dispatcher-machine';
import { Costs } from './designs/costs';
import { chanceFor } from './engine/chance';
import { VirtualTime } from './engine/virtual-time';
import { broken } from './report/expectations';
import { makeRun } from './runs/run';
import { DESIGN_NAMES, type DesignName, plainRun } from './runs/run-spec';
import { NO_FAULTS } from './service/service-settings';

const FINISHING = DESIGN_NAMES.filter((design) => design !== 'unlimited-fan-out');

describe('each design', () => {
  test.each(DESIGN_NAMES)(
    '%s does a little work without losing any, and not before the limit',
    async (design) => {
      // GIVEN ten assignments, and a service without faults
      const spec = plainRun(design, 10, 'ln4', 3);

      // WHEN the design does them
      const run = await makeRun(spec);

      // THEN all are there, it says so, and nobody was faster than the quota
      expect(run).toMatchObject({ operations: 10, lost: 0, wrong: 0, repeated: 0 });
      expect(run.makespan).toBeGreaterThanOrEqual(run.limit);
    },
  );

  test.each(FINISHING)('%s takes the tickets that arrive amid the work', async (design) => {
    const run = await makeRun({ ...plainRun(design, 10, 'two', 1), tickets: 3 });
    expect(run).toMatchObject({ operations: 13, lost: 0, wrong: 0 });
    expect(run.tickets).toHaveLength(3);
    for (const { grant, latency, slotWait } of run.tickets) {
      expect(grant).toBeGreaterThan(latency);
      expect(slotWait).toBeGreaterThanOrEqual(0);
    }
  });

  test.each<DesignName>(['ours', 'terraform'])('%s runs the same way twice', async (design) => {
    const spec = { ...plainRun(design, 100, 'tail', 5), service: { otherCallsPerSecond: 5 } } as const;
    expect(await makeRun(spec)).toEqual(await makeRun(spec));
  });
});

describe('peers under load', () => {
  test('unlimited fan-out loses what the slots cannot hold', async () => {
    const run = await makeRun(plainRun('unlimited-fan-out', 1200, 'ln4', 1));
    expect(run.lost).toBeGreaterThan(1_000);
    expect(run.mostSlots).toBe(15);
  });

  test('org-formation takes the latencies one after the other', async () => {
    const run = await makeRun(plainRun('org-formation', 10, 'ten', 1));
    // 10.7 s each: create and list 0.2 s, then a poll every 2.1 s.
    expect(run.makespan).toBeCloseTo(107, 0);
  });

  test('identity-center-extensions needs 15.45 s for an operation in a lane of its own', async () => {
    const run = await makeRun(plainRun('identity-center-extensions', 1, 'two', 1));
    expect(run.makespan).toBeCloseTo(15.45, 1);
  });
});

describe('the dispatcher in the benchmark', () => {
  test('loses nothing when its function dies and replies are lost', async () => {
    // GIVEN deaths every ten seconds of work, and every tenth reply lost
    const run = await makeRun({
      ...plainRun('ours', 100, 'ln4', 1),
      service: { faults: { ...NO_FAULTS, lostBefore: 0.05, lostAfter: 0.05 } },
      ours: { secondsBetweenCrashes: 10 },
    });

    // THEN it was interrupted, and did everything once
    expect(run.crashes).toBeGreaterThan(0);
    expect(run).toMatchObject({ lost: 0, wrong: 0, repeated: 0 });
  });

  test('reads leases of requests back before it tells them, which it does not for claims of a rule', async () => {
    // GIVEN ten assignments in two permission sets, once as claims of a rule and once as leases of two requests
    const spec = plainRun('ours', 10, 'ten', 1);

    // WHEN the dispatcher does both
    const [rule, leases] = [await makeRun(spec), await makeRun({ ...spec, claims: 'leases' })];

    // THEN both are done, each lease has a look more, and each request was answered after the proof of its last account
    expect([rule, leases]).toMatchObject([
      { lost: 0, wrong: 0 },
      { lost: 0, wrong: 0 },
    ]);
    expect(leases.looks - rule.looks).toBe(10);
    expect(rule.requests).toBeUndefined();
    expect(leases.requests).toMatchObject({ asked: 2, answered: 2 });
    expect(leases.requests?.tells).toHaveLength(2);
    expect(Math.min(...(leases.requests?.tells ?? []))).toBeGreaterThan(0);
  });

  test('splits the time to grant of a ticket amid a large request', async () => {
    const run = await makeRun({ ...plainRun('ours', 100, 'two', 1), claims: 'leases', tickets: 3 });
    expect(run.tickets).toHaveLength(3);
    for (const { slotWait, latency, proof = 0, tell = 0, grant } of run.tickets) {
      expect(proof).toBeGreaterThan(0);
      expect(tell).toBeGreaterThan(0);
      // What is missing is the ticket's own look before its create.
      const looks = grant - slotWait - latency - proof - tell;
      expect(looks).toBeGreaterThanOrEqual(0);
      expect(looks).toBeLessThan(0.5);
    }
  });

  test('a check of the counts names the run that broke one', async () => {
    const run = await makeRun(plainRun('ours', 1, 'two', 1));
    expect(broken([run])).toEqual([]);
    expect(broken([{ ...run, lost: 2 }])).toEqual([expect.stringContaining('2 operations were lost')]);
    expect(broken([{ ...run, throttled: 1 }])).toEqual([expect.stringContaining('were throttled')]);
    expect(broken([{ ...run, requests: { asked: 2, answered: 1, tells: [1] } }])).toEqual([
      expect.stringContaining('1 requests were never answered'),
    ]);
  });

  test('its state machine repeats a pass that died, and goes on at once when it is told so', async () => {
    // GIVEN a first pass that is killed, a second one that asks for the next at once, and a last one
    const time = new VirtualTime();
    const costs = new Costs();
    const begun: number[] = [];
    const machine = new DispatcherMachine({
      time,
      costs,
      chance: chanceFor(1, 'machine'),
      secondsBetweenCrashes: undefined,
      pass: async (life, _epoch, pass) => {
        begun.push(pass);
        if (begun.length === 1) {
          life.kill();
          return new Promise(() => undefined);
        }
        await life.clock(time).sleep(1_000);
        return begun.length === 2 ? { left: true, seconds: 0 } : { left: false, seconds: 1 };
      },
    });

    // WHEN an execution runs
    const started = machine.start(1);
    await time.run();
    await started;
    await machine.over();

    // THEN the pass was repeated under its number, and there was no Wait
    expect(begun).toEqual([0, 0, 1]);
    expect(machine.crashes).toBe(1);
    // Begin, three times Advance, two choices, the end.
    expect(costs.transitions).toBe(7);
  });
});
