import { SequencedRows, type Sequenced } from './sequenced-rows';

/** Where a creation stands, as the API names it. */
export type CreationState = 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED';

/** One `CreateAccount`. Instants are epoch milliseconds. */
export interface AccountCreation extends Sequenced {
  /** `car-<32 hex digits>` */
  readonly id: string;
  readonly accountName: string;
  readonly state: CreationState;
  readonly requestedAt: number;
  readonly completedAt?: number;
  /** Once it has succeeded. */
  readonly accountId?: string;
  /** Once it has failed. */
  readonly failureReason?: string;
}

/** Every `CreateAccount` that was accepted, oldest first. */
export class AccountCreations {
  readonly #byId = new Map<string, AccountCreation>();
  readonly #rows = new SequencedRows<AccountCreation>();
  #underWay = 0;

  public get underWay(): number {
    return this.#underWay;
  }

  public find(id: string): AccountCreation | undefined {
    return this.#byId.get(id);
  }

  public after(sequence: number): Iterable<AccountCreation> {
    return this.#rows.after(sequence);
  }

  public open(id: string, accountName: string, requestedAt: number): AccountCreation {
    const creation: AccountCreation = {
      sequence: this.#rows.size + 1,
      id,
      accountName,
      state: 'IN_PROGRESS',
      requestedAt,
    };
    this.#byId.set(id, creation);
    this.#rows.append(creation);
    this.#underWay += 1;
    return creation;
  }

  /** Ends one that is under way. */
  public end(
    creation: AccountCreation,
    ending: Required<Pick<AccountCreation, 'completedAt'>> &
      ({ readonly accountId: string } | { readonly failureReason: string }),
  ): AccountCreation {
    const state = 'accountId' in ending ? 'SUCCEEDED' : 'FAILED';
    const ended: AccountCreation = { ...creation, ...ending, state };
    this.#byId.set(creation.id, ended);
    this.#rows.replace(ended);
    this.#underWay -= 1;
    return ended;
  }
}
