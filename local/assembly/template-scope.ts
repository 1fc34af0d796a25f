import {
  evaluateCondition,
  NO_VALUE,
  resolveProperties,
  resolveValue,
  type IntrinsicScope,
} from './intrinsics';
import { asObject, asText, isJsonObject, ownProperty, type JsonObject } from './json-values';
import { attributeNames, identify, type ResourceIdentity } from './resource-identities';

/** Where the stack stands. */
export interface StackPlace {
  readonly stackName: string;
  readonly region: string;
  readonly accountId: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** A resource with its properties resolved. */
export interface ResolvedResource {
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Sections that change nothing on a laptop. `Rules` check what a deploy may be told; nobody tells one here. */
const KNOWN_SECTIONS = [
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Rules',
  'Mappings',
  'Conditions',
  'Resources',
  'Outputs',
];

/**
 * A template's names and what they stand for. Answers are worked out when they are first asked for, since a name may depend
 * on another resource's name; a circle is found and reported.
 */
export class TemplateScope implements IntrinsicScope {
  readonly #place: StackPlace;
  readonly #parameters: JsonObject;
  readonly #mappings: JsonObject;
  readonly #conditions: JsonObject;
  readonly #resources: JsonObject;
  readonly #identities = new Map<string, ResourceIdentity>();
  /** What is being worked out at this moment, from the outside in. */
  readonly #underWay: string[] = [];

  public constructor(template: JsonObject, place: StackPlace) {
    const unknown = Object.keys(template).find((name) => !KNOWN_SECTIONS.includes(name));
    if (unknown !== undefined) {
      throw new Error(`the template has the section "${unknown}", which the local runtime does not support`);
    }
    this.#place = place;
    this.#parameters = asObject(template.Parameters, 'Parameters');
    this.#mappings = asObject(template.Mappings, 'Mappings');
    this.#conditions = asObject(template.Conditions, 'Conditions');
    this.#resources = asObject(template.Resources, 'Resources');
  }

  /** The resources that are there (their condition holds), in the template's order. */
  public logicalIds(): readonly string[] {
    return Object.keys(this.#resources).filter((logicalId) => this.#isThere(logicalId));
  }

  /** A resource's type and all its properties. */
  public resolveResource(logicalId: string): ResolvedResource {
    // Names the type first: an unsupported one says so, whatever its properties hold.
    this.identity(logicalId);
    const resource = this.#resource(logicalId);
    try {
      const properties = asObject(resource.Properties, 'Properties');
      return { type: asText(resource.Type, 'Type'), properties: resolveProperties(properties, this) };
    } catch (cause) {
      throw new Error(`resource ${logicalId} cannot be resolved: ${messageOf(cause)}`, { cause });
    }
  }

  /** What `Ref` and `Fn::GetAtt` answer for a resource. */
  public identity(logicalId: string): ResourceIdentity {
    const known = this.#identities.get(logicalId);
    if (known !== undefined) return known;
    // Kept only when it is whole, so that one which failed fails again instead of answering half of itself.
    const identity = this.#guarded(`resource ${logicalId}`, () => this.#identify(logicalId));
    this.#identities.set(logicalId, identity);
    return identity;
  }

  public ref(name: string): unknown {
    const pseudo = this.#pseudoParameter(name);
    if (pseudo !== undefined) return pseudo;
    if (Object.hasOwn(this.#parameters, name)) return this.#parameter(name);
    return this.identity(name).ref;
  }

  public attribute(logicalId: string, name: string): string {
    const identity = this.identity(logicalId);
    const value = ownProperty(identity.attributes, name);
    if (typeof value !== 'string') {
      throw new Error(
        `${String(this.#resource(logicalId).Type)} ${logicalId} has no attribute "${name}" in the local runtime; ` +
          `it has ${attributeNames(identity)}`,
      );
    }
    return value;
  }

  public condition(name: string): boolean {
    if (!Object.hasOwn(this.#conditions, name)) throw new Error(`the template has no condition "${name}"`);
    return this.#guarded(`condition ${name}`, () => evaluateCondition(this.#conditions[name], this));
  }

  public mapping(map: string, topLevelKey: string, secondLevelKey: string): unknown {
    const levels = [map, topLevelKey, secondLevelKey];
    const found = levels.reduce<unknown>(
      (level, key) => (isJsonObject(level) ? ownProperty(level, key) : undefined),
      this.#mappings,
    );
    if (found === undefined) throw new Error(`the template's mappings have no ${levels.join('.')}`);
    return found;
  }

  #identify(logicalId: string): ResourceIdentity {
    if (!this.#isThere(logicalId)) {
      throw new Error(`resource ${logicalId} is not there, because its condition does not hold`);
    }
    const { Type, Properties } = this.#resource(logicalId);
    const properties = asObject(Properties, `${logicalId}.Properties`);
    return identify({
      ...this.#place,
      logicalId,
      type: asText(Type, `${logicalId}.Type`),
      property: (name) => {
        const value = resolveValue(ownProperty(properties, name), this);
        return value === NO_VALUE ? undefined : value;
      },
    });
  }

  #resource(logicalId: string): JsonObject {
    const resource = ownProperty(this.#resources, logicalId);
    if (!isJsonObject(resource)) {
      throw new Error(`the template has no resource or parameter "${logicalId}"`);
    }
    return resource;
  }

  #isThere(logicalId: string): boolean {
    const { Condition } = this.#resource(logicalId);
    return Condition === undefined || this.condition(asText(Condition, `${logicalId}.Condition`));
  }

  #pseudoParameter(name: string): unknown {
    const { region, accountId, stackName } = this.#place;
    switch (name) {
      case 'AWS::Region':
        return region;
      case 'AWS::AccountId':
        return accountId;
      case 'AWS::StackName':
        return stackName;
      case 'AWS::StackId':
        // A stack's id ends in a UUID; there is one stack here, so one will do.
        return `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/00000000-0000-4000-8000-000000000000`;
      case 'AWS::Partition':
        return 'aws';
      case 'AWS::URLSuffix':
        return 'amazonaws.com';
      case 'AWS::NotificationARNs':
        return [];
      case 'AWS::NoValue':
        return NO_VALUE;
      default:
        return undefined;
    }
  }

  #parameter(name: string): unknown {
    const { Type, Default } = asObject(this.#parameters[name], `parameter ${name}`);
    const type = asText(Type, `parameter ${name}.Type`);
    const given = this.#place.parameters?.[name];
    if (given === undefined && type.startsWith('AWS::')) {
      throw new Error(`the parameter ${name} is looked up in AWS (${type}); give it a value`);
    }
    if (given === undefined && Default === undefined) {
      throw new Error(`the parameter ${name} has neither a default nor a value`);
    }
    const value = asText(given ?? Default, `parameter ${name}`);
    return /^List<|^CommaDelimitedList$/.test(type) ? value.split(',').map((part) => part.trim()) : value;
  }

  /** Runs `work` unless it is already under way further out: names that depend on each other in a circle have no answer. */
  #guarded<T>(what: string, work: () => T): T {
    if (this.#underWay.includes(what)) {
      throw new Error(`the template's names go in a circle: ${[...this.#underWay, what].join(' → ')}`);
    }
    this.#underWay.push(what);
    try {
      return work();
    } finally {
      this.#underWay.pop();
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
