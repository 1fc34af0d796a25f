import { changeAssignment } from '../../../core/assignments/change';
import { openClaim } from '../../../core/assignments/claims';
import { planRequest } from '../../../core/plans/plan-request';
import type { Ticket } from '../../../core/tickets/ticket';
import { keyOf } from '../../support/dispatcher-world';
import { pictureOf } from '../../support/fake-pictures';
import { TEST_SETTINGS } from '../../support/test-settings';
import {
  DESK,
  FIRST,
  HOUR,
  IN_FORCE,
  NOW,
  RequestWorld,
  SECOND,
  pending,
  policy,
  ticket,
} from '../requests/requests';

function plan(world: RequestWorld, changes: Partial<Ticket> = {}, inForce = IN_FORCE) {
  return planRequest(world, TEST_SETTINGS, inForce, {
    caller: DESK,
    ticket: ticket(changes),
    maySeeAssignments: true,
  });
}

describe('the plan of a request', () => {
  test('says whom, what and where it means, what policy says, and what it takes', async () => {
    const world = new RequestWorld();
    world.states.set(SECOND, 'SUSPENDED');

    expect(await plan(world, { accounts: [FIRST, SECOND] })).toMatchObject({
      outcome: 'allowed',
      problems: [],
      principal: { type: 'USER', id: keyOf().principalId, name: 'alice@example.com' },
      permissionSet: { name: 'ReadOnlyAccess', arn: keyOf().permissionSetArn },
      decision: { effect: 'allow', rules: ['read-anywhere'] },
      from: new Date(NOW).toISOString(),
      until: new Date(NOW + 4 * HOUR).toISOString(),
      accounts: {
        total: 1,
        items: [{ account: FIRST, operation: 'create' }],
        skipped: [{ account: SECOND, reason: 'the account is SUSPENDED' }],
      },
      operations: { create: 1, none: 0 },
      takes: { grantSeconds: 4, revokeSeconds: 1 },
    });
  });

  test('stores nothing, announces nothing, and wakes nobody', async () => {
    const world = new RequestWorld();

    await plan(world);

    expect(world.requests.items.size).toBe(0);
    expect(world.assignments.items.size).toBe(0);
    expect(world.announced).toEqual([]);
    expect(world.workflows.started).toEqual([]);
  });

  test('says what holds an assignment that is there already', async () => {
    const world = new RequestWorld();
    await world.open('req-0', HOUR);
    await world.drain();
    await changeAssignment(world, keyOf(2), (present, now) => ({
      ...openClaim(present, { id: 'standing', kind: 'standing', from: now, until: null, openedAt: now }),
      seen: { at: now, exists: true },
    }));

    expect(await plan(world, { accounts: [FIRST, SECOND] })).toMatchObject({
      accounts: {
        items: [
          { account: FIRST, thereBy: 'lease' },
          { account: SECOND, thereBy: 'standing' },
        ],
      },
      operations: { create: 0, none: 2 },
      takes: { grantSeconds: 0 },
    });
  });

  test('says that policy denies it, by which rule', async () => {
    const world = new RequestWorld();
    const inForce = { policy: policy([FIRST]), policyHash: 'hash' };

    expect(await plan(world, {}, inForce)).toMatchObject({
      outcome: 'denied',
      decision: {
        effect: 'deny',
        rules: ['not-there'],
        reason: expect.stringMatching(/^rule not-there forbids/) as string,
      },
    });
  });

  test('says everything that cannot be resolved, where a request would fail with the first', async () => {
    const world = new RequestWorld();
    world.pictures.found = pictureOf([{ id: FIRST, ou: 'Workloads' }]);

    const view = await plan(world, {
      principal: { by: 'user', value: 'alcie' },
      permissionSet: { by: 'name', value: 'Nope' },
      accounts: [],
      target: [{ ou: 'Wrokloads' }],
    });

    expect(view).toMatchObject({
      outcome: 'not resolved',
      problems: [
        'principal: user alcie was not found in the directory, check the spelling',
        'permission set Nope does not exist, check its name',
        expect.stringMatching(/^target: .*Wrokloads/) as string,
      ],
    });
  });

  test('says that a user is disabled', async () => {
    const world = new RequestWorld();
    world.users.set('alice@example.com', [{ id: keyOf().principalId, name: 'alice', isDisabled: true }]);

    expect(await plan(world)).toMatchObject({
      outcome: 'not resolved',
      problems: ['principal: the user alice is disabled, have it enabled, or ask for somebody else'],
    });
  });

  test('asks for the states of many accounts all at once', async () => {
    const world = new RequestWorld();
    const accounts = Array.from({ length: 60 }, (_, index) => keyOf(index + 1).accountId);
    world.pictures.found = pictureOf(accounts.slice(0, 59).map((id) => ({ id })));
    world.organization.accountState = () => Promise.reject(new Error('asked one by one'));

    expect(await plan(world, { accounts })).toMatchObject({
      accounts: {
        total: 59,
        skipped: [{ account: accounts[59], reason: 'the account is not in the organization' }],
      },
      takes: { grantSeconds: 16, revokeSeconds: 40 },
    });
  });

  test('comes to what the request comes to', async () => {
    const world = RequestWorld.with(pending({ ticket: ticket({ startsAt: NOW + HOUR }) }));

    expect(await plan(world, { startsAt: NOW + HOUR })).toMatchObject({
      outcome: 'allowed',
      from: new Date(NOW + HOUR).toISOString(),
      until: new Date(NOW + 5 * HOUR).toISOString(),
    });
  });
});
