import * as fc from 'fast-check';
import type { AssignmentKey } from '../../core/assignments/assignment';
import type { ProvisionTarget } from '../../core/ports/identity-center';
import { createSeededRandom } from '../../local/clock/seeded-random';
import { ENTITLEMENT_GONE } from '../support/fake-identity-center';
import { ANSWERS, QUOTAS, type QuotaFault, type QuotaSettings } from '../support/quota-settings';
import type { ClaimWish, SchedulerWorld } from './scheduler-world';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Two principals, two permission sets and four accounts: they meet often. */
const PRINCIPALS = ['906799d2-0000-7000-8000-000000000001', '906799d2-0000-7000-8000-000000000002'];
const SETS = ['ps-1111111111111111', 'ps-2222222222222222'];
const ACCOUNTS = ['100000000001', '100000000002', '100000000003', '100000000004'];

/** From this number on each assignment has an account of its own. */
const CROWDED = 16;

/** An assignment of those in which a random schedule happens; any number may be given. */
export function keyAt(n: number): AssignmentKey {
  return {
    ...targetAt(n),
    accountId: n < CROWDED ? pick(ACCOUNTS, n) : String(200_000_000_000 + n),
    principalType: 'USER',
    principalId: pick(PRINCIPALS, Math.floor(n / 8)),
  };
}

/** A set in an account, or, one time in three, in every account. */
function targetAt(n: number): ProvisionTarget {
  const permissionSetArn = `arn:aws:sso:::permissionSet/ssoins-1111222233334444/${pick(SETS, Math.floor(n / 4))}`;
  return n % 3 === 0 ? { permissionSetArn } : { permissionSetArn, accountId: pick(ACCOUNTS, n) };
}

/** How long the claims of a crowd last. */
const CROWD_MS = 10 * MINUTE;

/** What may happen, `afterMs` after what happened before it. */
export type Happening = { readonly afterMs: number } & (
  | {
      readonly what: 'open';
      readonly for: keyof typeof REASONS;
      readonly key: number;
      readonly lastsMs: number;
    }
  | {
      readonly what: 'crowd';
      readonly for: keyof typeof REASONS;
      readonly key: number;
      readonly count: number;
    }
  | { readonly what: 'close'; readonly which: number }
  | { readonly what: 'close all' }
  | { readonly what: 'provision'; readonly target: number; readonly count: number }
  | { readonly what: 'fault'; readonly fault: QuotaFault }
  | { readonly what: 'others'; readonly slots: number }
  | { readonly what: 'kill the pass' | 'stop the execution' }
);

/** The kinds of claims that ask for a grant. */
const REASONS = {
  person: { kind: 'lease' },
  'many accounts': { kind: 'lease', accounts: 400 },
  baseline: { kind: 'baseline' },
} as const satisfies Record<string, Pick<ClaimWish, 'kind' | 'accounts'>>;

const NOT_READY = 'Obtaining permissions to manage your AWS account takes longer than usual.';

const fault = fc.constantFrom<QuotaFault>(
  ...(['rate', 'outstanding', 'conflict'] as const).map((name) => ({
    what: 'refused' as const,
    on: 'submit' as const,
    refusal: ANSWERS[name],
  })),
  { what: 'refused', on: 'read', refusal: ANSWERS.rate },
  { what: 'refused', on: 'read', refusal: ANSWERS.server },
  { what: 'lost', isAccepted: true, refusal: ANSWERS.timeout },
  { what: 'lost', isAccepted: false, refusal: ANSWERS.timeout },
  { what: 'lost', isAccepted: true, refusal: ANSWERS.server },
  { what: 'lost', isAccepted: false, refusal: ANSWERS.server },
  { what: 'ends', reason: NOT_READY },
  { what: 'ends', reason: 'Received a 404 status error: Not supported policy' },
  { what: 'ends', reason: ENTITLEMENT_GONE },
  { what: 'forgotten' },
  { what: 'forgotten', reason: NOT_READY },
  { what: 'crash', isAccepted: true },
  { what: 'crash', isAccepted: false },
);

const afterMs = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 4 * SECOND }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 2 * MINUTE }) },
);

