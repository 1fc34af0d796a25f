import {
  type Assignment,
  type AssignmentKey,
  describeKey,
  unknownAssignment,
} from '../../../core/assignments/assignment';
import { baselineClaimId } from '../../../core/baselines/baseline';
import type { AssignmentFinder } from '../../../core/ports/assignment-finder';
import type { AssignmentLister, CallPace } from '../../../core/ports/assignment-lister';
import type { Assignee, Place } from '../../../core/ports/identity-center';
import type { FakeClock } from '../../support/fake-clock';

/** How many accounts, permission sets and assignments there are. */
export const SIZE = { accounts: 2_000, permissionSets: 500, assignments: 100_000 };

/** Rows of a page of every listing. */
const PAGE = 100;

/** How the assignments spread; `groups` share what `users` do not have, one each. */
export interface Spread {
  readonly words: string;
  readonly groups: number;
  readonly users: number;
  /** Assignments at a pair of account and permission set. */
  readonly aPair: number;
}

/** Assignments that are all known to the ledger, and listed by the service a page a call, at a pace, in virtual time. */
export class LargeOrganization {
  readonly accounts: readonly string[];
  readonly sets: readonly string[];
  readonly groups: readonly string[];
  readonly items = new Map<string, Assignment>();
  /** Of the walk that is being measured. */
  pace: CallPace & { turns: number } = { perSecond: 1, turns: 0 };
  readonly #byPlace = new Map<string, AssignmentKey[]>();
  readonly #byPrincipal = new Map<string, AssignmentKey[]>();
  readonly #accountsBySet = new Map<string, Set<string>>();
  readonly #byAccount = new Map<string, Assignment[]>();

  constructor(
    readonly spread: Spread,
    private readonly clock: FakeClock,
  ) {
    const numbered = (count: number, name: (n: number) => string) =>
      Array.from({ length: count }, (_, n) => name(n));
    this.accounts = numbered(SIZE.accounts, (n) => String(300_000_000_000 + n));
    this.sets = numbered(
      SIZE.permissionSets,
      (n) => `arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-${String(n).padStart(16, '0')}`,
    );
    this.groups = numbered(spread.groups, (n) => `group-${n}`);
    const now = clock.now();
    for (let n = 0; n < SIZE.assignments; n += 1) this.#assign(this.#key(n), now);
  }

  get pairs(): number {
    return this.#byPlace.size;
  }

  readonly lister: AssignmentLister = {
    permissionSets: () => this.#listed(this.sets),
    nameOf: (arn) => Promise.resolve(arn),
    accountsOf: (arn) => this.#listed([...(this.#accountsBySet.get(arn) ?? [])]),
    assignees: (place) => this.#listed<Assignee>(this.#byPlace.get(placeName(place)) ?? []),
    ofPrincipal: (_type, id) => this.#listed<Place>(this.#byPrincipal.get(id) ?? []),
    groups: () => Promise.resolve(this.groups.map((id) => ({ id, name: id }))),
  };

  readonly finder: AssignmentFinder = {
    inAccount: (accountId, permissionSetArn) =>
      Promise.resolve(
        permissionSetArn === undefined
          ? (this.#byAccount.get(accountId) ?? [])
          : this.#itemsOf(this.#byPlace.get(placeName({ accountId, permissionSetArn })) ?? []),
      ),
    ofPrincipal: (_type, id) => Promise.resolve(this.#byPrincipal.get(id) ?? []),
    ofPermissionSet: (arn) =>
      Promise.resolve(
        [...(this.#accountsBySet.get(arn) ?? [])].flatMap(
          (accountId) => this.#byPlace.get(placeName({ accountId, permissionSetArn: arn })) ?? [],
        ),
      ),
  };

  #key(n: number): AssignmentKey {
    const pair = Math.floor(n / this.spread.aPair);
    const account = pair % SIZE.accounts;
    // 7 and 500 have no common factor: every set is in use, in as many accounts as every other.
    const set = (Math.floor(pair / SIZE.accounts) + account * 7) % SIZE.permissionSets;
    const isUsers = n >= SIZE.assignments - this.spread.users;
    return {
      accountId: this.accounts[account] ?? '',
      permissionSetArn: this.sets[set] ?? '',
      principalType: isUsers ? 'USER' : 'GROUP',
      principalId: isUsers ? `user-${n}` : `group-${n % this.spread.groups}`,
    };
  }

  #assign(key: AssignmentKey, now: number): void {
    const id = baselineClaimId('rule');
    const claim = { id, kind: 'baseline', from: now, until: null, openedAt: now, grantedAt: now } as const;
    const item: Assignment = {
      ...unknownAssignment(key),
      version: 1,
      claims: { [id]: claim },
      seen: { at: now, exists: true },
    };
    this.items.set(describeKey(key), item);
    add(this.#byPlace, placeName(key), key);
    add(this.#byPrincipal, key.principalId, key);
    add(this.#byAccount, key.accountId, item);
    const accounts = this.#accountsBySet.get(key.permissionSetArn) ?? new Set();
    this.#accountsBySet.set(key.permissionSetArn, accounts.add(key.accountId));
  }

  #itemsOf(keys: readonly AssignmentKey[]): Assignment[] {
    return keys.map((key) => this.items.get(describeKey(key))).filter((item) => item !== undefined);
  }

  #listed<Row>(rows: readonly Row[]): Promise<readonly Row[]> {
    const pages = Math.max(1, Math.ceil(rows.length / PAGE));
    this.pace.turns += pages;
    this.clock.advance((pages * 1000) / this.pace.perSecond);
    return Promise.resolve(rows);
  }
}

function placeName({ accountId, permissionSetArn }: Place): string {
  return `${accountId} ${permissionSetArn}`;
}

function add<Value>(index: Map<string, Value[]>, name: string, value: Value): void {
  const present = index.get(name);
  if (present === undefined) index.set(name, [value]);
  else present.push(value);
}
