import { CreateAccountAssignmentCommand, ListAccountAssignmentsCommand } from '@aws-sdk/client-sso-admin';
import { type FailedTry, meter } from '../../../lambdas/runtime/call-meter';
import { clientOf, type Reply } from '../../support/answered-client';
import { RecordingObserver } from '../../support/fake-clock';

const PLACE = {
  InstanceArn: 'arn:aws:sso:::instance/ssoins-1111222233334444',
  PermissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-aaaabbbbccccdddd',
} as const;
const LIST = { ...PLACE, AccountId: '111122223333' };
const CREATE = {
  ...PLACE,
  TargetId: '111122223333',
  TargetType: 'AWS_ACCOUNT',
  PrincipalType: 'USER',
  PrincipalId: '906799d2-0000-7000-8000-000000000001',
} as const;

const OK: Reply = { status: 200 };
const THROTTLED: Reply = { status: 400, type: 'ThrottlingException', message: 'Rate exceeded' };
const TIMEOUT = Object.assign(new Error('no answer in 3 s'), { name: 'TimeoutError' });

/** The same, metered. */
function meteredClient(replies: readonly Reply[], attempts = 1) {
  const { client, left } = clientOf(replies, attempts);
  const observer = new RecordingObserver();
  const repeated: FailedTry[] = [];
  const metered = meter(client, observer, (failed) => repeated.push(failed));
  return { client: metered, isSame: metered === client, observer, repeated, left };
}

describe('meter', () => {
  test('counts a call by the name of its API, and answers what the service answered', async () => {
    const { client, isSame, observer, repeated } = meteredClient([OK]);

    await client.send(new ListAccountAssignmentsCommand(LIST));

    expect(isSame).toBe(true);
    expect(observer.measures).toEqual([
      { name: 'Calls', value: 1, dimension: { api: 'ListAccountAssignments' } },
    ]);
    expect(repeated).toEqual([]);
  });

  test('counts every try of a call that the SDK repeats, and the throttles on the way to its success', async () => {
    const { client, observer, left } = meteredClient([THROTTLED, { status: 500 }, OK], 3);

    await client.send(new ListAccountAssignmentsCommand(LIST));

    expect(left).toEqual([]);
    expect(observer.measured('Calls')).toEqual([1, 1, 1]);
    expect(observer.measured('Throttles')).toEqual([1]);
  });

  test.each([
    ['ThrottlingException', 'There are too many requests processing. Please try again later.'],
    ['TooManyRequestsException', 'slow down'],
  ])('counts a %s as a throttle', async (type, message) => {
    const { client, observer } = meteredClient([{ status: 400, type, message }]);

    await expect(client.send(new CreateAccountAssignmentCommand(CREATE))).rejects.toThrow(message);

    expect(observer.measures).toEqual([
      { name: 'Calls', value: 1, dimension: { api: 'CreateAccountAssignment' } },
      { name: 'Throttles', value: 1, dimension: { api: 'CreateAccountAssignment' } },
    ]);
  });

  test.each([
    ['a refusal', { status: 400, type: 'ConflictException', message: 'busy' }],
    ['an error of the service', { status: 500, type: 'InternalServerException', message: 'sorry' }],
    ['a reply that never comes', TIMEOUT],
  ] as const)('counts a call that ends with %s, which is no throttle', async (_case, reply) => {
    const { client, observer, repeated } = meteredClient([reply]);

    await expect(client.send(new CreateAccountAssignmentCommand(CREATE))).rejects.toThrow();

    expect(observer.measured('Calls')).toEqual([1]);
    expect(observer.measured('Throttles')).toEqual([]);
    expect(repeated).toEqual([]);
  });

  test('counts each try of a call that never gets a reply', async () => {
    const { client, observer } = meteredClient([TIMEOUT, TIMEOUT], 2);
    await expect(client.send(new ListAccountAssignmentsCommand(LIST))).rejects.toThrow('no answer in 3 s');
    expect(observer.measured('Calls')).toEqual([1, 1]);
  });

  test('tells of each try that is repeated why it was, and of the last one nothing', async () => {
    const key = {
      status: 400,
      type: 'ThrottlingException',
      message: 'busy',
      Reason: 'KMS_ThrottlingException',
    };
    const { client, repeated } = meteredClient([THROTTLED, key, TIMEOUT, OK], 3);

    await expect(client.send(new ListAccountAssignmentsCommand(LIST))).rejects.toThrow('no answer in 3 s');
    await client.send(new ListAccountAssignmentsCommand(LIST));

    expect(repeated).toEqual([
      { name: 'ThrottlingException', message: 'Rate exceeded' },
      { name: 'ThrottlingException', message: 'busy', reason: 'KMS_ThrottlingException' },
    ]);
  });

  test('does not count what is refused before it is sent', async () => {
    const { client, observer } = meteredClient([]);
    client.middlewareStack.add(() => () => Promise.reject(new Error('no credentials')), {
      step: 'finalizeRequest',
      priority: 'low',
    });

    await expect(client.send(new ListAccountAssignmentsCommand(LIST))).rejects.toThrow('no credentials');

    expect(observer.measures).toEqual([]);
  });

  test('works without a listener', async () => {
    const observer = new RecordingObserver();
    const client = meter(clientOf([THROTTLED]).client, observer);
    await expect(client.send(new ListAccountAssignmentsCommand(LIST))).rejects.toThrow('Rate exceeded');
    expect(observer.measured('Throttles')).toEqual([1]);
  });
});
