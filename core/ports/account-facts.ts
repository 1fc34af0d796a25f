import type { PicturedAccount } from './organization-picture';

/** One account as Organizations has it now: what a picture of the organization may be too old for. */
export interface AccountFactsReader {
  /**
   * Undefined: it is not in the organization. One call where the service tells the account's path, else two.
   * @throws Error where Organizations did not answer: nobody knows then
   */
  read(accountId: string): Promise<PicturedAccount | undefined>;
}
