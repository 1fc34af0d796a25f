import { AwsError } from '../aws-api/json-service';
import { isJsonObject, type JsonObject } from '../assembly/json-values';

/** An event as EventBridge hands it to its targets. */
export interface EventEnvelope {
  readonly version: '0';
  /** A UUID. */
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601, UTC, whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: JsonObject;
}

/** What an envelope takes where the event does not say. */
export interface EnvelopeDefaults {
  /** Draws one. */
  readonly id: () => string;
  readonly account: string;
  readonly region: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** `2026-12-01T08:00:00Z`: events carry whole seconds. */
export function eventTime(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

function invalid(message: string): never {
  throw new AwsError('ValidationException', message);
}

/** A text that must be there, or takes the default. */
function textOf(event: JsonObject, name: string, otherwise?: string): string {
  const value = event[name] ?? otherwise;
  if (typeof value !== 'string' || value === '') {
    return invalid(`the event's "${name}" must be a non-empty string, but is ${JSON.stringify(value)}`);
  }
  return value;
}

/**
 * Completes an event of an AWS service: `source` (`aws.…`), `detail-type` and `detail` must be there, the rest is filled in.
 *
 * @throws AwsError ValidationException that names the member and shows what stood there
 */
export function readServiceEvent(event: unknown, defaults: EnvelopeDefaults): EventEnvelope {
  if (!isJsonObject(event)) return invalid(`an event must be an object, but is ${JSON.stringify(event)}`);
  const { detail, resources = [] } = event;
  const source = textOf(event, 'source');
  if (!source.startsWith('aws.')) {
    invalid(
      `the source of an AWS service's event begins with "aws.", but is "${source}"; send others with PutEvents`,
    );
  }
  if (!isJsonObject(detail))
    return invalid(`the event's "detail" must be an object, but is ${JSON.stringify(detail)}`);
  if (!Array.isArray(resources) || !resources.every((resource) => typeof resource === 'string')) {
    return invalid(`the event's "resources" must be a list of strings, but is ${JSON.stringify(resources)}`);
  }
  const time = textOf(event, 'time', eventTime(defaults.at));
  if (Number.isNaN(Date.parse(time)))
    invalid(`the event's "time" must be an ISO 8601 instant, but is "${time}"`);
  return {
    version: '0',
    id: textOf(event, 'id', event.id === undefined ? defaults.id() : undefined),
    'detail-type': textOf(event, 'detail-type'),
    source,
    account: textOf(event, 'account', defaults.account),
    time,
    region: textOf(event, 'region', defaults.region),
    resources,
    detail,
  };
}
