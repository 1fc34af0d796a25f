import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { ItemKey, LedgerTable } from './table';

/** What is kept, and in which partition: all accounts and units, tags of accounts, rules of baselines with their names looked up. */
const PARTITIONS = { PICTURE: 'ORGANIZATION', TAGS: 'ORGANIZATION', RULES: 'BASELINE-RULES' } as const;

/** See {@link PARTITIONS}. */
export type ReadingPart = keyof typeof PARTITIONS;

/** Where a value is: all of its chunks were written before this was. */
export interface StoredPlace {
  /** Chunks of the value before it are in the other one. */
  readonly slot: 0 | 1;
  readonly chunks: number;
  /** SHA-256 of all chunks together: of two writers at once, or a lost chunk, nothing is ever read. */
  readonly hash: string;
}

/** The header of one part. Instants are epoch milliseconds. */
export interface ReadingHeader {
  readonly version: number;
  readonly completedAt?: number;
  /** When the reading of the value began. */
  readonly begunAt?: number;
  /** A value whose reading had begun by then is not good: something has changed since. */
  readonly outdatedAt?: number;
  /** Written only with a value whose every page was read. */
  readonly complete?: true;
  readonly place?: StoredPlace;
  /** Somebody reads it anew, and has it by then. */
  readonly readingUntil?: number;
  /** When it could not be read the last time; gone when it could. */
  readonly failedAt?: number;
}

/** An item may have 400 KB. 7,000 accounts, the most that Identity Center takes, are about 150 KB once compressed. */
const CHUNK_BYTES = 350_000;

/**
 * What takes many calls to read, in DynamoDB: a header, such as `ORGANIZATION` / `PICTURE`, and compressed JSON in `PICTURE#<slot>#<n>`
 * beside it.
 */
export class ReadingItems {
  constructor(private readonly table: Pick<LedgerTable, 'get' | 'put' | 'putVersion'>) {}

  async header(part: ReadingPart): Promise<ReadingHeader> {
    const item = await this.table.get(key(part));
    return item === undefined ? { version: 0 } : (item.record as ReadingHeader);
  }

  /** Undefined where somebody else was first. */
  writeHeader(part: ReadingPart, next: ReadingHeader): Promise<ReadingHeader | undefined> {
    return this.table.putVersion(key(part), next, {});
  }

  /** Undefined where a chunk is missing or of another value. */
  async value(part: ReadingPart, { slot, chunks, hash }: StoredPlace): Promise<unknown> {
    const read = Array.from({ length: chunks }, async (_, index) => {
      const item = await this.table.get(key(part, slot, index));
      return item?.data instanceof Uint8Array ? item.data : new Uint8Array();
    });
    const bytes = Buffer.concat(await Promise.all(read));
    return hashOf(bytes) === hash ? (JSON.parse(gunzipSync(bytes).toString('utf8')) as unknown) : undefined;
  }

  /** Writes the chunks of a value beside those of the one before; it counts once a header names its place. */
  async writeValue(part: ReadingPart, before: StoredPlace | undefined, value: unknown): Promise<StoredPlace> {
    const bytes = gzipSync(JSON.stringify(value));
    const slot = before?.slot === 0 ? 1 : 0;
    const chunks = Math.ceil(bytes.length / CHUNK_BYTES);
    for (let index = 0; index < chunks; index += 1) {
      const data = bytes.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES);
      await this.table.put({ ...key(part, slot, index), data });
    }
    return { slot, chunks, hash: hashOf(bytes) };
  }
}

function key(part: ReadingPart, ...place: readonly number[]): ItemKey {
  return { pk: PARTITIONS[part], sk: [part, ...place].join('#') };
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
