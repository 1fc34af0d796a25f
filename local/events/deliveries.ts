import type { Random } from '../../core/ports/random';
import { AwsError } from '../aws-api/json-service';
import type { LocalClock } from '../clock/local-clock';
import type { EventEnvelope } from './event-envelope';
import type { EventRule, RuleTarget } from './event-rules';
import type { Outlet } from './outlet';
import { InputError } from './target-input';

/** An event on its way to one target of a rule. */
interface Delivery {
  readonly rule: EventRule;
  readonly target: RuleTarget;
  readonly event: EventEnvelope;
  readonly startedAt: number;
  /** Retries so far. */
  readonly retries: number;
}

/** The wait before a retry: it doubles from a second to 15 minutes; EventBridge says no more than "exponential, with jitter". */
const RETRY_DELAY_MS = { first: 1000, longest: 900_000 };

/** Errors that no retry helps against. */
const HOPELESS: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'InvalidArn',
  'QueueDoesNotExist',
  'ResourceNotFoundException',
  'StateMachineDoesNotExist',
  'ValidationException',
]);

/** What deliveries are made of. */
export interface DeliveryParts {
  readonly clock: LocalClock;
  readonly random: Random;
  /** Hands `input` to a target; throws `AwsError` if the target does not take it. */
  readonly hand: (target: RuleTarget, input: unknown, event: EventEnvelope) => Promise<void>;
  readonly outlet: Outlet;
  /** Told in one sentence when an event is dropped because its target has no dead-letter queue. */
  readonly report: (sentence: string) => void;
}

/** Brings events to targets, again and again if need be, and to the target's dead-letter queue in the end. */
export class Deliveries {
  readonly #parts: DeliveryParts;

  public constructor(parts: DeliveryParts) {
    this.#parts = parts;
  }

  /** Starts the delivery of an event to one target and returns at once. */
  public start(rule: EventRule, target: RuleTarget, event: EventEnvelope): void {
    void this.#attempt({ rule, target, event, startedAt: this.#parts.clock.now(), retries: 0 });
  }

  async #attempt(delivery: Delivery): Promise<void> {
    const { clock, hand } = this.#parts;
    const { rule, target, event } = delivery;
    const leave = clock.enter(
      `delivery of ${event.source} "${event['detail-type']}" to ${target.destination.arn}`,
    );
    try {
      const input = target.input(event, { ruleArn: rule.arn, ruleName: rule.name, at: delivery.startedAt });
      await hand(target, input, event);
    } catch (error) {
      // Anything else is a defect of the runtime, which must be seen and not retried.
      if (!(error instanceof AwsError) && !(error instanceof InputError)) throw error;
      this.#failed(delivery, error);
    } finally {
      leave();
    }
  }

  #failed(delivery: Delivery, error: AwsError | InputError): void {
    const { clock, random } = this.#parts;
    const { target, retries } = delivery;
    if (error instanceof InputError || HOPELESS.has(error.code)) {
      this.#giveUp(delivery, error, undefined);
      return;
    }
    const ceiling = Math.min(RETRY_DELAY_MS.first * 2 ** retries, RETRY_DELAY_MS.longest);
    // Half of the wait is fixed, half is chance, so that a retry is never immediate.
    const at = clock.now() + Math.ceil(ceiling / 2 + (ceiling / 2) * random.next());
    if (retries >= target.retries) this.#giveUp(delivery, error, 'MaximumRetryAttempts');
    else if (at - delivery.startedAt > target.longestAgeMs)
      this.#giveUp(delivery, error, 'MaximumEventAgeInSeconds');
    else clock.at(at, () => void this.#attempt({ ...delivery, retries: retries + 1 }));
  }

  #giveUp(
    { rule, target, event, retries }: Delivery,
    error: AwsError | InputError,
    exhausted: string | undefined,
  ): void {
    const { outlet, report } = this.#parts;
    if (target.deadLetterArn === undefined) {
      report(`event ${event.id} is dropped: ${target.destination.arn} does not take it (${error.message})`);
      return;
    }
    outlet.send({ kind: 'queue', arn: target.deadLetterArn }, event, {
      RULE_ARN: rule.arn,
      TARGET_ARN: target.destination.arn,
      ERROR_CODE: errorCode(error),
      ERROR_MESSAGE: error.message,
      RETRY_ATTEMPTS: String(retries),
      ...(exhausted === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: exhausted }),
    });
  }
}

/** The codes that EventBridge writes on dead letters. */
function errorCode(error: AwsError | InputError): string {
  if (error instanceof InputError) return 'INVALID_JSON';
  if (/NotFound|DoesNotExist/.test(error.code)) return 'NO_RESOURCE';
  return /Throttl|TooManyRequests/.test(error.code) ? 'THROTTLING' : 'SDK_CLIENT_ERROR';
}
