import type { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { adminCallError } from './admin-call-errors';
import { refusedTurn } from './call-turns';

/** A page of a list has at most so many rows. */
export const PAGE = 100;

/** One page, as the service answers it: an empty one may lack its rows. */
export interface Page<Row> {
  readonly rows: readonly Row[] | undefined;
  readonly next: string | undefined;
}

/** Sends calls of the admin API; what they end with is an `AdminCallError`, or what the wait for a turn ended with. */
export class AdminCalls {
  constructor(private readonly client: SSOAdminClient) {}

  /** @param operation - its name for the error; the classes of commands have none after bundling */
  async one<Answer>(operation: string, send: (client: SSOAdminClient) => Promise<Answer>): Promise<Answer> {
    try {
      return await send(this.client);
    } catch (error) {
      const refused = refusedTurn(error);
      throw refused === undefined ? adminCallError(operation, error) : refused.reason;
    }
  }

  /** The rows of all pages. */
  async pages<Row>(
    operation: string,
    send: (client: SSOAdminClient, next: string | undefined) => Promise<Page<Row>>,
  ): Promise<Row[]> {
    const found: Row[] = [];
    let from: string | undefined;
    do {
      const next = from;
      const page = await this.one(operation, (client) => send(client, next));
      found.push(...(page.rows ?? []));
      from = page.next;
    } while (from !== undefined);
    return found;
  }
}
