import { ControlApi } from '../../../local/identity-center/control-api';
import { createControlWorld } from './control-world';
import {
  createTestWorld,
  INSTANCE,
  POWER_USER,
  READ_ONLY,
  refusal,
  START,
  UNKNOWN_ID,
  UNKNOWN_SET,
} from './support';

const ALICE_IN_PROD = { account: 'prod', permissionSet: 'ReadOnly', user: 'alice' };
describe('the control API', () => {
  test('says which calls there are (F8)', () => {
    const control = new ControlApi(createTestWorld().simulator);

    const { statusCode, body } = control.handle('PUT', '/_simulator/settings', {});

    expect(statusCode).toBe(404);
    expect(body.message).toContain(
      'there is no PUT /_simulator/settings; there are GET /_simulator/settings, POST',
    );
  });

  test('a defect is not taken for a mistake of the caller (F8)', () => {
    const { simulator } = createTestWorld();
    const broken = {
      ...simulator,
      counts: () => {
        throw new TypeError('a defect');
      },
    };

    expect(() => new ControlApi(broken).handle('GET', '/_simulator/counts', undefined)).toThrow('a defect');
  });
});

describe('what happens, and what happened', () => {
  test('operations under way and ended ones are listed with names and dates (F8)', async () => {
    const world = createControlWorld();
    const id = await world.start('create', ALICE_IN_PROD);
    const provision = await world.provision(POWER_USER);
    await world.pass(1);

    const before = world.get('operations');
    await world.pass(5);
    const after = world.get('operations');

    const create = {
      kind: 'create',
      requestId: id,
      account: { id: '333333333333', name: 'prod' },
      permissionSet: { arn: READ_ONLY, name: 'ReadOnly' },
      principal: { type: 'USER', id: 'aaaaaaaa-0000-4000-8000-000000000001', name: 'alice' },
      acceptedAt: new Date(START).toISOString(),
    };
    expect(before).toEqual({
      underWay: [
        { ...create, status: 'IN_PROGRESS' },
        expect.objectContaining({ kind: 'provision', requestId: provision, accounts: [] }),
      ],
      recent: [],
    });
    expect(after.underWay).toEqual([]);
    expect(after.recent).toContainEqual({
      ...create,
      status: 'SUCCEEDED',
      endedAt: expect.stringMatching(/^2026-11-24T08:00:0[2-5]/) as string,
    });
  });

  test('calls are counted (F8)', async () => {
    const world = createControlWorld();
    await world.call('ListInstances');
    await world.call('ListInstances');
    await refusal(
      world.call('DescribePermissionSet', { InstanceArn: INSTANCE, PermissionSetArn: UNKNOWN_SET }),
    );

    expect(world.get('counts')).toEqual({
      counts: { 'sso:ListInstances': 2, 'sso:DescribePermissionSet': 1 },
    });
  });
});

describe('what somebody does in the console', () => {
  test('assignments come and go by names (F3, F8)', () => {
    const world = createControlWorld();

    expect(world.post('assignments', { add: ALICE_IN_PROD })).toEqual({ added: true });
    expect(world.post('assignments', { add: ALICE_IN_PROD })).toEqual({ added: false });
    expect(world.get('assignments').assignments).toContainEqual(
      expect.objectContaining({ accountName: 'prod', permissionSetName: 'ReadOnly', principalName: 'alice' }),
    );
    expect(world.post('assignments', { remove: ALICE_IN_PROD })).toEqual({ removed: true });
    expect(world.post('assignments', { remove: ALICE_IN_PROD })).toEqual({ removed: false });
    expect(world.rows()).not.toContain('prod/ReadOnly/alice');
  });

  test('and by ids, also for a principal that is gone (F3, F8)', () => {
    const world = createControlWorld();
    const orphan = {
      accountId: '333333333333',
      permissionSetArn: READ_ONLY,
      principalType: 'GROUP',
      principalId: UNKNOWN_ID,
    };

    expect(world.post('assignments', { add: orphan })).toEqual({ added: true });
    expect(world.rows()).toContain(`prod/ReadOnly/${UNKNOWN_ID}`);
    expect(world.post('assignments', { remove: orphan })).toEqual({ removed: true });
  });

  test.each([
    [{}, 'the body is a map: use {"add": assignment} or {"remove": assignment}'],
    [{ add: ALICE_IN_PROD, remove: ALICE_IN_PROD }, 'the body is a map: use {"add": assignment}'],
    [
      { add: { ...ALICE_IN_PROD, account: 'nowhere' } },
      'add.account is "nowhere": names nothing in the organization: use an id or a name',
    ],
    [{ remove: { ...ALICE_IN_PROD, user: 'nobody' } }, 'remove.user is "nobody": names nothing'],
    [{ add: { account: 'prod', user: 'alice' } }, 'add.permissionSet is missing: use the name or the ARN'],
    [{ add: { ...ALICE_IN_PROD, usr: 'x' } }, 'add.usr is "x": remove it, or correct its name'],
    [
      { add: { principalId: 'x', principalType: 'ROLE' } },
      'add.principalType is "ROLE": use "USER" or "GROUP"',
    ],
    [
      {
        add: {
          accountId: '333333333333',
          permissionSetArn: UNKNOWN_SET,
          principalType: 'USER',
          principalId: UNKNOWN_ID,
        },
      },
      `permission set "${UNKNOWN_SET}" does not exist`,
    ],
  ])('%j is refused with its field, its value and what to write (F8)', (change, message) => {
    const world = createControlWorld();
    const before = world.rows();

    expect(world.refused('assignments', change)).toContain(message);
    expect(world.rows()).toEqual(before);
  });

  test('accounts change their state (F3, F8)', () => {
    const world = createControlWorld();

    expect(world.post('accounts', { account: 'dev', state: 'SUSPENDED' })).toEqual({
      account: { id: '444444444444', name: 'dev', state: 'SUSPENDED' },
    });
    expect(world.get('accounts').accounts).toContainEqual({
      id: '444444444444',
      name: 'dev',
      state: 'SUSPENDED',
    });
    expect(world.refused('accounts', { account: 'dev', state: 'GONE' })).toContain(
      'state is "GONE": use one of PENDING_ACTIVATION, ACTIVE, SUSPENDED',
    );
    expect(world.refused('accounts', { account: 444444444444, state: 'ACTIVE' })).toContain(
      'account is 444444444444 (a number): use the id or the name',
    );
    expect(world.refused('accounts', { account: 'x', state: 'ACTIVE' })).toContain(
      'account is "x": names nothing',
    );
  });

  test('permission sets get a new version, and their accounts show which they have (F3, F8)', () => {
    const world = createControlWorld();

    expect(world.post('permission-sets', { change: 'ReadOnly' })).toEqual({
      permissionSet: { arn: READ_ONLY, name: 'ReadOnly', version: 2 },
    });
    expect(world.post('permission-sets', { change: READ_ONLY })).toMatchObject({
      permissionSet: { version: 3 },
    });
    expect(world.get('permission-sets').permissionSets).toContainEqual({
      arn: READ_ONLY,
      name: 'ReadOnly',
      version: 3,
      accounts: [
        {
          id: '444444444444',
          version: 1,
          roleName: expect.stringMatching(/^AWSReservedSSO_ReadOnly_/) as string,
        },
      ],
    });
    expect(world.refused('permission-sets', { change: 'Nothing' })).toContain(
      'change is "Nothing": names nothing',
    );
    expect(world.refused('permission-sets', { version: 2 })).toContain('change is missing: use the name');
  });
});
