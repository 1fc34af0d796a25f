import type {
  AccountTags,
  Dated,
  OrganizationPicture,
  OrganizationPictures,
} from '../../core/ports/organization-picture';
import { OrganizationUnknownError } from '../../core/ports/organization-picture';

/** A picture in short: units by path (`Workloads/Prod`), whose ids are made of it, and accounts by the path of their unit. */
export function pictureOf(
  accounts: readonly {
    readonly id: string;
    readonly name?: string;
    readonly state?: string;
    readonly ou?: string;
  }[],
): OrganizationPicture {
  const paths = new Set(
    accounts.flatMap(({ ou = '' }) => {
      const names = ou.split('/').filter((name) => name !== '');
      return names.map((_, depth) => names.slice(0, depth + 1).join('/'));
    }),
  );
  return {
    rootId: 'r-k3f9',
    units: [...paths].map((path) => ({
      id: unitId(path),
      name: path.split('/').at(-1) ?? '',
      parentId: unitId(path.split('/').slice(0, -1).join('/')),
    })),
    accounts: accounts.map(({ id, name = `account-${id}`, state = 'ACTIVE', ou = '' }) => ({
      id,
      name,
      state,
      parentId: unitId(ou),
    })),
  };
}

/** The id that {@link pictureOf} gives to a unit, or to the root. */
export function unitId(path: string): string {
  if (path === '') return 'r-k3f9';
  return `ou-k3f9-${Buffer.from(path.normalize('NFC')).toString('hex').padStart(8, '0').slice(0, 32)}`;
}

/** Pictures that a test sets. */
export class FakePictures implements OrganizationPictures {
  found: OrganizationPicture | undefined;
  tagsOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {};
  isStale = false;
  at = 0;
  /** What was asked for. */
  readonly asked: { readonly what: string; readonly youngerThanMs: number }[] = [];
  /** What a listing that is made anew finds. */
  next: OrganizationPicture | undefined;
  /** How often it was said that something had changed. */
  outdated = 0;

  picture(youngerThanMs: number): Promise<Dated<OrganizationPicture>> {
    this.asked.push({ what: 'picture', youngerThanMs });
    if (this.asked.length > 1 && this.next !== undefined) this.found = this.next;
    if (this.found === undefined) return Promise.reject(new OrganizationUnknownError('nothing is known'));
    return Promise.resolve({ found: this.found, at: this.at, isStale: this.isStale });
  }

  outdate(): Promise<void> {
    this.outdated += 1;
    return Promise.resolve();
  }

  tags(accountIds: readonly string[], youngerThanMs: number): Promise<Dated<AccountTags>> {
    this.asked.push({ what: `tags of ${accountIds.join(', ')}`, youngerThanMs });
    const found = new Map(accountIds.map((id) => [id, this.tagsOf[id] ?? {}]));
    return Promise.resolve({ found, at: this.at, isStale: this.isStale });
  }
}
