import type { AccountBaseline, BaselineState } from '../baselines/account-record';

/** The baselines of the ledger; reads are strongly consistent. */
export interface BaselineLedger {
  /** Of an account that the ledger does not know: its beginning, with version 0. */
  account(accountId: string): Promise<AccountBaseline>;
  /** Writes `next` if the ledger still has the version that it was made from; answers what was written, or undefined. */
  writeAccount(next: AccountBaseline): Promise<AccountBaseline | undefined>;
  /** All of them; one query a megabyte, which is about 2,500 accounts. */
  accounts(): Promise<readonly AccountBaseline[]>;
  /** Ids of accounts whose execution promised a step by an instant before `now`; an index, which lags. */
  overdueAccounts(now: number, limit: number): Promise<readonly string[]>;
  state(): Promise<BaselineState>;
  /** As {@link BaselineLedger.writeAccount}. */
  writeState(next: BaselineState): Promise<BaselineState | undefined>;
}

/** The state machine of accounts' baselines. */
export interface BaselineStarter {
  /** Starts `<account>-<number>`; one that runs already is as good. */
  startAccountBaseline(accountId: string, number: number): Promise<void>;
}
