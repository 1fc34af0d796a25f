import { TargetNotFoundException } from '@aws-sdk/client-organizations';
import type { OrganizationPicture } from '../../../core/ports/organization-picture';
import { ReadingItems } from '../../../lambdas/runtime/ledger/reading-items';
import { SdkOrganizationPictures } from '../../../lambdas/runtime/organization-picture';
import { awsError, timeout } from '../../support/aws-errors';
import { FakeClock, RecordingObserver } from '../../support/fake-clock';
import { pictureOf } from '../../support/fake-pictures';
import { MemoryTable } from '../../support/memory-table';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const YOUNG = 15 * MINUTE;

/** Organizations as a test fills it: how often it was listed, and what it answers. */
class FakeListing {
  listings = 0;
  found: OrganizationPicture = pictureOf([{ id: '1' }]);
  failure: Error | undefined;
  tagsOf: (id: string) => Readonly<Record<string, string>> | Error = (id) => ({ name: `tag of ${id}` });
  readonly tagReads: string[] = [];

  constructor(private readonly clock: FakeClock) {}

  async picture(): Promise<OrganizationPicture> {
    this.listings += 1;
    await this.clock.sleep(10_000);
    if (this.failure !== undefined) throw this.failure;
    return this.found;
  }

  async tags(id: string): Promise<Readonly<Record<string, string>>> {
    this.tagReads.push(id);
    await this.clock.sleep(1_000);
    const tags = this.tagsOf(id);
    if (tags instanceof Error) throw tags;
    return tags;
  }

  turns(): () => Promise<void> {
    return () => Promise.resolve();
  }
}

