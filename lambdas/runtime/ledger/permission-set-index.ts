import type { LedgerTable } from './table';

const KEY = { pk: 'PERMISSIONSETS', sk: 'INDEX' } as const;

/**
 * Names of permission sets by ARN. A set cannot be renamed, so what is here stays true as long as the set exists; a set that is
 * made anew under an old name has another ARN. One item: 3,500 sets (the service's quota) are about 300 KB.
 */
export class PermissionSetIndex {
  constructor(private readonly table: LedgerTable) {}

  async read(): Promise<ReadonlyMap<string, string>> {
    const item = await this.table.get(KEY);
    return new Map(Object.entries((item?.names ?? {}) as Readonly<Record<string, string>>));
  }

  /** The last writer wins: what one of two misses costs a `DescribePermissionSet`, nothing else. */
  async write(names: ReadonlyMap<string, string>): Promise<void> {
    await this.table.put({ ...KEY, names: Object.fromEntries(names) });
  }
}
