import { AwsError, type AwsCall } from '../aws-api/json-service';
import { isJsonObject, type JsonObject } from '../assembly/json-values';
import { eventTime, type EventEnvelope } from './event-envelope';
import { busNameOf } from './event-rules';

/** What `PutEvents` needs to know about the world. */
export interface PutEventsParts {
  readonly accountId: string;
  readonly region: string;
  readonly now: () => number;
  readonly uuid: () => string;
  readonly hasBus: (busName: string) => boolean;
  readonly put: (busName: string, event: EventEnvelope) => void;
}

/** Entries of one call. */
const MOST_ENTRIES = 10;

/** Bytes of all entries of one call together: 256 KiB. */
const LARGEST_CALL = 262_144;

/** An entry's time counts 14 bytes, whatever it is. */
const TIME_BYTES = 14;

/** An entry that was not taken, as the answer shows it. */
interface Refusal {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

const bytes = (value: unknown) => (typeof value === 'string' ? Buffer.byteLength(value) : 0);

function entrySize(entry: JsonObject): number {
  const resources = Array.isArray(entry.Resources) ? (entry.Resources as readonly unknown[]) : [];
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...resources];
  return texts.reduce<number>((sum, text) => sum + bytes(text), entry.Time === undefined ? 0 : TIME_BYTES);
}

function readEntries(input: JsonObject): readonly JsonObject[] {
  if (input.EndpointId !== undefined) {
    throw new AwsError(
      'ValidationException',
      'global endpoints (EndpointId) are not supported by the local runtime',
    );
  }
  const { Entries: entries } = input;
  if (
    !Array.isArray(entries) ||
    entries.length < 1 ||
    entries.length > MOST_ENTRIES ||
    !entries.every(isJsonObject)
  ) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length from 1 to ${MOST_ENTRIES}`,
    );
  }
  if (entries.reduce((sum, entry) => sum + entrySize(entry), 0) > LARGEST_CALL) {
    throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
  }
  return entries;
}

const missing = (name: string): Refusal => ({
  ErrorCode: 'InvalidArgument',
  ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
});

/** The detail, if it is a JSON object. */
function readDetail(text: string): JsonObject | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isJsonObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Times come as epoch seconds over the wire. */
function readTime(time: unknown, now: number): number | undefined {
  const at = time === undefined ? now : typeof time === 'number' ? time * 1000 : Number.NaN;
  return Number.isFinite(at) ? at : undefined;
}

function putEntry(entry: JsonObject, parts: PutEventsParts): Refusal | { readonly EventId: string } {
  const { Source: source, DetailType: detailType, Detail: text, Resources: resources = [] } = entry;
  if (typeof source !== 'string' || source === '') return missing('Source');
  if (typeof detailType !== 'string' || detailType === '') return missing('DetailType');
  if (typeof text !== 'string' || text === '') return missing('Detail');
  const detail = readDetail(text);
  if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  if (source.startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSource', ErrorMessage: 'Not authorized for the source.' };
  }
  const at = readTime(entry.Time, parts.now());
  if (at === undefined || !Array.isArray(resources) || !resources.every((each) => typeof each === 'string')) {
    const name = at === undefined ? 'Time' : 'Resources';
    return { ErrorCode: 'InvalidArgument', ErrorMessage: `Parameter ${name} is not valid.` };
  }
  const busName = busNameOf(typeof entry.EventBusName === 'string' ? entry.EventBusName : 'default');
  if (!parts.hasBus(busName)) {
    return { ErrorCode: 'ResourceNotFoundException', ErrorMessage: `Event bus ${busName} does not exist.` };
  }
  // Nothing can refuse the event from here on: an id is only ever given to what was put.
  const id = parts.uuid();
  parts.put(busName, {
    version: '0',
    id,
    'detail-type': detailType,
    source,
    account: parts.accountId,
    time: eventTime(at),
    region: parts.region,
    resources,
    detail,
  });
  return { EventId: id };
}

/**
 * Answers `PutEvents`: one result per entry, in order; an entry that is refused does not hold up the others.
 *
 * @throws AwsError ValidationException for a call that is refused as a whole (number of entries, size)
 */
export function putEvents({ input }: AwsCall, parts: PutEventsParts): JsonObject {
  const results = readEntries(input).map((entry) => putEntry(entry, parts));
  return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
}
