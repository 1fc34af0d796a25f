import { EveryOrder, type Explored } from './every-order';
import type { Scenario } from './order-moments';
import { afterEveryDeath, livingOn } from './order-endings';

/** An operation that ends within its pass, and one that does not. */
const SHORT = 100;
const LONG = 45_000;

/** Made by a new execution; the first pass of another one is its last, which hands over. */
const FRESH = 0;
const USED_UP = 450;

const plain = { latencyMs: SHORT, indexLagMs: 0, passesBefore: FRESH } as const;

/** Each with the moments that it must have at least, so that it cannot become empty: a third of what it has now. */
const SCENARIOS: readonly (readonly [string, number, Scenario])[] = [
  ['a pass and a caller', 350, { ...plain, others: ['enqueue'], passes: 1, jumps: 2 }],
  [
    'a pass and a caller, long operations',
    350,
    { ...plain, latencyMs: LONG, others: ['enqueue'], passes: 1, jumps: 2 },
  ],
  ['two passes and a caller', 1_700, { ...plain, others: ['enqueue'], passes: 2, jumps: 0 }],
  [
    'two passes, a caller who has written already, and leaps of time',
    2_000,
    { ...plain, others: ['call'], passes: 2, jumps: 2 },
  ],
  ['three passes and a caller who dies', 7_000, { ...plain, others: ['write'], passes: 3, jumps: 2 }],
  ['a pass and two callers', 300, { ...plain, others: ['call', 'call'], passes: 1, jumps: 2 }],
  ['a pass, a caller and a sweep', 300, { ...plain, others: ['sweep', 'enqueue'], passes: 1, jumps: 1 }],
  [
    'two passes, a sweep and a caller who dies',
    600,
    { ...plain, others: ['sweep', 'write'], passes: 2, jumps: 1 },
  ],
  [
    'a pass that hands over, another one, and a caller',
    2_300,
    { ...plain, passesBefore: USED_UP, others: ['call'], passes: 2, jumps: 2 },
  ],
  [
    'a pass and a caller, while indexes lag by three seconds',
    250,
    { ...plain, indexLagMs: 3_000, others: ['enqueue'], passes: 1, jumps: 2 },
  ],
];

describe.each(SCENARIOS)('%s, in every order of their steps', (_name, fewest, scenario) => {
  let explored: Explored;
  const problems: string[] = [];

  beforeAll(async () => {
    explored = await new EveryOrder(scenario).explore();
    for (const moment of explored.endings)
      problems.push(...(await afterEveryDeath(moment, scenario)), ...(await livingOn(moment, scenario)));
  });

  test('never have two living holders of the lease, nor an admin call without it', () => {
    expect(explored.violations).toEqual([]);
    expect(explored.moments).toBeGreaterThan(fewest);
  });

  test('leave no work behind, and send it once, wherever all of them die', () => {
    expect(problems.map(shortest)).toEqual([]);
    expect(explored.endings.length).toBeGreaterThan(50);
  });
});

describe('the orders together', () => {
  test('see every conditional write hold, and be refused', async () => {
    const scenario: Scenario = { ...plain, passesBefore: USED_UP, others: ['call'], passes: 2, jumps: 1 };

    const { outcomes } = await new EveryOrder(scenario).explore();

    const writes = ['nextEpoch', 'takeLease', 'releaseLease', 'stop'];
    expect([...outcomes].sort()).toEqual(
      writes.flatMap((write) => [`${write} held`, `${write} refused`]).sort(),
    );
  });
});

const shortest = (problem: string): string => problem.slice(0, 2_000);
