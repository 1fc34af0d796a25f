import { AwsError } from '../aws-api/json-service';
import { refuseUnknown } from '../assembly/json-values';
import type { LocalAssembly } from '../assembly/local-assembly';
import { busArn } from './destinations';
import type { Deliveries } from './deliveries';
import type { EventEnvelope } from './event-envelope';
import type { EventRule } from './event-rules';
import { Remembered } from './outlet';

/** An event that was put on a bus. */
export interface PutEvent {
  readonly busName: string;
  readonly event: EventEnvelope;
}

// Encryption and logs of a bus have no meaning here; its dead letters are events that cannot be decrypted. Whom it lets in from elsewhere
// is read by bus-policies.ts.
const BUS_PROPERTIES = [
  'DeadLetterConfig',
  'Description',
  'KmsKeyIdentifier',
  'LogConfig',
  'Name',
  'Policy',
  'Tags',
];

/** The event buses: the default one and those of the template. */
export class EventBuses {
  readonly #names: ReadonlyMap<string, string>;
  readonly #rules: readonly EventRule[];
  readonly #deliveries: Deliveries;
  readonly #recorded = new Remembered<EventEnvelope>();
  readonly #listeners = new Set<(put: PutEvent) => void>();
  /** Events that a rule brought from another bus: they are not sent on to a third one. */
  readonly #forwarded = new WeakSet<EventEnvelope>();

  public constructor(assembly: LocalAssembly, rules: readonly EventRule[], deliveries: Deliveries) {
    const own = assembly.ofType('AWS::Events::EventBus').map(({ logicalId, properties }) => {
      refuseUnknown(properties, BUS_PROPERTIES, logicalId);
      return assembly.ref(logicalId);
    });
    this.#names = new Map(['default', ...own].map((name) => [name, busArn(assembly, name)]));
    this.#rules = rules;
    this.#deliveries = deliveries;
  }

  /** Name and ARN of every bus, the default one first. */
  public list(): readonly { readonly name: string; readonly arn: string }[] {
    return [...this.#names].map(([name, arn]) => ({ name, arn }));
  }

  public has(busName: string): boolean {
    return this.#names.has(busName);
  }

  /** Puts an event on a bus and starts its deliveries. */
  public put(busName: string, event: EventEnvelope): void {
    // Recorded and told before any delivery: what a target does about the event comes after it in every list.
    this.#recorded.add(busName, event);
    for (const listener of this.#listeners) listener({ busName, event });
    for (const rule of this.#rules) {
      if (rule.busName !== busName || rule.state === 'DISABLED' || rule.pattern?.fits({ ...event }) !== true)
        continue;
      for (const target of rule.targets) this.#deliveries.start(rule, target, event);
    }
  }

  /**
   * Sends an event on to another bus here.
   *
   * @throws AwsError if it came from another bus already: events go over one bus more, not over two
   */
  public forward(busName: string, event: EventEnvelope): void {
    this.mayLeave(event, busName);
    this.receive(busName, event);
  }

  /** @throws AwsError if the event came from another bus already */
  public mayLeave(event: EventEnvelope, busName: string): void {
    if (this.#forwarded.has(event)) {
      throw new AwsError(
        'ValidationException',
        `event ${event.id} came from another bus and is not sent on to ${busName}`,
      );
    }
  }

  /** Puts an event on a bus that a rule of another bus, here or elsewhere, has sent on. */
  public receive(busName: string, event: EventEnvelope): void {
    const copy = { ...event };
    this.#forwarded.add(copy);
    this.put(busName, copy);
  }

  /** The last 1,000 events on a bus, oldest first. */
  public recorded(busName: string): readonly EventEnvelope[] {
    return this.#recorded.at(busName);
  }

  /** Calls `listener` for every event that is put on a bus, before it is delivered. Answers how to stop that. */
  public onEvent(listener: (put: PutEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}
