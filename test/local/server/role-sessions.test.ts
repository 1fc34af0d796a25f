import { TestApp } from '../../support/test-app';

/** A denial of the local runtime, whichever way a service gives its message. */
interface Answer {
  readonly status: number;
  readonly type: string;
  readonly message: string;
}

describe('a call with the credentials of a function', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start();
  });

  afterAll(async () => {
    await app.stop();
  });

  async function send(
    path: string,
    headers: Record<string, string>,
    body: string,
    accessKeyId: string,
  ): Promise<Answer> {
    const response = await fetch(`${app.runtime.endpoint}${path}`, {
      method: 'POST',
      headers: {
        ...headers,
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-date': '20261201T080000Z',
        authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261201/us-east-1/any/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body,
    });
    const answer = (await response.json()) as Readonly<Record<string, string>>;
    return {
      status: response.status,
      type: response.headers.get('x-amzn-errortype') ?? answer.__type ?? '',
      message: answer.message ?? answer.Message ?? '',
    };
  }

  function keyOf(part: string): string {
    const found = app.runtime.lambda.functions().find(({ name }) => name.includes(part));
    return app.runtime.authorization.sessionOf(found?.arn ?? '')?.credentials.accessKeyId ?? 'nobody';
  }

  const target = (name: string) => ({ 'x-amz-target': name });

  test('is refused by DynamoDB, in the form of its errors', async () => {
    const answer = await send('/', target('DynamoDB_20120810.Scan'), '{"TableName":"Other"}', keyOf('Sweep'));
    expect(answer).toMatchObject({
      status: 400,
      type: 'com.amazon.coral.service#AccessDeniedException',
      message: expect.stringContaining('dynamodb:Scan on resource') as string,
    });
  });

  test('is refused by Lambda with 403', async () => {
    const name = app.runtime.lambda.functions().find((each) => each.name.includes('Sweep'))?.name ?? '';
    const answer = await send(`/2015-03-31/functions/${name}/invocations`, {}, '{}', keyOf('Announce'));
    expect(answer).toMatchObject({
      status: 403,
      type: 'AccessDeniedException',
      message: expect.stringContaining('lambda:InvokeFunction') as string,
    });
  });

  test('is refused by Identity Center where a statement denies it', async () => {
    const { instance, managementAccountId, permissionSets, users } = app.organization;
    const input = {
      InstanceArn: instance.arn,
      TargetId: managementAccountId,
      TargetType: 'AWS_ACCOUNT',
      PermissionSetArn: permissionSets[0]?.arn,
      PrincipalType: 'USER',
      PrincipalId: users[0]?.id,
    };
    const answer = await send(
      '/',
      target('SWBExternalService.CreateAccountAssignment'),
      JSON.stringify(input),
      keyOf('AdvanceOperations'),
    );
    expect(answer.message).toMatch(
      new RegExp(
        `AdvanceOperationsRole.* on resource: arn:aws:sso:::account/${managementAccountId} with an explicit deny in an identity-based policy`,
      ),
    );
  });

  test('is known to Identity Center by the session of its role', () => {
    const caller = app.runtime.simulator.world.caller(keyOf('AdvanceOperations'));
    expect(caller.kind).toBe('delegated-admin');
    expect(caller.arn).toMatch(
      /^arn:aws:sts::222233334444:assumed-role\/Latchkey-FunctionsAdvanceOperationsRole\w+\/Latchkey-FunctionsAdvanceOperationsFunction\w+$/,
    );
  });

  test('of anybody else is answered as before', async () => {
    const answer = await send('/', target('DynamoDB_20120810.ListTables'), '{}', 'test');
    expect(answer.status).toBe(200);
  });
});
