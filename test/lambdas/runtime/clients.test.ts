import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateAccountAssignmentCommand, SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { ONCE, REPEATABLE, REPEATABLE_IN_A_PASS } from '../../../lambdas/runtime/clients';

const INPUT = {
  InstanceArn: 'arn:aws:sso:::instance/ssoins-1111222233334444',
  TargetId: '111122223333',
  TargetType: 'AWS_ACCOUNT',
  PermissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-aaaabbbbccccdddd',
  PrincipalType: 'USER',
  PrincipalId: '906799d2-0000-7000-8000-000000000001',
} as const;

describe('the clients of the asynchronous calls', () => {
  let server: Server;
  let calls = 0;
  let answer: { readonly status: number; readonly type: string } | 'hang up';

  beforeAll(async () => {
    server = createServer((request, response) => {
      calls += 1;
      if (answer === 'hang up') {
        request.socket.destroy();
        return;
      }
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ __type: answer.type, message: 'for a test' }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterAll(() => {
    server.close();
  });

  test.each([
    ['an error of the service', { status: 500, type: 'InternalServerException' }],
    ['a throttle', { status: 400, type: 'ThrottlingException' }],
    ['a gateway that gives up', { status: 504, type: '' }],
    ['a connection that breaks off', 'hang up'],
  ] as const)('send a create once, whatever comes back: %s', async (_case, next) => {
    answer = next;
    calls = 0;
    const { port } = server.address() as AddressInfo;
    const client = new SSOAdminClient({
      ...ONCE,
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });

    await expect(client.send(new CreateAccountAssignmentCommand(INPUT))).rejects.toThrow();

    expect(calls).toBe(1);
    client.destroy();
  });
});

describe('every client', () => {
  test.each([
    ['for calls that are sent once', ONCE, 1],
    ['for calls that may be repeated', REPEATABLE, 3],
    ['for reads inside a pass', REPEATABLE_IN_A_PASS, 2],
  ])(
    '%s ends a call that is not answered in 3 s, as an error',
    (_case, { requestHandler, maxAttempts }, attempts) => {
      expect(requestHandler).toEqual({
        connectionTimeout: 1_000,
        requestTimeout: 3_000,
        throwOnRequestTimeout: true,
      });
      expect(maxAttempts).toBe(attempts);
    },
  );
});
