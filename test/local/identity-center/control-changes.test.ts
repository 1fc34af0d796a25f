import { ControlApi } from '../../../local/identity-center/control-api';
import { DEFAULT_SETTINGS } from '../../../local/identity-center/settings';
import { createControlWorld } from './control-world';
import { refusal, STORE } from './support';

const ALICE_IN_PROD = { account: 'prod', permissionSet: 'ReadOnly', user: 'alice' };
const EFFECTS =
  'use one of "hang", "hang-after", "lose-request", "lose-reply", "never-ends", "throttle", "too-many-requests", "conflict", ' +
  '"internal-error", "service-unavailable", "kms-access-denied", "kms-not-found", "kms-throttling", "kms-disabled", ' +
  '"kms-invalid-key-usage", "kms-invalid-state", {"failed": reason} or ' +
  '{"error": code, "message": text, "statusCode": 400, "members": {…}}';

describe('settings', () => {
  test('are answered as they would be written (F8)', () => {
    const { settings } = createControlWorld().get('settings');

    expect(settings).toMatchObject({
      createLatency: 'uniform:2-5',
      listLag: 'fixed:0',
      requestsPerSecond: 20,
      outstandingCounts: 'creates',
    });
    expect(Object.keys(settings as object)).toEqual(Object.keys(DEFAULT_SETTINGS));
  });

  test('are changed one by one, and hold (F7, F8)', async () => {
    const world = createControlWorld();

    const { settings } = world.post('settings', {
      createLatency: 'mixture:0.5*1|0.5*fixed:1',
      requestsPerSecond: 1,
      requestBurst: 1,
    });

    expect(settings).toMatchObject({
      createLatency: 'mixture:0.5*fixed:1|0.5*fixed:1',
      requestsPerSecond: 1,
      deleteLatency: 'uniform:5-15',
    });
    const id = await world.start('create', ALICE_IN_PROD);
    expect((await refusal(world.call('ListInstances'))).message).toBe('Rate exceeded');
    await world.pass(1);
    expect(await world.status('create', id)).toMatchObject({ Status: 'SUCCEEDED' });
  });

  test.each([
    [{ createLatency: '3s' }, 'createLatency is "3s": use seconds such as "3", "fixed:3", "uniform:2-5"'],
    [
      { createLatency: 'uniform:5-2' },
      'createLatency is "uniform:5-2": it is a latency whose first number is larger than its second; use seconds',
    ],
    [{ listLag: -1 }, 'listLag is -1 (a number): use seconds'],
    [{ listLag: null }, 'listLag is empty: use seconds'],
    [{ listLag: { kind: 'fixed' } }, 'listLag is a map: use seconds'],
    [
      { requestsPerSecond: 0 },
      'requestsPerSecond is 0 (a number): use a number above 0 up to 1000000, or "unlimited"',
    ],
    [{ requestsPerSecond: 'much' }, 'requestsPerSecond is "much": use a number above 0'],
    [{ requestBurst: 0 }, 'requestBurst is 0 (a number): use a whole number from 1 to 1000000'],
    [
      { outstandingAssignments: 1.5 },
      'outstandingAssignments is 1.5 (a number): use a whole number from 0 up to 1000000, or "unlimited"',
    ],
    [{ outstandingProvisions: -1 }, 'outstandingProvisions is -1 (a number): use a whole number from 0'],
    [{ statusRetention: -1 }, 'statusRetention is -1 (a number): use a number of seconds from 0'],
    [
      { conflictScope: 'role' },
      'conflictScope is "role": use "account" or "account-and-permission-set" or "assignment"',
    ],
    [{ unknownAccountReason: '' }, 'unknownAccountReason is "": use a text'],
    [
      { createLatencie: 3 },
      'createLatencie is 3 (a number): did you mean createLatency? if not, remove it (known',
    ],
    [[], 'the body is a list of 0: use a map of settings to their new values'],
    [undefined, 'the body is missing: use a map of settings'],
  ])('%j is refused with its field, its value and what to write (F8)', (change, message) => {
    expect(createControlWorld().refused('settings', change)).toContain(message);
  });

  test('all that is wrong is told at once, and nothing is changed (F8)', () => {
    const world = createControlWorld();

    const message = world.refused('settings', { createLatency: 1, listLag: 'x', tooManyProvisions: 'y' });

    expect(message).toContain('listLag is "x"');
    expect(message).toContain('tooManyProvisions is "y": use "throttling" or "conflict"');
    expect(world.simulator.settings).toEqual(DEFAULT_SETTINGS);
  });
});

