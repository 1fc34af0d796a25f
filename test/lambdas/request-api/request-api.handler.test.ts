import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  InternalServerError,
  ProvisionedThroughputExceededException,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import {
  SFNClient,
  SFNServiceException,
  SendTaskSuccessCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import type { HttpAnswer } from '../../../core/http/problem-details';
import type { AccessPolicy } from '../../../core/policy/access-policy';
import type * as RequestApi from '../../../lambdas/request-api/request-api.handler';
import { type ApiCall, apiEvent } from '../../support/api-event';
import { awsError, brokenConnection, timeout } from '../../support/aws-errors';
import { requestOf } from '../../support/requests';
import { ticket } from '../../support/test-app';
import { TEST_SETTINGS } from '../../support/test-settings';

const POLICY = {
  callers: [
    {
      name: 'desk',
      identity: { kind: 'role', roleArn: 'arn:aws:iam::222233334444:role/LatchkeyServiceDesk' },
      mayAsk: true,
      mayRead: 'all',
      mayRevoke: 'all',
      mayPermissionSets: 'none',
      mayReconciliations: 'none',
      trustedForRequester: true,
    },
  ],
  rules: [],
  guardrails: { protectedPermissionSets: [], longestMs: 1 },
} satisfies AccessPolicy;

const ID = 'req-00000000000000000000000001';
const ASK: ApiCall = { body: JSON.stringify(ticket()) };
const CALLS: readonly (readonly [string, ApiCall])[] = [
  ['a ticket', ASK],
  ['a look', { method: 'GET', resource: '/requests/{id}', id: ID }],
  ['a list', { method: 'GET', query: { status: 'active' } }],
  ['a revocation', { resource: '/requests/{id}/revocation', id: ID }],
];
const LEDGER_FAILURES: readonly (readonly [string, Error])[] = [
  ['a timeout', timeout()],
  ['a broken connection', brokenConnection()],
  ['a throttle', awsError(ProvisionedThroughputExceededException, 400)],
  [
    'a missing right',
    new DynamoDBServiceException({
      name: 'AccessDeniedException',
      $fault: 'client',
      message: 'secret-arn may not',
      $metadata: { httpStatusCode: 400 },
    }),
  ],
  [
    'a key that cannot be used',
    new DynamoDBServiceException({
      name: 'KMSAccessDeniedException',
      $fault: 'client',
      message: 'secret-arn',
      $metadata: { httpStatusCode: 400 },
    }),
  ],
  ['a table that is not there', awsError(ResourceNotFoundException, 400)],
  ['an error of the service', awsError(InternalServerError, 500)],
];
const SFN_FAILURES: readonly (readonly [string, Error])[] = [
  ['a timeout', timeout()],
  [
    'a throttle',
    new SFNServiceException({
      name: 'ThrottlingException',
      $fault: 'client',
      message: '',
      $metadata: { httpStatusCode: 400 },
    }),
  ],
  [
    'a missing right',
    new SFNServiceException({
      name: 'AccessDeniedException',
      $fault: 'client',
      message: '',
      $metadata: { httpStatusCode: 400 },
    }),
  ],
  [
    'an error of the service',
    new SFNServiceException({
      name: 'InternalServerException',
      $fault: 'server',
      message: '',
      $metadata: { httpStatusCode: 500 },
    }),
  ],
];

describe('the function of the request API, when what it needs fails', () => {
  const ledger = mockClient(DynamoDBDocumentClient);
  const sfn = mockClient(SFNClient);
  const before = { ...process.env };
  let folder: string;
  let handler: (event: APIGatewayProxyEvent, context: Context) => Promise<HttpAnswer>;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-handler-'));
    writeFileSync(join(folder, 'access.json'), JSON.stringify({ policy: POLICY }));
    writeFileSync(join(folder, 'permission-sets.json'), JSON.stringify({ definitions: [], hash: '' }));
    Object.assign(process.env, {
      LEDGER_TABLE: 'ledger',
      LATCHKEY_SETTINGS: JSON.stringify(TEST_SETTINGS),
      ACCESS_REQUEST_MACHINE_ARN:
        'arn:aws:states:us-east-1:222233334444:stateMachine:latchkey-access-request',
      DISPATCHER_MACHINE_ARN: 'arn:aws:states:us-east-1:222233334444:stateMachine:latchkey-dispatcher',
      ACCESS_FILE: join(folder, 'access.json'),
      PERMISSION_SETS_FILE: join(folder, 'permission-sets.json'),
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      POWERTOOLS_METRICS_DISABLED: 'true',
    });
    // Not before: the function reads its environment while it is loaded.
    ({ handler } = jest.requireActual<typeof RequestApi>('../../../lambdas/request-api/request-api.handler'));
  });

  afterAll(() => {
    process.env = { ...before };
    rmSync(folder, { recursive: true });
  });

  beforeEach(() => {
    ledger.reset();
    sfn.reset();
    ledger.on(PutCommand).resolves({});
    ledger.on(QueryCommand).resolves({ Items: [] });
    sfn.on(StartExecutionCommand).resolves({});
  });

  const call = async (what: ApiCall) => {
    const { statusCode, body, headers } = await handler(apiEvent(what), {} as Context);
    return {
      status: statusCode,
      headers,
      body: JSON.parse(body) as Readonly<Record<string, unknown>>,
      text: body,
    };
  };

  describe.each(LEDGER_FAILURES)('%s of the ledger', (_failure, error) => {
    test.each(CALLS)(
      'is told for %s as a 500 that shows nothing of it but where to look',
      async (_case, what) => {
        ledger.rejects(error);

        const answer = await call(what);

        expect(answer).toMatchObject({
          status: 500,
          headers: { 'content-type': 'application/problem+json' },
          body: { requestId: 'api-request-1' },
        });
        expect(answer.text).not.toContain(error.name);
        expect(answer.text).not.toContain('secret-arn');
      },
    );

    test('starts nothing for a ticket that was not stored', async () => {
      ledger.rejects(error);

      await call(ASK);

      expect(sfn.calls()).toHaveLength(0);
    });
  });

  test.each(SFN_FAILURES)(
    '%s of the start is no matter: the ticket is stored, 202, and the sweep starts it',
    async (_case, error) => {
      sfn.on(StartExecutionCommand).rejects(error);

      const { status, body } = await call(ASK);

      expect([status, body.status]).toEqual([202, 'pending']);
      expect(
        ledger.commandCalls(PutCommand).map(({ args: [{ input }] }) => input.Item?.sk as unknown),
      ).toContain('META');
    },
  );

  test.each(SFN_FAILURES)(
    '%s of the waking is no matter: the revocation is stored, 202, and the sweep wakes',
    async (_case, error) => {
      const waiting = { signal: 'end', token: 'token' } as const;
      ledger.on(GetCommand).resolves({
        Item: {
          record: requestOf({}, { id: ID, status: 'active', waiting, revocation: { at: 0, by: 'somebody' } }),
        },
      });
      sfn.on(SendTaskSuccessCommand).rejects(error);

      const { status } = await call({ resource: '/requests/{id}/revocation', id: ID });

      expect(status).toBe(202);
      expect(sfn.commandCalls(SendTaskSuccessCommand)).toHaveLength(1);
    },
  );

  test('a write that loses against others again and again is told as a 500, not as done', async () => {
    ledger.on(GetCommand).resolves({ Item: { record: requestOf({}, { id: ID, status: 'active' }) } });
    ledger.on(PutCommand).rejects(awsError(ConditionalCheckFailedException, 400));

    const { status } = await call({ resource: '/requests/{id}/revocation', id: ID });

    expect(status).toBe(500);
  });

  test('a caller whom the policy does not know is refused before anything is read', async () => {
    const { status } = await call({ ...ASK, userArn: 'arn:aws:sts::222233334444:assumed-role/Other/x' });

    expect(status).toBe(403);
    expect(ledger.calls()).toHaveLength(0);
  });

  test('an id that nobody made is not looked up', async () => {
    const { status } = await call({ method: 'GET', resource: '/requests/{id}', id: 'x'.repeat(3_000) });

    expect(status).toBe(404);
    expect(ledger.calls()).toHaveLength(0);
  });

  test('a path that the gateway does not have is 404', async () => {
    const { status, body } = await call({ method: 'GET', resource: '/plans' });

    expect(status).toBe(404);
    expect(body.type).toBe('urn:latchkey:problem:not-found');
  });
});
