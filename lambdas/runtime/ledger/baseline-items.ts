import {
  type AccountBaseline,
  type BaselineState,
  NO_BASELINE_STATE,
  unknownAccount,
} from '../../../core/baselines/account-record';
import type { BaselineLedger } from '../../../core/ports/baseline-ledger';
import { LedgerTable as Names } from '../contract';
import { type ItemKey, type LedgerTable, sortable } from './table';

const PARTITION = 'BASELINES';
const PREFIX = 'ACCOUNT#';
const STATE_KEY = { pk: PARTITION, sk: 'STATE' } as const;

/** Partition of the index of looks: accounts that an execution works on, by when it promised its next step. */
const RUNNING = 'BASELINE_RUN';

/** The baselines of the ledger in DynamoDB: one item an account, `BASELINES` / `ACCOUNT#<id>`, so that one query reads them all. */
export class BaselineItems implements BaselineLedger {
  constructor(private readonly table: LedgerTable) {}

  async account(accountId: string): Promise<AccountBaseline> {
    const item = await this.table.get(itemKey(accountId));
    return item === undefined ? unknownAccount(accountId) : (item.record as AccountBaseline);
  }

  writeAccount(next: AccountBaseline): Promise<AccountBaseline | undefined> {
    const { partitionKey, sortKey } = Names.indexes.looks;
    const promise = Math.max(next.leaseUntil, next.nextStepBy);
    const running = next.running ? { [partitionKey]: RUNNING, [sortKey]: sortable(promise) } : {};
    return this.table.putVersion(itemKey(next.accountId), next, running);
  }

  async accounts(): Promise<readonly AccountBaseline[]> {
    const items = await this.table.queryAll({
      KeyConditionExpression: `${Names.partitionKey} = :partition AND begins_with(${Names.sortKey}, :prefix)`,
      ExpressionAttributeValues: { ':partition': PARTITION, ':prefix': PREFIX },
      ConsistentRead: true,
    });
    return items.map((item) => item.record as AccountBaseline);
  }

  async overdueAccounts(now: number, limit: number): Promise<readonly string[]> {
    const { name, partitionKey, sortKey } = Names.indexes.looks;
    const { items } = await this.table.query({
      IndexName: name,
      KeyConditionExpression: `${partitionKey} = :partition AND ${sortKey} < :now`,
      ExpressionAttributeValues: { ':partition': RUNNING, ':now': sortable(now) },
      Limit: limit,
    });
    return items.map((item) => String(item.sk).slice(PREFIX.length));
  }

  async state(): Promise<BaselineState> {
    const item = await this.table.get(STATE_KEY);
    return item === undefined ? NO_BASELINE_STATE : (item.record as BaselineState);
  }

  writeState(next: BaselineState): Promise<BaselineState | undefined> {
    return this.table.putVersion(STATE_KEY, next, {});
  }
}

function itemKey(accountId: string): ItemKey {
  return { pk: PARTITION, sk: `${PREFIX}${accountId}` };
}
