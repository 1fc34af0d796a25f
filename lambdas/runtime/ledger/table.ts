import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { REPEATABLE } from '../clients';
import { requireEnvironment } from '../environment';

/** One item of the ledger's table, as the document client reads it. */
export type Item = Readonly<Record<string, unknown>>;

/** The key of an item. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** A condition of a write, in DynamoDB's words. */
export interface Condition {
  readonly expression: string;
  readonly values?: Readonly<Record<string, unknown>>;
}

/** The ledger's table: single-item conditional writes, strongly consistent reads, and queries. */
export class LedgerTable {
  readonly #client = DynamoDBDocumentClient.from(new DynamoDBClient(REPEATABLE), {
    marshallOptions: { removeUndefinedValues: true },
  });
  readonly #table = requireEnvironment('ledgerTable');

  /** Strongly consistent. */
  async get(key: ItemKey): Promise<Item | undefined> {
    const { Item: item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: key, ConsistentRead: true }),
    );
    return item;
  }

  /** Answers whether the condition held and the item was written. Without a condition the last writer wins. */
  async put(item: Item & ItemKey, condition?: Condition): Promise<boolean> {
    return held(
      this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: item,
          ...(condition === undefined ? {} : { ConditionExpression: condition.expression }),
          ...(condition?.values === undefined ? {} : { ExpressionAttributeValues: condition.values }),
        }),
      ),
    );
  }

  /**
   * Writes a record if the ledger still has the version that it was made from (0: none yet). Answers the record with its new version, or
   * undefined where somebody else was first.
   */
  async putVersion<Versioned extends { readonly version: number }>(
    key: ItemKey,
    made: Versioned,
    attributes: Item,
  ): Promise<Versioned | undefined> {
    const record = { ...made, version: made.version + 1 };
    const written = await this.put(
      { ...key, version: record.version, record, ...attributes },
      made.version === 0
        ? { expression: 'attribute_not_exists(pk)' }
        : { expression: 'version = :read', values: { ':read': made.version } },
    );
    return written ? record : undefined;
  }

  /** Answers the item after the update, or undefined where the condition did not hold. */
  async update(
    key: ItemKey,
    update: Pick<
      UpdateCommandInput,
      'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeValues'
    >,
  ): Promise<Item | undefined> {
    try {
      const { Attributes } = await this.#client.send(
        new UpdateCommand({ TableName: this.#table, Key: key, ReturnValues: 'ALL_NEW', ...update }),
      );
      return Attributes;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  }

  /** One page of a query. */
  async query(
    query: Omit<QueryCommandInput, 'TableName'>,
  ): Promise<{ items: Item[]; last: Item | undefined }> {
    const { Items = [], LastEvaluatedKey } = await this.#client.send(
      new QueryCommand({ TableName: this.#table, ...query }),
    );
    return { items: Items, last: LastEvaluatedKey };
  }

  /** All pages of a query, up to `limit` items. */
  async queryAll(query: Omit<QueryCommandInput, 'TableName'>, limit = 10_000): Promise<Item[]> {
    const found: Item[] = [];
    let last: Item | undefined;
    do {
      const page = await this.query({ ...query, ...(last === undefined ? {} : { ExclusiveStartKey: last }) });
      found.push(...page.items);
      last = page.last;
    } while (last !== undefined && found.length < limit);
    return found.slice(0, limit);
  }
}

/** An instant as a sort key: 15 digits reach beyond the year 30,000 and sort as numbers do. */
export function sortable(instant: number): string {
  return String(Math.max(0, Math.round(instant))).padStart(15, '0');
}

async function held(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
