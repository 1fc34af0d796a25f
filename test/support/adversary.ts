import type { OperationEvent } from '../../local/identity-center/listeners';
import type { SimulatorSettings } from '../../local/identity-center/settings';
import type { TransitionEvent } from '../../local/step-functions/api/executions';
import type { TestApp } from './test-app';

/**
 * Operations that take as long as they must for something to happen meanwhile, and no longer: the dispatcher looks at them every
 * second, and each look costs a few milliseconds of a test.
 */
export const QUICK: Partial<SimulatorSettings> = {
  createLatency: { kind: 'fixed', seconds: 2 },
  deleteLatency: { kind: 'fixed', seconds: 3 },
};

/** The two state machines, as their ARNs end. */
export type Machine = 'latchkey-access-request' | 'latchkey-dispatcher';

/** Stops the executions of a machine that run now, as an operator with a wrong filter would. Answers how many there were. */
export async function stopExecutions(app: TestApp, machine: Machine): Promise<number> {
  const running = (await app.running()).filter(({ arn }) => arn.includes(`:${machine}:`));
  for (const { arn } of running) await stopExecution(app, arn);
  return running.length;
}

/** Stops one execution; one that is over already is left alone, as the service does. */
export async function stopExecution(app: TestApp, executionArn: string): Promise<void> {
  await app.runtime.states.call({ operation: 'StopExecution', requestId: 'test', input: { executionArn } });
}

/** Name of the deployed function whose construct id has this part, such as `AdvanceOperations`. */
export function functionNamed(app: TestApp, part: string): string {
  const found = app.runtime.lambda.functions().filter(({ name }) => name.includes(part));
  const [only] = found;
  if (only === undefined || found.length > 1)
    throw new Error(`${found.length} functions have ${part} in their name`);
  return only.name;
}

/** Messages in each dead-letter queue that has any, by the queue's name. */
export async function deadLetters(app: TestApp): Promise<Record<string, number>> {
  const { queues } = app.runtime.events;
  const call = (operation: string, input: object): Promise<Readonly<Record<string, unknown>>> =>
    queues.call({ operation, requestId: 'test', input: { ...input } });
  const { QueueUrls: urls = [] } = (await call('ListQueues', {})) as { QueueUrls?: string[] };
  const counts: Record<string, number> = {};
  for (const url of urls) {
    const { Attributes } = await call('GetQueueAttributes', {
      QueueUrl: url,
      AttributeNames: ['ApproximateNumberOfMessages'],
    });
    const count = Number((Attributes as Record<string, string>).ApproximateNumberOfMessages);
    if (count > 0) counts[url.split('/').at(-1) ?? url] = count;
  }
  return counts;
}

/** One operation as Identity Center saw it. Instants are epoch milliseconds. */
export interface WitnessedOperation {
  readonly kind: 'create' | 'delete';
  readonly requestId: string;
  readonly acceptedAt: number;
  endedAt?: number;
  status: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED';
}

/** Writes down, on Identity Center's side, every operation on every assignment. */
export class Witness {
  readonly #operations = new Map<string, WitnessedOperation[]>();
  /** Pairs of operations on one assignment of which the second was accepted before the first had ended. */
  readonly overlaps: string[] = [];

  constructor(app: TestApp) {
    app.runtime.simulator.onOperation((event) => {
      this.#take(event);
    });
  }

  /** Operations on one assignment, in the order of their acceptance. */
  of(user: string, permissionSet: string, account: string): readonly WitnessedOperation[] {
    return this.#operations.get(`${user} ${permissionSet} ${account}`) ?? [];
  }

  /** Kinds of the operations on one assignment: `create delete` where access came and went once. */
  story(user: string, permissionSet: string, account: string): string {
    return this.of(user, permissionSet, account)
      .map(({ kind }) => kind)
      .join(' ');
  }

  /** Assignments on which an operation was sent again although the one before it had worked. */
  repeats(): string[] {
    return [...this.#operations].flatMap(([key, operations]) =>
      operations.some(
        ({ kind }, index) =>
          index > 0 && operations[index - 1]?.kind === kind && operations[index - 1]?.status !== 'FAILED',
      )
        ? [`${key}: ${operations.map(({ kind, status }) => `${kind} ${status}`).join(', ')}`]
        : [],
    );
  }

  #take(event: OperationEvent): void {
    if (event.kind === 'provision') return;
    const { kind, requestId, status, account, permissionSet, principal, at } = event;
    const key = `${principal.name ?? principal.id} ${permissionSet.name ?? permissionSet.arn} ${account.id}`;
    const operations = this.#operations.get(key) ?? [];
    this.#operations.set(key, operations);
    const known = operations.find((each) => each.requestId === requestId);
    if (known !== undefined) {
      known.status = status;
      known.endedAt = at;
      return;
    }
    if (operations.some((each) => each.status === 'IN_PROGRESS'))
      this.overlaps.push(`${key}: ${kind} ${requestId}`);
    operations.push({ kind, requestId, status, acceptedAt: at });
  }
}

/**
 * Hears every call that a function makes to an AWS API, before it is carried out: `DynamoDB`, or a target such as
 * `SWBExternalService.CreateAccountAssignment`. The clock is held for each of them, by that name.
 */
export function onEveryCall({ runtime: { clock } }: TestApp, listener: (target: string) => void): void {
  const enter = clock.enter.bind(clock);
  clock.enter = (what) => {
    if (what === 'DynamoDB' || /^AWS\w+\.\w+$|^SWB\w+\.\w+$/.test(what)) listener(what);
    return enter(what);
  };
}

/** Kills the workers of every function but these, in whatever they do. */
export function killAllBut(app: TestApp, ...spared: readonly string[]): void {
  const { lambda } = app.runtime;
  for (const { name } of lambda.functions()) {
    if (!spared.some((part) => name.includes(part))) lambda.killWorkers(name);
  }
}

/** Hears the transitions of an app that is still to be started: its `hear` is for `TestApp.start`. */
export class Transitions {
  readonly #listeners = new Set<(event: TransitionEvent) => void>();

  readonly hear = (event: TransitionEvent): void => {
    for (const listener of this.#listeners) listener(event);
  };

  /** Answers the end of the subscription. */
  on(listener: (event: TransitionEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}

/** An access-request execution that enters or leaves a state. */
export interface Step {
  readonly requestId: string;
  readonly attempt: number;
  readonly executionArn: string;
  readonly state: string;
  readonly entered: boolean;
}

/** Calls back for every state that an access-request execution enters or leaves. Answers the end of the subscription. */
export function onSteps(transitions: Transitions, listener: (step: Step) => void): () => void {
  return transitions.on(({ executionArn, executionName, event: { details } }) => {
    const [, requestId, attempt] = /^(req-.+)-(\d+)$/.exec(executionName) ?? [];
    const { stateEnteredEventDetails, stateExitedEventDetails } = details;
    const name = (stateEnteredEventDetails ?? stateExitedEventDetails)?.name;
    if (requestId === undefined || typeof name !== 'string') return;
    listener({
      requestId,
      attempt: Number(attempt),
      executionArn,
      state: name,
      entered: stateEnteredEventDetails !== undefined,
    });
  });
}
