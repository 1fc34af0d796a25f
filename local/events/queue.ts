import { createHash } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../assembly/json-values';

/** What a queue's template says; times in milliseconds. */
export interface QueueSettings {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly visibilityMs: number;
  readonly retentionMs: number;
  readonly delayMs: number;
  /** Bytes. */
  readonly largestMessage: number;
  /** Where a message goes that was received this often without being deleted. */
  readonly redrive: { readonly deadLetterArn: string; readonly receives: number } | undefined;
}

/** A message as it waits in a queue; instants in epoch milliseconds. */
export interface StoredMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes: JsonObject;
  readonly sentAt: number;
  visibleAt: number;
  receives: number;
  firstReceivedAt: number | undefined;
  /** Handle of the latest receipt. */
  receipt: string | undefined;
}

/** How many messages a queue has, in the three states that SQS tells apart. */
export interface QueueCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/**
 * One standard queue in memory. Messages come out in the order in which they went in, which SQS does not promise; nothing may
 * rely on it. Visibility and retention are worked out when somebody looks, so a queue keeps no timer.
 */
export class Queue {
  public readonly settings: QueueSettings;
  readonly #moveToDeadLetters: (message: StoredMessage) => void;
  #messages: StoredMessage[] = [];

  public constructor(settings: QueueSettings, moveToDeadLetters: (message: StoredMessage) => void) {
    this.settings = settings;
    this.#moveToDeadLetters = moveToDeadLetters;
  }

  public add(message: StoredMessage): void {
    this.#messages.push(message);
  }

  /** Up to `most` visible messages, invisible from then on until `visibleAt`. */
  public receive(
    now: number,
    most: number,
    visibleAt: number,
    receipt: () => string,
  ): readonly StoredMessage[] {
    this.#forgetOld(now);
    const received: StoredMessage[] = [];
    for (const message of [...this.#messages]) {
      if (received.length === most) break;
      if (message.visibleAt > now) continue;
      // Counted before this receipt: with two receives allowed, the third one moves the message instead of giving it.
      if (this.settings.redrive !== undefined && message.receives >= this.settings.redrive.receives) {
        this.#messages = this.#messages.filter((each) => each !== message);
        this.#moveToDeadLetters(message);
        continue;
      }
      message.visibleAt = visibleAt;
      message.receives += 1;
      message.firstReceivedAt ??= now;
      message.receipt = receipt();
      received.push(message);
    }
    return received;
  }

  /** Deletes the message that was received with this handle; an old handle deletes nothing, as on SQS. */
  public delete(receipt: string): void {
    this.#messages = this.#messages.filter((message) => message.receipt !== receipt);
  }

  public purge(): void {
    this.#messages = [];
  }

  public count(now: number): QueueCounts {
    this.#forgetOld(now);
    const hidden = this.#messages.filter(({ visibleAt }) => visibleAt > now);
    const inFlight = hidden.filter(({ receipt }) => receipt !== undefined).length;
    return {
      visible: this.#messages.length - hidden.length,
      inFlight,
      delayed: hidden.length - inFlight,
    };
  }

  #forgetOld(now: number): void {
    this.#messages = this.#messages.filter(({ sentAt }) => now - sentAt < this.settings.retentionMs);
  }
}

/** MD5 of a message's body, which clients compare with their own. */
export function md5OfBody(body: string): string {
  return createHash('md5').update(body).digest('hex');
}

/**
 * MD5 of message attributes, over name, type and value in a binary form with lengths before each (described in the SQS
 * developer guide, "Calculating the MD5 message digest for message attributes").
 */
export function md5OfAttributes(attributes: JsonObject): string {
  const hash = createHash('md5');
  const add = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of Object.keys(attributes).sort()) {
    const attribute = attributes[name];
    if (!isJsonObject(attribute)) continue;
    const { DataType: type, StringValue: text, BinaryValue: binary } = attribute;
    add(Buffer.from(name));
    add(Buffer.from(typeof type === 'string' ? type : ''));
    // 1 stands before a text, 2 before bytes.
    hash.update(Buffer.from([typeof text === 'string' ? 1 : 2]));
    add(
      typeof text === 'string'
        ? Buffer.from(text)
        : Buffer.from(typeof binary === 'string' ? binary : '', 'base64'),
    );
  }
  return hash.digest('hex');
}
