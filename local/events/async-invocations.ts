import { asNumber, asObject, asOptionalText, asText, refuseUnknown } from '../assembly/json-values';
import type { LocalAssembly } from '../assembly/local-assembly';
import { AwsError } from '../aws-api/json-service';
import type { LocalClock } from '../clock/local-clock';
import type { Invocation, LambdaInvoker } from '../lambda/lambda-invoker';
import { Destinations, plainArn, type Destination } from './destinations';
import type { Outlet } from './outlet';
import { callOf, type FunctionPermissions } from './permissions';

/** What a function's template says about events that it takes without an answer. */
interface AsyncSettings {
  readonly retries: number;
  readonly longestAgeMs: number;
  readonly onFailure: Destination | undefined;
  readonly onSuccess: Destination | undefined;
  readonly deadLetters: Destination | undefined;
}

/** Lambda's defaults: two more attempts, for at most six hours. */
const DEFAULT_RETRIES = 2;
const DEFAULT_AGE_SECONDS = 21_600;

/** Lambda waits one minute before the first retry after a function's error and two before the second. */
const RETRY_DELAYS_MS = [60_000, 120_000];

/** For a throttled function the wait doubles from a second to five minutes, until the event is too old. */
const THROTTLE_DELAY_MS = { first: 1000, longest: 300_000 };

/** An event on its way into a function. */
interface Pending {
  readonly functionArn: string;
  readonly payload: unknown;
  readonly acceptedAt: number;
  /** Attempts in which the function ran. */
  readonly attempts: number;
  readonly throttles: number;
}

/** What the queue of asynchronous invocations is made of. */
export interface AsyncInvocationParts {
  readonly assembly: LocalAssembly;
  readonly lambda: LambdaInvoker;
  readonly clock: LocalClock;
  readonly outlet: Outlet;
  /** Of the function's role, in whose name Lambda sends what becomes of an event. @default - everything is allowed */
  readonly permissions?: FunctionPermissions;
  /** Told in one sentence when an event is dropped because nothing is set up to take it. */
  readonly report: (sentence: string) => void;
}

/**
 * Lambda's queue of asynchronous invocations (`InvocationType: Event`): retries of what failed, then the function's
 * dead-letter queue and on-failure destination.
 */
export class AsyncInvocations {
  readonly #parts: AsyncInvocationParts;
  readonly #settings: ReadonlyMap<string, AsyncSettings>;

  /** @throws Error naming what a function's `DeadLetterConfig` or `AWS::Lambda::EventInvokeConfig` has that is not supported */
  public constructor(parts: AsyncInvocationParts) {
    this.#parts = parts;
    this.#settings = readSettings(parts.assembly);
  }

  /**
   * Takes an event for a function and returns at once.
   *
   * @param nameOrArn - name or ARN of the function, with or without a qualifier
   * @throws AwsError ResourceNotFoundException for a function that the template does not have
   */
  public invoke(nameOrArn: string, payload: unknown): void {
    const { assembly, clock } = this.#parts;
    const [name, qualifier] = nameOrArn.startsWith('arn:') ? [nameOrArn] : nameOrArn.split(':');
    const functionArn = nameOrArn.startsWith('arn:')
      ? nameOrArn
      : [`arn:aws:lambda:${assembly.region}:${assembly.accountId}:function:${name ?? ''}`, qualifier]
          .filter((part) => part !== undefined)
          .join(':');
    if (!this.#settings.has(plainArn(functionArn))) {
      throw new AwsError('ResourceNotFoundException', `Function not found: ${functionArn}`, 404);
    }
    void this.#attempt({ functionArn, payload, acceptedAt: clock.now(), attempts: 0, throttles: 0 });
  }

