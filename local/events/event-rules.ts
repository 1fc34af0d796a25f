import {
  asList,
  asNumber,
  asObject,
  asOptionalText,
  asText,
  refuseUnknown,
  type JsonObject,
} from '../assembly/json-values';
import type { LocalAssembly, LocalResource } from '../assembly/local-assembly';
import { Destinations, type Destination } from './destinations';
import { compilePattern, type EventPattern } from './event-pattern';
import { compileTargetInput, type TargetInput } from './target-input';

/** A target of a rule. */
export interface RuleTarget {
  readonly id: string;
  readonly destination: Destination;
  /** In whose name events are sent to a bus of another place. */
  readonly roleArn: string | undefined;
  readonly input: TargetInput;
  readonly retries: number;
  readonly longestAgeMs: number;
  /** ARN of a queue. */
  readonly deadLetterArn: string | undefined;
  /** As `ListTargetsByRule` shows it. */
  readonly description: JsonObject;
}

/** A rule of the template. */
export interface EventRule {
  readonly name: string;
  readonly arn: string;
  readonly busName: string;
  readonly description: string | undefined;
  readonly state: string;
  readonly pattern: { readonly text: string; readonly fits: EventPattern } | undefined;
  readonly schedule: string | undefined;
  readonly targets: readonly RuleTarget[];
}

/** What EventBridge does unless a target says otherwise: 185 retries in at most a day. */
const DEFAULT_RETRIES = 185;
const DEFAULT_AGE_SECONDS = 86_400;

const RULE_PROPERTIES = [
  'Description',
  'EventBusName',
  'EventPattern',
  'Name',
  // Roles are not evaluated within a stack: who may be reached from a rule is the template's to say.
  'RoleArn',
  'ScheduleExpression',
  'State',
  'Tags',
  'Targets',
];

const TARGET_PROPERTIES = [
  'Arn',
  'DeadLetterConfig',
  'Id',
  'Input',
  'InputPath',
  'InputTransformer',
  'RetryPolicy',
  'RoleArn',
];

const STATES = ['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'];

/** The name of a bus that is given by name or by ARN. */
export function busNameOf(nameOrArn: string): string {
  return nameOrArn.replace(/^arn:aws:events:[^:]*:\d*:event-bus\//, '');
}

function readTarget(target: JsonObject, destinations: Destinations, where: string): RuleTarget {
  refuseUnknown(target, TARGET_PROPERTIES, where);
  const retry = asObject(target.RetryPolicy, `${where}.RetryPolicy`);
  refuseUnknown(retry, ['MaximumRetryAttempts', 'MaximumEventAgeInSeconds'], `${where}.RetryPolicy`);
  const deadLetter = asObject(target.DeadLetterConfig, `${where}.DeadLetterConfig`);
  const deadLetterArn = asOptionalText(deadLetter.Arn, `${where}.DeadLetterConfig.Arn`);
  if (deadLetterArn !== undefined)
    destinations.read(deadLetterArn, ['queue'], `${where}.DeadLetterConfig.Arn`);
  const age = asNumber(
    retry.MaximumEventAgeInSeconds ?? DEFAULT_AGE_SECONDS,
    `${where}.MaximumEventAgeInSeconds`,
  );
  return {
    id: asText(target.Id, `${where}.Id`),
    destination: destinations.read(
      asText(target.Arn, `${where}.Arn`),
      ['function', 'state machine', 'queue', 'log group', 'event bus', 'topic'],
      `${where}.Arn`,
    ),
    roleArn: asOptionalText(target.RoleArn, `${where}.RoleArn`),
    input: compileTargetInput(target, where),
    retries: asNumber(retry.MaximumRetryAttempts ?? DEFAULT_RETRIES, `${where}.MaximumRetryAttempts`),
    longestAgeMs: age * 1000,
    deadLetterArn,
    description: target,
  };
}

function readPattern(value: unknown, where: string): EventRule['pattern'] {
  if (value === undefined) return undefined;
  try {
    return { text: JSON.stringify(value), fits: compilePattern(value) };
  } catch (cause) {
    throw new Error(
      `${where}.EventPattern is not valid: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    );
  }
}

function readRule(resource: LocalResource, assembly: LocalAssembly, destinations: Destinations): EventRule {
  const { logicalId, properties } = resource;
  refuseUnknown(properties, RULE_PROPERTIES, logicalId);
  const state = asOptionalText(properties.State, `${logicalId}.State`) ?? 'ENABLED';
  if (!STATES.includes(state))
    throw new Error(`${logicalId}.State is ${state}; it may be ${STATES.join(', ')}`);
  const busName = busNameOf(
    asOptionalText(properties.EventBusName, `${logicalId}.EventBusName`) ?? 'default',
  );
  const schedule = asOptionalText(properties.ScheduleExpression, `${logicalId}.ScheduleExpression`);
  const pattern = readPattern(properties.EventPattern, logicalId);
  if (schedule === undefined && pattern === undefined) {
    throw new Error(`${logicalId} has neither an EventPattern nor a ScheduleExpression`);
  }
  if (schedule !== undefined && busName !== 'default') {
    throw new Error(
      `${logicalId} has a schedule on the bus ${busName}; schedules are for the default bus only`,
    );
  }
  return {
    // `Ref` of a rule on another bus is `<bus>|<rule>`.
    name: assembly.ref(logicalId).split('|').at(-1) ?? logicalId,
    arn: assembly.attribute(logicalId, 'Arn'),
    busName,
    description: asOptionalText(properties.Description, `${logicalId}.Description`),
    state,
    pattern,
    schedule,
    targets: asList(properties.Targets, `${logicalId}.Targets`).map((target, index) => {
      const where = `${logicalId}.Targets[${index}]`;
      return readTarget(asObject(target, where), destinations, where);
    }),
  };
}

/**
 * Reads the rules of an assembly (`AWS::Events::Rule`).
 *
 * @param isElsewhere - whether an ARN out of the stack is of a bus that events can be sent on to. @default - none is
 * @throws Error naming the rule and what about it is wrong or not supported
 */
export function readRules(
  assembly: LocalAssembly,
  isElsewhere?: (arn: string) => boolean,
): readonly EventRule[] {
  const destinations = new Destinations(assembly, isElsewhere);
  const rules = assembly.ofType('AWS::Events::Rule').map((rule) => readRule(rule, assembly, destinations));
  const buses = new Set([
    'default',
    ...assembly.ofType('AWS::Events::EventBus').map(({ logicalId }) => assembly.ref(logicalId)),
  ]);
  const lost = rules.find(({ busName }) => !buses.has(busName));
  if (lost !== undefined)
    throw new Error(`the rule ${lost.name} is on the bus "${lost.busName}", which is not in the stack`);
  return rules;
}
