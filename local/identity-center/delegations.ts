import { SequencedRows, type Sequenced } from './sequenced-rows';

/** The service whose delegated administrator the organization file names. */
export const IDENTITY_CENTER_PRINCIPAL = 'sso.amazonaws.com';

/** That an account is the delegated administrator of a service. */
export interface Delegation extends Sequenced {
  readonly accountId: string;
  readonly servicePrincipal: string;
  /** Epoch milliseconds. */
  readonly enabledAt: number;
}

/** Which accounts administer which services for the organization. */
export class Delegations {
  readonly #rows = new SequencedRows<Delegation>();
  readonly #byAccount = new Map<string, Map<string, Delegation>>();
  readonly #counts = new Map<string, number>();
  #sequence = 0;

  /** The account that administers Identity Center; there is one at most. */
  public get identityCenter(): string | undefined {
    return this.ofService(IDENTITY_CENTER_PRINCIPAL)[0]?.accountId;
  }

  public ofService(servicePrincipal: string): Delegation[] {
    return [...this.#rows.after(0)].filter((row) => row.servicePrincipal === servicePrincipal);
  }

  /** The services of one account, in the order in which they were registered. */
  public ofAccount(accountId: string): Delegation[] {
    return [...(this.#byAccount.get(accountId)?.values() ?? [])];
  }

  /** Every delegation, oldest first. */
  public all(): Delegation[] {
    return [...this.#rows.after(0)];
  }

  /** How many accounts administer the service. */
  public count(servicePrincipal: string): number {
    return this.#counts.get(servicePrincipal) ?? 0;
  }

  public find(accountId: string, servicePrincipal: string): Delegation | undefined {
    return this.#byAccount.get(accountId)?.get(servicePrincipal);
  }

  /** The delegation must not be there. */
  public add(accountId: string, servicePrincipal: string, enabledAt: number): void {
    this.#sequence += 1;
    const row: Delegation = { sequence: this.#sequence, accountId, servicePrincipal, enabledAt };
    this.#rows.append(row);
    this.#counts.set(servicePrincipal, this.count(servicePrincipal) + 1);
    const services = this.#byAccount.get(accountId) ?? new Map<string, Delegation>();
    this.#byAccount.set(accountId, services.set(servicePrincipal, row));
  }

  /** Nothing happens for a delegation that is not there. */
  public remove(accountId: string, servicePrincipal: string): void {
    const row = this.find(accountId, servicePrincipal);
    if (row === undefined) return;
    this.#rows.remove(row.sequence);
    this.#counts.set(servicePrincipal, this.count(servicePrincipal) - 1);
    this.#byAccount.get(accountId)?.delete(servicePrincipal);
  }
}
