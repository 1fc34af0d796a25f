import type { DriftLedger, FindingPage, WalkNotes } from '../../../core/ports/drift-ledger';
import type { Place } from '../../../core/ports/identity-center';
import { FINDING_KINDS, type Finding, type FindingId, findingName } from '../../../core/reconcile/finding';
import { LedgerTable as Names } from '../contract';
import type { ItemKey, LedgerTable } from './table';

const FINDINGS = 'DRIFT';
const NOTES = 'WALK';

/** Sorts after every character of a name. */
const END = '\uffff';

/** Findings in DynamoDB, one item each (`DRIFT` / `<kind>#<account>#<set>#<type>#<principal>`), and the notes of the walk that runs. */
export class DriftItems implements DriftLedger {
  constructor(private readonly table: LedgerTable) {}

  async read(id: FindingId): Promise<Finding | undefined> {
    const item = await this.table.get(itemKey(id));
    return item?.finding as Finding | undefined;
  }

  async write(finding: Finding): Promise<void> {
    // The attribute is there while it is open: a page is filtered by it.
    const open = finding.closedAt === undefined ? { isOpen: true } : {};
    await this.table.put({ ...itemKey(finding), finding, ...open });
  }

  async open(limit: number, after?: string): Promise<FindingPage> {
    // `BETWEEN` takes in the last one of the page before.
    const read = await this.#openBetween(after ?? '', END, limit + 2);
    const items = read.filter((each) => findingName(each) !== after);
    const findings = items.slice(0, limit);
    const last = findings.at(-1);
    const isMore = items.length > limit;
    return { findings, ...(isMore && last !== undefined ? { next: findingName(last) } : {}) };
  }

  async openAt({ accountId, permissionSetArn }: Place): Promise<readonly Finding[]> {
    const found = await Promise.all(
      FINDING_KINDS.map((kind) => {
        const prefix = `${kind}#${accountId}#${permissionSetArn}#`;
        return this.#openBetween(prefix, `${prefix}${END}`);
      }),
    );
    return found.flat();
  }

  async notes(walk: number): Promise<WalkNotes> {
    const items = await this.table.queryAll({
      KeyConditionExpression: `${Names.partitionKey} = :partition`,
      FilterExpression: 'walk = :walk',
      ExpressionAttributeValues: { ':partition': NOTES, ':walk': walk },
      ConsistentRead: true,
    });
    const parts = items.map((item) => item.notes as WalkNotes);
    return {
      principals: parts.flatMap(({ principals }) => principals),
      permissionSets: parts.flatMap(({ permissionSets }) => permissionSets),
      alive: parts.flatMap(({ alive }) => alive),
      gone: parts.flatMap(({ gone }) => gone),
    };
  }

  async keepNotes(walk: number, part: number, notes: WalkNotes): Promise<void> {
    await this.table.put({ pk: NOTES, sk: `PART#${String(part).padStart(6, '0')}`, walk, notes });
  }

  async #openBetween(from: string, to: string, limit?: number): Promise<readonly Finding[]> {
    const items = await this.table.queryAll(
      {
        KeyConditionExpression: `${Names.partitionKey} = :partition AND ${Names.sortKey} BETWEEN :from AND :to`,
        FilterExpression: 'attribute_exists(isOpen)',
        ExpressionAttributeValues: { ':partition': FINDINGS, ':from': from === '' ? ' ' : from, ':to': to },
        ConsistentRead: true,
      },
      limit,
    );
    return items.map((item) => item.finding as Finding);
  }
}

function itemKey(id: FindingId): ItemKey {
  return { pk: FINDINGS, sk: findingName(id) };
}
