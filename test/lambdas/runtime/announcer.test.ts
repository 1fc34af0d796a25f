import {
  EventBridgeClient,
  EventBridgeServiceException,
  InternalException,
  PutEventsCommand,
} from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { BusAnnouncer } from '../../../lambdas/runtime/announcer';
import { awsError, timeout } from '../../support/aws-errors';

describe('BusAnnouncer', () => {
  const bus = mockClient(EventBridgeClient);
  const announcer = new BusAnnouncer('latchkey');
  const publish = () => announcer.publish({ type: 'AccessGranted', detail: { requestId: 'req-1' } });

  beforeEach(() => {
    bus.reset();
  });

  test('puts one event on the bus, with its source', async () => {
    bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: '1' }] });

    await publish();

    expect(bus.commandCalls(PutEventsCommand).map(({ args: [{ input }] }) => input.Entries)).toEqual([
      [
        {
          EventBusName: 'latchkey',
          Source: 'latchkey',
          DetailType: 'AccessGranted',
          Detail: '{"requestId":"req-1"}',
        },
      ],
    ]);
  });

  test('does not take an event for published that the service answered as failed', async () => {
    bus.on(PutEventsCommand).resolves({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: 'ThrottlingException', ErrorMessage: 'Rate exceeded' }],
    });

    await expect(publish()).rejects.toThrow(
      'event AccessGranted was not taken: ThrottlingException Rate exceeded',
    );
  });

  test.each([
    ['a timeout', timeout()],
    [
      'a throttle',
      new EventBridgeServiceException({
        name: 'ThrottlingException',
        $fault: 'client',
        message: 'Rate exceeded',
        $metadata: { httpStatusCode: 400 },
      }),
    ],
    [
      'a missing right',
      new EventBridgeServiceException({
        name: 'AccessDeniedException',
        $fault: 'client',
        message: 'no',
        $metadata: { httpStatusCode: 400 },
      }),
    ],
    ['an error of the service', awsError(InternalException, 500)],
  ])('passes %s on', async (_case, error) => {
    bus.on(PutEventsCommand).rejects(error);

    await expect(publish()).rejects.toBe(error);
  });
});
