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
    const steps: string[] = [];
    takeTurns(client, () => {
      steps.push('turn');
      return Promise.resolve();
    });
    const look =
      <Call, Answer>(next: (call: Call) => Promise<Answer>) =>
      (call: Call): Promise<Answer> => {
        steps.push(JSON.stringify(call).includes('"authorization"') ? 'signed' : 'not signed');
        return next(call);
      };
    const { middlewareStack: stack } = client;
    stack.addRelativeTo(look, { relation: 'after', toMiddleware: 'callTurn', name: 'afterTurn' });
    stack.addRelativeTo(look, {
      relation: 'after',
      toMiddleware: 'httpSigningMiddleware',
      name: 'afterSigning',
    });

    await client.send(DESCRIBE);

    expect(steps).toEqual(['turn', 'not signed', 'signed']);
  });

  test('that are refused end the call, and it is not sent', async () => {
    const { client, left } = clientOf([OK]);
    takeTurns(client, () => Promise.reject(TIMEOUT));

    const thrown = await client.send(DESCRIBE).catch((error: unknown) => error);

    expect(refusedTurn(thrown)).toEqual({ reason: TIMEOUT });
    expect(left).toEqual([OK]);
  });

  test('are not taken for refused where the call failed by itself', () => {
    expect(refusedTurn(TIMEOUT)).toBeUndefined();
  });
});
