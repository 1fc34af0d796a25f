import type { AccountReport } from '../../../core/assignments/report';
import {
  LedgerContentionError,
  type OpenRequest,
  type RequestLedger,
  type RequestPage,
  type RequestQuery,
} from '../../../core/ports/ledger';
import { type AccessRequest, isOver } from '../../../core/requests/access-request';
import { LedgerTable as Names } from '../contract';
import { readPageToken, writePageToken } from './page-token';
import { keyText, matchesQuery, principalNames } from './request-matching';
import { type Item, type ItemKey, type LedgerTable, sortable } from './table';

const OPEN = 'OPEN_REQUEST';
const MAX_CHANGES = 12;

/**
 * The requests of the ledger in DynamoDB: `REQUEST#<id>` / `META`, beside it one `ACCOUNT#<id>` item per account, and small
 * `PRINCIPAL#<name>` and `CALLER#<arn>` items by which it is found.
 */
export class RequestItems implements RequestLedger {
  constructor(private readonly table: LedgerTable) {}

  async read(id: string): Promise<AccessRequest | undefined> {
    const item = await this.table.get(metaKey(id));
    return item === undefined ? undefined : (item.record as AccessRequest);
  }

  async create(request: AccessRequest): Promise<{ created: boolean; request: AccessRequest }> {
    // Pointers first: one without its request is passed over, a request without them could not be found.
    await this.#point(request, byPrincipal(request.ticket.principal.value));
    await this.#point(request, byCaller(request.caller));
    const record = { ...request, version: 1 };
    if (await this.table.put(metaItem(record), { expression: 'attribute_not_exists(pk)' })) {
      return { created: true, request: record };
    }
    const present = await this.read(request.id);
    if (present === undefined)
      throw new Error(`request ${request.id} is there and cannot be read: try again`);
    return { created: false, request: present };
  }

  async change(id: string, change: (request: AccessRequest) => AccessRequest): Promise<AccessRequest> {
    for (let tries = 0; tries < MAX_CHANGES; tries += 1) {
      const present = await this.read(id);
      if (present === undefined) throw new Error(`request ${id} is not in the ledger: it cannot be changed`);
      const next = change(present);
      if (next === present) return present;
      const record = { ...next, version: present.version + 1 };
      const condition = { expression: 'version = :read', values: { ':read': present.version } };
      if (await this.table.put(metaItem(record), condition)) return record;
    }
    throw new LedgerContentionError(`request ${id}`, MAX_CHANGES);
  }

