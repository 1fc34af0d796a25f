import type { AccountReport } from '../assignments/report';
import type { RequestLedger, RequestPage } from '../ports/ledger';
import type { AccessRequest } from '../requests/access-request';

/** A ledger of one request that exists nowhere else: the steps of the workflow work on it as they would, and nothing is stored. */
export class DraftRequests implements RequestLedger {
  readonly #reports = new Map<string, AccountReport>();

  constructor(private request: AccessRequest) {}

  read(id: string): Promise<AccessRequest | undefined> {
    return Promise.resolve(id === this.request.id ? this.request : undefined);
  }

  create(): Promise<{ readonly created: boolean; readonly request: AccessRequest }> {
    return Promise.resolve({ created: false, request: this.request });
  }

  change(_id: string, change: (request: AccessRequest) => AccessRequest): Promise<AccessRequest> {
    this.request = change(this.request);
    return Promise.resolve(this.request);
  }

  reports(): Promise<AccountReport[]> {
    return Promise.resolve([...this.#reports.values()]);
  }

  report(_id: string, report: AccountReport): Promise<void> {
    this.#reports.set(report.accountId, report);
    return Promise.resolve();
  }

  find(): Promise<RequestPage> {
    return Promise.resolve({ requests: [] });
  }

  rememberPrincipal(): Promise<void> {
    return Promise.resolve();
  }

  open(): Promise<[]> {
    return Promise.resolve([]);
  }
}
