import type { Random } from '../../../../core/ports/random';
import { AwsError } from '../../../../local/aws-api/json-service';
import type { ClockMode, LocalClock } from '../../../../local/clock/local-clock';
import { createSeededRandom, uuidFrom } from '../../../../local/clock/seeded-random';
import { createLocalClock } from '../../../../local/clock/virtual-clock';
import type { LambdaInvoker } from '../../../../local/lambda/lambda-invoker';
import type { AwsCaller } from '../../../../local/step-functions/aws-caller';
import { StepFunctionsService } from '../../../../local/step-functions/step-functions-service';

/** Where every test begins. */
export const START = Date.UTC(2026, 11, 1, 8);
/** How far a test moves time before it gives up: 20 days. */
const LONGEST_HOURS = 480;

export const ROLE = 'arn:aws:iam::123456789012:role/machine';
export const functionArn = (name: string): string => `arn:aws:lambda:us-east-1:123456789012:function:${name}`;

/** What a fake function can do besides answering. */
interface FunctionContext {
  /** Sleeps on virtual time, with the clock let go. */
  readonly sleep: (ms: number) => Promise<void>;
  /** How often the function was called before. */
  readonly calls: number;
}

export type FakeFunction = (payload: unknown, context: FunctionContext) => unknown;

/** Thrown by a fake function: answered as a function error. */
export class FunctionError extends Error {
  constructor(
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

export interface Setup {
  readonly mode?: ClockMode;
  readonly random?: Random;
  /** Puts something between the clock and those who use it. */
  readonly watch?: (clock: LocalClock) => LocalClock;
  readonly functions?: Readonly<Record<string, FakeFunction>>;
  readonly aws?: (service: string, operation: string, input: Readonly<Record<string, unknown>>) => unknown;
}

export interface ApiEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly type: string;
  readonly timestamp: number;
  readonly [details: string]: unknown;
}

/** An execution that has ended. */
export interface Finished {
  readonly arn: string;
  readonly status: string;
  readonly output: unknown;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly events: readonly ApiEvent[];
  /** The types of its events, in order. */
  readonly types: readonly string[];
  /** Virtual milliseconds from start to end. */
  readonly took: number;
}

type Answer = Readonly<Record<string, unknown>>;

/** A Step Functions service with a virtual clock, fake functions and a fake AWS. */
export class Runtime {
  readonly clock: LocalClock;
  readonly service: StepFunctionsService;
  /** Every call that reached the fake AWS. */
  readonly awsCalls: { service: string; operation: string; input: Readonly<Record<string, unknown>> }[] = [];
  readonly told: { machine: string; type: string }[] = [];
  readonly #ends = new Map<string, () => void>();
  readonly #ended = new Set<string>();
  #machines = 0;

  constructor(setup: Setup = {}) {
    const clock = createLocalClock({ mode: setup.mode ?? 'manual', startAt: START });
    this.clock = setup.watch?.(clock) ?? clock;
    const ids = createSeededRandom(7);
    this.service = new StepFunctionsService({
      clock: this.clock,
      random: setup.random ?? createSeededRandom(3),
      uuid: () => uuidFrom(ids),
      region: 'us-east-1',
      accountId: '123456789012',
      lambda: this.#lambda(setup.functions ?? {}, () => uuidFrom(ids)),
      aws: this.#aws(setup.aws),
      onTransition: ({ executionArn, machine, event }) => {
        this.told.push({ machine, type: event.type });
        if (!/^Execution(Succeeded|Failed|Aborted|TimedOut)$/u.test(event.type)) return;
        this.#ended.add(executionArn);
        this.#ends.get(executionArn)?.();
      },
    });
  }

  /** Calls the API. */
  api(operation: string, input: Answer = {}): Promise<Answer> {
    return this.service.call({ operation, input, requestId: '00000000-0000-4000-8000-000000000000' });
  }

  /** Makes a machine; answers its ARN. */
  create(definition: unknown, name?: string): string {
    this.#machines += 1;
    return this.service.create({
      name: name ?? `machine-${this.#machines}`,
      definition: JSON.stringify(definition),
      roleArn: ROLE,
    }).stateMachineArn;
  }

  start(stateMachineArn: string, input: unknown = {}, name?: string): string {
    return this.service.startExecution({
      stateMachineArn,
      input: JSON.stringify(input),
      ...(name === undefined ? {} : { name }),
    }).executionArn;
  }

