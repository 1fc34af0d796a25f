import fc from 'fast-check';
import { arnOf, eventsWorld, type EventsWorld } from './events-world';

const SECOND = 1000;

const QUEUES = {
  Work: [
    'AWS::SQS::Queue',
    {
      QueueName: 'work',
      VisibilityTimeout: 10,
      MessageRetentionPeriod: 3600,
      RedrivePolicy: { deadLetterTargetArn: arnOf('Dead'), maxReceiveCount: 2 },
    },
  ],
  Dead: ['AWS::SQS::Queue', { QueueName: 'dead' }],
} as const;

const URL = { QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/222233334444/work' };

interface Received {
  readonly Body: string;
  readonly ReceiptHandle: string;
  readonly MD5OfBody: string;
}

const send = (world: EventsWorld, MessageBody: string, more = {}) =>
  world.call('queues', 'SendMessage', { ...URL, MessageBody, ...more });

async function receive(world: EventsWorld, more: Record<string, unknown> = {}): Promise<readonly Received[]> {
  const { Messages = [] } = await world.call('queues', 'ReceiveMessage', {
    ...URL,
    MaxNumberOfMessages: 10,
    ...more,
  });
  return Messages as readonly Received[];
}

const bodies = async (world: EventsWorld, more?: Record<string, unknown>) =>
  (await receive(world, more)).map(({ Body }) => Body);

const counts = async (world: EventsWorld, queue = 'work') => {
  const QueueUrl = `http://127.0.0.1:4600/222233334444/${queue}`;
  const { Attributes } = await world.call('queues', 'GetQueueAttributes', {
    QueueUrl,
    AttributeNames: ['All'],
  });
  const all = Attributes as Record<string, string>;
  return ['', 'NotVisible', 'Delayed'].map((kind) => Number(all[`ApproximateNumberOfMessages${kind}`]));
};

describe('a queue', () => {
  test('is found by name and listed', async () => {
    const world = eventsWorld(QUEUES);
    expect(await world.call('queues', 'GetQueueUrl', { QueueName: 'work' })).toEqual({
      QueueUrl: 'http://127.0.0.1/222233334444/work',
    });
    expect(await world.call('queues', 'ListQueues', { QueueNamePrefix: 'd' })).toEqual({
      QueueUrls: ['http://127.0.0.1/222233334444/dead'],
    });
  });

  test('that is not there is said to be so', async () => {
    const call = eventsWorld(QUEUES).call('queues', 'SendMessage', { QueueUrl: 'x/nope', MessageBody: 'a' });
    await expect(call).rejects.toMatchObject({ code: 'com.amazonaws.sqs#QueueDoesNotExist' });
  });

  test('gives a message with the digests that clients check', async () => {
    const world = eventsWorld(QUEUES);
    const MessageAttributes = { a: { DataType: 'String', StringValue: 'b' } };
    const sent = await send(world, 'hello', { MessageAttributes });
    const [message] = await receive(world, { MessageAttributeNames: ['All'], AttributeNames: ['All'] });
    expect(sent).toMatchObject({ MD5OfMessageBody: '5d41402abc4b2a76b9719d911017c592' });
    expect(message).toMatchObject({
      Body: 'hello',
      MD5OfBody: '5d41402abc4b2a76b9719d911017c592',
      MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
      MessageAttributes,
      Attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(world.clock.now()) },
    });
  });

  test('hides what is received until its visibility times out', async () => {
    const world = eventsWorld(QUEUES);
    await send(world, 'a');
    const first = await bodies(world);
    await world.clock.advance(10 * SECOND - 1);
    const early = await bodies(world);
    await world.clock.advance(1);
    expect([first, early, await bodies(world)]).toEqual([['a'], [], ['a']]);
  });

  test('forgets what is deleted, by the latest handle only', async () => {
    const world = eventsWorld(QUEUES);
    await send(world, 'a');
    const [old] = await receive(world, { VisibilityTimeout: 0 });
    const [latest] = await receive(world, { VisibilityTimeout: 0 });
    await world.call('queues', 'DeleteMessage', { ...URL, ReceiptHandle: old?.ReceiptHandle });
    const kept = await counts(world);
    await world.call('queues', 'DeleteMessage', { ...URL, ReceiptHandle: latest?.ReceiptHandle });
    expect([kept, await counts(world)]).toEqual([
      [1, 0, 0],
      [0, 0, 0],
    ]);
  });

  test('moves to its dead letters what was received too often', async () => {
    const world = eventsWorld(QUEUES);
    await send(world, 'a');
    const received = [];
    for (let times = 0; times < 3; times += 1) received.push(await bodies(world, { VisibilityTimeout: 0 }));
    expect(received).toEqual([['a'], ['a'], []]);
    expect([await counts(world), await counts(world, 'dead')]).toEqual([
      [0, 0, 0],
      [1, 0, 0],
    ]);
  });

  test('delays, retains and purges', async () => {
    const world = eventsWorld(QUEUES);
    await send(world, 'late', { DelaySeconds: 60 });
    const delayed = await counts(world);
    await world.clock.advance(60 * SECOND);
    const visible = await counts(world);
    await world.clock.advance(3540 * SECOND);
    const old = await counts(world);
    await send(world, 'b');
    await world.call('queues', 'PurgeQueue', URL);
    expect([delayed, visible, old, await counts(world)]).toEqual([
      [0, 0, 1],
      [1, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });

  test('gives everything that was sent, once and in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ minLength: 1 }), { maxLength: 15 }), async (texts) => {
        const world = eventsWorld(QUEUES);
        for (const text of texts) await send(world, text);
        const all = [...(await bodies(world)), ...(await bodies(world))];
        expect(all).toEqual(texts);
        expect(await bodies(world)).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  test.each<[string, Record<string, unknown>]>([
    ['SendMessage', { MessageBody: '' }],
    ['SendMessage', { MessageBody: 'x'.repeat(262_145) }],
    ['SendMessage', {}],
    ['SendMessage', { MessageBody: 'x', DelaySeconds: 901 }],
    ['ReceiveMessage', { MaxNumberOfMessages: 11 }],
    ['GetQueueAttributes', { AttributeNames: ['Nope'] }],
    ['SetQueueAttributes', {}],
  ])('refuses %s that is not valid', async (operation, input) => {
    const call = eventsWorld(QUEUES).call('queues', operation, { ...URL, ...input });
    await expect(call).rejects.toMatchObject({ statusCode: 400 });
  });

  test('with dead letters outside of the stack stops the load', () => {
    const RedrivePolicy = { deadLetterTargetArn: 'arn:aws:sqs:x:1:far', maxReceiveCount: 1 };
    expect(() => eventsWorld({ Work: ['AWS::SQS::Queue', { RedrivePolicy }] })).toThrow(
      /far, which is not in the stack/,
    );
  });
});
