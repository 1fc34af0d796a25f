import { type Assignment } from '../../core/assignments/assignment';
import {
  type AccountBaseline,
  type BaselineState,
  NO_BASELINE_STATE,
  unknownAccount,
} from '../../core/baselines/account-record';
import type { BaselineLedger } from '../../core/ports/baseline-ledger';
import { isDead } from '../../core/runs/run';
import type { MemoryAssignments } from './memory-ledger';

/** The baselines of the ledger in memory, with the same conditional writes. */
export class MemoryBaselines implements BaselineLedger {
  readonly items = new Map<string, AccountBaseline>();
  shared: BaselineState = NO_BASELINE_STATE;
  /** Called before each write: others who write the same item. */
  beforeWrite: () => void = () => undefined;

  account(accountId: string): Promise<AccountBaseline> {
    return Promise.resolve(this.items.get(accountId) ?? unknownAccount(accountId));
  }

  writeAccount(next: AccountBaseline): Promise<AccountBaseline | undefined> {
    this.beforeWrite();
    if ((this.items.get(next.accountId)?.version ?? 0) !== next.version) return Promise.resolve(undefined);
    const written = asStored({ ...next, version: next.version + 1 });
    this.items.set(next.accountId, written);
    return Promise.resolve(written);
  }

  accounts(): Promise<readonly AccountBaseline[]> {
    return Promise.resolve([...this.items.values()]);
  }

  overdueAccounts(now: number, limit: number): Promise<readonly string[]> {
    const dead = [...this.items.values()].filter((each) => each.running && isDead(each, now));
    return Promise.resolve(dead.map(({ accountId }) => accountId).slice(0, limit));
  }

  state(): Promise<BaselineState> {
    return Promise.resolve(this.shared);
  }

  writeState(next: BaselineState): Promise<BaselineState | undefined> {
    this.beforeWrite();
    if (this.shared.version !== next.version) return Promise.resolve(undefined);
    this.shared = asStored({ ...next, version: next.version + 1 });
    return Promise.resolve(this.shared);
  }
}

/** All of an account that the ledger in memory has. */
export function inAccount(
  { items }: Pick<MemoryAssignments, 'items'>,
  accountId: string,
  permissionSetArn?: string,
): Promise<readonly Assignment[]> {
  const found = [...items.values()].filter(
    ({ key }) =>
      key.accountId === accountId &&
      (permissionSetArn === undefined || key.permissionSetArn === permissionSetArn),
  );
  return Promise.resolve(found);
}

/** As JSON: what does not survive it would be lost in the table. */
function asStored<Item>(item: Item): Item {
  return JSON.parse(JSON.stringify(item)) as Item;
}
