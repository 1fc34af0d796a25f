import { changeAssignment } from '../../../core/assignments/change';
import { openClaim } from '../../../core/assignments/claims';
import type { Baseline } from '../../../core/baselines/baseline';
import { type BaselinePlanPorts, planBaselines } from '../../../core/plans/plan-baselines';
import { pictureOf, FakePictures } from '../../support/fake-pictures';
import { MemoryBaselines } from '../../support/memory-baselines';
import { MemoryAssignments } from '../../support/memory-ledger';
import { FakeRulePorts } from '../baselines/rule-ports';
import { READ, deployed, rule } from '../baselines/rules';

const NEVER = Number.POSITIVE_INFINITY;
const ACCOUNTS = ['100000000001', '100000000002', '100000000003'] as const;
const [FIRST, SECOND, THIRD] = ACCOUNTS;

/** Everything that a plan of baselines reads, in memory. */
class PlanWorld {
  readonly rules = new FakeRulePorts();
  readonly assignments = new MemoryAssignments();
  readonly baselines = new MemoryBaselines();
  readonly pictures = new FakePictures();
  readonly clock = this.rules.clock;

  constructor(accountIds: readonly string[] = ACCOUNTS) {
    this.pictures.found = pictureOf(accountIds.map((id) => ({ id })));
  }

  get ports(): BaselinePlanPorts {
    const { clock, baselines, pictures, assignments } = this;
    const { directory, permissionSets } = this.rules;
    return {
      clock,
      baselines,
      pictures,
      directory,
      permissionSets: {
        named: (name) => permissionSets.named(name),
        withArn: () => Promise.resolve(undefined),
      },
      finder: assignments,
      settings: { managementAccountId: '999999999999', hostAccountId: '888888888888' },
    };
  }

  async has(ruleName: string, accountId: string): Promise<void> {
    const key = {
      accountId,
      permissionSetArn: READ,
      principalType: 'GROUP',
      principalId: 'group-1',
    } as const;
    await changeAssignment(this, key, (present, now) =>
      openClaim(present, {
        id: `baseline:${ruleName}`,
        kind: 'baseline',
        from: now,
        until: null,
        openedAt: now,
      }),
    );
  }

  plan(rules: readonly Baseline[], deadline = NEVER, after?: string) {
    return planBaselines(this.ports, deployed(rules), deadline, after);
  }
}

describe('the plan of baselines', () => {
  test('says what is opened and closed in each account', async () => {
    const world = new PlanWorld();
    await world.has('old', FIRST);
    await world.has('read', SECOND);

    const view = await world.plan([rule({ name: 'read', permissionSets: ['Read'] })]);

    expect(view).toMatchObject({
      accounts: { total: 3 },
      problems: [],
      claims: { now: 2, open: 2, close: 1, keep: 1 },
      guard: { verdict: 'lets through', mayEnd: 10 },
      takes: { openSeconds: 4, closeSeconds: 1 },
      operations: [
        { operation: 'open', rule: 'read', accountId: FIRST, permissionSetArn: READ },
        { operation: 'close', rule: 'old', accountId: FIRST },
        { operation: 'open', rule: 'read', accountId: THIRD },
      ],
    });
    expect(view).not.toHaveProperty('next');
  });

  test('stores nothing, not even what a name is bound to', async () => {
    const world = new PlanWorld();

    await world.plan([rule()]);

    expect(world.baselines.shared.version).toBe(0);
    expect(world.rules.writes).toBe(0);
    expect(world.assignments.items.size).toBe(0);
  });

  test('says that the guard would hold endings back', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => String(100_000_000_000 + index));
    const world = new PlanWorld(ids);
    for (const id of ids) await world.has('old', id);

    expect(await world.plan([])).toMatchObject({
      claims: { close: 12 },
      guard: { verdict: 'holds back', mayEnd: 10, heldBack: 12 },
      takes: { closeSeconds: 0 },
    });
  });

  test('counts what ended within the last hour against the guard', async () => {
    const world = new PlanWorld();
    await world.has('old', FIRST);
    const endings = [{ minute: world.clock.now() - 60_000, count: 10 }];
    world.baselines.shared = { ...world.baselines.shared, endings };

    expect(await world.plan([])).toMatchObject({ guard: { verdict: 'holds back', mayEnd: 0 } });
  });

  test('says what cannot be looked up, and keeps the claims of that rule', async () => {
    const world = new PlanWorld();
    await world.has('lost', FIRST);

    expect(await world.plan([rule({ name: 'lost', principal: { group: 'Nobody' } })])).toMatchObject({
      problems: ['rule lost: group Nobody was not found in the directory, check the spelling'],
      claims: { open: 0, close: 0, keep: 1 },
    });
  });

  test('pages whole accounts', async () => {
    const ids = Array.from({ length: 120 }, (_, index) => String(100_000_000_000 + index));
    const world = new PlanWorld(ids);

    const first = await world.plan([rule()]);
    const second = await world.plan([rule()], NEVER, String(first.next));

    expect(first.operations).toHaveLength(100);
    expect(first.next).toBe(ids[49]);
    expect(second.operations).toHaveLength(100);
    expect(second.next).toBe(ids[99]);
    expect(second.claims).toEqual(first.claims);
    expect(await world.plan([rule()], NEVER, ids[99])).not.toHaveProperty('next');
  });

  test('says how far it came where the time was over', async () => {
    const ids = Array.from({ length: 50 }, (_, index) => String(100_000_000_000 + index));
    const world = new PlanWorld(ids);
    const inAccount = world.assignments.inAccount.bind(world.assignments);
    world.assignments.inAccount = (id) => {
      world.clock.advance(1);
      return inAccount(id);
    };

    const plan = await world.plan([rule()], world.clock.now() + 30);

    expect(plan).toMatchObject({ isIncomplete: true, accounts: { total: 50, lookedAt: 40 } });
    expect(plan).not.toHaveProperty('guard');
  });
});
