import type { Item, ItemKey, LedgerTable } from '../../lambdas/runtime/ledger/table';

/** The items of the ledger's table in memory, as far as single ones are read and written. */
export class MemoryTable implements Pick<LedgerTable, 'get' | 'put' | 'putVersion'> {
  readonly items = new Map<string, Item>();

  get(key: ItemKey): Promise<Item | undefined> {
    return Promise.resolve(this.items.get(place(key)));
  }

  put(item: Item & ItemKey): Promise<boolean> {
    this.items.set(place(item), item);
    return Promise.resolve(true);
  }

  putVersion<Versioned extends { readonly version: number }>(
    key: ItemKey,
    made: Versioned,
  ): Promise<Versioned | undefined> {
    const present = this.items.get(place(key))?.version ?? 0;
    if (present !== made.version) return Promise.resolve(undefined);
    const record = { ...made, version: made.version + 1 };
    this.items.set(place(key), { ...key, version: record.version, record });
    return Promise.resolve(record);
  }
}

function place({ pk, sk }: ItemKey): string {
  return `${pk}/${sk}`;
}
