import {
  AccessDeniedException,
  ConflictException,
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribePermissionSetCommand,
  DescribePermissionSetProvisioningStatusCommand,
  ListPermissionSetProvisioningStatusCommand,
  paginateListPermissionSetProvisioningStatus,
  paginateListPermissionSets,
  ProvisionPermissionSetCommand,
  ResourceNotFoundException,
  SSOAdminClient,
  ThrottlingException,
  ValidationException,
  type CreateAccountAssignmentCommandInput,
} from '@aws-sdk/client-sso-admin';
import { DescribeAccountCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { IdentitystoreClient, GetUserIdCommand } from '@aws-sdk/client-identitystore';

import type { FaultEffect } from '../../../local/identity-center/faults';
import { openSdkFront, type SdkFront } from './sdk-front';
import {
  assignmentInput,
  createTestWorld,
  INSTANCE,
  READ_ONLY,
  START,
  STORE,
  UNKNOWN_SET,
  type TestWorld,
} from './support';

describe('the AWS SDK against the simulator', () => {
  let world: TestWorld;
  let front: SdkFront;
  let client: SSOAdminClient;
  let common: SdkFront['config'];

  const input = (named: Parameters<typeof assignmentInput>[0]): CreateAccountAssignmentCommandInput =>
    assignmentInput(named) as unknown as CreateAccountAssignmentCommandInput;
  const ALICE_IN_PROD = { account: 'prod', permissionSet: 'ReadOnly', user: 'alice' };

  beforeEach(async () => {
    world = createTestWorld({ createLatency: { kind: 'fixed', seconds: 2 } });
    front = await openSdkFront(world.simulator.services);
    common = front.config;
    client = new SSOAdminClient(common);
  });

  afterEach(async () => {
    client.destroy();
    await front.close();
  });

  test('a create is followed to its end, with dates as dates and the request id of the response (W1, W2, W3)', async () => {
    const created = await client.send(new CreateAccountAssignmentCommand(input(ALICE_IN_PROD)));
    const RequestId = created.AccountAssignmentCreationStatus?.RequestId;
    await world.pass(2);
    const described = await client.send(
      new DescribeAccountAssignmentCreationStatusCommand({
        InstanceArn: INSTANCE,
        AccountAssignmentCreationRequestId: RequestId,
      }),
    );

    expect(created.$metadata.requestId).toBe(RequestId);
    expect(created.AccountAssignmentCreationStatus?.CreatedDate).toBeUndefined();
    expect(described.AccountAssignmentCreationStatus).toMatchObject({
      Status: 'SUCCEEDED',
      RequestId,
      CreatedDate: new Date(START),
    });
  });

  test('a provision is followed to its end by its id and in the list (P8, P17)', async () => {
    const provisioned = await client.send(
      new ProvisionPermissionSetCommand({
        InstanceArn: INSTANCE,
        PermissionSetArn: READ_ONLY,
        TargetType: 'ALL_PROVISIONED_ACCOUNTS',
      }),
    );
    const RequestId = provisioned.PermissionSetProvisioningStatus?.RequestId;
    const open = await client.send(
      new ListPermissionSetProvisioningStatusCommand({
        InstanceArn: INSTANCE,
        Filter: { Status: 'IN_PROGRESS' },
      }),
    );
    await world.pass(10);
    const described = await client.send(
      new DescribePermissionSetProvisioningStatusCommand({
        InstanceArn: INSTANCE,
        ProvisionPermissionSetRequestId: RequestId,
      }),
    );

    const date = { CreatedDate: new Date(START) };
    expect(provisioned.$metadata.requestId).toBe(RequestId);
    expect(open.PermissionSetsProvisioningStatus).toEqual([{ Status: 'IN_PROGRESS', RequestId, ...date }]);
    expect(described.PermissionSetProvisioningStatus).toEqual({
      Status: 'SUCCEEDED',
      RequestId,
      PermissionSetArn: READ_ONLY,
      ...date,
    });
  });

  test('the reason of a key problem arrives on the class of its error (F1)', async () => {
    const send = (): Promise<unknown> =>
      client
        .send(new DescribePermissionSetCommand({ InstanceArn: INSTANCE, PermissionSetArn: READ_ONLY }))
        .catch((error: unknown) => error);
    const caught = async (effect: FaultEffect): Promise<unknown> => {
      world.simulator.failNext({ operation: 'DescribePermissionSet', effect });
      return send();
    };

    const denied = await caught('kms-access-denied');
    const invalid = await caught('kms-disabled');

    expect(denied).toBeInstanceOf(AccessDeniedException);
    expect(denied).toMatchObject({ Reason: 'KMS_AccessDeniedException' });
    expect(invalid).toBeInstanceOf(ValidationException);
    expect(invalid).toMatchObject({ Reason: 'KMS_DisabledException' });
  });

  test('errors arrive as the classes of the SDK, with status and message (W4)', async () => {
    await client.send(new CreateAccountAssignmentCommand(input(ALICE_IN_PROD)));
    const failure = async (
      command: CreateAccountAssignmentCommand | DescribePermissionSetCommand,
    ): Promise<unknown> =>
      client.send(command as CreateAccountAssignmentCommand).catch((error: unknown) => error);

    const conflict = await failure(new CreateAccountAssignmentCommand(input(ALICE_IN_PROD)));
    const unknown = await failure(
      new DescribePermissionSetCommand({ InstanceArn: INSTANCE, PermissionSetArn: UNKNOWN_SET }),
    );
    const invalid = await failure(
      new DescribePermissionSetCommand({ InstanceArn: INSTANCE, PermissionSetArn: 'x' }),
    );
    const denied = await failure(
      new CreateAccountAssignmentCommand(
        input({ account: 'management', permissionSet: 'ReadOnly', user: 'bob' }),
      ),
    );
    world.simulator.failNext({
      operation: 'DescribePermissionSet',
      effect: { error: 'ThrottlingException', message: 'Rate exceeded' },
    });
    const throttled = await failure(
      new DescribePermissionSetCommand({ InstanceArn: INSTANCE, PermissionSetArn: READ_ONLY }),
    );

    expect(conflict).toBeInstanceOf(ConflictException);
    expect(conflict).toMatchObject({
      message: 'There is a conflicting operation in process.',
      $metadata: { httpStatusCode: 400 },
    });
    expect(unknown).toBeInstanceOf(ResourceNotFoundException);
    expect(invalid).toBeInstanceOf(ValidationException);
    expect(denied).toBeInstanceOf(AccessDeniedException);
    expect(throttled).toBeInstanceOf(ThrottlingException);
  });

  test('paginators walk all pages (W8)', async () => {
    const arns: string[] = [];
    for await (const page of paginateListPermissionSets({ client, pageSize: 2 }, { InstanceArn: INSTANCE })) {
      arns.push(...(page.PermissionSets ?? []));
    }

    expect(arns).toEqual(world.simulator.world.permissionSets().map(({ arn }) => arn));
  });

  test('the paginator of provisions walks all pages (P17, W8)', async () => {
    const accounts = ['222222222222', '333333333333', '444444444444'];
    const started: string[] = [];
    for (const account of accounts) started.unshift(await world.provision(READ_ONLY, account));

    const ids: (string | undefined)[] = [];
    const pages = paginateListPermissionSetProvisioningStatus(
      { client, pageSize: 2 },
      { InstanceArn: INSTANCE },
    );
    for await (const page of pages) {
      ids.push(...(page.PermissionSetsProvisioningStatus ?? []).map(({ RequestId }) => RequestId));
    }

    expect(ids).toEqual(started);
  });

  test('a lost reply is a broken connection, and the operation runs (F1)', async () => {
    world.simulator.failNext({ operation: 'CreateAccountAssignment', effect: 'lose-reply' });

    await expect(client.send(new CreateAccountAssignmentCommand(input(ALICE_IN_PROD)))).rejects.toThrow(
      /socket hang up|ECONNRESET/,
    );
    await world.pass(2);

    expect(world.rows()).toContain('prod/ReadOnly/alice');
  });

  test('the other two services answer their own clients (W1)', async () => {
    const store = new IdentitystoreClient(common);
    const organizations = new OrganizationsClient(common);

    const user = await store.send(
      new GetUserIdCommand({
        IdentityStoreId: STORE,
        AlternateIdentifier: { UniqueAttribute: { AttributePath: 'userName', AttributeValue: 'alice' } },
      }),
    );
    const account = await organizations.send(new DescribeAccountCommand({ AccountId: '333333333333' }));
    store.destroy();
    organizations.destroy();

    expect(user.UserId).toBe('aaaaaaaa-0000-4000-8000-000000000001');
    expect(account.Account).toMatchObject({ State: 'ACTIVE', JoinedTimestamp: new Date(START) });
  });

  test('the caller is found by the key that signed (C1)', async () => {
    const member = new SSOAdminClient({
      ...common,
      credentials: { accessKeyId: 'member', secretAccessKey: 's' },
    });

    await expect(
      member.send(new DeleteAccountAssignmentCommand(input(ALICE_IN_PROD))),
    ).rejects.toBeInstanceOf(AccessDeniedException);
    member.destroy();
  });
});
