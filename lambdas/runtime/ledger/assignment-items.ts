import type { Assignment, AssignmentKey } from '../../../core/assignments/assignment';
import { workPlace } from '../../../core/assignments/work-class';
import type { AssignmentLedger, WaitingWork, WorkClass } from '../../../core/ports/ledger';
import { LedgerTable as Names } from '../contract';
import { type Item, type ItemKey, type LedgerTable, sortable } from './table';

const UNDER_WAY = 'UNDER_WAY';
const LOOK = 'LOOK';
/** Sorts after every digit, so that a range up to an instant takes in all that has this instant and a suffix. */
const AFTER_DIGITS = '~';

/** The assignments of the ledger in DynamoDB: one item each, `ACCOUNT#<id>` / `ASSIGNMENT#<set>#<type>#<principal>`. */
export class AssignmentItems implements AssignmentLedger {
  constructor(private readonly table: LedgerTable) {}

  async read(key: AssignmentKey): Promise<Assignment | undefined> {
    const item = await this.table.get(itemKey(key));
    return item === undefined ? undefined : (item.record as Assignment);
  }

  write(next: Assignment): Promise<Assignment | undefined> {
    return this.table.putVersion(itemKey(next.key), next, { ...workKeys(next), ...lookKeys(next) });
  }

  async underWay(): Promise<AssignmentKey[]> {
    const { name, partitionKey } = Names.indexes.work;
    const items = await this.table.queryAll({
      IndexName: name,
      KeyConditionExpression: `${partitionKey} = :partition`,
      ExpressionAttributeValues: { ':partition': UNDER_WAY },
    });
    return items.map(assignmentKey);
  }

  async waiting(workClass: WorkClass, until: number, limit: number): Promise<WaitingWork[]> {
    const { name, partitionKey, sortKey } = Names.indexes.work;
    const { items } = await this.table.query({
      IndexName: name,
      KeyConditionExpression: `${partitionKey} = :partition AND ${sortKey} <= :until`,
      ExpressionAttributeValues: {
        ':partition': waitingIn(workClass),
        ':until': sortable(until) + AFTER_DIGITS,
      },
      Limit: limit,
    });
    return items.map((item) => ({
      key: assignmentKey(item),
      notBefore: Number(String(item[sortKey]).split('#').at(-1)),
    }));
  }

  async due(now: number, limit: number): Promise<AssignmentKey[]> {
    const { name, partitionKey, sortKey } = Names.indexes.looks;
    const { items } = await this.table.query({
      IndexName: name,
      KeyConditionExpression: `${partitionKey} = :partition AND ${sortKey} <= :now`,
      ExpressionAttributeValues: { ':partition': LOOK, ':now': sortable(now) },
      Limit: limit,
    });
    return items.map(assignmentKey);
  }
}

function itemKey({ accountId, permissionSetArn, principalType, principalId }: AssignmentKey): ItemKey {
  return { pk: `ACCOUNT#${accountId}`, sk: `ASSIGNMENT#${permissionSetArn}#${principalType}#${principalId}` };
}

/** The other direction: neither ARNs nor ids contain a `#`. */
function assignmentKey(item: Item): AssignmentKey {
  const [, accountId = ''] = String(item.pk).split('#');
  const [, permissionSetArn = '', principalType, principalId = ''] = String(item.sk).split('#');
  return {
    accountId,
    permissionSetArn,
    principalType: principalType === 'GROUP' ? 'GROUP' : 'USER',
    principalId,
  };
}

function workKeys(assignment: Assignment): Partial<Record<string, string>> {
  const { operation, toTell, key } = assignment;
  const { partitionKey, sortKey } = Names.indexes.work;
  if (operation === undefined && toTell.length === 0) return {};
  if (operation?.state !== 'INTENT' || toTell.length > 0) {
    return { [partitionKey]: UNDER_WAY, [sortKey]: sortable(operation?.plannedAt ?? 0) };
  }
  const { class: workClass, from, rank } = workPlace(assignment, operation);
  const place = [sortable(from), String(rank).padStart(6, '0'), key.accountId, sortable(operation.notBefore)];
  return { [partitionKey]: waitingIn(workClass), [sortKey]: place.join('#') };
}

function lookKeys({ lookAt }: Assignment): Partial<Record<string, string>> {
  const { partitionKey, sortKey } = Names.indexes.looks;
  return lookAt === undefined ? {} : { [partitionKey]: LOOK, [sortKey]: sortable(lookAt) };
}

function waitingIn(workClass: WorkClass): string {
  return `WAITING#${workClass}`;
}
