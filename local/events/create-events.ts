import type { Random } from '../../core/ports/random';
import { asText } from '../assembly/json-values';
import { AwsError } from '../aws-api/json-service';
import type { LocalAssembly } from '../assembly/local-assembly';
import type { LocalClock, Timer } from '../clock/local-clock';
import type { LambdaInvoker } from '../lambda/lambda-invoker';
import { AsyncInvocations } from './async-invocations';
import { Deliveries } from './deliveries';
import { type BusSender, readBusPolicies } from './bus-policies';
import { busArn, plainArn } from './destinations';
import { EventBuses } from './event-buses';
import { eventTime, type EventEnvelope } from './event-envelope';
import { busNameOf, readRules, type EventRule, type RuleTarget } from './event-rules';
import { EventsService } from './events-service';
import { Remembered, type Outlet } from './outlet';
import type { FunctionPermissions } from './permissions';
import { QueuesService } from './queues-service';
import { parseSchedule } from './schedule-expression';

/** An execution to start for an event. */
export interface ExecutionStart {
  readonly stateMachineArn: string;
  /** `<event id>_<UUID>`, as EventBridge names them. */
  readonly name: string;
  /** JSON. */
  readonly input: string;
}

/** The way to buses of other accounts and Regions. */
export interface OtherBuses {
  /**
   * Puts an event on a bus by its ARN, in the name of a target's role.
   * @throws AwsError for a bus that is not there, or does not let the sender in
   */
  readonly send: (busArn: string, event: EventEnvelope, roleArn: string | undefined) => void;
}

/** What events are made of. */
export interface EventsParts {
  readonly assembly: LocalAssembly;
  readonly clock: LocalClock;
  /** Jitter of retries. */
  readonly random: Random;
  /** A new UUID every time. */
  readonly uuid: () => string;
  readonly lambda: LambdaInvoker;
  /** Starts an execution; rejects with `AwsError` as `StartExecution` does. */
  readonly startExecution: (start: ExecutionStart) => Promise<unknown>;
  /** @default - functions' dead letters and destinations are told whatever their roles allow */
  readonly permissions?: FunctionPermissions;
  /** Buses of other accounts and Regions. @default - there are none, and a rule that has one as its target stops the start */
  readonly elsewhere?: OtherBuses;
  /** Told in one sentence when an event is dropped because nothing is set up to take it. */
  readonly report: (sentence: string) => void;
}

/** Events, queues and asynchronous invocations of one runtime. */
export interface LocalEvents {
  readonly events: EventsService;
  readonly queues: QueuesService;
  /** Also what an HTTP invocation with `X-Amz-Invocation-Type: Event` goes to. */
  readonly asyncInvocations: AsyncInvocations;
  /** Name and ARN of every bus here, the default one first. */
  buses(): readonly { readonly name: string; readonly arn: string }[];
  /**
   * Takes an event from a bus of another account or Region.
   * @throws AwsError for a bus that is not there, or does not let the sender in
   */
  receive(busName: string, event: EventEnvelope, sender: BusSender): void;
  /** What was sent to a log group or a topic, by its ARN: JSON values, the last 1,000, oldest first. Nobody reads them but tests and the demo. */
  sentTo(arn: string): readonly unknown[];
  /** Ends the schedules. Deliveries that are under way go on. */
  stop(): void;
}

/** Topics are only recorded. Whom a person reads by mail misses nothing here; whoever else is subscribed would. */
function refuseSubscriptions(assembly: LocalAssembly): void {
  for (const { logicalId, properties } of assembly.ofType('AWS::SNS::Subscription')) {
    const protocol = asText(properties.Protocol, `${logicalId}.Protocol`);
    if (!['email', 'email-json', 'sms'].includes(protocol)) {
      throw new Error(
        `${logicalId} subscribes a topic by ${protocol}, which the local runtime does not serve; topics are only recorded`,
      );
    }
  }
}

