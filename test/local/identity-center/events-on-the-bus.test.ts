import { writeAssembly, templateOf } from '../assembly/write-assembly';
import { startRuntime, type LocalRuntime } from '../../../local/server/local-runtime';
import { ORGANIZATION, HOST, MANAGEMENT, serviceFor, START } from './support';

const QUEUE = 'what-happened';

/** A stack of one rule for two events of the services, whose target is a queue. */
function assembly(): { readonly directory: string; readonly stackName: string } {
  return writeAssembly(
    templateOf({
      Queue: ['AWS::SQS::Queue', { QueueName: QUEUE }],
      Rule: [
        'AWS::Events::Rule',
        {
          Name: 'what-happened',
          State: 'ENABLED',
          EventPattern: {
            source: ['aws.sso', 'aws.organizations'],
            detail: {
              eventName: ['CreateAccountAssignment', 'CreateAccountResult'],
              errorCode: [{ exists: false }],
            },
          },
          Targets: [{ Id: 'Target0', Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } }],
        },
      ],
    }),
  );
}

interface Heard {
  readonly source: string;
  readonly account: string;
  readonly region: string;
  readonly detail: { readonly eventName: string };
}

describe('a rule on the default bus of the local runtime', () => {
  let runtime: LocalRuntime;

  beforeEach(async () => {
    runtime = await startRuntime({
      assembly: assembly(),
      organization: ORGANIZATION,
      clock: 'manual',
      startAt: START,
      simulator: { accountCreationLatency: { kind: 'fixed', seconds: 3 } },
    });
  });
  afterEach(() => runtime.stop());

  const call = (operation: string, input: Readonly<Record<string, unknown>>, as: string): Promise<unknown> =>
    serviceFor(runtime.simulator.services, operation, input).call({
      operation,
      input,
      requestId: '5f0e0001-0000-4000-8000-000000000001',
      accessKeyId: as,
    });

  const heard = async (): Promise<Heard[]> => {
    const answer = await runtime.events.queues.call({
      operation: 'ReceiveMessage',
      input: { QueueUrl: `http://127.0.0.1/1/${QUEUE}`, MaxNumberOfMessages: 10 },
      requestId: 'r',
    });
    const { Messages: messages = [] } = answer as { Messages?: { Body: string }[] };
    return messages.map(({ Body: body }) => JSON.parse(body) as Heard);
  };

  test('hears an assignment that is asked for in its own account, and nothing of the management account (N14)', async () => {
    const { accountId, permissionSetArn, ...principal } = runtime.simulator.world.resolve({
      account: 'dev',
      permissionSet: 'ReadOnly',
      user: 'alice',
    });
    const assignment = {
      InstanceArn: ORGANIZATION.instance.arn,
      TargetId: accountId,
      TargetType: 'AWS_ACCOUNT',
      PermissionSetArn: permissionSetArn,
      PrincipalType: principal.principalType,
      PrincipalId: principal.principalId,
    };

    await call('CreateAccountAssignment', assignment, 'desk');
    await call('CreateAccount', { AccountName: 'new', Email: 'new@example.com' }, 'root');
    await expect(call('CreateAccountAssignment', assignment, 'desk')).rejects.toThrow('conflicting');
    expect(await heard()).toEqual([]);
    await runtime.clock.advance(60_000);

    const events = (await heard()).map(({ source, account, region, detail }) =>
      [source, detail.eventName, account, region].join(' '),
    );
    expect(events).toEqual([`aws.sso CreateAccountAssignment ${HOST} eu-west-1`]);
    expect(
      runtime.eventPlaces.unheard().map(({ account, region, detail }) => [detail.eventName, account, region]),
    ).toContainEqual(['CreateAccountResult', MANAGEMENT, 'us-east-1']);
  });
});
