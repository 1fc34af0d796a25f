import type { Timer } from '../../clock/local-clock';
import type { TaskState } from '../definition/machine';
import type { TaskResource } from '../definition/task-resource';
import { type Json, isObject, isTooLarge, parseJson } from '../json';
import { STATES, StateError } from '../state-error';
import { integrationFor } from '../tasks/integrations';
import type { Reply } from '../tasks/integration';
import { callFunction } from '../tasks/lambda';
import { childResult } from '../tasks/start-execution';
import { tooLarge } from './block';
import type { Execution } from './execution';
import { failure, payload } from './history';
import { Mailbox } from './mailbox';
import { Scope } from './scope';
import { type Settle, type Strand, settledBy } from './strand';

/** How long an attempt may take, in whole seconds. */
export interface Limits {
  readonly timeoutSeconds: number | undefined;
  readonly heartbeatSeconds: number | undefined;
}

/** A resource that is called through an integration. */
type IntegrationResource = Extract<TaskResource, { kind: 'integration' }>;

/** What marks a state that a person answers: the clock does not skip while one is open. */
const PERSON = /answered by a person/iu;

/** One attempt of a task, from its scheduling to its end. */
export class TaskAttempt {
  /** `$$.Task.Token`, where the task waits for one. */
  readonly token: string | undefined;
  readonly #strand: Strand;
  readonly #state: TaskState;
  readonly #scope: Scope;
  /** What came with the token, before or after somebody waits for it. */
  readonly #answer = new Mailbox<Json>();
  #timeout: Timer | undefined;
  #heartbeat: Timer | undefined;
  #heartbeatSeconds: number | undefined;

  constructor(strand: Strand, state: TaskState) {
    this.#strand = strand;
    this.#state = state;
    this.#scope = new Scope(strand.scope);
    this.token = state.resource.pattern === 'token' ? this.#openToken() : undefined;
  }

  /** Does the task. Throws `StateError`, after the event that tells of it. */
  async run(given: Json, limits: Limits): Promise<Json> {
    const { resource } = this.#state;
    if (isTooLarge(given)) throw tooLarge(resource.arn);
    this.#heartbeatSeconds = limits.heartbeatSeconds;
    return resource.kind === 'function'
      ? await this.#runFunction(resource.arn, given, limits)
      : await this.#runIntegration(resource, given, limits);
  }

  /** Takes back timers and token. */
  close(): void {
    this.#timeout?.cancel();
    this.#heartbeat?.cancel();
    if (this.token !== undefined) this.#ports.tokens.close(this.token);
    this.#scope.close();
  }

