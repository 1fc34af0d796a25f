import type { AwsCaller } from '../aws-caller';
import { OPTIMISED } from '../definition/integration-members';
import { SDK_SERVICES, callSdk, operationOf } from './aws-sdk';
import { callDynamoDb } from './dynamodb';
import { putEvents } from './events';
import type { Integration } from './integration';
import { invokeLambda } from './lambda';
import { startExecution } from './start-execution';

/** The optimised integrations. */
const BY_SERVICE: ReadonlyMap<string, Integration> = new Map([
  ['lambda', invokeLambda],
  ['states', startExecution],
  ['dynamodb', callDynamoDb],
  ['events', putEvents],
]);

/** What a service of the SDK integrations begins with. */
const SDK = 'aws-sdk:';

/** The integration behind a resource that {@link resourceProblem} had nothing against. */
export function integrationFor(service: string): Integration {
  return BY_SERVICE.get(service) ?? callSdk(service.slice(SDK.length));
}

/** What is wrong with the resource of a task, asked when its machine is created; undefined if nothing is. */
export function resourceProblem(service: string, api: string, aws: AwsCaller): string | undefined {
  if (service.startsWith(SDK)) {
    const name = service.slice(SDK.length);
    if (!SDK_SERVICES.has(name)) return `the local runtime has no service '${name}'`;
    return aws.supports(name, operationOf(api))
      ? undefined
      : `the local ${name} has no operation ${operationOf(api)}`;
  }
  if (OPTIMISED.has(`${service}:${api}`)) return undefined;
  return `there is no integration ${service}:${api} here; there are ${[...OPTIMISED].join(', ')}, and aws-sdk`;
}
