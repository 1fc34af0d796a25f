import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  PutItemCommand,
  ResourceNotFoundException as TableNotFoundException,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, ListRulesCommand, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  DescribeUserCommand,
  GetUserIdCommand,
  IdentitystoreClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-identitystore';
import {
  AccountNotFoundException,
  DescribeAccountCommand,
  OrganizationsClient,
  paginateListAccounts,
} from '@aws-sdk/client-organizations';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SFNClient,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StateMachineDoesNotExist,
  StopExecutionCommand,
  InvalidToken,
} from '@aws-sdk/client-sfn';
import {
  ListAccountAssignmentsCommand,
  SSOAdminClient,
  ValidationException,
  paginateListPermissionSets,
} from '@aws-sdk/client-sso-admin';
import { ledgerTableName } from '../support/ledger-scan';
import { TestApp } from '../support/test-app';

const HOST = '222233334444';
const STATES = `arn:aws:states:us-east-1:${HOST}`;
const READ_ONLY = 'arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-1a2b3c4d5e6f7a81';
const BOB = '5d1e0a10-1c2b-4a3d-8e4f-0a1b2c3d4e02';

describe('the AWS APIs of the local runtime, called with AWS’s own clients', () => {
  let app: TestApp;
  let clients: ReturnType<typeof clientsOf>;

  beforeAll(async () => {
    app = await TestApp.start();
    clients = clientsOf(app);
    await app.ask();
    await app.advance('PT1M');
  });

  afterAll(async () => {
    for (const client of Object.values(clients)) client.destroy();
    await app.stop();
  });

  describe('Step Functions', () => {
    const machine = `${STATES}:stateMachine:latchkey-access-request`;

    test('lists the machines of the template and what runs on them', async () => {
      const { stateMachines = [] } = await clients.sfn.send(new ListStateMachinesCommand({}));
      const { executions = [] } = await clients.sfn.send(
        new ListExecutionsCommand({ stateMachineArn: machine, statusFilter: 'RUNNING' }),
      );

      expect(stateMachines.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['latchkey-access-request', 'latchkey-dispatcher']),
      );
      expect(executions).toMatchObject([
        {
          name: expect.stringMatching(/^req-[0-9a-z]{26}-1$/) as string,
          status: 'RUNNING',
          stateMachineArn: machine,
        },
      ]);
      expect(executions[0]?.startDate).toEqual(new Date('2026-12-01T08:00:00Z'));
    });

    test('describes an execution that waits, and tells its history', async () => {
      const { executions: [running] = [] } = await clients.sfn.send(
        new ListExecutionsCommand({ stateMachineArn: machine, statusFilter: 'RUNNING' }),
      );
      const executionArn = running?.executionArn ?? '';

      const described = await clients.sfn.send(new DescribeExecutionCommand({ executionArn }));
      const { events = [] } = await clients.sfn.send(
        new GetExecutionHistoryCommand({ executionArn, maxResults: 1_000 }),
      );
      const { events: last = [] } = await clients.sfn.send(
        new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 1 }),
      );

      expect(JSON.parse(described.input ?? '')).toMatchObject({ attempt: 1 });
      expect(events[0]).toMatchObject({ id: 1, previousEventId: 0, type: 'ExecutionStarted' });
      expect(events.map(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name)).toEqual(
        expect.arrayContaining(['Decide', 'Await end']),
      );
      expect(last).toEqual([events.at(-1)]);
    });

    test('pages over executions with the client’s own token', async () => {
      const stateMachineArn = await createMachine('paged', { Start: { Type: 'Pass', End: true } });
      for (const name of ['a', 'b', 'c'])
        await clients.sfn.send(new StartExecutionCommand({ stateMachineArn, name }));

      const first = await clients.sfn.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 2 }));
      const second = await clients.sfn.send(
        new ListExecutionsCommand({ stateMachineArn, maxResults: 2, nextToken: first.nextToken }),
      );

      const names = [...(first.executions ?? []), ...(second.executions ?? [])].map(({ name }) => name ?? '');
      expect(names.sort()).toEqual(['a', 'b', 'c']);
      expect(second.nextToken).toBeUndefined();
    });

    test('creates a machine and runs it to its end', async () => {
      const stateMachineArn = await createMachine('greeting', {
        Greet: { Type: 'Pass', Output: "{% 'hello ' & $states.input.name %}", Next: 'Rest' },
        Rest: { Type: 'Wait', Seconds: 30, Next: 'Done' },
        Done: { Type: 'Succeed' },
      });

      const { executionArn } = await clients.sfn.send(
        new StartExecutionCommand({ stateMachineArn, name: 'one', input: '{"name":"you"}' }),
      );
      const before = await clients.sfn.send(new DescribeExecutionCommand({ executionArn }));
      await app.advance('PT31S');
      const after = await clients.sfn.send(new DescribeExecutionCommand({ executionArn }));

      expect(before.status).toBe('RUNNING');
      expect(after).toMatchObject({ status: 'SUCCEEDED', output: '"hello you"' });
      expect((after.stopDate?.getTime() ?? 0) - (after.startDate?.getTime() ?? 0)).toBe(30_000);
    });

    test('stops an execution, with error and cause', async () => {
      const stateMachineArn = await createMachine('stopped', {
        Rest: { Type: 'Wait', Seconds: 3600, End: true },
      });
      const { executionArn } = await clients.sfn.send(new StartExecutionCommand({ stateMachineArn }));

      await clients.sfn.send(
        new StopExecutionCommand({ executionArn, error: 'Operator', cause: 'by mistake' }),
      );

      const stopped = await clients.sfn.send(new DescribeExecutionCommand({ executionArn }));
      expect(stopped).toMatchObject({ status: 'ABORTED', error: 'Operator', cause: 'by mistake' });
    });

    test('answers errors as the classes of the client', async () => {
      const stateMachineArn = await createMachine('errors', {
        Rest: { Type: 'Wait', Seconds: 3600, End: true },
      });
      await clients.sfn.send(new StartExecutionCommand({ stateMachineArn, name: 'taken', input: '{"n":1}' }));
      const taken = (): Promise<unknown> =>
        clients.sfn.send(new StartExecutionCommand({ stateMachineArn, name: 'taken', input: '{"n":2}' }));
      const unknown = (): Promise<unknown> =>
        clients.sfn.send(new DescribeExecutionCommand({ executionArn: `${STATES}:execution:errors:none` }));
      const nowhere = (): Promise<unknown> =>
        clients.sfn.send(new ListExecutionsCommand({ stateMachineArn: `${STATES}:stateMachine:none` }));
      const token = (): Promise<unknown> =>
        clients.sfn.send(new SendTaskSuccessCommand({ taskToken: 'none', output: '{}' }));

      await expect(taken()).rejects.toBeInstanceOf(ExecutionAlreadyExists);
      await expect(unknown()).rejects.toBeInstanceOf(ExecutionDoesNotExist);
      await expect(nowhere()).rejects.toBeInstanceOf(StateMachineDoesNotExist);
      await expect(token()).rejects.toBeInstanceOf(InvalidToken);
    });

    async function createMachine(name: string, states: object): Promise<string> {
      const definition = JSON.stringify({
        QueryLanguage: 'JSONata',
        StartAt: Object.keys(states)[0],
        States: states,
      });
      const { stateMachineArn = '' } = await clients.sfn.send(
        new CreateStateMachineCommand({ name, definition, roleArn: `arn:aws:iam::${HOST}:role/try` }),
      );
      return stateMachineArn;
    }
  });

  describe('Identity Center', () => {
    test('lists the assignments of an account, Latchkey’s and the standing ones', async () => {
      const { arn: InstanceArn } = app.organization.instance;
      const list = async (AccountId: string) =>
        (
          await clients.sso.send(
            new ListAccountAssignmentsCommand({ InstanceArn, AccountId, PermissionSetArn: READ_ONLY }),
          )
        ).AccountAssignments;

      expect(await list('512345678902')).toEqual([
        { AccountId: '512345678902', PermissionSetArn: READ_ONLY, PrincipalType: 'USER', PrincipalId: BOB },
      ]);
      expect(await list('412345678901')).toMatchObject([
        { PrincipalId: expect.stringMatching(/4e01$/) as string },
      ]);
    });

    test('refuses what does not fit its patterns, and pages over permission sets', async () => {
      const { arn: InstanceArn } = app.organization.instance;
      const wrong = (): Promise<unknown> =>
        clients.sso.send(
          new ListAccountAssignmentsCommand({ InstanceArn, AccountId: '1', PermissionSetArn: READ_ONLY }),
        );
      const arns: string[] = [];
      for await (const { PermissionSets = [] } of paginateListPermissionSets(
        { client: clients.sso, pageSize: 2 },
        { InstanceArn },
      ))
        arns.push(...PermissionSets);

      await expect(wrong()).rejects.toBeInstanceOf(ValidationException);
      expect(new Set(arns).size).toBe(6);
    });

    test('finds people by name and describes them', async () => {
      const IdentityStoreId = app.organization.instance.identityStoreId;
      const named = (AttributeValue: string) =>
        clients.store.send(
          new GetUserIdCommand({
            IdentityStoreId,
            AlternateIdentifier: { UniqueAttribute: { AttributePath: 'userName', AttributeValue } },
          }),
        );

      const { UserId } = await named('bob');

      expect(await clients.store.send(new DescribeUserCommand({ IdentityStoreId, UserId }))).toMatchObject({
        UserName: 'bob',
        DisplayName: 'Bob Berger',
      });
      await expect(named('nobody')).rejects.toBeInstanceOf(ResourceNotFoundException);
    });
  });

  test('Organizations tells accounts and their states', async () => {
    const ids: string[] = [];
    for await (const { Accounts = [] } of paginateListAccounts({ client: clients.organizations }, {}))
      ids.push(...Accounts.map(({ Id = '' }) => Id));
    const suspended = await clients.organizations.send(
      new DescribeAccountCommand({ AccountId: '645678901236' }),
    );
    const unknown = (): Promise<unknown> =>
      clients.organizations.send(new DescribeAccountCommand({ AccountId: '999999999999' }));

    expect(ids).toHaveLength(app.organization.accounts.length);
    expect(suspended.Account).toMatchObject({ State: 'SUSPENDED', Name: 'legacy-billing' });
    await expect(unknown()).rejects.toBeInstanceOf(AccountNotFoundException);
  });

  describe('DynamoDB', () => {
    test('scans the ledger', async () => {
      const { Items = [], Count } = await clients.dynamo.send(
        new ScanCommand({ TableName: ledgerTableName(app) }),
      );

      expect(Count).toBe(Items.length);
      expect(Items.map(({ pk }) => pk?.S)).toEqual(
        expect.arrayContaining(['DISPATCHER', 'ACCOUNT#412345678901']),
      );
    });

    test('keeps conditions, and answers errors as the classes of the client', async () => {
      const Item = { pk: { S: 'TRIED' }, sk: { S: 'BY HAND' } };
      const put = (TableName: string) =>
        clients.dynamo.send(
          new PutItemCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(pk)' }),
        );

      await put(ledgerTableName(app));

      await expect(put(ledgerTableName(app))).rejects.toBeInstanceOf(ConditionalCheckFailedException);
      await expect(put('none')).rejects.toBeInstanceOf(TableNotFoundException);
    });
  });

  describe('EventBridge', () => {
    test('takes an event of one’s own, and refuses one that claims to come from AWS', async () => {
      const entry = { EventBusName: 'latchkey', DetailType: 'Tried', Detail: '{}' };

      const answer = await clients.events.send(
        new PutEventsCommand({
          Entries: [
            { ...entry, Source: 'tests' },
            { ...entry, Source: 'aws.organizations' },
          ],
        }),
      );

      expect(answer).toMatchObject({
        FailedEntryCount: 1,
        Entries: [
          { EventId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string },
          { ErrorCode: 'NotAuthorizedForSource' },
        ],
      });
      expect(app.runtime.events.events.recorded('latchkey').at(-1)).toMatchObject({
        source: 'tests',
        'detail-type': 'Tried',
      });
    });

    test('lists the rules of the template, the sweep’s schedule among them', async () => {
      const { Rules = [] } = await clients.events.send(new ListRulesCommand({}));

      expect(Rules.map(({ ScheduleExpression }) => ScheduleExpression)).toContain('rate(1 minute)');
    });
  });

  test('an operation that is not there is answered with a name, not with silence', async () => {
    const response = await fetch(app.runtime.endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': 'AWSStepFunctions.CreateActivity' },
      body: '{"name":"x"}',
    });

    expect(response.status).toBe(400);
    expect(JSON.stringify(await response.json())).toContain('CreateActivity');
  });

  describe('Lambda', () => {
    const invoke = (name: string, body: string, headers: Record<string, string> = {}) =>
      fetch(`${app.runtime.endpoint}/2015-03-31/functions/${encodeURIComponent(name)}/invocations`, {
        method: 'POST',
        body,
        headers,
      });
    const sweepName = async (): Promise<string> => {
      const response = await fetch(`${app.runtime.endpoint}/2015-03-31/functions/`);
      const { Functions } = (await response.json()) as { Functions: readonly { FunctionName: string }[] };
      return Functions.map(({ FunctionName }) => FunctionName).find((name) => /sweep/i.test(name)) ?? '';
    };

    test('invokes a deployed function over REST, by its name and by its ARN', async () => {
      const name = await sweepName();

      const byName = await invoke(name, '{}');
      const byArn = await invoke(`arn:aws:lambda:us-east-1:${HOST}:function:${name}`, '{}');

      expect([byName.status, byArn.status]).toEqual([200, 200]);
      expect(byName.headers.get('x-amz-executed-version')).toBe('$LATEST');
      expect(byName.headers.get('x-amz-function-error')).toBeNull();
    });

    test('answers 404 for a function that is not there, and 400 for a payload that is no JSON', async () => {
      const unknown = await invoke('none', '{}');
      const broken = await invoke(await sweepName(), '{');

      expect([unknown.status, unknown.headers.get('x-amzn-errortype')]).toEqual([
        404,
        'ResourceNotFoundException',
      ]);
      expect([broken.status, broken.headers.get('x-amzn-errortype')]).toEqual([
        400,
        'InvalidRequestContentException',
      ]);
    });
  });

  describe('calls that only a laptop has', () => {
    const post = async (path: string, body: string) => {
      const response = await fetch(`${app.runtime.endpoint}${path}`, { method: 'POST', body });
      return { status: response.status, body: (await response.json()) as Readonly<Record<string, unknown>> };
    };

    test('take an event of an AWS service, and complete it', async () => {
      const reply = await post(
        '/_local/events',
        JSON.stringify({
          source: 'aws.sso',
          'detail-type': 'AWS API Call via CloudTrail',
          detail: {},
        }),
      );

      expect(reply.status).toBe(202);
      expect(app.runtime.events.events.recorded('default').at(-1)).toMatchObject({
        source: 'aws.sso',
        account: HOST,
        detail: {},
      });
    });

    test('take one of another account and Region, which nobody here hears', async () => {
      const event = {
        source: 'aws.organizations',
        account: '999988887777',
        region: 'eu-north-1',
        'detail-type': 'AWS API Call via CloudTrail',
        detail: {},
      };

      const reply = await post('/_local/events', JSON.stringify(event));

      expect(reply).toMatchObject({ status: 202, body: event });
      expect(app.runtime.eventPlaces.unheard().at(-1)).toMatchObject(event);
      expect(app.runtime.events.events.recorded('default')).not.toContainEqual(
        expect.objectContaining(event),
      );
    });

    test.each([
      ['no JSON', '{', /must be an object/],
      [
        'another source',
        '{"source":"mine","detail-type":"x","detail":{}}',
        /begins with "aws\.", but is "mine"; send others with PutEvents/,
      ],
      ['no detail', '{"source":"aws.sso","detail-type":"x"}', /"detail" must be an object/],
    ])('refuse an event with %s, with what is wrong', async (_case, body, words) => {
      const reply = await post('/_local/events', body);

      expect(reply.status).toBe(400);
      expect(reply.body.message).toMatch(words);
    });

    test('move the clock, and say what time it is then', async () => {
      const before = app.runtime.clock.now();

      const reply = await post('/_local/clock', '{"advance":"PT90S"}');

      expect(reply).toEqual({
        status: 200,
        body: { mode: 'manual', now: new Date(before + 90_000).toISOString() },
      });
    });

    test.each([
      ['no JSON', '{', 'missing'],
      ['nothing', '', 'missing'],
      ['a list', '[]', 'missing'],
      ['null', 'null', 'missing'],
      ['a number', '{"advance":4}', '4'],
      ['an English duration', '{"advance":"4h"}', '"4h"'],
      ['a negative duration', '{"advance":"-PT4H"}', '"-PT4H"'],
      ['a month', '{"advance":"P1M"}', '"P1M"'],
    ])('do not move the clock by %s, and say what to send', async (_case, body, shown) => {
      const before = app.runtime.clock.now();

      const reply = await post('/_local/clock', body);

      expect(reply.status).toBe(400);
      expect(reply.body.message).toContain(`advance is ${shown}: send {"advance": "PT4H"}`);
      expect(app.runtime.clock.now()).toBe(before);
    });

    test('say where things are, for a path that is not there', async () => {
      expect(await post('/_local/time', '{}')).toMatchObject({
        status: 404,
        body: { message: expect.stringContaining('POST /_local/time') as string },
      });
      expect(await post('/v2/requests', '{}')).toMatchObject({
        status: 404,
        body: { message: expect.stringContaining('/v1/…') as string },
      });
    });
  });
});

function clientsOf({ runtime: { endpoint } }: TestApp) {
  const options = {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  return {
    sfn: new SFNClient(options),
    sso: new SSOAdminClient(options),
    store: new IdentitystoreClient(options),
    organizations: new OrganizationsClient(options),
    dynamo: new DynamoDBClient(options),
    events: new EventBridgeClient(options),
  };
}
