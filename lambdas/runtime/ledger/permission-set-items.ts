import type { PermissionSetLedger, RolloutLedger } from '../../../core/ports/permission-set-ledger';
import type { PermissionSetRecord } from '../../../core/permission-sets/record';
import { NO_ROLLOUT, type RolloutRecord } from '../../../core/permission-sets/rollout';
import { LedgerTable as Names } from '../contract';
import type { ItemKey, LedgerTable } from './table';

const PARTITION = 'PERMISSIONSETS';
const PREFIX = 'SET#';
const ROLLOUT_KEY = { pk: 'ROLLOUT', sk: 'STATE' } as const;

/** The permission sets of the ledger in DynamoDB: one item each, `PERMISSIONSETS` / `SET#<name>`, so that one query reads them all. */
export class PermissionSetItems implements PermissionSetLedger {
  constructor(private readonly table: LedgerTable) {}

  async all(): Promise<readonly PermissionSetRecord[]> {
    const items = await this.table.queryAll({
      KeyConditionExpression: `${Names.partitionKey} = :partition AND begins_with(${Names.sortKey}, :prefix)`,
      ExpressionAttributeValues: { ':partition': PARTITION, ':prefix': PREFIX },
      ConsistentRead: true,
    });
    return items.map((item) => item.record as PermissionSetRecord);
  }

  async read(name: string): Promise<PermissionSetRecord | undefined> {
    const item = await this.table.get(itemKey(name));
    return item === undefined ? undefined : (item.record as PermissionSetRecord);
  }

  write(next: PermissionSetRecord): Promise<PermissionSetRecord | undefined> {
    return this.table.putVersion(itemKey(next.name), next, {});
  }
}

/** The `ROLLOUT` item. */
export class RolloutItem implements RolloutLedger {
  constructor(private readonly table: LedgerTable) {}

  async read(): Promise<RolloutRecord> {
    const item = await this.table.get(ROLLOUT_KEY);
    return item === undefined ? NO_ROLLOUT : (item.record as RolloutRecord);
  }

  write(next: RolloutRecord): Promise<RolloutRecord | undefined> {
    return this.table.putVersion(ROLLOUT_KEY, next, {});
  }
}

function itemKey(name: string): ItemKey {
  return { pk: PARTITION, sk: `${PREFIX}${name}` };
}
