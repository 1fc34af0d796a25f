import { dynamoDbNeeds } from './dynamodb';
import { eventsNeeds } from './events';
import { functionsNeeds } from './functions';
import { identityCenterNeeds } from './identity-center';
import { identityStoreNeeds } from './identity-store';
import type { CallInput, Need, Needs, Place } from './need';
import { organizationsNeeds } from './organizations';
import { queuesNeeds } from './queues';
import { statesNeeds } from './states';

export type { Need, Place } from './need';

/** The services that the runtime answers, by the prefix of `x-amz-target`; Lambda's own API has none. */
const SERVICES: ReadonlyMap<string, Needs> = new Map([
  ['AWSEvents', eventsNeeds],
  ['AWSIdentityStore', identityStoreNeeds],
  ['AWSOrganizationsV20161128', organizationsNeeds],
  ['AWSStepFunctions', statesNeeds],
  ['AmazonSQS', queuesNeeds],
  ['DynamoDB_20120810', dynamoDbNeeds],
  ['SWBExternalService', identityCenterNeeds],
  ['lambda', functionsNeeds],
]);

/**
 * The actions that a call needs, each with its resources.
 *
 * @throws Error for a service that has no row: a call that nobody evaluates must not pass
 */
export function needsOf(
  {
    service,
    operation,
    input,
  }: { readonly service: string; readonly operation: string; readonly input: CallInput },
  place: Place,
): readonly Need[] {
  const needs = SERVICES.get(service);
  if (needs === undefined)
    throw new Error(`nobody knows which permissions calls of ${service} need: add it to local/iam/needs/`);
  return needs(operation, input, place);
}
