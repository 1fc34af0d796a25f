import { DescribePermissionSetCommand } from '@aws-sdk/client-sso-admin';
import { refusedTurn, takeTurns } from '../../../lambdas/runtime/call-turns';
import { clientOf, type Reply } from '../../support/answered-client';

const DESCRIBE = new DescribePermissionSetCommand({
  InstanceArn: 'arn:aws:sso:::instance/ssoins-1111222233334444',
  PermissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-1a2b3c4d5e6f7a81',
});
const OK: Reply = { status: 200 };
const THROTTLED: Reply = { status: 400, type: 'ThrottlingException', message: 'Rate exceeded' };
const TIMEOUT = Object.assign(new Error('no answer in 3 s'), { name: 'TimeoutError' });

describe('turns of calls', () => {
  test('are waited for before every try, those that the SDK repeats too', async () => {
    const { client, left } = clientOf([THROTTLED, TIMEOUT, OK], 3);
    const leftAtTurn: number[] = [];
    takeTurns(client, () => {
      leftAtTurn.push(left.length);
      return Promise.resolve();
    });

    await client.send(DESCRIBE);

    expect(leftAtTurn).toEqual([3, 2, 1]);
  });

  test('come before the signature', async () => {
    const { client } = clientOf([OK]);
    const headers: unknown[] = [];
    let isTaken = false;
    takeTurns(client, () => {
      isTaken = true;
      return Promise.resolve();
    });
    client.middlewareStack.addRelativeTo(
      (next: (args: never) => Promise<never>) =>
        (args: { readonly request: { readonly headers: object } }) => {
          headers.push(isTaken, 'authorization' in args.request.headers);
          return next(args as never);
        },
      { relation: 'before', toMiddleware: 'httpSigningMiddleware', name: 'witness' },
    );

    await client.send(DESCRIBE);

    expect(headers).toEqual([true, false]);
  });

  test('that are refused end the call, and it is neither sent nor tried again', async () => {
    const { client, left } = clientOf([OK], 3);
    const beforeCall = jest.fn(() => Promise.reject(TIMEOUT));
    takeTurns(client, beforeCall);

    const thrown = await client.send(DESCRIBE).catch((error: unknown) => error);

    expect(refusedTurn(thrown)).toEqual({ cause: TIMEOUT });
    expect(beforeCall).toHaveBeenCalledTimes(1);
    expect(left).toEqual([OK]);
  });

  test('are not taken for refused where the call failed by itself', () => {
    expect(refusedTurn(TIMEOUT)).toBeUndefined();
  });
});
