import { arns, EVERYTHING, textOf, type CallInput, type Need, type Needs, type Place } from './need';

/** What the parts of a transaction, by the member that holds one, are to IAM: there is no action for the whole. */
const IN_TRANSACTION: Readonly<Record<string, string>> = {
  ConditionCheck: 'dynamodb:ConditionCheckItem',
  Delete: 'dynamodb:DeleteItem',
  Get: 'dynamodb:GetItem',
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
};

/**
 * What `dynamodb` actions need: the table, or the index where one is read. Batches need all their tables, transactions the
 * actions of their parts. Source: the service authorization reference of DynamoDB, and "Using IAM with DynamoDB transactions".
 */
export const dynamoDbNeeds: Needs = (operation, input, place) => {
  if (operation === 'TransactWriteItems' || operation === 'TransactGetItems')
    return transactionNeeds(input, place);
  const action = `dynamodb:${operation}`;
  if (operation === 'ListTables') return [{ action, resources: EVERYTHING }];
  if (operation === 'BatchGetItem' || operation === 'BatchWriteItem') {
    const tables = Object.keys(isMap(input.RequestItems) ? input.RequestItems : {});
    return [{ action, resources: arns(...tables.map((table) => tableArn(table, place))) }];
  }
  const name = textOf(input, 'TableName');
  const index = textOf(input, 'IndexName');
  const table = name === undefined ? textOf(input, 'ResourceArn') : tableArn(name, place);
  const resource = table === undefined || index === undefined ? table : `${table}/index/${index}`;
  return [{ action, resources: arns(resource) }];
};

function transactionNeeds({ TransactItems: items }: CallInput, place: Place): Need[] {
  const parts = (Array.isArray(items) ? (items as readonly unknown[]) : []).flatMap((item) =>
    isMap(item) ? Object.entries(item) : [],
  );
  return parts.flatMap(([kind, part]) => {
    const action = IN_TRANSACTION[kind];
    const table = textOf(part, 'TableName');
    return action === undefined || table === undefined
      ? []
      : [{ action, resources: [tableArn(table, place)] }];
  });
}

/** A table may be named by its ARN as well. */
function tableArn(nameOrArn: string, { region, accountId }: Place): string {
  return nameOrArn.startsWith('arn:')
    ? nameOrArn
    : `arn:aws:dynamodb:${region}:${accountId}:table/${nameOrArn}`;
}

function isMap(value: unknown): value is CallInput {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
