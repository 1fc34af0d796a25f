import { createSeededRandom } from '../../../local/clock/seeded-random';
import { createLocalClock } from '../../../local/clock/virtual-clock';
import type { LocalClock } from '../../../local/clock/local-clock';
import { createEvents, type ExecutionStart, type LocalEvents } from '../../../local/events/create-events';
import type { Invocation } from '../../../local/lambda/lambda-invoker';
import { assemblyOf, type Resources } from '../assembly/write-assembly';

/** 2026-12-01T08:00:00Z. */
export const START = Date.UTC(2026, 11, 1, 8);

/** What a test wants from the world around the events. */
export interface WorldOptions {
  /** What the nth invocation (from 1) answers; it may reject. */
  readonly lambda?: (nth: number) => Promise<Partial<Invocation>>;
  readonly startExecution?: (start: ExecutionStart) => Promise<unknown>;
}

/** Events with everything around them, on a clock that only the test moves. */
export interface EventsWorld extends LocalEvents {
  readonly clock: LocalClock;
  /** `[virtual milliseconds since the start, function, payload]` */
  readonly invocations: (readonly [number, string, unknown])[];
  readonly executions: ExecutionStart[];
  readonly reports: string[];
  /** A call of one of the two services. */
  call(
    service: 'events' | 'queues',
    operation: string,
    input?: Record<string, unknown>,
  ): Promise<Record<string, unknown>>;
  /** Bodies and attributes of what is in a queue, taken out of it. */
  letters(queueName: string): Promise<{ body: unknown; attributes: Record<string, string> }[]>;
}

export function eventsWorld(resources: Resources, options: WorldOptions = {}): EventsWorld {
  const clock = createLocalClock({ mode: 'manual', startAt: START, ticks: 'all' });
  const invocations: (readonly [number, string, unknown])[] = [];
  const executions: ExecutionStart[] = [];
  const reports: string[] = [];
  let ids = 0;
  const local = createEvents({
    assembly: assemblyOf(resources),
    clock,
    random: createSeededRandom(1),
    uuid: () => `00000000-0000-4000-8000-${String((ids += 1)).padStart(12, '0')}`,
    lambda: {
      invoke: async (name, payload) => {
        invocations.push([clock.now() - START, name.split(':').at(-1) ?? name, payload]);
        const answer = await options.lambda?.(invocations.length);
        return {
          statusCode: 200,
          executedVersion: '$LATEST',
          requestId: 'request',
          payload: 'ok',
          ...answer,
        };
      },
    },
    startExecution: async (start) => {
      executions.push(start);
      await options.startExecution?.(start);
    },
    report: (sentence) => reports.push(sentence),
  });
  const call: EventsWorld['call'] = async (service, operation, input = {}) => ({
    ...(await local[service].call({ operation, input, requestId: 'r' })),
  });
  return {
    ...local,
    clock,
    invocations,
    executions,
    reports,
    call,
    letters: async (queueName) => {
      const { Messages = [] } = (await call('queues', 'ReceiveMessage', {
        QueueUrl: `http://x/1/${queueName}`,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
      })) as { Messages?: { Body: string; MessageAttributes?: Record<string, { StringValue: string }> }[] };
      return Messages.map(({ Body, MessageAttributes = {} }) => ({
        body: JSON.parse(Body) as unknown,
        attributes: Object.fromEntries(
          Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]),
        ),
      }));
    },
  };
}

/** A function, a machine, two queues, a bus, a topic and a log group to send things to. */
export const PLACES: Resources = {
  Fn: ['AWS::Lambda::Function', { FunctionName: 'fn' }],
  Machine: ['AWS::StepFunctions::StateMachine', { StateMachineName: 'machine', DefinitionString: '{}' }],
  Queue: ['AWS::SQS::Queue', { QueueName: 'queue' }],
  Dead: ['AWS::SQS::Queue', { QueueName: 'dead' }],
  Bus: ['AWS::Events::EventBus', { Name: 'own' }],
  Topic: ['AWS::SNS::Topic', { TopicName: 'topic' }],
  Log: ['AWS::Logs::LogGroup', { LogGroupName: '/log' }],
};

export const arnOf = (logicalId: string, attribute = 'Arn') => ({ 'Fn::GetAtt': [logicalId, attribute] });

/** A rule on the bus `own` for source `app`, unless told otherwise. */
export function rule(
  targets: readonly Record<string, unknown>[],
  more: Readonly<Record<string, unknown>> = {},
): readonly [string, Record<string, unknown>] {
  return [
    'AWS::Events::Rule',
    {
      Name: 'rule',
      EventBusName: { Ref: 'Bus' },
      EventPattern: { source: ['app'] },
      Targets: targets.map((target, index) => ({ Id: `t${index}`, ...target })),
      ...more,
    },
  ];
}

/** An entry of `PutEvents` that the rule above fits. */
export const ENTRY = { Source: 'app', DetailType: 'Happened', Detail: '{"n":1}', EventBusName: 'own' };
