import { DynamoDBClient, type AttributeValue, paginateScan } from '@aws-sdk/client-dynamodb';
import type { TestApp } from './test-app';

/** Name of the ledger's table, as the assembly has it. */
export function ledgerTableName({ runtime: { assembly } }: TestApp): string {
  const [table] = assembly.ofType('AWS::DynamoDB::Table');
  if (table === undefined) throw new Error('the assembly has no table');
  return assembly.ref(table.logicalId);
}

/** Everything in the ledger, through DynamoDB's own API, in the order of the keys. */
export async function scanLedger(app: TestApp): Promise<readonly Record<string, AttributeValue>[]> {
  const client = new DynamoDBClient({
    endpoint: app.runtime.endpoint,
    region: app.organization.instance.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const items: Record<string, AttributeValue>[] = [];
  for await (const { Items = [] } of paginateScan(
    { client },
    { TableName: ledgerTableName(app), ConsistentRead: true },
  )) {
    items.push(...Items);
  }
  client.destroy();
  return items.sort((a, b) => keyText(a).localeCompare(keyText(b)));
}

function keyText({ pk, sk }: Record<string, AttributeValue>): string {
  return `${pk?.S ?? ''} ${sk?.S ?? ''}`;
}
