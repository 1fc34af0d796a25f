import type { Learned } from '../../../core/dispatcher/learned';
import {
  type DispatcherLedger,
  type DispatcherRecord,
  type NextEpoch,
  RATE_HOLDERS,
  type RateHolder,
  type RegisteredRate,
} from '../../../core/ports/ledger';
import type { Item, LedgerTable } from './table';

const KEY = { pk: 'DISPATCHER', sk: 'STATE' } as const;

/** The ids that were accepted last: an item of its own, some 18 KB, which only a search for a lost reply reads. */
const IDS_KEY = { pk: 'DISPATCHER', sk: 'ACCEPTED' } as const;

const IS_NOT_RUNNING = 'attribute_not_exists(running) OR running = :no';
const CONDITIONS: Readonly<Record<NextEpoch, readonly string[]>> = {
  'nobody works': [`(${IS_NOT_RUNNING} OR (leaseUntil < :now AND nextPassBy < :now))`],
  'no pass': [`(${IS_NOT_RUNNING} OR leaseUntil <= :now)`],
  always: [],
};

/** Before anybody called for a dispatcher. */
const NEVER: DispatcherRecord = {
  epoch: 0,
  leaseUntil: 0,
  nextPassBy: 0,
  wanted: 0,
  wantedAt: 0,
  running: false,
};

/** The `DISPATCHER` item: every method is one conditional update of it. */
export class DispatcherItem implements DispatcherLedger {
  constructor(private readonly table: LedgerTable) {}

  async read(): Promise<DispatcherRecord> {
    return fromItem(await this.table.get(KEY));
  }

  async want(now: number): Promise<DispatcherRecord> {
    const item = await this.table.update(KEY, {
      UpdateExpression: 'ADD wanted :one SET wantedAt = :now',
      ExpressionAttributeValues: { ':one': 1, ':now': now },
    });
    return fromItem(item);
  }

  async nextEpoch(
    from: number,
    now: number,
    nextPassBy: number,
    condition: NextEpoch,
  ): Promise<DispatcherRecord | undefined> {
    const isFrom = from === 0 ? 'attribute_not_exists(epoch)' : 'epoch = :from';
    const item = await this.table.update(KEY, {
      UpdateExpression:
        'SET epoch = :next, running = :yes, nextPassBy = :by, leaseUntil = if_not_exists(leaseUntil, :zero)',
      ConditionExpression: [isFrom, ...CONDITIONS[condition]].join(' AND '),
      ExpressionAttributeValues: {
        ':next': from + 1,
        ':yes': true,
        ':by': nextPassBy,
        ':zero': 0,
        ...(from === 0 ? {} : { ':from': from }),
        ...(condition === 'always' ? {} : { ':no': false, ':now': now }),
      },
    });
    return item && fromItem(item);
  }

  async takeLease(
    epoch: number,
    now: number,
    leaseUntil: number,
    nextPassBy: number,
  ): Promise<DispatcherRecord | undefined> {
    const item = await this.table.update(KEY, {
      UpdateExpression: 'SET leaseUntil = :until, nextPassBy = :by',
      ConditionExpression: 'epoch = :epoch AND leaseUntil <= :now AND running = :yes',
      ExpressionAttributeValues: {
        ':until': leaseUntil,
        ':by': nextPassBy,
        ':epoch': epoch,
        ':now': now,
        ':yes': true,
      },
    });
    return item && fromItem(item);
  }

  async releaseLease(
    epoch: number,
    leaseUntil: number,
    now: number,
    nextPassBy: number,
    learned: Learned,
  ): Promise<void> {
    await this.table.update(KEY, {
      UpdateExpression: 'SET leaseUntil = :now, nextPassBy = :by, learned = :learned',
      ConditionExpression: 'epoch = :epoch AND leaseUntil = :taken',
      ExpressionAttributeValues: {
        ':epoch': epoch,
        ':taken': leaseUntil,
        ':now': now,
        ':by': nextPassBy,
        ':learned': learned,
      },
    });
  }

  async register(holder: RateHolder, perSecond: number, until: number): Promise<void> {
    await this.table.update(KEY, {
      UpdateExpression: `SET ${rateOf(holder)} = :rate`,
      ExpressionAttributeValues: { ':rate': { perSecond, until } satisfies RegisteredRate },
    });
  }

  async unregister(holder: RateHolder): Promise<void> {
    await this.table.update(KEY, { UpdateExpression: `REMOVE ${rateOf(holder)}` });
  }

  async acceptedIds(): Promise<readonly string[]> {
    const item = await this.table.get(IDS_KEY);
    return (item?.ids as string[] | undefined) ?? [];
  }

  async keepAcceptedIds(ids: readonly string[]): Promise<void> {
    await this.table.put({ ...IDS_KEY, ids });
  }

  async stop(epoch: number, wanted: number, releasedAt: number): Promise<DispatcherRecord | undefined> {
    const item = await this.table.update(KEY, {
      UpdateExpression: 'SET running = :no',
      ConditionExpression: 'epoch = :epoch AND wanted = :wanted AND leaseUntil <= :released',
      ExpressionAttributeValues: {
        ':no': false,
        ':epoch': epoch,
        ':wanted': wanted,
        ':released': releasedAt,
      },
    });
    return item && fromItem(item);
  }
}

/** An attribute for each: one in a map could only be set where the map is there already. */
function rateOf(holder: RateHolder): string {
  return `rate_${holder}`;
}

function fromItem(item: Item | undefined): DispatcherRecord {
  const rates = RATE_HOLDERS.flatMap((holder) => {
    const rate = item?.[rateOf(holder)] as RegisteredRate | undefined;
    return rate === undefined ? [] : [[holder, rate] as const];
  });
  return {
    ...NEVER,
    ...(item as Partial<DispatcherRecord> | undefined),
    ...(rates.length === 0 ? {} : { registered: Object.fromEntries(rates) }),
  };
}
