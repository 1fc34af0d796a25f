import type { Json } from '../json';
import { awsFailure } from './aws-failure';
import type { Integration } from './integration';

/** Services of `aws-sdk:<service>`, with what stands before the dot in their errors: the Java SDK's name of the client. */
const CLIENTS: ReadonlyMap<string, string> = new Map([
  ['cloudwatch', 'CloudWatch'],
  ['dynamodb', 'DynamoDb'],
  ['eventbridge', 'EventBridge'],
  ['identitystore', 'Identitystore'],
  ['lambda', 'Lambda'],
  ['organizations', 'Organizations'],
  ['scheduler', 'Scheduler'],
  ['secretsmanager', 'SecretsManager'],
  ['sfn', 'Sfn'],
  ['sns', 'Sns'],
  ['sqs', 'Sqs'],
  ['ssm', 'Ssm'],
  ['ssoadmin', 'SsoAdmin'],
  ['sts', 'Sts'],
]);

/** The services that an `aws-sdk` task may name here. */
export const SDK_SERVICES: ReadonlySet<string> = new Set(CLIENTS.keys());

/** The API's own name of an operation, `GetItem` for `getItem`. */
export function operationOf(api: string): string {
  return api.charAt(0).toUpperCase() + api.slice(1);
}

/** `aws-sdk:<service>:<api>`: the answer is the API's, with nothing added. */
export function callSdk(service: string): Integration {
  // The prefix of its errors; every service that passed the check has one.
  const client = CLIENTS.get(service) ?? service;
  return async (call) => {
    const { aws, permissions, uuid } = call.ports;
    const machineArn = call.execution.machine.arn;
    const operation = operationOf(call.api);
    const requestId = uuid();
    try {
      permissions.check(machineArn, service, operation, call.arguments);
      const answer = await call.work(() => aws.call(service, operation, call.arguments, machineArn));
      // Through text, so that what is no JSON (undefined, a Date) is as it would come over the wire.
      return { response: JSON.parse(JSON.stringify(answer)) as Json };
    } catch (error) {
      throw awsFailure(error, { prefix: client, service: client }, requestId);
    }
  };
}
