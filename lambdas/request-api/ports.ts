import type { Clock } from '../../core/ports/clock';
import type { IdSource } from '../../core/ports/id-source';
import type { RequestLedger, RequestPage, RequestQuery } from '../../core/ports/ledger';
import type { Observer } from '../../core/ports/observer';
import type { Workflows } from '../../core/ports/workflows';

/** A look at the requests of one caller, from which nothing can be learned about those of others. */
export interface OwnRequestFinder {
  /** Newest first. A page may be empty and have a next one. */
  findOwn(caller: string, query: RequestQuery, limit: number, after?: string): Promise<RequestPage>;
}

/** What the API touches. */
export interface ApiPorts {
  readonly requests: RequestLedger & OwnRequestFinder;
  readonly workflows: Workflows;
  readonly clock: Clock;
  readonly observer: Observer;
  readonly ids: IdSource;
  /** In one request: the setting `mostAccountsPerRequest`. */
  readonly mostAccounts: number;
}
