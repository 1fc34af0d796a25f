import type { LocalAssembly } from '../assembly/local-assembly';

/** What an ARN leads to, among what events can be sent to here. */
export interface Destination {
  readonly kind: 'function' | 'state machine' | 'queue' | 'log group' | 'event bus' | 'topic';
  /** As the template gives it, a function's qualifier included. */
  readonly arn: string;
}

type Kind = Destination['kind'];

/** How the ARNs of each kind begin after `arn:aws:`, Region and account left out. */
const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/^lambda:[^:]+:\d+:function:/, 'function'],
  [/^states:[^:]+:\d+:stateMachine:/, 'state machine'],
  [/^sqs:/, 'queue'],
  [/^logs:[^:]+:\d+:log-group:/, 'log group'],
  [/^events:[^:]+:\d+:event-bus\//, 'event bus'],
  [/^sns:/, 'topic'],
];

/** Resource types that make something of a kind, with the attribute that is its ARN. */
const SOURCES: readonly (readonly [string, string])[] = [
  ['AWS::Lambda::Function', 'Arn'],
  ['AWS::StepFunctions::StateMachine', 'Arn'],
  ['AWS::SQS::Queue', 'Arn'],
  ['AWS::Logs::LogGroup', 'Arn'],
  ['AWS::Events::EventBus', 'Arn'],
  ['AWS::SNS::Topic', 'TopicArn'],
];

/** ARNs that name the same thing, in one form: without a function's qualifier, without a log group's final `:*`. */
export function plainArn(arn: string): string {
  return arn.replace(/^(arn:aws:lambda:[^:]+:\d+:function:[^:]+):.+$/, '$1').replace(/:\*$/, '');
}

/** ARN of an event bus by its name. */
export function busArn(assembly: LocalAssembly, name: string): string {
  return `arn:aws:events:${assembly.region}:${assembly.accountId}:event-bus/${name}`;
}

/** Reads ARNs of targets and dead-letter queues, and stops at those that lead out of the stack. */
export class Destinations {
  readonly #known: ReadonlySet<string>;
  readonly #isElsewhere: (arn: string) => boolean;

  /** @param isElsewhere - whether an ARN out of the stack is of a bus that events can be sent on to. @default - none is */
  public constructor(assembly: LocalAssembly, isElsewhere: (arn: string) => boolean = () => false) {
    const arns = SOURCES.flatMap(([type, attribute]) =>
      assembly.ofType(type).map(({ logicalId }) => plainArn(assembly.attribute(logicalId, attribute))),
    );
    this.#known = new Set([...arns, busArn(assembly, 'default')]);
    this.#isElsewhere = isElsewhere;
  }

  /**
   * @param allowed - the kinds that can stand at this place
   * @throws Error if the ARN is of another kind, or of something that is not in the stack
   */
  public read(arn: string, allowed: readonly Kind[], where: string): Destination {
    const service = arn.replace(/^arn:aws:/, '');
    const kind = KINDS.find(([form]) => form.test(service))?.[1];
    if (kind === undefined || !allowed.includes(kind)) {
      throw new Error(
        `${where} leads to ${arn}, which is not supported; it may be a ${allowed.join(', a ')}`,
      );
    }
    if (!this.#known.has(plainArn(arn)) && !(kind === 'event bus' && this.#isElsewhere(arn))) {
      throw new Error(
        `${where} leads to ${arn}, which is not in the stack, so nothing local can take the event`,
      );
    }
    return { kind, arn };
  }
}
