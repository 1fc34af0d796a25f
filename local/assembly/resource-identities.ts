import { createHash } from 'node:crypto';
import { asText } from './json-values';

/** What a row of the table may ask about the resource that it names. */
export interface ResourceFacts {
  readonly logicalId: string;
  readonly type: string;
  readonly region: string;
  readonly accountId: string;
  readonly stackName: string;
  /** A property of the resource with its intrinsic functions resolved; `undefined` where there is none. */
  property(name: string): unknown;
}

/** What one resource answers to `Ref` and `Fn::GetAtt`. */
export interface ResourceIdentity {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** How the local runtime sees a resource type. */
interface ResourceKind {
  /**
   * `served`: a part of the runtime builds itself from it. `inert`: it has no meaning on a laptop (permissions, encryption,
   * alarms, logs' retention, firewalls), and is only there to be referred to.
   */
  readonly local: 'served' | 'inert';
  identify(facts: ResourceFacts): ResourceIdentity;
}

/** Hexadecimal digits that are the same on every start: ids in a demo's output must not change from run to run. */
function digest({ stackName, logicalId }: ResourceFacts): string {
  return createHash('sha256').update(`${stackName}/${logicalId}`).digest('hex');
}

/** The name that the template gives, or `<stack>-<logical id>`, cut to `longest` with a digest as CloudFormation would. */
function nameOf(facts: ResourceFacts, property: string, longest = 255): string {
  const given = facts.property(property);
  if (given !== undefined) return asText(given, `${facts.logicalId}.${property}`);
  const name = `${facts.stackName}-${facts.logicalId}`;
  return name.length <= longest ? name : `${name.slice(0, longest - 9)}-${digest(facts).slice(0, 8)}`;
}

/** `arn:aws:<service>:<region>:<account>:<resource>`. */
function arn(facts: ResourceFacts, service: string, resource: string): string {
  return `arn:aws:${service}:${facts.region}:${facts.accountId}:${resource}`;
}

/** IAM's ARNs have no Region, and their resource carries the path. */
function iamArn(facts: ResourceFacts, kind: string, name: string): string {
  const path = facts.property('Path');
  return `arn:aws:iam::${facts.accountId}:${kind}${path === undefined ? '/' : asText(path, `${facts.logicalId}.Path`)}${name}`;
}

type Identify = ResourceKind['identify'];

/** Known by its name; the ARN ends in `prefix + name`. */
function named(service: string, property: string, prefix = '', longest?: number): Identify {
  return (facts) => {
    const name = nameOf(facts, property, longest);
    return { ref: name, attributes: { Arn: arn(facts, service, `${prefix}${name}`) } };
  };
}

/** Known by an id of `length` digits, which one attribute repeats where the type has it. */
function numbered(length: number, attribute?: string): Identify {
  return (facts) => {
    const id = digest(facts).slice(0, length);
    return { ref: id, attributes: attribute === undefined ? {} : { [attribute]: id } };
  };
}

/** Refers to itself by a name and has no attribute that a template of ours could ask for. */
function plain(property: string): Identify {
  return (facts) => ({ ref: nameOf(facts, property), attributes: {} });
}

/** Only there; `Ref` answers a made-up physical id. */
const anonymous: Identify = (facts) => ({ ref: `${facts.stackName}-${facts.logicalId}`, attributes: {} });

const lambdaFunction = named('lambda', 'FunctionName', 'function:', 64);

const lambdaQualifier =
  (qualifier: (facts: ResourceFacts) => string): Identify =>
  (facts) => {
    const owner = asText(facts.property('FunctionName'), `${facts.logicalId}.FunctionName`);
    const base = owner.startsWith('arn:') ? owner : arn(facts, 'lambda', `function:${owner}`);
    return { ref: `${base}:${qualifier(facts)}`, attributes: { Version: qualifier(facts) } };
  };

const layerVersion: Identify = (facts) => {
  const layer = arn(facts, 'lambda', `layer:${nameOf(facts, 'LayerName', 140)}:1`);
  return { ref: layer, attributes: { LayerVersionArn: layer } };
};

const stateMachine: Identify = (facts) => {
  const name = nameOf(facts, 'StateMachineName', 80);
  const machine = arn(facts, 'states', `stateMachine:${name}`);
  return { ref: machine, attributes: { Arn: machine, Name: name } };
};

/** No `StreamArn`: the local tables have no streams, so a template that asks for one stops. */
const table = named('dynamodb', 'TableName', 'table/');

const eventBus: Identify = (facts) => {
  const name = nameOf(facts, 'Name');
  return { ref: name, attributes: { Arn: arn(facts, 'events', `event-bus/${name}`), Name: name } };
};

const eventRule: Identify = (facts) => {
  const name = nameOf(facts, 'Name', 64);
  const bus = facts.property('EventBusName');
  // The bus is given by name or by ARN; the rule's own ARN names it only when it is not the default one.
  const busName =
    bus === undefined ? 'default' : asText(bus, `${facts.logicalId}.EventBusName`).split('/').at(-1);
  const isDefault = busName === undefined || busName === 'default';
  return {
    ref: isDefault ? name : `${busName}|${name}`,
    attributes: { Arn: arn(facts, 'events', `rule/${isDefault ? '' : `${busName}/`}${name}`) },
  };
};

/** The queue's URL, as {@link queueUrl} gives it. */
const queue: Identify = (facts) => {
  const name = nameOf(facts, 'QueueName', 80);
  const url = queueUrl(facts.accountId, name);
  return { ref: url, attributes: { Arn: arn(facts, 'sqs', name), QueueName: name, QueueUrl: url } };
};

const topic: Identify = (facts) => {
  const topicArn = arn(facts, 'sns', nameOf(facts, 'TopicName'));
  return { ref: topicArn, attributes: { TopicArn: topicArn, TopicName: nameOf(facts, 'TopicName') } };
};

const restApi: Identify = (facts) => {
  const id = digest(facts).slice(0, 10);
  return { ref: id, attributes: { RestApiId: id, RootResourceId: digest(facts).slice(10, 20) } };
};

const stage: Identify = (facts) => ({
  ref: asText(facts.property('StageName'), `${facts.logicalId}.StageName`),
  attributes: {},
});

const role: Identify = (facts) => {
  const name = nameOf(facts, 'RoleName', 64);
  return {
    ref: name,
    attributes: {
      Arn: iamArn(facts, 'role', name),
      RoleId: `AROA${digest(facts).slice(0, 17).toUpperCase()}`,
    },
  };
};

const managedPolicy: Identify = (facts) => {
  const policy = iamArn(facts, 'policy', nameOf(facts, 'ManagedPolicyName', 128));
  return { ref: policy, attributes: { PolicyArn: policy } };
};

const key: Identify = (facts) => {
  // Key ids are UUIDs; this one takes its digits from the digest.
  const id = digest(facts).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
  return { ref: id, attributes: { Arn: arn(facts, 'kms', `key/${id}`), KeyId: id } };
};

const logGroup: Identify = (facts) => {
  const name = nameOf(facts, 'LogGroupName', 512);
  // The trailing `:*` is what `GetAtt Arn` of a log group answers on AWS.
  return { ref: name, attributes: { Arn: arn(facts, 'logs', `log-group:${name}:*`) } };
};

const webAcl: Identify = (facts) => {
  const name = nameOf(facts, 'Name', 128);
  const id = digest(facts).slice(0, 36);
  const scope = asText(facts.property('Scope'), `${facts.logicalId}.Scope`);
  const place = scope === 'CLOUDFRONT' ? 'global' : 'regional';
  return {
    ref: `${name}|${id}|${scope}`,
    attributes: { Arn: arn(facts, 'wafv2', `${place}/webacl/${name}/${id}`), Id: id },
  };
};

const served = (identify: Identify): ResourceKind => ({ local: 'served', identify });
const inert = (identify: Identify): ResourceKind => ({ local: 'inert', identify });

/**
 * Every resource type that a template may hold. `AWS::Lambda::EventSourceMapping`, `AWS::Lambda::Url`, `Custom::*` and all
 * others are left out on purpose: they would do something in the cloud that does not happen here, so they stop the load.
 */
const KINDS: ReadonlyMap<string, ResourceKind> = new Map([
  ['AWS::ApiGateway::Account', inert(anonymous)],
  ['AWS::ApiGateway::Deployment', served(numbered(6, 'DeploymentId'))],
  ['AWS::ApiGateway::GatewayResponse', served(numbered(6, 'Id'))],
  ['AWS::ApiGateway::Method', served(numbered(6))],
  ['AWS::ApiGateway::Model', served(plain('Name'))],
  ['AWS::ApiGateway::RequestValidator', served(numbered(6, 'RequestValidatorId'))],
  ['AWS::ApiGateway::Resource', served(numbered(6, 'ResourceId'))],
  ['AWS::ApiGateway::RestApi', served(restApi)],
  ['AWS::ApiGateway::Stage', served(stage)],
  ['AWS::CDK::Metadata', inert(anonymous)],
  ['AWS::CloudWatch::Alarm', inert(named('cloudwatch', 'AlarmName', 'alarm:'))],
  ['AWS::CloudWatch::CompositeAlarm', inert(named('cloudwatch', 'AlarmName', 'alarm:'))],
  ['AWS::CloudWatch::Dashboard', inert(plain('DashboardName'))],
  ['AWS::DynamoDB::GlobalTable', served(table)],
  ['AWS::DynamoDB::Table', served(table)],
  ['AWS::Events::Archive', inert(named('events', 'ArchiveName', 'archive/', 48))],
  ['AWS::Events::EventBus', served(eventBus)],
  ['AWS::Events::EventBusPolicy', served(anonymous)],
  ['AWS::Events::Rule', served(eventRule)],
  ['AWS::IAM::ManagedPolicy', inert(managedPolicy)],
  ['AWS::IAM::Policy', inert(plain('PolicyName'))],
  ['AWS::IAM::Role', inert(role)],
  ['AWS::KMS::Alias', inert(plain('AliasName'))],
  ['AWS::KMS::Key', inert(key)],
  ['AWS::Lambda::Alias', served(lambdaQualifier((facts) => asText(facts.property('Name'), 'Name')))],
  ['AWS::Lambda::EventInvokeConfig', served(anonymous)],
  ['AWS::Lambda::Function', served(lambdaFunction)],
  ['AWS::Lambda::LayerVersion', served(layerVersion)],
  ['AWS::Lambda::Permission', inert(anonymous)],
  ['AWS::Lambda::Version', served(lambdaQualifier(() => '1'))],
  ['AWS::Logs::LogGroup', served(logGroup)],
  ['AWS::Logs::MetricFilter', inert(plain('FilterName'))],
  ['AWS::Logs::QueryDefinition', inert(numbered(36, 'QueryDefinitionId'))],
  ['AWS::Logs::ResourcePolicy', inert(plain('PolicyName'))],
  ['AWS::SNS::Subscription', served(anonymous)],
  ['AWS::SNS::Topic', served(topic)],
  ['AWS::SNS::TopicPolicy', inert(anonymous)],
  ['AWS::SQS::Queue', served(queue)],
  ['AWS::SQS::QueuePolicy', inert(anonymous)],
  ['AWS::StepFunctions::StateMachine', served(stateMachine)],
  ['AWS::WAFv2::LoggingConfiguration', inert(anonymous)],
  ['AWS::WAFv2::WebACL', inert(webAcl)],
  ['AWS::WAFv2::WebACLAssociation', inert(anonymous)],
]);

/**
 * A queue's URL: `http://127.0.0.1/<account>/<name>`. The runtime's port is not known when the template is resolved, and no
 * request goes to this address: a queue is found by the URL's last two segments, whatever host and port stand before them.
 */
function queueUrl(accountId: string, name: string): string {
  return `http://127.0.0.1/${accountId}/${name}`;
}

/** Whether `type` is in the table, and whether a part of the runtime builds itself from it. `undefined`: not supported. */
export function localMeaning(type: string): 'served' | 'inert' | undefined {
  return KINDS.get(type)?.local;
}

/**
 * What `Ref` and `Fn::GetAtt` answer for a resource: names as given, else `<stack>-<logical id>`; ids and ARNs formed as on
 * AWS, ids derived from stack and logical id so that they are the same on every start.
 *
 * @throws Error naming the type if it is not supported, or a property that the name needs and that is not there
 */
export function identify(facts: ResourceFacts): ResourceIdentity {
  const kind = KINDS.get(facts.type);
  if (kind === undefined) {
    throw new Error(
      `resource ${facts.logicalId} is of the type ${facts.type}, which the local runtime does not support; ` +
        'give the type a row in local/assembly/resource-identities.ts once something local stands for it',
    );
  }
  return kind.identify(facts);
}

/** The attributes' names, for messages. */
export function attributeNames(identity: ResourceIdentity): string {
  const names = Object.keys(identity.attributes);
  return names.length === 0 ? 'none' : names.join(', ');
}
