import type { Assignment, AssignmentKey, PrincipalType } from '../../../core/assignments/assignment';
import { tellsNothing } from '../../../core/assignments/claims';
import { workPlace } from '../../../core/assignments/work-class';
import type {
  AssignmentFinder,
  AssignmentPage,
  AssignmentPages,
  AssignmentQuery,
} from '../../../core/ports/assignment-finder';
import type { AssignmentLedger, WaitingWork, WorkClass } from '../../../core/ports/ledger';
import { LedgerTable as Names } from '../contract';
import { BadPageTokenError, readPageToken, writePageToken } from './page-token';
import { type Item, type ItemKey, type LedgerTable, sortable } from './table';

const UNDER_WAY = 'UNDER_WAY';
const LOOK = 'LOOK';
/** Sorts after every digit, so that a range up to an instant takes in all that has this instant and a suffix. */
const AFTER_DIGITS = '~';

/**
 * The assignments of the ledger in DynamoDB: one item each, `ACCOUNT#<id>` / `ASSIGNMENT#<set>#<type>#<principal>`. One that has something
 * to tell is in the indexes `finder` (by principal) and `requests` (by permission set). Both hold keys only, and these never change: that is
 * two write units when an assignment begins, two when it has nothing to tell any more, and none for the writes between.
 */
export class AssignmentItems implements AssignmentLedger, AssignmentFinder, AssignmentPages {
  constructor(private readonly table: LedgerTable) {}

  async read(key: AssignmentKey): Promise<Assignment | undefined> {
    const item = await this.table.get(itemKey(key));
    return item === undefined ? undefined : (item.record as Assignment);
  }

  write(next: Assignment): Promise<Assignment | undefined> {
    return this.table.putVersion(itemKey(next.key), next, {
      ...workKeys(next),
      ...lookKeys(next),
      ...finderKeys(next),
    });
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

  async inAccount(accountId: string, permissionSetArn?: string): Promise<Assignment[]> {
    const place = accountPlace({
      accountId,
      ...(permissionSetArn === undefined ? {} : { permissionSetArn }),
    });
    const items = await this.table.queryAll(queryOf(place), Number.POSITIVE_INFINITY);
    return items.map(({ record }) => record as Assignment);
  }

  async ofPrincipal(type: PrincipalType, id: string): Promise<AssignmentKey[]> {
    const place = indexPlace({ principal: { type, id } });
    const items = await this.table.queryAll(queryOf(place), Number.POSITIVE_INFINITY);
    return items.map(assignmentKey);
  }

  async ofPermissionSet(arn: string): Promise<AssignmentKey[]> {
    const place = indexPlace({ permissionSetArn: arn });
    const items = await this.table.queryAll(queryOf(place), Number.POSITIVE_INFINITY);
    return items.map(assignmentKey);
  }

  async list(query: AssignmentQuery, limit: number, after?: string): Promise<AssignmentPage> {
    const { accountId } = query;
    const place = accountId === undefined ? indexPlace(query) : accountPlace({ ...query, accountId });
    const { items, last } = await this.table.query({
      ...queryOf(place),
      Limit: limit,
      ...(after === undefined ? {} : { ExclusiveStartKey: startOf(after, place) }),
    });
    const keys = items.filter((item) => fits(assignmentKey(item), query));
    const assignments =
      accountId === undefined
        ? await Promise.all(keys.map((item) => this.read(assignmentKey(item))))
        : keys.map(({ record }) => record as Assignment);
    return {
      assignments: assignments.filter((each) => each !== undefined && !tellsNothing(each)) as Assignment[],
      ...(last === undefined ? {} : { next: writePageToken(last) }),
    };
  }
}

/** A partition of the table or of an index, and how the sort keys in it begin. */
interface Place {
  readonly index?: string;
  readonly names: { readonly partitionKey: string; readonly sortKey: string };
  readonly partition: string;
  readonly begins?: string;
}

function accountPlace({
  accountId,
  permissionSetArn,
  principal,
}: AssignmentQuery & { readonly accountId: string }): Place {
  const parts = [
    'ASSIGNMENT',
    ...(permissionSetArn === undefined ? [] : [permissionSetArn]),
    ...(permissionSetArn === undefined || principal === undefined ? [] : [principal.type, principal.id]),
  ];
  const isWhole = parts.length === 4;
  return {
    names: { partitionKey: Names.partitionKey, sortKey: Names.sortKey },
    partition: `ACCOUNT#${accountId}`,
    begins: `${parts.join('#')}${isWhole ? '' : '#'}`,
  };
}

function indexPlace({ permissionSetArn, principal }: AssignmentQuery): Place {
  if (principal !== undefined) {
    const { name, ...names } = Names.indexes.finder;
    return { index: name, names, partition: byPrincipal(principal.type, principal.id) };
  }
  if (permissionSetArn === undefined)
    throw new Error('assignments cannot be listed without an account, a principal or a permission set');
  const { name, ...names } = Names.indexes.requests;
  return { index: name, names, partition: byPermissionSet(permissionSetArn) };
}

function queryOf({ index, names, partition, begins }: Place): Parameters<LedgerTable['query']>[0] {
  const { partitionKey, sortKey } = names;
  const beginning = begins === undefined ? '' : ` AND begins_with(${sortKey}, :begins)`;
  return {
    ...(index === undefined ? { ConsistentRead: true } : { IndexName: index }),
    KeyConditionExpression: `${partitionKey} = :partition${beginning}`,
    ExpressionAttributeValues: {
      ':partition': partition,
      ...(begins === undefined ? {} : { ':begins': begins }),
    },
  };
}

/** Outside of what the query looks at DynamoDB refuses a start, with an error that would be ours. */
function startOf(token: string, { names, partition, begins = '' }: Place): Item {
  const start = readPageToken(token, names, partition);
  if (!String(start[names.sortKey]).startsWith(begins)) throw new BadPageTokenError();
  return start;
}

function fits(key: AssignmentKey, { permissionSetArn, principal }: AssignmentQuery): boolean {
  const isOfSet = permissionSetArn === undefined || key.permissionSetArn === permissionSetArn;
  const isOfPrincipal =
    principal === undefined || (key.principalType === principal.type && key.principalId === principal.id);
  return isOfSet && isOfPrincipal;
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

function finderKeys(assignment: Assignment): Partial<Record<string, string>> {
  if (tellsNothing(assignment)) return {};
  const { accountId, permissionSetArn, principalType, principalId } = assignment.key;
  const { finder, requests } = Names.indexes;
  return {
    [finder.partitionKey]: byPrincipal(principalType, principalId),
    [finder.sortKey]: `${accountId}#${permissionSetArn}`,
    [requests.partitionKey]: byPermissionSet(permissionSetArn),
    [requests.sortKey]: `${accountId}#${principalType}#${principalId}`,
  };
}

function byPrincipal(type: PrincipalType, id: string): string {
  return `ASSIGNED#${type}#${id}`;
}

function byPermissionSet(arn: string): string {
  return `ASSIGNED_SET#${arn}`;
}

function waitingIn(workClass: WorkClass): string {
  return `WAITING#${workClass}`;
}