/** A rule's tick: the event goes to the targets of this one rule, whatever other rules would say to it. */
function scheduleRule(
  rule: EventRule,
  expression: string,
  parts: EventsParts,
  deliveries: Deliveries,
): Timer {
  const { assembly, clock, uuid } = parts;
  let nextAfter;
  try {
    nextAfter = parseSchedule(expression, clock.now());
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`the rule ${rule.name} has a schedule that is not valid: ${why}`, { cause });
  }
  return clock.schedule(nextAfter, () => {
    const leave = clock.enter(`schedule of ${rule.name}`);
    const event: EventEnvelope = {
      version: '0',
      id: uuid(),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: assembly.accountId,
      time: eventTime(clock.now()),
      region: assembly.region,
      resources: [rule.arn],
      detail: {},
    };
    for (const target of rule.targets) deliveries.start(rule, target, event);
    leave();
  });
}

/**
 * Makes EventBridge, SQS and Lambda's asynchronous invocations from the template, and starts the schedules, on the clock
 * that is given. Every tick and delivery holds the clock while it works; while a function runs, its invoker does.
 *
 * @throws Error naming the resource and what about it is wrong or not supported
 */
export function createEvents(parts: EventsParts): LocalEvents {
  const { assembly, clock, elsewhere, lambda, permissions, random, report, startExecution, uuid } = parts;
  const hereArns = busArn(assembly, '');
  const isElsewhere = (arn: string): boolean => elsewhere !== undefined && !arn.startsWith(hereArns);
  refuseSubscriptions(assembly);
  const queues = new QueuesService({ assembly, clock, uuid });
  const recorded = new Remembered<unknown>();

  const outlet: Outlet = {
    send: (destination, body, attributes) => {
      if (destination.kind === 'queue') queues.enqueue(destination.arn, JSON.stringify(body), attributes);
      else if (destination.kind === 'function') asyncInvocations.invoke(destination.arn, body);
      else recorded.add(plainArn(destination.arn), body);
    },
  };
  const asyncInvocations = new AsyncInvocations({
    assembly,
    lambda,
    clock,
    outlet,
    ...(permissions === undefined ? {} : { permissions }),
    report,
  });

  const hand = async (
    { destination, roleArn }: RuleTarget,
    input: unknown,
    event: EventEnvelope,
  ): Promise<void> => {
    switch (destination.kind) {
      case 'state machine':
        await startExecution({
          stateMachineArn: destination.arn,
          name: `${event.id}_${uuid()}`,
          input: JSON.stringify(input),
        });
        return;
      case 'event bus': {
        // A bus passes events on as they are.
        const busName = busNameOf(destination.arn);
        if (!isElsewhere(destination.arn)) buses.forward(busName, event);
        else {
          buses.mayLeave(event, busName);
          elsewhere?.send(destination.arn, event, roleArn);
        }
        return;
      }
      case 'function':
      case 'log group':
      case 'queue':
      case 'topic':
        outlet.send(destination, input);
    }
  };
  const deliveries = new Deliveries({ clock, random, hand, outlet, report });
  const rules = readRules(assembly, isElsewhere);
  const policies = readBusPolicies(assembly);
  const buses = new EventBuses(assembly, rules, deliveries);

  const schedules = rules.flatMap((rule) =>
    rule.schedule === undefined || rule.state === 'DISABLED'
      ? []
      : [scheduleRule(rule, rule.schedule, parts, deliveries)],
  );
  return {
    events: new EventsService({ assembly, clock, uuid, buses, rules }),
    queues,
    asyncInvocations,
    buses: () => buses.list(),
    receive: (busName, event, sender) => {
      if (!buses.has(busName))
        throw new AwsError('ResourceNotFoundException', `Event bus ${busName} does not exist.`);
      policies.check(busName, sender);
      buses.receive(busName, event);
    },
    sentTo: (arn) => recorded.at(plainArn(arn)),
    stop: () => {
      for (const schedule of schedules) schedule.cancel();
    },
  };
}
