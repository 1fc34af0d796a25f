import type { ProvisionTarget } from '../../../core/ports/identity-center';
import type { OpenProvision, ProvisionLedger } from '../../../core/ports/ledger';
import type { Provision } from '../../../core/provisions/provision';
import { LedgerTable as Names } from '../contract';
import { type Item, type ItemKey, type LedgerTable, sortable } from './table';

const OPEN = 'PROVISION';
const EVERYWHERE = 'ALL';

/** The provisions of the ledger in DynamoDB: one item a target, `PERMISSIONSET#<ARN>` / `PROVISION#<account or ALL>`. */
export class ProvisionItems implements ProvisionLedger {
  constructor(private readonly table: LedgerTable) {}

  async read(target: ProvisionTarget): Promise<Provision | undefined> {
    const item = await this.table.get(itemKey(target));
    return item === undefined ? undefined : (item.record as Provision);
  }

  write(next: Provision): Promise<Provision | undefined> {
    return this.table.putVersion(itemKey(next.target), next, workKeys(next));
  }

  async open(limit: number): Promise<OpenProvision[]> {
    const { name, partitionKey, sortKey } = Names.indexes.work;
    const { items } = await this.table.query({
      IndexName: name,
      KeyConditionExpression: `${partitionKey} = :partition`,
      ExpressionAttributeValues: { ':partition': OPEN },
      Limit: limit,
    });
    return items.map((item) => {
      const [stage, notBefore] = String(item[sortKey]).split('#');
      return { target: targetOf(item), isWaiting: stage === 'WAITING', notBefore: Number(notBefore) };
    });
  }
}

function itemKey({ permissionSetArn, accountId = EVERYWHERE }: ProvisionTarget): ItemKey {
  return { pk: `PERMISSIONSET#${permissionSetArn}`, sk: `PROVISION#${accountId}` };
}

/** The other direction: neither ARNs nor account ids contain a `#`. */
function targetOf(item: Item): ProvisionTarget {
  const [, permissionSetArn = ''] = String(item.pk).split('#');
  const [, accountId = EVERYWHERE] = String(item.sk).split('#');
  return accountId === EVERYWHERE ? { permissionSetArn } : { permissionSetArn, accountId };
}

/** `UNDER_WAY` sorts before `WAITING`. */
function workKeys({ operation }: Provision): Partial<Record<string, string>> {
  if (operation === undefined) return {};
  const { partitionKey, sortKey } = Names.indexes.work;
  const stage = operation.state === 'INTENT' ? 'WAITING' : 'UNDER_WAY';
  return { [partitionKey]: OPEN, [sortKey]: `${stage}#${sortable(operation.notBefore)}` };
}
