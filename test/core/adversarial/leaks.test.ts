import { DispatcherWorld, keyOf } from '../../support/dispatcher-world';
import { refusals } from '../../support/fake-identity-center';
import { FakePictures } from '../../support/fake-pictures';
import { TEST_SETTINGS } from '../../support/test-settings';
import { STANDING_CLAIM, openClaim } from '../../../core/assignments/claims';
import { changeAssignment } from '../../../core/assignments/change';
import { sweep } from '../../../core/sweep/sweep';
import { awaitSignal } from '../../../core/requests/await-signal';
import { closeLeases, openLeases } from '../../../core/requests/change-leases';
import { announceGrant } from '../../../core/requests/announce';
import { revokeRequest } from '../../../core/requests/receive';
import { resolveRequest } from '../../../core/requests/resolve';
import { decideRequest } from '../../../core/requests/decide-request';
import { IN_FORCE } from '../requests/requests';
import { MINUTE, HOUR, A, B, requestOf, stored, portsOf } from './decided-request';

/** Asked of the domain: what would break if this happened, in this order? */
describe('access that could stay, or go too early', () => {
  test('a fresh execution does not add accounts that were never decided', async () => {
    const world = new DispatcherWorld();
    const seed = requestOf(world);
    world.requests.items.set('req-1', { ...seed, ticket: { ...seed.ticket, accounts: [A, B] } });
    // The first execution pinned and decided A alone, B was suspended; it was stopped before Open leases; B is ACTIVE again.
    const ports = {
      ...portsOf(world),
      requests: world.requests,
      clock: world.clock,
      pictures: new FakePictures(),
      organization: { accountState: () => Promise.resolve('ACTIVE') },
      directory: {} as never,
      permissionSets: {} as never,
    };
    await resolveRequest(ports, TEST_SETTINGS, IN_FORCE, 'req-1');
    await openLeases(world, 'req-1');
    expect((await world.assignment(keyOf(2))).claims['req-1']).toBeUndefined();
  });

  test('a late resolve of an older execution leaves the pinned accounts of opened leases alone', async () => {
    const world = new DispatcherWorld();
    const seed = requestOf(world);
    const { decision: _decided, resolved, ...undecided } = seed;
    world.requests.items.set('req-1', { ...undecided, ticket: { ...seed.ticket, accounts: [A, B] } });
    const late = {
      ...portsOf(world),
      requests: world.requests,
      clock: world.clock,
      pictures: new FakePictures(),
      directory: {
        usersNamed: () => Promise.resolve([{ id: resolved.principal.id, name: 'alice@example.com' }]),
      } as never,
      permissionSets: { named: () => Promise.resolve(resolved.permissionSet) } as never,
      organization: {
        accountState: async (account: string) => {
          if (account === B) {
            // Meanwhile the next execution has resolved, decided and opened both.
            await world.requests.change('req-1', (r) => ({
              ...r,
              resolved: { ...resolved, accounts: [A, B] },
              decision: seed.decision,
            }));
            await openLeases(world, 'req-1');
            return 'SUSPENDED';
          }
          return 'ACTIVE';
        },
      },
    };
    await resolveRequest(late, TEST_SETTINGS, IN_FORCE, 'req-1');
    await revokeRequest(
      {
        ...portsOf(world),
        requests: world.requests,
        workflows: world.workflows,
        clock: world.clock,
        observer: world.observer,
      },
      'req-1',
      'x',
      undefined,
    );
    await closeLeases(world, 'req-1');
    expect((await world.assignment(keyOf(2))).claims['req-1']?.closedAt).toBeDefined();
  });

  test('a lost create that appears after the last-but-one stray look is taken away', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.latencyMs = 50 * MINUTE;
    world.identityCenter.faults.push({ at: 'after', refusal: refusals.TIMED_OUT });
    await world.open('lease', MINUTE);
    await world.drain();
    world.identityCenter.latencyMs = 3_000;
    await world.minutes(180);
    expect({ exists: world.exists(), standing: (await world.assignment()).claims[STANDING_CLAIM] }).toEqual({
      exists: false,
      standing: undefined,
    });
  });

  test('an early end is honoured although a late step of an old execution left a dead token', async () => {
    const world = new DispatcherWorld();
    world.requests.items.set('req-1', requestOf(world, { attempt: 2 }));
    await openLeases(world, 'req-1');
    await world.drain();
    await announceGrant(world, 'req-1');
    world.workflows.running.add('req-1-2');
    await awaitSignal(
      world,
      { requestId: 'req-1', attempt: 2 },
      { signal: 'end', token: 'token of execution 2' },
    );
    await awaitSignal(
      world,
      { requestId: 'req-1', attempt: 2 },
      { signal: 'grant', token: 'token of execution 1, stopped' },
    );
    await revokeRequest(world, 'req-1', 'caller', undefined);
    await world.minutes(60);
    expect(world.exists()).toBe(false);
  });

  test('a request to end early whose execution is gone is restarted although its dead token cannot be answered', async () => {
    const world = new DispatcherWorld();
    world.requests.items.set(
      'req-1',
      requestOf(world, {
        status: 'active',
        grantingSince: world.clock.now(),
        waiting: { signal: 'end', token: 'dead' },
        revocation: { at: world.clock.now(), by: 'x' },
      }),
    );
    world.workflows.over.add('req-1-1');
    world.workflows.answer = () =>
      Promise.reject(new Error('AccessDeniedException: not authorized to perform states:SendTaskSuccess'));
    world.clock.advance(MINUTE);
    await sweep(world);
    expect(world.workflows.started).toContain('req-1-2');
  });

  test('a lost delete that works late does not take a newer lease away', async () => {
    const world = new DispatcherWorld();
    await world.open('old', 10 * MINUTE);
    await world.drain();
    await world.close('old');
    world.identityCenter.latencyMs = 8 * MINUTE;
    world.identityCenter.faults.push({ at: 'after', refusal: refusals.TIMED_OUT });
    await world.pass();
    await world.open('new', 4 * HOUR);
    world.identityCenter.latencyMs = 3_000;
    await world.minutes(30);
    // Either the access is there, or the request was told: today the ledger says `granted` to the end.
    expect(world.exists()).toBe(true);
  });

  test('what is decided is what is pinned when the decision is written', async () => {
    const world = new DispatcherWorld();
    const seed = requestOf(world);
    const { decision: _d, ...undecided } = seed;
    world.requests.items.set('req-1', undecided);
    const policy = {
      callers: [
        {
          name: 'desk',
          identity: { kind: 'role' as const, roleArn: seed.caller },
          mayAsk: true,
          mayRead: 'all' as const,
          mayRevoke: 'all' as const,
          mayPermissionSets: 'none' as const,
          mayReconciliations: 'none' as const,
          trustedForRequester: true,
        },
      ],
      rules: [
        {
          name: 'r',
          effect: 'allow' as const,
          callers: undefined,
          permissionSets: ['*'],
          accounts: [A],
          principals: { users: ['*'], groups: [] },
          longestMs: 24 * HOUR,
        },
      ],
      guardrails: { protectedPermissionSets: [], longestMs: 14 * 24 * HOUR },
    };
    const ports = {
      requests: world.requests,
      clock: world.clock,
      observer: world.observer,
      announcer: {
        publish: async () => {
          // a late resolve of another execution pins two accounts meanwhile
          await world.requests.change('req-1', (r) => ({
            ...r,
            resolved: { ...seed.resolved, accounts: [A, B] },
          }));
        },
      },
    };
    await decideRequest(
      ports,
      { policy, policyHash: 'hash', settings: { managementAccountId: '1', hostAccountId: '2' } },
      'req-1',
    );
    const decided = await stored(world);
    expect(decided.decision?.effect === 'allow' && decided.resolved?.accounts.includes(B) === true).toBe(
      false,
    );
  });

  test('a lease that ends is noticed by the sweep although 500 grants wait', async () => {
    const world = new DispatcherWorld();
    await world.open('short', HOUR);
    await world.drain();
    // 500 creates that wait for a slot; nobody writes them.
    world.clock.advance(59 * MINUTE);
    for (let n = 100; n < 600; n += 1)
      await changeAssignment(world, keyOf(n), (p, now) =>
        openClaim(p, { id: 'bulk', kind: 'lease', from: now, until: now + HOUR, openedAt: now }),
      );
    const due = world.assignments.due.bind(world.assignments);
    world.assignments.due = async (now, limit) => {
      const all = await due(now, 100_000);
      return all
        .map((key) => ({
          key,
          at:
            world.assignments.items.get(`${key.accountId}/ps-aaaabbbbccccdddd/USER/${key.principalId}`)
              ?.lookAt ?? 0,
        }))
        .sort((x, y) => x.at - y.at)
        .slice(0, limit)
        .map(({ key }) => key);
    };
    world.clock.advance(2 * MINUTE);
    await sweep(world);
    expect((await world.assignment()).operation?.kind).toBe('delete');
  });
});
