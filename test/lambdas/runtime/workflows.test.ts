import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  ExecutionLimitExceeded,
  InvalidToken,
  ListExecutionsCommand,
  SFNClient,
  SFNServiceException,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StateMachineDoesNotExist,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { SdkWorkflows } from '../../../lambdas/runtime/workflows';
import { awsError, timeout } from '../../support/aws-errors';

const MACHINE = 'arn:aws:states:us-east-1:222233334444:stateMachine:latchkey-access-request';
const DISPATCHER = 'arn:aws:states:us-east-1:222233334444:stateMachine:latchkey-dispatcher';
const serviceError = (name: string, $fault: 'client' | 'server', httpStatusCode: number) =>
  new SFNServiceException({ name, $fault, message: 'for a test', $metadata: { httpStatusCode } });

/** Failures of every call that say nothing about whether it was needed. */
const FAILURES: readonly (readonly [string, Error])[] = [
  ['a timeout', timeout()],
  ['a throttle', serviceError('ThrottlingException', 'client', 400)],
  ['a missing right', serviceError('AccessDeniedException', 'client', 400)],
  ['an error of the service', serviceError('InternalServerException', 'server', 500)],
  ['a key without the right', serviceError('KmsAccessDeniedException', 'client', 400)],
  ['a machine that is not there', awsError(StateMachineDoesNotExist, 400)],
];

describe('SdkWorkflows', () => {
  const sfn = mockClient(SFNClient);
  const workflows = new SdkWorkflows({
    accessRequest: () => MACHINE,
    rollout: () => 'arn:aws:states:eu-west-1:222233334444:stateMachine:latchkey-permission-set-rollout',
    dispatcher: () => DISPATCHER,
    reconcile: () => 'arn:aws:states:eu-west-1:222233334444:stateMachine:latchkey-reconcile',
    baseline: () => 'arn:aws:states:eu-west-1:222233334444:stateMachine:latchkey-account-baseline',
  });

  beforeEach(() => {
    sfn.reset();
  });

  test('starts executions under names that make a second start harmless, with ids alone as their input', async () => {
    sfn.on(StartExecutionCommand).resolves({});

    await workflows.startAccessRequest('req-1', 2);
    await workflows.startDispatcher(7);

    expect(sfn.calls().map(({ args: [{ input }] }) => input)).toEqual([
      { stateMachineArn: MACHINE, name: 'req-1-2', input: '{"requestId":"req-1","attempt":2}' },
      { stateMachineArn: DISPATCHER, name: 'dispatcher-7', input: '{"epoch":7}' },
    ]);
  });

  test('takes a name that is taken for started', async () => {
    sfn.on(StartExecutionCommand).rejects(awsError(ExecutionAlreadyExists, 400));

    await expect(workflows.startAccessRequest('req-1', 1)).resolves.toBeUndefined();
    await expect(workflows.startDispatcher(1)).resolves.toBeUndefined();
  });

  test.each([...FAILURES, ['too many executions', awsError(ExecutionLimitExceeded, 400)] as const])(
    'never takes %s for started',
    async (_case, error) => {
      sfn.on(StartExecutionCommand).rejects(error);

      await expect(workflows.startAccessRequest('req-1', 1)).rejects.toBe(error);
      await expect(workflows.startDispatcher(1)).rejects.toBe(error);
    },
  );

  test.each([
    ['RUNNING', 'running'],
    ['SUCCEEDED', 'over'],
    ['FAILED', 'over'],
    ['TIMED_OUT', 'over'],
    ['ABORTED', 'over'],
  ] as const)('tells an execution that is %s to be %s', async (status, state) => {
    const executionArn = 'arn:aws:states:us-east-1:222233334444:execution:latchkey-access-request:req-1-3';
    sfn.on(DescribeExecutionCommand, { executionArn }).resolves({ status });

    expect(await workflows.accessRequestState('req-1', 3)).toBe(state);
  });

  test('tells an execution that never began', async () => {
    sfn.on(DescribeExecutionCommand).rejects(awsError(ExecutionDoesNotExist, 400));

    expect(await workflows.accessRequestState('req-1', 1)).toBe('none');
  });

  test('lists what runs on all pages', async () => {
    const item = (name: string) =>
      ({
        name,
        executionArn: name,
        stateMachineArn: MACHINE,
        status: 'RUNNING',
        startDate: new Date(0),
      }) as const;
    sfn
      .on(ListExecutionsCommand, { statusFilter: 'RUNNING' })
      .resolves({ executions: [item('req-1-1')], nextToken: '2' });
    sfn.on(ListExecutionsCommand, { nextToken: '2' }).resolves({ executions: [item('req-2-1')] });

    expect(await workflows.runningAccessRequests()).toEqual(new Set(['req-1-1', 'req-2-1']));
  });

  test.each(FAILURES)('never takes %s for an execution that is gone', async (_case, error) => {
    sfn.rejects(error);

    await expect(workflows.accessRequestState('req-1', 1)).rejects.toBe(error);
    await expect(workflows.runningAccessRequests()).rejects.toBe(error);
  });

  test('answers a token with the signal that it waits for', async () => {
    sfn.on(SendTaskSuccessCommand).resolves({});

    await workflows.answer('token', { signal: 'end' });

    expect(sfn.calls()[0]?.args[0].input).toEqual({ taskToken: 'token', output: '{"signal":"end"}' });
  });

  test.each([
    ['timed out', awsError(TaskTimedOut, 400)],
    ['was answered, or whose execution is gone', awsError(TaskDoesNotExist, 400)],
    ['nobody made', awsError(InvalidToken, 400)],
  ])('takes a token that %s for answered', async (_case, error) => {
    sfn.on(SendTaskSuccessCommand).rejects(error);

    await expect(workflows.answer('token', { signal: 'end' })).resolves.toBeUndefined();
  });

  test.each(FAILURES)('never takes %s for answered', async (_case, error) => {
    sfn.on(SendTaskSuccessCommand).rejects(error);

    await expect(workflows.answer('token', { signal: 'end' })).rejects.toBe(error);
  });
});
