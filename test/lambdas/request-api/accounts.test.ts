import { changeAssignment } from '../../../core/assignments/change';
import { openClaim } from '../../../core/assignments/claims';
import type { DeployedBaselines, ResolvedBaselines } from '../../../core/baselines/baseline';
import { type AccountApiPorts, lookAtAccount } from '../../../lambdas/request-api/accounts';
import { apiEvent } from '../../support/api-event';
import { DispatcherWorld, keyOf } from '../../support/dispatcher-world';
import { pictureOf } from '../../support/fake-pictures';
import { MemoryBaselines } from '../../support/memory-baselines';
import { OPERATE, READ, deployed, resolvedRule } from '../../core/baselines/rules';
import { bodyOf, callerWith } from './callers';

const ACCOUNT = '100000000001';
const AT = Date.parse('2026-11-24T07:00:00Z');
const READER = callerWith({ mayRead: 'all' });

/** One account in the stored picture, and a rule that gives two sets in every account. */
class AccountWorld extends DispatcherWorld {
  readonly baselines = new MemoryBaselines();
  readonly operate = resolvedRule();
  rules: DeployedBaselines = deployed([this.operate.baseline]);
  stored: ResolvedBaselines = { hash: this.rules.hash, rules: [this.operate], problems: [] };

  get apiPorts(): AccountApiPorts {
    const { requests, assignments, clock, baselines } = this;
    const names = new Map([
      [READ, 'Read'],
      [OPERATE, 'Operate'],
    ]);
    const found = pictureOf([{ id: ACCOUNT, name: 'payments', ou: 'Workloads/Prod' }]);
    return {
      requests,
      assignments,
      clock,
      baselines,
      finder: assignments,
      permissionSetIndex: { read: () => Promise.resolve(names) },
      storedOrganization: {
        picture: () => Promise.resolve({ found, at: AT, isStale: false }),
        tags: () => Promise.resolve(undefined),
        rules: () => Promise.resolve(this.stored),
      },
      deployedBaselines: () => this.rules,
      settings: { managementAccountId: '999999999999', hostAccountId: '888888888888' },
    };
  }

  async has(permissionSetArn: string, change: object = {}): Promise<void> {
    const principal = { principalType: 'GROUP', principalId: this.operate.principal.id } as const;
    await changeAssignment(this, { accountId: ACCOUNT, permissionSetArn, ...principal }, (present, now) =>
      openClaim(present, {
        id: 'baseline:operate',
        kind: 'baseline',
        from: now,
        until: null,
        openedAt: now,
        ...change,
      }),
    );
  }

  async look(id = ACCOUNT, caller = READER) {
    return lookAtAccount(
      this.apiPorts,
      caller,
      id,
      apiEvent({ method: 'GET', resource: '/accounts/{id}', id }),
    );
  }
}

describe('GET /accounts/{id}', () => {
  test('says where the account is, and how the rules stand there', async () => {
    const world = new AccountWorld();
    await world.has(OPERATE, { grantedAt: AT });
    await world.has(READ, { closedAt: AT, lostBy: 'failure', closedBecause: 'the role quota is full' });

    expect(bodyOf(await world.look())).toMatchObject({
      account: ACCOUNT,
      name: 'payments',
      state: 'ACTIVE',
      ou: '/Workloads/Prod',
      asOf: new Date(AT).toISOString(),
      baseline: {
        running: false,
        wanted: 2,
        granted: 1,
        failed: [{ rule: 'operate', permissionSet: { name: 'Read' }, reason: 'the role quota is full' }],
        rules: [{ rule: 'operate', wanted: 2, granted: 1, waiting: 0, toOpen: 1, toClose: 0 }],
      },
      assignments: [{ permissionSet: { name: 'Operate' } }, { permissionSet: { name: 'Read' } }],
    });
  });

  test('says what is missing because somebody else took it away, and what the next run closes', async () => {
    const world = new AccountWorld();
    await world.has(OPERATE, { closedAt: AT, lostBy: 'removal', closedBecause: 'somebody else removed it' });
    await world.has(READ, { id: 'baseline:old' });

    expect(bodyOf(await world.look()).baseline).toMatchObject({
      missing: [{ rule: 'operate', permissionSet: { name: 'Operate' } }],
      rules: [
        { rule: 'old', wanted: 0, waiting: 1, toClose: 1 },
        { rule: 'operate', wanted: 2, toOpen: 1 },
      ],
    });
  });

  test('tells of the last run, and of one that works', async () => {
    const world = new AccountWorld();
    const facts = { factsHash: '', rulesHash: '' };
    const counts = { wanted: 2, granted: 1, opened: 1, closed: 0 };
    const last = { at: AT, outcome: 'incomplete', reason: 'one failed', ...counts, ...facts } as const;
    const before = await world.baselines.account(ACCOUNT);
    await world.baselines.writeAccount({ ...before, running: true, since: AT, isWanted: true, last });

    const view = bodyOf(await world.look()).baseline;

    expect(view).toMatchObject({
      running: true,
      lookWanted: true,
      since: new Date(AT).toISOString(),
      last: { outcome: 'incomplete', reason: 'one failed', ...counts },
    });
    expect(JSON.stringify(view)).not.toContain('factsHash');
  });

  test('says nothing of what rules of another deployment want', async () => {
    const world = new AccountWorld();
    world.stored = { ...world.stored, hash: 'another' };

    expect(bodyOf(await world.look()).baseline).not.toHaveProperty('wanted');
  });

  test.each(['100000000009', 'payments', '1'])('does not know %s', async (id) => {
    expect((await new AccountWorld().look(id)).statusCode).toBe(404);
  });

  test('knows an account that has left the organization, by its assignments', async () => {
    const world = new AccountWorld();
    const gone = '100000000009';
    await world.open('req-1', 60_000, { ...keyOf(), accountId: gone });

    expect(bodyOf(await world.look(gone))).toMatchObject({ account: gone, assignments: [{ account: gone }] });
  });

  test.each(['own', 'none'] as const)('is not for those who may read %s', async (mayRead) => {
    expect((await new AccountWorld().look(ACCOUNT, callerWith({ mayRead }))).statusCode).toBe(403);
  });
});