  /** The world, as the execution has it. */
  get #ports(): Execution['ports'] {
    return this.#strand.execution.ports;
  }

  /** The older way: the function's result is the task's, without metadata, and history has events of its own for it. */
  async #runFunction(arn: string, input: Json, limits: Limits): Promise<Json> {
    this.#strand.record('LambdaFunctionScheduled', {
      lambdaFunctionScheduledEventDetails: {
        resource: arn,
        ...payload('input', input),
        ...(limits.timeoutSeconds === undefined ? {} : { timeoutInSeconds: limits.timeoutSeconds }),
      },
    });
    this.#strand.record('LambdaFunctionStarted');
    this.#startTimers(limits);
    try {
      const call = { ports: this.#ports, execution: this.#strand.execution, letWork: this.#letWork };
      const { payload: output } = await callFunction(call, arn, input);
      const result = this.#checked((output ?? null) as Json);
      this.#strand.record('LambdaFunctionSucceeded', {
        lambdaFunctionSucceededEventDetails: payload('output', result),
      });
      return result;
    } catch (error) {
      const [type, member] = isTimeout(error)
        ? (['LambdaFunctionTimedOut', 'lambdaFunctionTimedOutEventDetails'] as const)
        : (['LambdaFunctionFailed', 'lambdaFunctionFailedEventDetails'] as const);
      this.#recordFailure(error, type, member, {});
      throw error;
    }
  }

  /**
   * Scheduled, started, for a task that waits submitted, and then its end. Which event tells of a failure depends on how
   * far it came.
   */
  async #runIntegration(resource: IntegrationResource, given: Json, limits: Limits): Promise<Json> {
    const names = { resourceType: resource.service, resource: resource.resource };
    this.#strand.record('TaskScheduled', {
      taskScheduledEventDetails: {
        ...names,
        region: this.#ports.region,
        parameters: JSON.stringify(given),
        ...(limits.timeoutSeconds === undefined ? {} : { timeoutInSeconds: limits.timeoutSeconds }),
        ...(limits.heartbeatSeconds === undefined ? {} : { heartbeatInSeconds: limits.heartbeatSeconds }),
      },
    });
    this.#strand.record('TaskStarted', { taskStartedEventDetails: names });
    this.#startTimers(limits);
    let submitted = false;
    try {
      const reply = await this.#call(resource, given);
      const waits = resource.pattern !== 'request';
      if (waits) {
        const output = payload('output', reply.response);
        this.#strand.record('TaskSubmitted', { taskSubmittedEventDetails: { ...names, ...output } });
        submitted = true;
      }
      const result = this.#checked(waits ? await this.#outcomeOf(resource, reply) : reply.response);
      this.#strand.record('TaskSucceeded', {
        taskSucceededEventDetails: { ...names, ...payload('output', result) },
      });
      return result;
    } catch (error) {
      const submitFailed = resource.pattern.startsWith('sync') && !submitted;
      const [type, member] = isTimeout(error)
        ? (['TaskTimedOut', 'taskTimedOutEventDetails'] as const)
        : submitFailed
          ? (['TaskSubmitFailed', 'taskSubmitFailedEventDetails'] as const)
          : (['TaskFailed', 'taskFailedEventDetails'] as const);
      this.#recordFailure(error, type, member, names);
      throw error;
    }
  }

  /** The request itself. Its answer is the result, or, for a task that waits, what `TaskSubmitted` shows. */
  async #call(resource: IntegrationResource, given: Json): Promise<Reply> {
    if (!isObject(given)) {
      throw new StateError(
        STATES.runtime,
        `the arguments of '${resource.arn}' must be an object, but were: ${JSON.stringify(given)}`,
      );
    }
    return await integrationFor(resource.service)({
      api: resource.api,
      arguments: given,
      ports: this.#ports,
      execution: this.#strand.execution,
      work: this.#work,
      letWork: this.#letWork,
    });
  }

  readonly #work = <T>(call: () => Promise<T>): Promise<T> => this.#strand.work(call, this.#scope);

  readonly #letWork = <T>(call: () => Promise<T>): Promise<T> =>
    // The function's runtime holds the clock, and lets go while the function sleeps.
    this.#strand.wait(settledBy(call), this.#scope);

  /** What a submitted task waits for: an answer by token, or the end of an execution. */
  async #outcomeOf(resource: IntegrationResource, reply: Reply): Promise<Json> {
    if (resource.pattern === 'token') return await this.#awaitToken();
    const { child } = reply;
    if (child === undefined) throw new StateError(STATES.runtime, `'${resource.arn}' started no execution`);
    await this.#awaitChild(child);
    return childResult(child, resource.pattern === 'sync:2');
  }

  /**
   * The answer may be there already. While a person is asked the clock is held; a timeout, a failure of the machine or a
   * stop releases it as well.
   */
  async #awaitToken(): Promise<Json> {
    const { name, comment } = this.#state;
    const isPersons = PERSON.test(comment ?? '');
    const release = isPersons ? this.#ports.clock.hold(`a person answers '${name}'`) : undefined;
    try {
      return await this.#strand.wait(this.#answer.take, this.#scope);
    } finally {
      release?.();
    }
  }

  /** Waits for a child; one that is waited for no longer is stopped, as the service does. */
  async #awaitChild(child: Execution): Promise<void> {
    if (child.status !== 'RUNNING') return;
    try {
      await this.#strand.wait(
        (settle: Settle<undefined>) =>
          child.onEnd(() => {
            settle.resolve(undefined);
          }),
        this.#scope,
      );
    } catch (error) {
      child.abort(undefined, undefined);
      throw error;
    }
  }

  /** Registered before the arguments are evaluated, as they carry it. An answer that comes early waits in the mailbox. */
  #openToken(): string {
    return this.#ports.tokens.open({
      machineArn: this.#strand.execution.machine.arn,
      succeed: (output) => {
        this.#answer.put(parseJson(output));
      },
      fail: (error, cause) => {
        this.#answer.fail(new StateError(error, cause));
      },
      heartbeat: () => {
        this.#beat();
      },
    });
  }

  /** Both count from here on, through the request and the wait. */
  #startTimers(limits: Limits): void {
    if (limits.timeoutSeconds !== undefined) {
      this.#timeout = this.#after(limits.timeoutSeconds, new StateError(STATES.timeout));
    }
    this.#beat();
  }

  /** A heartbeat came, or the task begins: the next one is due anew. Uncaught, a missed one is a `States.Timeout`. */
  #beat(): void {
    this.#heartbeat?.cancel();
    if (this.#heartbeatSeconds === undefined) return;
    const missed = new StateError(STATES.timeout, undefined, STATES.heartbeatTimeout);
    this.#heartbeat = this.#after(this.#heartbeatSeconds, missed);
  }

  /** A deadline of this attempt. It calls off whatever the attempt waits for, and leaves the strand in peace. */
  #after(seconds: number, reason: StateError): Timer {
    const { clock } = this.#ports;
    return clock.at(clock.now() + seconds * 1000, () => {
      // From here on nobody can answer: the task is over, even if its strand has not seen it yet.
      if (this.token !== undefined) this.#ports.tokens.close(this.token);
      this.#scope.cancel(reason);
    });
  }

  /** Looked at before the event of success, so that a result too large is a failure in history too. */
  #checked(result: Json): Json {
    if (isTooLarge(result)) throw tooLarge(this.#state.resource.arn);
    return result;
  }

  /** Tells of a failure that is the task's own. */
  #recordFailure(thrown: unknown, type: string, member: string, names: Record<string, string>): void {
    // Called off, or a slip of the interpreter: neither is the task's own failure.
    if (this.#strand.scope.reason !== undefined || !(thrown instanceof StateError)) return;
    this.#strand.record(type, { [member]: { ...names, ...failure(thrown.error, thrown.reason) } });
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof StateError && error.error === STATES.timeout;
}
