import { arns, EVERYTHING, textOf, type Needs } from './need';

/**
 * What `sqs` actions need: the queue. A batch needs the action of its entries. SQS writes actions in small letters when it
 * refuses one. Source: the service authorization reference of SQS.
 */
export const queuesNeeds: Needs = (operation, input, { region, accountId }) => {
  const action = `sqs:${operation.replace(/Batch$/, '')}`;
  const name = textOf(input, 'QueueUrl')?.split('/').at(-1) ?? textOf(input, 'QueueName');
  const queue = name === undefined ? undefined : `arn:aws:sqs:${region}:${accountId}:${name}`;
  const resources = operation === 'ListQueues' ? EVERYTHING : arns(queue);
  return [{ action, resources, shownAction: action.toLowerCase() }];
};
