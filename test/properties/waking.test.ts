import { exploreWaking } from './waking-endings';
import type { WakingScenario } from './waking-moments';

const plain = { accounts: 1, deaths: 0, timeouts: 0 } as const;

/** Each with the moments that it must have at least, so that it cannot become empty: a third of what it has now. */
const SCENARIOS: readonly (readonly [string, number, WakingScenario])[] = [
  ['two outcomes of a grant', 130, { ...plain, begins: 'awaitGrant', accounts: 2, wakers: ['pass'] }],
  [
    'a grant, and a pass that dies',
    180,
    { ...plain, begins: 'awaitGrant', wakers: ['pass', 'pass'], deaths: 1 },
  ],
  ['a grant, and an early end', 700, { ...plain, begins: 'awaitGrant', wakers: ['pass', 'early end'] }],
  [
    'an early end whose caller may die',
    30,
    { ...plain, begins: 'awaitEnd', wakers: ['early end'], deaths: 1, timeouts: 1 },
  ],
];

describe.each(SCENARIOS)('%s, in every order of all steps', (_name, fewest, scenario) => {
  let found: Awaited<ReturnType<typeof exploreWaking>>;

  beforeAll(async () => {
    found = await exploreWaking(scenario);
  });

  test('leave nobody waiting who is not dead, and wake nobody before all outcomes are there', () => {
    expect(found.explored.violations).toEqual([]);
    expect(found.explored.moments).toBeGreaterThan(fewest);
  });

  test('leave a lost wake to the next sweep at most, wherever all wakers die', () => {
    expect(found.lost).toEqual([]);
    expect(found.explored.waits.length).toBeGreaterThan(1);
  });
});

test('wakes exactly once, and harmlessly twice', async () => {
  // Given an execution that waits for a revoke, a pass that settles it, and a sweep, all of which may answer the token
  const scenario = { ...plain, begins: 'awaitRevoke', wakers: ['pass', 'sweep'] } as const;

  // When their reads and writes fall between one another in every possible way
  const { explored, lost } = await exploreWaking(scenario);

  // Then the first of them, whoever it is, wakes the execution for outcomes that are complete
  const everybody = new Set(['execution 1', 'pass 1', 'sweep']);
  expect(explored.violations).toEqual([]);
  expect(lost).toEqual([]);
  expect(explored.wokenBy).toEqual(everybody);
  // And whoever answers after that changes nothing: the ledger says the same in the end, and each end is announced once
  expect(explored.answeredAgainBy).toEqual(everybody);
  expect(explored.stories.size).toBe(1);
  expect([...explored.stories].join()).toContain('["AccessGranted","AccessRevoked"]');
});