describe('faults', () => {
  test('are added, listed with what is left of them, and cleared (F8)', async () => {
    const world = createControlWorld();
    const control = new ControlApi(world.simulator);

    world.post('faults', { operation: 'ListInstances', effect: 'conflict' });
    world.post('faults', {
      operation: 'ListInstances',
      times: 2,
      effect: { error: 'X', members: { Reason: 'r' } },
    });
    const { faults } = world.post('faults', { operation: '*', share: 0.25, effect: { failed: 'why' } });
    const first = await refusal(world.call('ListInstances'));
    const second = await refusal(world.call('ListInstances'));

    expect(faults).toEqual([
      { operation: 'ListInstances', times: 1, effect: 'conflict', struck: 0 },
      {
        operation: 'ListInstances',
        times: 2,
        effect: { error: 'X', message: 'a fault on demand', statusCode: 400, members: { Reason: 'r' } },
        struck: 0,
      },
      { operation: '*', share: 0.25, effect: { failed: 'why' }, struck: 0 },
    ]);
    expect([first.code, second.code, second.members]).toEqual(['ConflictException', 'X', { Reason: 'r' }]);
    expect(world.get('faults').faults).toMatchObject([{ times: 1, struck: 1 }, { share: 0.25 }]);
    expect(control.handle('DELETE', '/_simulator/faults', undefined)).toEqual({
      statusCode: 200,
      body: { faults: [] },
    });
    await expect(world.call('ListInstances')).resolves.toBeDefined();
  });

  test.each([
    [{ operation: 'ListInstances', effect: 'thortle' }, `effect is "thortle": ${EFFECTS}`],
    [{ operation: 'ListInstances' }, `effect is missing: ${EFFECTS}`],
    [{ effect: 'hang' }, 'operation is missing: use the name of an operation'],
    [
      { operation: 'ListInstance', effect: 'hang' },
      'fault is for "ListInstance", which is not simulated: use the name of a simulated operation, or "*" for any',
    ],
    [
      { operation: 'ListInstances', effect: 'never-ends' },
      'which ends with its answer: use this effect with',
    ],
    [{ operation: '*', times: 0, effect: 'hang' }, 'fault for * has times 0: use a whole number from 1'],
    [{ operation: '*', times: 'once', effect: 'hang' }, 'times is "once": use either "times"'],
    [
      { operation: '*', share: 2, effect: 'hang' },
      'fault for * has share 2: use a number above 0 and up to 1',
    ],
    [{ operation: '*', times: 1, share: 0.5, effect: 'hang' }, 'share is 0.5 (a number): use either "times"'],
    [{ operation: '*', effect: { failed: '' } }, 'effect.failed is "": use the reason'],
    [
      { operation: '*', effect: { failed: 'x', message: 'y' } },
      'effect.message is "y": remove it, or correct',
    ],
    [{ operation: '*', effect: {} }, 'effect.error is missing: use the code of an error'],
    [
      { operation: '*', effect: { error: 'X', statusCode: 200 } },
      'effect.statusCode is 200 (a number): use an HTTP status from 400 to 599',
    ],
    [{ operation: '*', effects: 'hang' }, 'effects is "hang": did you mean effect? if not, remove it'],
    ['hang', 'the body is "hang": use a map such as'],
  ])('%j is refused with its field, its value and what to write (F8)', (fault, message) => {
    const world = createControlWorld();

    expect(world.refused('faults', fault)).toContain(message);
    expect(world.get('faults')).toEqual({ faults: [] });
  });
});

describe('users', () => {
  test('are disabled and enabled by any of their names (F3, F8)', async () => {
    const world = createControlWorld();
    const UserId = 'aaaaaaaa-0000-4000-8000-000000000001';
    const status = async (): Promise<unknown> =>
      (await world.call('DescribeUser', { IdentityStoreId: STORE, UserId })).UserStatus;

    const answer = world.post('users', { user: 'alice@example.com', status: 'DISABLED' });

    expect(answer).toEqual({ user: { id: UserId, userName: 'alice', status: 'DISABLED' } });
    expect(await status()).toBe('DISABLED');
    world.post('users', { user: UserId, status: 'ENABLED' });
    expect(await status()).toBe('ENABLED');
  });

  test.each([
    [{ user: 'nobody', status: 'DISABLED' }, 'user is "nobody": names nothing in the organization'],
    [{ user: 'shared@example.com', status: 'DISABLED' }, 'names 2 of them: use the id instead'],
    [{ user: 'alice', status: 'AWAY' }, 'status is "AWAY": use "ENABLED" or "DISABLED"'],
    [{ user: 'alice' }, 'status is missing'],
  ])('are not changed by %p (F8)', (body, message) => {
    expect(createControlWorld().refused('users', body)).toContain(message);
  });
});
