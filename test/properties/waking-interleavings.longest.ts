import { exploreWaking } from './waking-endings';
import type { WakingScenario } from './waking-moments';

const plain = { accounts: 1, deaths: 0, timeouts: 0 } as const;

/** Each with the moments that it must have at least, so that it cannot become empty: a third of what it has now. */
const SCENARIOS: readonly (readonly [string, number, WakingScenario])[] = [
  [
    'two outcomes of a grant, and a pass that dies, or a function of the execution',
    1_300,
    { ...plain, begins: 'awaitGrant', accounts: 2, wakers: ['pass', 'pass'], deaths: 1 },
  ],
  [
    'a grant whose Await runs out of time, and two deaths',
    3_100,
    { ...plain, begins: 'awaitGrant', wakers: ['pass', 'pass'], deaths: 2, timeouts: 1 },
  ],
  [
    'two outcomes of a grant, and an early end',
    9_000,
    { ...plain, begins: 'awaitGrant', accounts: 2, wakers: ['pass', 'early end'] },
  ],
  [
    'a grant, an early end, and a death',
    12_000,
    { ...plain, begins: 'awaitGrant', wakers: ['pass', 'pass', 'early end'], deaths: 1 },
  ],
  [
    'a grant, an early end, and a sweep',
    12_500,
    { ...plain, begins: 'awaitGrant', wakers: ['pass', 'early end', 'sweep'] },
  ],
  [
    'an early end of what is active, a sweep, and a death',
    8_000,
    { ...plain, begins: 'awaitEnd', wakers: ['early end', 'sweep'], deaths: 1, timeouts: 1 },
  ],
  [
    'two outcomes of a revoke, a sweep, and a death',
    15_800,
    { ...plain, begins: 'awaitRevoke', accounts: 2, wakers: ['pass', 'pass', 'sweep'], deaths: 1 },
  ],
  [
    'a grant whose execution is stopped, and a sweep that starts the next one',
    2_700,
    { ...plain, begins: 'awaitGrant', wakers: ['pass', 'sweep'], isStopped: true },
  ],
  [
    'a revoke whose execution is stopped, and a sweep that starts the next one',
    67_000,
    { ...plain, begins: 'awaitRevoke', wakers: ['pass', 'sweep'], isStopped: true },
  ],
  [
    'a lease that ends before the function that waits for its end has stored its token',
    19_000,
    { ...plain, begins: 'awaitEnd', wakers: ['pass'], endsSoon: true },
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

  test('have somebody answer a token whose task is over, and tell of one end all the same', () => {
    // Where a person ends the request, it may have been granted before that or not.
    const most = scenario.wakers.includes('early end') && scenario.begins === 'awaitGrant' ? 2 : 1;
    const stories = [...found.explored.stories].map((story) => story.replace(/"attempt":\d/, ''));

    expect(found.explored.answeredAgainBy.size).toBeGreaterThan(1);
    expect(new Set(stories).size).toBe(most);
  });
});
