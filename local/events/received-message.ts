import { type JsonObject } from '../assembly/json-values';
import { md5OfAttributes, md5OfBody, type StoredMessage } from './queue';

/** Names in a list of a call; what is no text names nothing. */
export const names = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((name): name is string => typeof name === 'string') : [];

/** A received message, with the attributes that the call asks for. */
export function describeMessage(message: StoredMessage, input: JsonObject): JsonObject {
  const system: Record<string, string> = {
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? 0),
    ApproximateReceiveCount: String(message.receives),
    SentTimestamp: String(message.sentAt),
  };
  const wantedSystem = [...names(input.AttributeNames), ...names(input.MessageSystemAttributeNames)];
  const attributes = Object.entries(system).filter(
    ([name]) => wantedSystem.includes('All') || wantedSystem.includes(name),
  );
  const wantedOwn = names(input.MessageAttributeNames);
  const own = Object.entries(message.attributes).filter(
    ([name]) =>
      wantedOwn.includes('All') ||
      wantedOwn.includes(name) ||
      wantedOwn.some((wanted) => wanted.endsWith('.*') && name.startsWith(wanted.slice(0, -2))),
  );
  const chosen = Object.fromEntries(own);
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    Body: message.body,
    MD5OfBody: md5OfBody(message.body),
    ...(attributes.length === 0 ? {} : { Attributes: Object.fromEntries(attributes) }),
    ...(own.length === 0
      ? {}
      : { MessageAttributes: chosen, MD5OfMessageAttributes: md5OfAttributes(chosen) }),
  };
}
