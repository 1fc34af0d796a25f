import type { Json } from '../json';
import { awsFailure, shapeOf } from './aws-failure';
import type { Integration } from './integration';
import { sdkMetadata } from './sdk-metadata';

/** Errors that the optimised integration names; it calls every other one `AmazonDynamoDBException`. */
const MODELLED = new Set([
  'ConditionalCheckFailedException',
  'InternalServerErrorException',
  'ItemCollectionSizeLimitExceededException',
  'ProvisionedThroughputExceededException',
  'ReplicatedWriteConflictException',
  'RequestLimitExceededException',
  'ResourceNotFoundException',
  'TransactionConflictException',
]);

/** `dynamodb:getItem`, `putItem`, `updateItem` and `deleteItem`. */
export const callDynamoDb: Integration = async (call) => {
  const { aws, permissions, uuid, clock } = call.ports;
  const machineArn = call.execution.machine.arn;
  const operation = call.api.charAt(0).toUpperCase() + call.api.slice(1);
  const requestId = uuid();
  try {
    permissions.check(machineArn, 'dynamodb', operation, call.arguments);
    const answer = await call.work(() => aws.call('dynamodb', operation, call.arguments, machineArn));
    return { response: { ...(answer as Record<string, Json>), ...sdkMetadata(requestId, clock.now()) } };
  } catch (error) {
    const names = { prefix: 'DynamoDB', service: 'AmazonDynamoDBv2', shape };
    throw awsFailure(error, names, requestId);
  }
};

/** Validation errors and the like all have one name here, while `aws-sdk:dynamodb` gives each its own. */
function shape(code: string): string {
  const name = shapeOf(code);
  return MODELLED.has(name) ? name : 'AmazonDynamoDBException';
}