const work = [
  {
    weight: 12,
    arbitrary: fc.record({
      afterMs,
      what: fc.constant('open' as const),
      for: fc.constantFrom(...(Object.keys(REASONS) as (keyof typeof REASONS)[])),
      key: fc.nat(15),
      lastsMs: fc.integer({ min: 5 * SECOND, max: 20 * MINUTE }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      afterMs,
      what: fc.constant('crowd' as const),
      for: fc.constantFrom(...(Object.keys(REASONS) as (keyof typeof REASONS)[])),
      key: fc.integer({ min: CROWDED, max: 3 * CROWDED }),
      count: fc.integer({ min: 3, max: 25 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ afterMs, what: fc.constant('close' as const), which: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ afterMs, what: fc.constant('close all' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      afterMs,
      what: fc.constant('provision' as const),
      target: fc.nat(15),
      count: fc.constantFrom(1, 1, 6),
    }),
  },
] as const;

const trouble = [
  { weight: 6, arbitrary: fc.record({ afterMs, what: fc.constant('fault' as const), fault }) },
  {
    weight: 2,
    arbitrary: fc.record({
      afterMs,
      what: fc.constantFrom('kill the pass' as const, 'stop the execution' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      afterMs,
      what: fc.constant('others' as const),
      slots: fc.constantFrom(0, 3, 8, 15),
    }),
  },
] as const;

/** What is asked of the dispatcher, and nothing else. */
export const plainSchedule = fc.array<Happening>(fc.oneof(...work), { minLength: 10, maxLength: 40 });

/** The same with faults of every kind, passes that die, executions that are stopped, and other clients that take slots. */
export const troubledSchedule = fc.array<Happening>(fc.oneof(...work, ...trouble), {
  minLength: 10,
  maxLength: 40,
});

/** How long operations take, in milliseconds, by a number in [0, 1). */
const LATENCIES: Readonly<Record<string, (chance: number) => number>> = {
  short: () => 2_000,
  long: () => 20_000,
  spread: (chance) => 1_000 * Math.exp(0.5 + 2 * chance),
  'heavy tail': (chance) => (chance < 0.9 ? 3_000 + 2_000 * chance : 30_000 + 90_000 * (chance - 0.9) * 10),
};

/** A service: its latencies, its slots, and how late its reads are. */
export const service: fc.Arbitrary<QuotaSettings> = fc
  .record({
    seed: fc.nat(1_000),
    model: fc.constantFrom(...Object.keys(LATENCIES)),
    slots: fc.constantFrom(5, 10, 15),
    isSerial: fc.boolean(),
    listLagMs: fc.constantFrom(0, 500, 3_000),
    describeLagMs: fc.constantFrom(0, 500, 2_000),
    effectLagMs: fc.constantFrom(0, 500, 5_000),
  })
  .map(({ seed, model, ...settings }) => {
    const random = createSeededRandom(seed);
    const drawn: number[] = [];
    const latencyMs = (nth: number): number => {
      while (drawn.length <= nth) drawn.push(Math.round(LATENCIES[model]?.(random.next()) ?? 0));
      return drawn[nth] ?? 0;
    };
    return { ...QUOTAS, ...settings, latencyMs };
  });

/** Lets a schedule happen; `look` is called after each happening. */
export async function happen(
  world: SchedulerWorld,
  schedule: readonly Happening[],
  look: () => void = () => undefined,
): Promise<void> {
  const opened: { readonly id: string; readonly key: AssignmentKey }[] = [];
  const close = async ({ id, key }: { readonly id: string; readonly key: AssignmentKey }): Promise<void> =>
    world.close(id, key);
  for (const each of schedule) {
    if (each.afterMs > 0) await world.pass(each.afterMs);
    switch (each.what) {
      case 'open': {
        const claim = { id: `claim-${opened.length}`, key: keyAt(each.key) };
        opened.push(claim);
        await world.open({ ...REASONS[each.for], id: claim.id, lastsMs: each.lastsMs }, claim.key);
        break;
      }
      case 'crowd':
        for (let n = each.key; n < each.key + each.count; n += 1) {
          const claim = { id: `claim-${opened.length}`, key: keyAt(n) };
          opened.push(claim);
          await world.openQuietly({ ...REASONS[each.for], id: claim.id, lastsMs: CROWD_MS }, claim.key);
        }
        await world.wake();
        break;
      case 'close':
        if (opened.length > 0) await close(pick(opened, each.which));
        break;
      case 'close all':
        await Promise.all(opened.map(close));
        break;
      case 'provision':
        for (let n = each.target; n < each.target + each.count; n += 1) await provision(world, targetAt(n));
        break;
      case 'fault':
        world.identityCenter.faults.push(each.fault);
        break;
      case 'others':
        world.identityCenter.otherSlots = Math.min(each.slots, world.identityCenter.settings.slots);
        break;
      case 'kill the pass':
        world.killPass();
        break;
      case 'stop the execution':
        world.stopExecution();
    }
    look();
  }
}

/** A definition has changed, so the set is provisioned. */
async function provision(world: SchedulerWorld, target: ProvisionTarget): Promise<void> {
  const { permissionSetArn, accountId } = target;
  world.identityCenter.outdate(permissionSetArn, accountId === undefined ? ACCOUNTS : [accountId]);
  await world.provision(target);
}

/** From here on the service has no more faults, nobody else takes slots, and nobody dies. */
export function calmDown({ identityCenter }: SchedulerWorld): void {
  identityCenter.faults.length = 0;
  identityCenter.otherSlots = 0;
}

function pick<Item>(items: readonly Item[], n: number): Item {
  const item = items[n % items.length];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}
