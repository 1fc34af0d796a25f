import type { JsonObject } from '../json';
import type { Place } from './definition-error';

/** Names of arguments; JSONPath may write each with `.$`. */
interface Members {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/** Arguments that all writes of DynamoDB share. */
const METRICS = ['ReturnConsumedCapacity', 'ReturnItemCollectionMetrics', 'ReturnValues'];
const EXPRESSION = [
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ReturnValuesOnConditionCheckFailure',
];
/** From before condition expressions. Still taken by the service, so taken here. */
const LEGACY = ['Expected', 'ConditionalOperator'];

/** The arguments that each optimised integration takes. */
const MEMBERS: ReadonlyMap<string, Members> = new Map<string, Members>([
  ['lambda:invoke', { required: ['FunctionName'], optional: ['Payload', 'Qualifier', 'InvocationType'] }],
  ['states:startExecution', { required: ['StateMachineArn'], optional: ['Input', 'Name', 'TraceHeader'] }],
  ['events:putEvents', { required: ['Entries'], optional: [] }],
  [
    'dynamodb:getItem',
    {
      required: ['TableName', 'Key'],
      optional: [
        ...['ConsistentRead', 'AttributesToGet', 'ProjectionExpression', 'ExpressionAttributeNames'],
        'ReturnConsumedCapacity',
      ],
    },
  ],
  [
    'dynamodb:putItem',
    {
      required: ['TableName', 'Item'],
      optional: [...METRICS, ...EXPRESSION, ...LEGACY, 'ConditionExpression'],
    },
  ],
  [
    'dynamodb:updateItem',
    {
      required: ['TableName', 'Key'],
      optional: [
        ...[...METRICS, ...EXPRESSION, ...LEGACY],
        ...['ConditionExpression', 'UpdateExpression', 'AttributeUpdates'],
      ],
    },
  ],
  [
    'dynamodb:deleteItem',
    {
      required: ['TableName', 'Key'],
      optional: [...METRICS, ...EXPRESSION, ...LEGACY, 'ConditionExpression'],
    },
  ],
]);

/** The optimised integrations, as `service:api`. */
export const OPTIMISED: ReadonlySet<string> = new Set(MEMBERS.keys());

/** Refuses an argument that the integration does not have, and a missing one. Names of `aws-sdk` calls are not known here. */
export function checkArguments(service: string, api: string, given: JsonObject, place: Place): void {
  const members = MEMBERS.get(`${service}:${api}`);
  if (members === undefined) return;
  const names = Object.keys(given).map((key) => (key.endsWith('.$') ? key.slice(0, -2) : key));
  const unknown = names.find((name) => ![...members.required, ...members.optional].includes(name));
  if (unknown !== undefined) place.refuse(`the argument '${unknown}' is not supported by ${service}:${api}`);
  const missing = members.required.find((name) => !names.includes(name));
  if (missing !== undefined) place.refuse(`the argument '${missing}' of ${service}:${api} is missing`);
  // `Event` would need the retries, the queue and the destinations of asynchronous invocation.
  const type = given.InvocationType;
  if (type !== undefined && type !== 'RequestResponse') {
    place.at('InvocationType').refuse(`${JSON.stringify(type)} is not supported: only RequestResponse is`);
  }
}