  async #attempt(pending: Pending): Promise<void> {
    const { clock, lambda } = this.#parts;
    const leave = clock.enter(`asynchronous invocation of ${pending.functionArn}`);
    let invocation: Promise<Invocation>;
    try {
      // The invoker takes hold of the clock before it first waits; while the function runs, that hold is the only one.
      invocation = lambda.invoke(pending.functionArn, pending.payload);
    } finally {
      leave();
    }
    let answer: Invocation;
    try {
      answer = await invocation;
    } catch (error) {
      // Whatever else goes wrong is a defect of the runtime, which must be seen and not retried.
      if (!(error instanceof AwsError) || error.code !== 'TooManyRequestsException') throw error;
      this.#retryThrottled(pending);
      return;
    }
    this.#settle({ ...pending, attempts: pending.attempts + 1 }, answer);
  }

  #settle(pending: Pending, invocation: Invocation): void {
    const { clock } = this.#parts;
    const settings = this.#settingsOf(pending);
    const leave = clock.enter(`outcome of ${pending.functionArn}`);
    try {
      if (invocation.functionError === undefined) {
        if (settings.onSuccess !== undefined) this.#tell(settings.onSuccess, 'Success', pending, invocation);
        return;
      }
      if (pending.attempts > settings.retries) {
        this.#giveUp(pending, 'RetriesExhausted', invocation);
        return;
      }
      const delay = RETRY_DELAYS_MS[Math.min(pending.attempts, RETRY_DELAYS_MS.length) - 1] ?? 0;
      this.#retryAfter(delay, pending, invocation);
    } finally {
      leave();
    }
  }

  #retryThrottled(pending: Pending): void {
    const delay = Math.min(THROTTLE_DELAY_MS.first * 2 ** pending.throttles, THROTTLE_DELAY_MS.longest);
    this.#retryAfter(delay, { ...pending, throttles: pending.throttles + 1 }, undefined);
  }

  #retryAfter(delay: number, pending: Pending, invocation: Invocation | undefined): void {
    const { clock } = this.#parts;
    const at = clock.now() + delay;
    if (at - pending.acceptedAt > this.#settingsOf(pending).longestAgeMs) {
      this.#giveUp(pending, 'EventAgeExceeded', invocation);
      return;
    }
    clock.at(at, () => void this.#attempt(pending));
  }

  /** Both the dead-letter queue (the event as it came) and the destination (a record of the invocation) are told. */
  #giveUp(
    pending: Pending,
    condition: 'RetriesExhausted' | 'EventAgeExceeded',
    invocation: Invocation | undefined,
  ): void {
    const { onFailure, deadLetters } = this.#settingsOf(pending);
    const error = asErrorText(invocation?.payload);
    if (deadLetters !== undefined) {
      this.#send(pending.functionArn, deadLetters, pending.payload, {
        RequestID: invocation?.requestId ?? '',
        ErrorCode: '200',
        ErrorMessage: error,
      });
    }
    if (onFailure !== undefined) this.#tell(onFailure, condition, pending, invocation);
    if (deadLetters === undefined && onFailure === undefined) {
      this.#parts.report(
        `an event for ${pending.functionArn} is dropped (${condition}, ${pending.attempts} attempts): ${error}`,
      );
    }
  }

  /** The record that a destination gets, with the members that Lambda gives it. */
  #tell(
    destination: Destination,
    condition: 'Success' | 'RetriesExhausted' | 'EventAgeExceeded',
    pending: Pending,
    invocation: Invocation | undefined,
  ): void {
    this.#send(pending.functionArn, destination, {
      version: '1.0',
      timestamp: new Date(this.#parts.clock.now()).toISOString(),
      requestContext: {
        requestId: invocation?.requestId ?? '',
        functionArn: `${plainArn(pending.functionArn)}:$LATEST`,
        condition,
        approximateInvokeCount: pending.attempts,
      },
      requestPayload: pending.payload,
      ...(invocation === undefined
        ? {}
        : {
            responseContext: {
              statusCode: invocation.statusCode,
              executedVersion: invocation.executedVersion,
              ...(invocation.functionError === undefined ? {} : { functionError: invocation.functionError }),
            },
            responsePayload: invocation.payload,
          }),
    });
  }

  #send(
    functionArn: string,
    destination: Destination,
    body: unknown,
    attributes?: Readonly<Record<string, string>>,
  ): void {
    const { outlet, permissions, report } = this.#parts;
    const call = callOf(destination);
    try {
      if (call !== undefined) permissions?.check(plainArn(functionArn), call);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      report(
        `what became of an event for ${functionArn} is not told to ${destination.arn}: ${error.message}`,
      );
      return;
    }
    outlet.send(destination, body, attributes);
  }

  #settingsOf({ functionArn }: Pending): AsyncSettings {
    const settings = this.#settings.get(plainArn(functionArn));
    if (settings === undefined)
      throw new Error(`the function ${functionArn} has no settings, although it was taken`);
    return settings;
  }
}

function asErrorText(payload: unknown): string {
  const { errorMessage } = (payload ?? {}) as { errorMessage?: unknown };
  return typeof errorMessage === 'string' ? errorMessage : JSON.stringify(payload ?? null);
}

function readSettings(assembly: LocalAssembly): ReadonlyMap<string, AsyncSettings> {
  const destinations = new Destinations(assembly);
  const configs = new Map(
    assembly.ofType('AWS::Lambda::EventInvokeConfig').map(({ logicalId, properties }) => {
      refuseUnknown(
        properties,
        [
          'DestinationConfig',
          'FunctionName',
          'MaximumEventAgeInSeconds',
          'MaximumRetryAttempts',
          'Qualifier',
        ],
        logicalId,
      );
      const name = asText(properties.FunctionName, `${logicalId}.FunctionName`);
      return [name.split(':function:').at(-1)?.split(':')[0] ?? name, { logicalId, properties }] as const;
    }),
  );
  return new Map(
    assembly.ofType('AWS::Lambda::Function').map(({ logicalId, properties }) => {
      const config = configs.get(assembly.ref(logicalId));
      const where = config?.logicalId ?? logicalId;
      const destination = asObject(config?.properties.DestinationConfig, `${where}.DestinationConfig`);
      const read = (value: unknown, member: string, allowed: readonly Destination['kind'][], at: string) => {
        const arn = asOptionalText(asObject(value, at)[member], `${at}.${member}`);
        return arn === undefined ? undefined : destinations.read(arn, allowed, `${at}.${member}`);
      };
      const { MaximumRetryAttempts = DEFAULT_RETRIES, MaximumEventAgeInSeconds = DEFAULT_AGE_SECONDS } =
        config?.properties ?? {};
      return [
        assembly.attribute(logicalId, 'Arn'),
        {
          retries: asNumber(MaximumRetryAttempts, `${where}.MaximumRetryAttempts`),
          longestAgeMs: asNumber(MaximumEventAgeInSeconds, `${where}.MaximumEventAgeInSeconds`) * 1000,
          onFailure: read(
            destination.OnFailure,
            'Destination',
            ['queue', 'topic', 'function'],
            `${where}.OnFailure`,
          ),
          onSuccess: read(
            destination.OnSuccess,
            'Destination',
            ['queue', 'topic', 'function'],
            `${where}.OnSuccess`,
          ),
          deadLetters: read(
            properties.DeadLetterConfig,
            'TargetArn',
            ['queue', 'topic'],
            `${logicalId}.DeadLetterConfig`,
          ),
        },
      ] as const;
    }),
  );
}
