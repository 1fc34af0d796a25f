import { isJsonObject, type JsonObject } from '../assembly/json-values';
import type { LocalAssembly } from '../assembly/local-assembly';
import { AwsError, type AwsCall, type JsonService } from '../aws-api/json-service';
import type { LocalClock } from '../clock/local-clock';
import { md5OfAttributes, md5OfBody, Queue, type QueueSettings, type StoredMessage } from './queue';
import { readQueue } from './queue-settings';
import { describeMessage, names } from './received-message';

/** What the service is made of. */
export interface QueuesServiceParts {
  readonly assembly: LocalAssembly;
  readonly clock: LocalClock;
  /** Makes message ids and receipt handles: a new UUID every time. */
  readonly uuid: () => string;
}

/**
 * SQS over the template's queues, in memory: enough to see what became of dead letters and to try a message out.
 * `WaitTimeSeconds` is accepted and not waited for: an empty queue answers at once, since a call that waits would hold the
 * clock that it waits for.
 */
export class QueuesService implements JsonService {
  public readonly name = 'queues';
  public readonly targetPrefix = 'AmazonSQS';
  public readonly jsonVersion = '1.0';
  readonly #parts: QueuesServiceParts;
  readonly #queues: ReadonlyMap<string, Queue>;

  /** @throws Error naming a queue of the template and what about it is not supported */
  public constructor(parts: QueuesServiceParts) {
    this.#parts = parts;
    const settings = parts.assembly
      .ofType('AWS::SQS::Queue')
      .map((resource) => readQueue(resource, parts.assembly));
    const arns = settings.map(({ arn }) => arn);
    for (const { name, redrive } of settings) {
      if (redrive !== undefined && !arns.includes(redrive.deadLetterArn)) {
        throw new Error(
          `the queue ${name} has its dead letters in ${redrive.deadLetterArn}, which is not in the stack`,
        );
      }
    }
    this.#queues = new Map(
      settings.map(
        (each) =>
          [
            each.name,
            new Queue(each, (message) => {
              this.#moveToDeadLetters(each, message);
            }),
          ] as const,
      ),
    );
  }

  public call(call: AwsCall): Promise<JsonObject> {
    // A promise, so that what is thrown inside rejects it.
    return Promise.resolve().then(() => this.#answer(call));
  }

  /**
   * Puts a text into a queue, as a service of AWS does.
   *
   * @param attributes - message attributes, all of the type String
   * @throws AwsError QueueDoesNotExist
   */
  public enqueue(arn: string, body: string, attributes: Readonly<Record<string, string>> = {}): void {
    const queue = [...this.#queues.values()].find(({ settings }) => settings.arn === arn);
    if (queue === undefined) throw noSuchQueue();
    const described = Object.entries(attributes).map(
      ([name, value]) => [name, { DataType: 'String', StringValue: value }] as const,
    );
    this.#add(queue, body, Object.fromEntries(described), queue.settings.delayMs);
  }

  #answer({ operation, input }: AwsCall): JsonObject {
    switch (operation) {
      case 'ListQueues':
        return this.#list(input);
      case 'GetQueueUrl':
        return { QueueUrl: this.#named(input.QueueName).settings.url };
      case 'SendMessage':
        return this.#send(input);
      case 'ReceiveMessage':
        return this.#receive(input);
      case 'DeleteMessage':
        this.#queue(input).delete(requiredText(input, 'ReceiptHandle'));
        return {};
      case 'GetQueueAttributes':
        return this.#attributes(input);
      case 'PurgeQueue':
        this.#queue(input).purge();
        return {};
      default:
        throw new AwsError(
          'UnknownOperationException',
          `sqs:${operation} is not supported by the local runtime; queues come from the template`,
        );
    }
  }

  #list(input: JsonObject): JsonObject {
    const prefix = input.QueueNamePrefix === undefined ? '' : requiredText(input, 'QueueNamePrefix');
    const found = [...this.#queues.values()].filter(({ settings }) => settings.name.startsWith(prefix));
    return { QueueUrls: found.map(({ settings }) => settings.url) };
  }

  #send(input: JsonObject): JsonObject {
    const queue = this.#queue(input);
    const body = requiredText(input, 'MessageBody');
    const attributes = isJsonObject(input.MessageAttributes) ? input.MessageAttributes : {};
    if (body === '' || Buffer.byteLength(body) > queue.settings.largestMessage) {
      throw new AwsError(
        'InvalidParameterValue',
        `One or more parameters are invalid. Reason: Message must be from 1 to ${queue.settings.largestMessage} bytes.`,
      );
    }
    const delay =
      input.DelaySeconds === undefined
        ? queue.settings.delayMs
        : within(input, 'DelaySeconds', 0, 900) * 1000;
    const message = this.#add(queue, body, attributes, delay);
    return {
      MessageId: message.id,
      MD5OfMessageBody: md5OfBody(body),
      ...(Object.keys(attributes).length === 0
        ? {}
        : { MD5OfMessageAttributes: md5OfAttributes(attributes) }),
    };
  }

  #receive(input: JsonObject): JsonObject {
    const queue = this.#queue(input);
    const most = input.MaxNumberOfMessages === undefined ? 1 : within(input, 'MaxNumberOfMessages', 1, 10);
    const visibility =
      input.VisibilityTimeout === undefined
        ? queue.settings.visibilityMs
        : within(input, 'VisibilityTimeout', 0, 43_200) * 1000;
    const now = this.#parts.clock.now();
    const messages = queue.receive(now, most, now + visibility, this.#parts.uuid);
    // Without messages the service leaves the member out.
    return messages.length === 0
      ? {}
      : { Messages: messages.map((message) => describeMessage(message, input)) };
  }

  #attributes(input: JsonObject): JsonObject {
    const queue = this.#queue(input);
    const { settings } = queue;
    const { visible, inFlight, delayed } = queue.count(this.#parts.clock.now());
    const all: Record<string, string> = {
      QueueArn: settings.arn,
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(inFlight),
      ApproximateNumberOfMessagesDelayed: String(delayed),
      VisibilityTimeout: String(settings.visibilityMs / 1000),
      MessageRetentionPeriod: String(settings.retentionMs / 1000),
      DelaySeconds: String(settings.delayMs / 1000),
      MaximumMessageSize: String(settings.largestMessage),
      ...(settings.redrive === undefined
        ? {}
        : {
            RedrivePolicy: JSON.stringify({
              deadLetterTargetArn: settings.redrive.deadLetterArn,
              maxReceiveCount: settings.redrive.receives,
            }),
          }),
    };
    const wanted = names(input.AttributeNames);
    const unknown = wanted.find(
      (name) => name !== 'All' && !Object.hasOwn(all, name) && name !== 'RedrivePolicy',
    );
    if (unknown !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
    const chosen = Object.entries(all).filter(([name]) => wanted.includes('All') || wanted.includes(name));
    return { Attributes: Object.fromEntries(chosen) };
  }

  #add(queue: Queue, body: string, attributes: JsonObject, delay: number): StoredMessage {
    const now = this.#parts.clock.now();
    const message: StoredMessage = {
      id: this.#parts.uuid(),
      body,
      attributes,
      sentAt: now,
      visibleAt: now + delay,
      receives: 0,
      firstReceivedAt: undefined,
      receipt: undefined,
    };
    queue.add(message);
    return message;
  }

  /** A moved message keeps its id and its age, as on SQS, and can be received at once. */
  #moveToDeadLetters({ redrive }: QueueSettings, message: StoredMessage): void {
    const target = [...this.#queues.values()].find(({ settings }) => settings.arn === redrive?.deadLetterArn);
    target?.add({
      ...message,
      visibleAt: this.#parts.clock.now(),
      receives: 0,
      firstReceivedAt: undefined,
      receipt: undefined,
    });
  }

  /** By the last segment of its URL: host, port and account do not matter. */
  #queue(input: JsonObject): Queue {
    return this.#named(requiredText(input, 'QueueUrl').split('/').at(-1));
  }

  #named(name: unknown): Queue {
    const queue = typeof name === 'string' ? this.#queues.get(name) : undefined;
    if (queue === undefined) throw noSuchQueue();
    return queue;
  }
}

function noSuchQueue(): AwsError {
  return new AwsError('com.amazonaws.sqs#QueueDoesNotExist', 'The specified queue does not exist.');
}

function requiredText(input: JsonObject, member: string): string {
  const value = input[member];
  if (typeof value === 'string') return value;
  throw new AwsError('MissingParameter', `The request must contain the parameter ${member}.`);
}

function within(input: JsonObject, member: string, least: number, most: number): number {
  const value = input[member];
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new AwsError(
    'InvalidParameterValue',
    `Value ${JSON.stringify(value)} for parameter ${member} is invalid. Reason: Must be between ${least} and ${most}, if provided.`,
  );
}