describe('SdkOrganizationPictures', () => {
  let clock: FakeClock;
  let table: MemoryTable;
  let listing: FakeListing;
  let observer: RecordingObserver;

  beforeEach(() => {
    clock = new FakeClock();
    table = new MemoryTable();
    listing = new FakeListing(clock);
    observer = new RecordingObserver();
  });

  /** As another function's environment has them: they share the ledger and nothing else. */
  function pictures(): SdkOrganizationPictures {
    return new SdkOrganizationPictures(new ReadingItems(table), listing, clock, observer);
  }

  /** A chunk as it is in the ledger. */
  function chunk(key: string): Uint8Array {
    return table.items.get(key)?.data as Uint8Array;
  }

  describe('the picture', () => {
    test('is listed once and shared by all environments while it is young', async () => {
      const first = await pictures().picture(YOUNG);
      clock.advance(14 * MINUTE);
      const second = await pictures().picture(YOUNG);

      expect(first).toEqual({ found: listing.found, at: first.at, isStale: false });
      expect(second).toEqual(first);
      expect(listing.listings).toBe(1);
    });

    test('is listed anew when it is too old for what it is wanted for', async () => {
      const { at } = await pictures().picture(YOUNG);
      clock.advance(2 * MINUTE);
      listing.found = pictureOf([{ id: '2' }]);

      expect((await pictures().picture(YOUNG)).at).toBe(at);
      expect(await pictures().picture(MINUTE)).toMatchObject({ found: listing.found, isStale: false });
    });

    test('is listed by one of many who need it, and the others wait for that', async () => {
      const found = await Promise.all(Array.from({ length: 10 }, () => pictures().picture(YOUNG)));

      expect(new Set(found.map(({ at }) => at)).size).toBe(1);
      expect(listing.listings).toBe(1);
    });

    test('is stale while Organizations cannot be reached, for a day', async () => {
      const { at } = await pictures().picture(YOUNG);
      listing.failure = timeout();
      clock.advance(HOUR);

      expect(await pictures().picture(YOUNG)).toEqual({ found: listing.found, at, isStale: true });
      expect(observer.warnings).toEqual([{ what: 'organization could not be read', cause: listing.failure }]);
      clock.advance(23 * HOUR);
      await expect(pictures().picture(YOUNG)).rejects.toThrow(
        'nothing is known of them from the last 24 hours',
      );
    });

    test('is not asked for again in the half minute after a failure, and heals after it', async () => {
      listing.failure = timeout();
      await expect(pictures().picture(YOUNG)).rejects.toThrow('send the request again later');
      await expect(pictures().picture(YOUNG)).rejects.toThrow('send the request again later');
      expect(listing.listings).toBe(1);

      listing.failure = undefined;
      clock.advance(31_000);
      expect(await pictures().picture(YOUNG)).toMatchObject({ isStale: false });
    });

    test('is listed by another one where a reader was stopped', async () => {
      const stopped = new ReadingItems(table);
      await stopped.writeHeader('PICTURE', { version: 0, readingUntil: clock.now() + 20_000 });

      expect(await pictures().picture(YOUNG)).toMatchObject({ found: listing.found });
    });

    test('is not waited for longer than a step has time', async () => {
      await new ReadingItems(table).writeHeader('PICTURE', {
        version: 0,
        readingUntil: clock.now() + 110_000,
      });

      await expect(pictures().picture(YOUNG)).rejects.toThrow('is being read by another request');
    });

    test('is listed anew after a change, whichever function heard of it', async () => {
      await pictures().picture(YOUNG);
      listing.found = pictureOf([{ id: '2' }]);
      clock.advance(1_000);
      await pictures().outdate();
      clock.advance(1_000);

      expect(await pictures().picture(YOUNG)).toMatchObject({ found: listing.found, isStale: false });
      await pictures().picture(YOUNG);
      expect(listing.listings).toBe(2);
    });

    test('whose listing had begun before a change is not used again, though it ended after it', async () => {
      const before = pictures().picture(YOUNG);
      await clock.sleep(5_000);
      await pictures().outdate();
      const first = await before;
      listing.found = pictureOf([{ id: '2' }]);

      expect(first.found).toEqual(pictureOf([{ id: '1' }]));
      expect((await pictures().picture(YOUNG)).found).toEqual(listing.found);
      expect(listing.listings).toBe(2);
    });

    test('that a change has outdated is used, and stale, while Organizations cannot be reached', async () => {
      const { found } = await pictures().picture(YOUNG);
      listing.failure = timeout();
      clock.advance(1_000);
      await pictures().outdate();

      expect(await pictures().picture(YOUNG)).toMatchObject({ found, isStale: true });
    });

    test('of a version that did not note when its listing began is outdated by any change', async () => {
      await pictures().picture(YOUNG);
      const items = new ReadingItems(table);
      const { begunAt: _unknown, ...header } = await items.header('PICTURE');
      await items.writeHeader('PICTURE', header);
      expect((await pictures().picture(YOUNG)).found).toBeDefined();
      await pictures().outdate();
      await pictures().picture(YOUNG);

      expect(listing.listings).toBe(2);
    });

    test('is outdated by a hundred changes with one write, and by one where there is none with none', async () => {
      await pictures().outdate();
      expect(table.items.size).toBe(0);
      await pictures().picture(YOUNG);
      clock.advance(1_000);
      const { version } = await new ReadingItems(table).header('PICTURE');
      for (let n = 0; n < 100; n += 1) await pictures().outdate();

      expect((await new ReadingItems(table).header('PICTURE')).version).toBe(version + 1);
    });

    test('is never used with a chunk missing or of another one', async () => {
      listing.found = largePicture();
      await pictures().picture(YOUNG);
      const [key] = [...table.items.keys()].filter((each) => each.includes('PICTURE#'));
      expect(chunk(key ?? '').length).toBe(350_000);

      for (const data of [new Uint8Array(), Buffer.from(chunk(key ?? '')).fill(7, 0, 1)]) {
        table.items.set(key ?? '', { data });
        listing.failure = timeout();
        clock.advance(MINUTE);
        await expect(pictures().picture(YOUNG)).rejects.toThrow('could not be read');
      }
    });

    test('larger than an item comes back whole, and the one before it stays until it is', async () => {
      await pictures().picture(YOUNG);
      listing.found = largePicture();
      clock.advance(16 * MINUTE);
      await pictures().picture(YOUNG);

      expect([...table.items.keys()].sort()).toEqual([
        'ORGANIZATION/PICTURE',
        'ORGANIZATION/PICTURE#0#0',
        'ORGANIZATION/PICTURE#1#0',
        'ORGANIZATION/PICTURE#1#1',
      ]);
      expect((await pictures().picture(YOUNG)).found).toEqual(listing.found);
    });
  });

  describe('tags', () => {
    test('are read for the accounts that are asked for, and kept', async () => {
      const first = await pictures().tags(['1', '2'], YOUNG);
      const second = await pictures().tags(['2', '3'], YOUNG);

      expect(first.found).toEqual(
        new Map([
          ['1', { name: 'tag of 1' }],
          ['2', { name: 'tag of 2' }],
        ]),
      );
      expect([...second.found.keys()]).toEqual(['2', '3']);
      expect(listing.tagReads).toEqual(['1', '2', '3']);
    });

    test('that take longer than a step are read in several, none of them twice', async () => {
      const ids = Array.from({ length: 400 }, (_, index) => String(index));

      await expect(pictures().tags(ids, YOUNG)).rejects.toThrow(
        'tags of 180 of 400 accounts are read: the step is tried again and goes on',
      );
      await expect(pictures().tags(ids, YOUNG)).rejects.toThrow('tags of 360 of 400');
      expect((await pictures().tags(ids, YOUNG)).found.size).toBe(400);
      expect(listing.tagReads).toHaveLength(400);
    });

    test('of an account that has left the organization are none', async () => {
      listing.tagsOf = () => awsError(TargetNotFoundException, 400);

      expect((await pictures().tags(['1'], YOUNG)).found).toEqual(new Map([['1', {}]]));
    });

    test('are stale while they cannot be read again, and unknown where they never were', async () => {
      const { at } = await pictures().tags(['1'], YOUNG);
      listing.tagsOf = timeout;
      clock.advance(HOUR);

      expect(await pictures().tags(['1'], YOUNG)).toMatchObject({ at, isStale: true });
      clock.advance(MINUTE);
      await expect(pictures().tags(['1', '2'], YOUNG)).rejects.toThrow(
        'the tags of 1 accounts could not be read, since Organizations did not answer',
      );
    });
  });
});

/** Names that do not compress: more than one item of them. */
function largePicture(): OrganizationPicture {
  let state = 1;
  const letters = (): string =>
    Array.from({ length: 60 }, () => {
      state = (state * 48_271) % 2_147_483_647;
      return String.fromCharCode(33 + (state % 90));
    }).join('');
  return pictureOf(Array.from({ length: 8_000 }, (_, index) => ({ id: String(index), name: letters() })));
}
