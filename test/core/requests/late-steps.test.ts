import type { AccessRequest } from '../../../core/requests/access-request';
import { decideRequest } from '../../../core/requests/decide-request';
import { resolveRequest } from '../../../core/requests/resolve';
import type { RequestPorts } from '../../../core/requests/ports';
import { parseAccessPolicy } from '../../../core/policy/parse-access-policy';
import { HOST, MANAGEMENT, rightDocument } from '../policy/policies';
import { DispatcherWorld } from '../../support/dispatcher-world';
import { FakePictures } from '../../support/fake-pictures';
import { TEST_SETTINGS } from '../../support/test-settings';
import { IN_FORCE } from './requests';

const PERMISSION_SET = 'arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-aaaabbbbccccdddd';
const [FIRST, SECOND] = ['100000000001', '100000000002'];

/** A world with one pending request for two accounts, and everybody who is asked about it. */
class ResolvingWorld extends DispatcherWorld {
  readonly pictures = new FakePictures();
  readonly states = new Map([
    [FIRST, 'ACTIVE'],
    [SECOND, 'ACTIVE'],
  ]);
  userId = 'user-1';
  /** Happens while the step looks names up: what another execution writes meanwhile. */
  meanwhile: () => Promise<void> = () => Promise.resolve();

  readonly directory: RequestPorts['directory'] = {
    usersNamed: async (name) => {
      const found = this.userId === '' ? [] : [{ id: this.userId, name }];
      await this.meanwhile();
      return found;
    },
    groupsNamed: () => Promise.resolve([]),
    user: (id) => Promise.resolve({ id, name: 'alice' }),
    group: () => Promise.resolve(undefined),
  };
  readonly permissionSets: RequestPorts['permissionSets'] = {
    named: (name) => Promise.resolve({ arn: PERMISSION_SET, name, sessionMs: 3_600_000 }),
    withArn: () => Promise.resolve(undefined),
  };
  readonly organization: RequestPorts['organization'] = {
    accountState: async (id) => {
      const state = this.states.get(id);
      await this.meanwhile();
      return state;
    },
  };

  static async withRequest(): Promise<ResolvingWorld> {
    const world = new ResolvingWorld();
    const now = world.clock.now();
    await world.requests.create({
      id: 'req-1',
      version: 0,
      attempt: 1,
      caller: 'arn:aws:iam::222233334444:role/LatchkeyServiceDesk',
      bodyHash: 'hash',
      ticket: {
        principal: { by: 'user', value: 'alice' },
        permissionSet: { by: 'name', value: 'ReadOnlyAccess' },
        accounts: [FIRST, SECOND],
        startsAt: now,
        expiresAt: now + 3_600_000,
        durationMs: 3_600_000,
        endIsGiven: false,
        justification: 'a test',
      },
      createdAt: now,
      status: 'pending',
      announced: [],
      timeline: [],
    });
    return world;
  }

  async change(change: Partial<AccessRequest>): Promise<void> {
    await this.requests.change('req-1', (present) => ({ ...present, ...change }));
  }

  async request(): Promise<AccessRequest | undefined> {
    return this.requests.read('req-1');
  }

  /** The decision that another execution made about what was pinned so far. */
  decision(): Pick<AccessRequest, 'decision'> {
    const now = this.clock.now();
    return {
      decision: {
        effect: 'allow',
        rules: ['r'],
        policyHash: 'hash',
        lease: { from: now, until: now + 3_600_000 },
        at: now,
      },
    };
  }
}

describe('a step of an execution that was stopped, and ends after the next one has gone on', () => {
  test('does not change the accounts that leases were opened for', async () => {
    const world = await ResolvingWorld.withRequest();
    await resolveRequest(world, TEST_SETTINGS, IN_FORCE, 'req-1');
    world.states.set(SECOND, 'SUSPENDED');
    world.meanwhile = () =>
      world.change({ ...world.decision(), status: 'granting', grantingSince: world.clock.now() });

    await resolveRequest(world, TEST_SETTINGS, IN_FORCE, 'req-1');

    expect((await world.request())?.resolved?.accounts).toEqual([FIRST, SECOND]);
  });

  test('does not call a request failed that has been granted meanwhile', async () => {
    const world = await ResolvingWorld.withRequest();
    await resolveRequest(world, TEST_SETTINGS, IN_FORCE, 'req-1');
    world.states.clear();
    world.meanwhile = () =>
      world.change({ ...world.decision(), status: 'active', grantingSince: world.clock.now() });

    const next = await resolveRequest(world, TEST_SETTINGS, IN_FORCE, 'req-1');

    expect((await world.request())?.status).toBe('active');
    expect(next).toBe('decide');
  });

  test('does not replace the person who was pinned', async () => {
    const world = await ResolvingWorld.withRequest();
    world.userId = 'user-2';
    const faster = Object.assign(new ResolvingWorld(), { requests: world.requests });
    world.meanwhile = async () => {
      world.meanwhile = () => Promise.resolve();
      await resolveRequest(faster, TEST_SETTINGS, IN_FORCE, 'req-1');
    };

    await resolveRequest(world, TEST_SETTINGS, IN_FORCE, 'req-1');

    expect((await world.request())?.resolved?.principal.id).toBe('user-1');
  });
});

describe('a request that was decided', () => {
  test('takes in no account that the decision did not know', async () => {
    const world = await ResolvingWorld.withRequest();
    world.states.set(SECOND, 'SUSPENDED');
    await resolveRequest(world, TEST_SETTINGS, IN_FORCE, 'req-1');
    await world.change(world.decision());

    world.states.set(SECOND, 'ACTIVE');
    const next = await resolveRequest(world, TEST_SETTINGS, IN_FORCE, 'req-1');

    expect(next).toBe('decide');
    expect((await world.request())?.resolved?.accounts).toEqual([FIRST]);
  });

  test('was decided for the accounts that are pinned, not for those that were a moment before', async () => {
    const world = await ResolvingWorld.withRequest();
    world.states.set(SECOND, 'SUSPENDED');
    await resolveRequest(world, TEST_SETTINGS, IN_FORCE, 'req-1');
    world.states.set(SECOND, 'ACTIVE');
    // Another execution pins the second account while this one announces that it decides.
    world.announcer.publish = async () => {
      await resolveRequest(world, TEST_SETTINGS, IN_FORCE, 'req-1');
    };
    const rule = { name: 'first-only', effect: 'allow', longest: 'P1D', accounts: [FIRST] };
    const rules = [{ ...rule, principals: { users: ['*'] }, permissionSets: ['*'] }];
    const policy = parseAccessPolicy({ ...rightDocument(), rules }, 'policy.yaml');
    const settings = { managementAccountId: MANAGEMENT, hostAccountId: HOST };

    await decideRequest(world, { policy, policyHash: 'hash', settings }, 'req-1');

    expect(await world.request()).toMatchObject({ status: 'denied' });
  });
});
