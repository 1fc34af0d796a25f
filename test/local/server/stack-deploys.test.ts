import {
  type LocalRuntime,
  type LocalRuntimeOptions,
  startRuntime,
} from '../../../local/server/local-runtime';
import { templateOf, writeAssembly } from '../assembly/write-assembly';
import { ORGANIZATION, START } from '../identity-center/support';

const QUEUE = 'deploys';
const STACK_ID = { Ref: 'AWS::StackId' };

/** A stack of one rule for its own events, as a template writes it, and the queue that they go to. */
function assembly() {
  return writeAssembly(
    templateOf({
      Queue: ['AWS::SQS::Queue', { QueueName: QUEUE }],
      Rule: [
        'AWS::Events::Rule',
        {
          Name: 'deploys',
          State: 'ENABLED',
          EventPattern: {
            source: ['aws.cloudformation'],
            'detail-type': ['CloudFormation Stack Status Change'],
            resources: [STACK_ID],
            detail: {
              'stack-id': [STACK_ID],
              'status-details': { status: ['CREATE_COMPLETE', 'UPDATE_COMPLETE'] },
            },
          },
          Targets: [{ Id: 'Target0', Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } }],
        },
      ],
    }),
  );
}

describe('a stack on the local runtime', () => {
  let runtime: LocalRuntime | undefined;

  afterEach(async () => {
    await runtime?.stop();
  });

  async function start(options: Partial<LocalRuntimeOptions> = {}): Promise<LocalRuntime> {
    runtime = await startRuntime({
      assembly: assembly(),
      organization: ORGANIZATION,
      clock: 'manual',
      startAt: START,
      ...options,
    });
    return runtime;
  }

  async function heard({ events }: LocalRuntime): Promise<unknown[]> {
    const answer = await events.queues.call({
      operation: 'ReceiveMessage',
      input: { QueueUrl: `http://127.0.0.1/1/${QUEUE}`, MaxNumberOfMessages: 10 },
      requestId: 'r',
    });
    const { Messages: messages = [] } = answer as { Messages?: { Body: string }[] };
    return messages.map(({ Body: body }) => JSON.parse(body) as unknown);
  }

  test('tells that it was created, as CloudFormation does, when it is started', async () => {
    const started = await start();
    await started.clock.advance(0);

    const { region, accountId } = started.assembly;
    const stackId = `arn:aws:cloudformation:${region}:${accountId}:stack/Stack/00000000-0000-4000-8000-000000000000`;
    expect(await heard(started)).toEqual([
      {
        version: '0',
        id: expect.any(String) as string,
        source: 'aws.cloudformation',
        'detail-type': 'CloudFormation Stack Status Change',
        account: accountId,
        region,
        time: new Date(START).toISOString().replace(/\.\d{3}Z$/, 'Z'),
        resources: [stackId],
        detail: {
          'stack-id': stackId,
          'status-details': { status: 'CREATE_COMPLETE', 'status-reason': '' },
          'client-request-token': expect.any(String) as string,
        },
      },
    ]);
    expect(started.clock.now()).toBe(START);
  });

  test('keeps that to itself where it is told to', async () => {
    const started = await start({ announceDeploy: false });
    await started.clock.advance(1_000);

    expect(await heard(started)).toEqual([]);
  });

  test('says so where there is no layer whose content could be replaced', async () => {
    const started = await start();

    expect(() => {
      started.deploy({ layerFolder: '/nowhere' });
    }).toThrow('the functions of the stack have no layer; content can be replaced only where they share one');
    await expect(start({ layerFolder: '/nowhere' })).rejects.toThrow('have no layer');
  });
});