  async reports(id: string): Promise<AccountReport[]> {
    const items = await this.table.queryAll({
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :account)',
      ExpressionAttributeValues: { ':pk': `REQUEST#${id}`, ':account': 'ACCOUNT#' },
      ConsistentRead: true,
    });
    return items.map((item) => item.record as AccountReport);
  }

  async report(id: string, report: AccountReport): Promise<void> {
    const item = {
      pk: `REQUEST#${id}`,
      sk: `ACCOUNT#${report.accountId}`,
      assignmentVersion: report.assignmentVersion,
      record: report,
    };
    await this.table.put(item, {
      expression: 'attribute_not_exists(pk) OR assignmentVersion <= :version',
      values: { ':version': report.assignmentVersion },
    });
  }

  async find(query: RequestQuery, limit: number, after?: string): Promise<RequestPage> {
    const page = await this.#page(placeOf(query), limit, after);
    return { ...page, requests: page.requests.filter((request) => matchesQuery(request, query)) };
  }

  /**
   * The requests of one caller that fit a query, newest first. It walks over this caller's requests alone, so that neither a
   * page's size nor its token tells anything about those of others; a page may be empty and have a next one.
   */
  async findOwn(caller: string, query: RequestQuery, limit: number, after?: string): Promise<RequestPage> {
    const page = await this.#page({ index: Names.indexes.finder, partition: byCaller(caller) }, limit, after);
    const isOwn = (request: AccessRequest): boolean => request.caller === caller;
    return {
      ...page,
      requests: page.requests.filter((request) => isOwn(request) && matchesQuery(request, query)),
    };
  }

  async rememberPrincipal(request: AccessRequest): Promise<void> {
    for (const name of new Set(principalNames(request).map(byPrincipal))) await this.#point(request, name);
  }

  async open(): Promise<OpenRequest[]> {
    const { name, partitionKey, sortKey } = Names.indexes.looks;
    const items = await this.table.queryAll({
      IndexName: name,
      KeyConditionExpression: `${partitionKey} = :partition`,
      ExpressionAttributeValues: { ':partition': OPEN },
    });
    return items.map((item) => {
      const [state, attempt, id = ''] = String(item[sortKey]).split('#');
      return {
        id,
        attempt: Number(attempt),
        state: state === 'wake' || state === 'ending' ? state : 'other',
      };
    });
  }

  async #page({ index, partition }: Place, limit: number, after?: string): Promise<RequestPage> {
    const start = after === undefined ? undefined : readPageToken(after, index, partition);
    const { items, last } = await this.table.query({
      IndexName: index.name,
      KeyConditionExpression: `${index.partitionKey} = :partition`,
      ExpressionAttributeValues: { ':partition': partition },
      ScanIndexForward: false,
      Limit: limit,
      ...(start === undefined ? {} : { ExclusiveStartKey: start }),
    });
    const ids = items.map((item) => String(item.pk).slice('REQUEST#'.length));
    const found = await Promise.all([...new Set(ids)].map((id) => this.read(id)));
    return {
      requests: found.filter((request) => request !== undefined),
      ...(last === undefined ? {} : { next: writePageToken(last) }),
    };
  }

  async #point(request: AccessRequest, partition: string): Promise<void> {
    const { partitionKey, sortKey } = Names.indexes.finder;
    await this.table.put(
      {
        pk: `REQUEST#${request.id}`,
        sk: partition,
        [partitionKey]: partition,
        [sortKey]: bornAt(request),
      },
      { expression: 'attribute_not_exists(pk)' },
    );
  }
}

/** A partition of an index. */
interface Place {
  readonly index: (typeof Names.indexes)['finder' | 'requests'];
  readonly partition: string;
}

function metaKey(id: string): ItemKey {
  return { pk: `REQUEST#${id}`, sk: 'META' };
}

function metaItem(record: AccessRequest): Item & ItemKey {
  const { requests, finder, looks } = Names.indexes;
  const { ticket } = record.ticket;
  return {
    ...metaKey(record.id),
    version: record.version,
    record,
    [requests.partitionKey]: `STATUS#${record.status}`,
    [requests.sortKey]: bornAt(record),
    ...(ticket === undefined
      ? {}
      : { [finder.partitionKey]: byTicket(ticket.id), [finder.sortKey]: bornAt(record) }),
    ...(isOver(record.status)
      ? {}
      : {
          [looks.partitionKey]: OPEN,
          [looks.sortKey]: `${openState(record)}#${record.attempt}#${record.id}`,
        }),
  };
}

function openState(record: AccessRequest): OpenRequest['state'] {
  if (record.status === 'ending') return 'ending';
  return record.revocation === undefined ? 'other' : 'wake';
}

function bornAt(request: AccessRequest): string {
  return `${sortable(request.createdAt)}#${request.id}`;
}

function byTicket(id: string): string {
  return `TICKET#${keyText(id)}`;
}

function byPrincipal(name: string): string {
  return `PRINCIPAL#${keyText(name)}`;
}

function byCaller(arn: string): string {
  return `CALLER#${arn}`;
}

function placeOf(query: RequestQuery): Place {
  switch (query.by) {
    case 'ticket':
      return { index: Names.indexes.finder, partition: byTicket(query.id) };
    case 'principal':
      return { index: Names.indexes.finder, partition: byPrincipal(query.name) };
    case 'status':
      return { index: Names.indexes.requests, partition: `STATUS#${query.status}` };
  }
}