  /** Makes a machine, runs it once, and answers how that ended. */
  async run(definition: unknown, input: unknown = {}): Promise<Finished> {
    return await this.finished(this.start(this.create(definition), input));
  }

  /** Waits for an execution's end. A manual clock is moved until then, so that every instant is exact. */
  async finished(arn: string): Promise<Finished> {
    await this.#ending(arn);
    const described = await this.api('DescribeExecution', { executionArn: arn });
    const events = await this.events(arn);
    const { output } = described;
    return {
      arn,
      status: String(described.status),
      output: typeof output === 'string' ? (JSON.parse(output) as unknown) : undefined,
      error: described.error as string | undefined,
      cause: described.cause as string | undefined,
      events,
      types: events.map((event) => event.type),
      took: Math.round((Number(described.stopDate) - Number(described.startDate)) * 1000),
    };
  }

  async #ending(arn: string): Promise<void> {
    if (this.clock.mode === 'skips') {
      if (!this.#ended.has(arn)) await new Promise<void>((resolve) => this.#ends.set(arn, resolve));
      return;
    }
    await this.clock.quiet();
    for (let hours = 0; !this.#ended.has(arn); hours += 1) {
      if (hours > LONGEST_HOURS) throw new Error(`${arn} did not end within ${LONGEST_HOURS} virtual hours`);
      await this.clock.advance(3_600_000);
    }
  }

  async events(arn: string): Promise<readonly ApiEvent[]> {
    const answer = await this.api('GetExecutionHistory', { executionArn: arn, maxResults: 1000 });
    return answer.events as ApiEvent[];
  }

  /** Lets everything run that can without time moving on. */
  async settle(): Promise<void> {
    await this.clock.quiet();
  }

  stop(): void {
    this.service.stop();
    this.clock.stop();
  }

  #lambda(functions: Readonly<Record<string, FakeFunction>>, uuid: () => string): LambdaInvoker {
    const calls = new Map<string, number>();
    return {
      invoke: async (arn, payload) => {
        const name = arn.split(':')[6] ?? arn;
        const run = functions[name];
        if (run === undefined) {
          throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
        }
        const before = calls.get(name) ?? 0;
        calls.set(name, before + 1);
        let leave = this.clock.enter(`function ${name}`);
        const sleep = async (ms: number): Promise<void> => {
          await new Promise<void>((resolve) => {
            this.clock.at(this.clock.now() + ms, () => {
              leave = this.clock.enter(`function ${name}`);
              resolve();
            });
            leave();
          });
        };
        const answered = { statusCode: 200, executedVersion: '$LATEST', requestId: uuid() } as const;
        try {
          return { ...answered, payload: (await run(payload, { sleep, calls: before })) ?? null };
        } catch (error) {
          if (!(error instanceof FunctionError)) throw error;
          const failure = { errorType: error.type, errorMessage: error.message, trace: [] };
          return { ...answered, payload: failure, functionError: 'Unhandled' };
        } finally {
          leave();
        }
      },
    };
  }

  #aws(answer: Setup['aws']): AwsCaller {
    return {
      supports: (_service, operation) => operation !== 'NoSuchOperation',
      call: (service, operation, input) => {
        this.awsCalls.push({ service, operation, input });
        return Promise.resolve().then(() => (answer?.(service, operation, input) ?? {}) as Answer);
      },
    };
  }
}

/** Makes a runtime that is stopped after the test. */
export function useRuntime(): (setup?: Setup) => Runtime {
  const made: Runtime[] = [];
  afterEach(() => {
    for (const runtime of made.splice(0)) runtime.stop();
  });
  return (setup) => {
    const runtime = new Runtime(setup);
    made.push(runtime);
    return runtime;
  };
}

/** A machine of one state, which ends it. */
export function single(
  state: Readonly<Record<string, unknown>>,
  language: 'JSONata' | 'JSONPath' = 'JSONata',
): unknown {
  const ends = ['Succeed', 'Fail', 'Choice'].includes(String(state.Type)) ? {} : { End: true };
  return { QueryLanguage: language, StartAt: 'Only', States: { Only: { ...state, ...ends } } };
}

/** The details of the first event of a type. */
export function detailsOf(finished: Finished, type: string): Record<string, unknown> {
  const event = finished.events.find((candidate) => candidate.type === type);
  if (event === undefined) throw new Error(`no ${type} among ${finished.types.join(', ')}`);
  const key = Object.keys(event).find((name) => name.endsWith('EventDetails'));
  return (key === undefined ? {} : event[key]) as Record<string, unknown>;
}
