import {
  InvalidToken,
  SFNClient,
  SendTaskSuccessCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { changeAssignment } from '../../../core/assignments/change';
import { announceGrant } from '../../../core/requests/announce';
import { awaitSignal } from '../../../core/requests/await-signal';
import { openLeases } from '../../../core/requests/change-leases';
import { wakeRequest } from '../../../core/requests/wake';
import { SdkWorkflows } from '../../../lambdas/runtime/workflows';
import { awsError } from '../../support/aws-errors';
import { keyOf } from '../../support/dispatcher-world';
import { RequestWorld, decided } from './requests';

/** A request that waits for its grant, whose token is answered as the AWS SDK does it. */
async function waitingForGrant(): Promise<RequestWorld> {
  const world = RequestWorld.with(decided());
  const sdk = new SdkWorkflows({
    accessRequest: () => 'machine',
    rollout: () => '',
    dispatcher: () => 'machine',
    reconcile: () => '',
    baseline: () => '',
  });
  world.workflows.answer = (token, answer) => sdk.answer(token, answer);
  await openLeases(world, 'req-1');
  await awaitSignal(world, { requestId: 'req-1', attempt: 1 }, { signal: 'grant', token: 't' });
  return world;
}

/** What the ledger has of the request, without the count of writes. */
async function storyOf(world: RequestWorld): Promise<unknown> {
  const { version: _request, ...request } = await world.request();
  const { version: _assignment, ...assignment } = await world.assignment();
  const reports = await world.requests.reports('req-1');
  return [request, assignment, reports.map(({ assignmentVersion: _older, ...report }) => report)];
}

describe('a second answer', () => {
  const sfn = mockClient(SFNClient);

  beforeEach(() => {
    sfn.reset();
  });

  test.each([
    ['whose task has ended', awsError(TaskTimedOut, 400)],
    ['whose execution is gone', awsError(TaskDoesNotExist, 400)],
    ['that is not known any more', awsError(InvalidToken, 400)],
  ])('to a token %s changes nothing, and alarms nobody', async (_case, error) => {
    sfn.on(SendTaskSuccessCommand).resolvesOnce({}).rejects(error);
    const world = await waitingForGrant();
    await world.drain();
    await announceGrant(world, 'req-1');
    const before = await storyOf(world);

    // A pass that died before it took the request off the list has to tell it again.
    await changeAssignment(world, keyOf(), (present) => ({ ...present, toTell: ['req-1'] }));
    await world.minutes(1);
    await wakeRequest(world, 'req-1');

    const tokens = sfn.commandCalls(SendTaskSuccessCommand).map(({ args: [{ input }] }) => input.taskToken);
    expect(tokens).toEqual(['t', 't', 't']);
    expect(await storyOf(world)).toEqual(before);
    expect(world.announced).toEqual(['AccessGranted']);
    expect(world.observer.warnings).toEqual([]);
  });
});
