import { isJsonObject, type JsonObject } from '../assembly/json-values';
import type { LocalAssembly } from '../assembly/local-assembly';
import { AwsError, type AwsCall, type JsonService } from '../aws-api/json-service';
import type { LocalClock } from '../clock/local-clock';
import type { EventBuses, PutEvent } from './event-buses';
import { readServiceEvent, type EventEnvelope } from './event-envelope';
import { compilePattern, PatternError } from './event-pattern';
import { busNameOf, type EventRule } from './event-rules';
import { putEvents } from './put-events';

/** What the service is made of. */
export interface EventsServiceParts {
  readonly assembly: LocalAssembly;
  readonly clock: LocalClock;
  /** A new UUID every time. */
  readonly uuid: () => string;
  readonly buses: EventBuses;
  readonly rules: readonly EventRule[];
}

/** Items in one page of a list, unless the call wants fewer. */
const PAGE = 100;

/** EventBridge: `PutEvents`, and looking at what the template set up. Rules and buses come from the template alone. */
export class EventsService implements JsonService {
  public readonly name = 'events';
  public readonly targetPrefix = 'AWSEvents';
  public readonly jsonVersion = '1.1';
  readonly #parts: EventsServiceParts;

  public constructor(parts: EventsServiceParts) {
    this.#parts = parts;
  }

  public call(call: AwsCall): Promise<JsonObject> {
    // A promise, so that what is thrown inside rejects it.
    return Promise.resolve().then(() => this.#answer(call));
  }

  /**
   * Puts an event of an AWS service on the default bus, as the service would.
   *
   * @returns the event as it was put, with what was missing filled in
   * @throws AwsError ValidationException for an envelope that is not one of an AWS service
   */
  public emit(event: unknown): EventEnvelope {
    const { assembly, buses, clock, uuid } = this.#parts;
    const envelope = readServiceEvent(event, {
      id: uuid,
      account: assembly.accountId,
      region: assembly.region,
      at: clock.now(),
    });
    buses.put('default', envelope);
    return envelope;
  }

  /** Puts a complete event of an AWS service on the default bus. */
  public take(event: EventEnvelope): void {
    this.#parts.buses.put('default', event);
  }

  /** Calls `listener` for every event put on a bus; answers how to stop that. Scheduled events go to their rule alone. */
  public onEvent(listener: (put: PutEvent) => void): () => void {
    return this.#parts.buses.onEvent(listener);
  }

  /** The last 1,000 events that were put on a bus, oldest first. */
  public recorded(busName: string): readonly EventEnvelope[] {
    return this.#parts.buses.recorded(busName);
  }

  #answer(call: AwsCall): JsonObject {
    const { input } = call;
    switch (call.operation) {
      case 'PutEvents':
        return this.#putEvents(call);
      case 'ListEventBuses':
        return this.#listEventBuses(input);
      case 'ListRules':
        return this.#listRules(input);
      case 'DescribeRule':
        return describeRule(this.#rule(input, 'Name'));
      case 'ListTargetsByRule':
        return page(
          'Targets',
          this.#rule(input, 'Rule').targets.map(({ description }) => description),
          input,
        );
      case 'TestEventPattern':
        return testEventPattern(input);
      default:
        throw new AwsError(
          'UnknownOperationException',
          `events:${call.operation} is not supported by the local runtime; rules and buses come from the template`,
        );
    }
  }

  #putEvents(call: AwsCall): JsonObject {
    const { assembly, buses, clock, uuid } = this.#parts;
    return putEvents(call, {
      accountId: assembly.accountId,
      region: assembly.region,
      now: () => clock.now(),
      uuid,
      hasBus: (busName) => buses.has(busName),
      put: (busName, event) => {
        buses.put(busName, event);
      },
    });
  }

  #listEventBuses(input: JsonObject): JsonObject {
    const prefix = text(input, 'NamePrefix') ?? '';
    const buses = this.#parts.buses.list().filter(({ name }) => name.startsWith(prefix));
    return page(
      'EventBuses',
      buses.map(({ name, arn }) => ({ Name: name, Arn: arn })),
      input,
    );
  }

  #listRules(input: JsonObject): JsonObject {
    const busName = this.#busName(input);
    const prefix = text(input, 'NamePrefix') ?? '';
    const rules = this.#parts.rules.filter(
      (rule) => rule.busName === busName && rule.name.startsWith(prefix),
    );
    return page('Rules', rules.map(describeRule), input);
  }

  #busName(input: JsonObject): string {
    const busName = busNameOf(text(input, 'EventBusName') ?? 'default');
    if (!this.#parts.buses.has(busName)) {
      throw new AwsError('ResourceNotFoundException', `Event bus ${busName} does not exist.`);
    }
    return busName;
  }

  #rule(input: JsonObject, member: string): EventRule {
    const busName = this.#busName(input);
    const name = text(input, member) ?? '';
    const found = this.#parts.rules.find((rule) => rule.name === name && rule.busName === busName);
    if (found === undefined) {
      throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${busName}.`);
    }
    return found;
  }
}

function text(input: JsonObject, member: string): string | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new AwsError('ValidationException', `${member} must be a string, but is ${JSON.stringify(value)}`);
}

/** One page of a list; the token is the position of the next item. */
function page(member: string, items: readonly JsonObject[], input: JsonObject): JsonObject {
  const { Limit: limit = PAGE } = input;
  const start = Number(text(input, 'NextToken') ?? '0');
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1 || limit > PAGE) {
    throw new AwsError(
      'ValidationException',
      `Limit must be from 1 to ${PAGE}, but is ${JSON.stringify(limit)}`,
    );
  }
  if (!Number.isInteger(start) || start < 0)
    throw new AwsError('ValidationException', 'NextToken is not valid');
  const end = start + limit;
  return { [member]: items.slice(start, end), ...(end < items.length ? { NextToken: String(end) } : {}) };
}

function describeRule(rule: EventRule): JsonObject {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventBusName: rule.busName,
    State: rule.state,
    ...(rule.description === undefined ? {} : { Description: rule.description }),
    ...(rule.pattern === undefined ? {} : { EventPattern: rule.pattern.text }),
    ...(rule.schedule === undefined ? {} : { ScheduleExpression: rule.schedule }),
  };
}

/** Members without which `TestEventPattern` takes no event. */
const EVENT_MEMBERS = ['id', 'account', 'source', 'time', 'region', 'resources', 'detail-type'];

function testEventPattern(input: JsonObject): JsonObject {
  const event = parse(text(input, 'Event'));
  const missing = EVENT_MEMBERS.find((member) => !isJsonObject(event) || !Object.hasOwn(event, member));
  if (!isJsonObject(event) || missing !== undefined) {
    throw new AwsError(
      'ValidationException',
      `Parameter Event is not valid. Reason: the event must be a JSON object with ${EVENT_MEMBERS.join(', ')}` +
        (missing === undefined ? '' : `; "${missing}" is missing`),
    );
  }
  try {
    return { Result: compilePattern(parse(text(input, 'EventPattern')))(event) };
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new AwsError(
      'InvalidEventPatternException',
      `Event pattern is not valid. Reason: ${error.message}`,
    );
  }
}

/** `undefined` for what is not JSON. */
function parse(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? '') as unknown;
  } catch {
    return undefined;
  }
}
