import type { CallerIdentity } from './caller-identity';
import { tooManyRequests } from './organizations-errors';
import type { ORGANIZATIONS_INPUTS } from './organizations-inputs';
import type { SimulatorSettings } from './settings';
import { TokenBuckets } from './token-bucket';

type Operation = keyof typeof ORGANIZATIONS_INPUTS;

/** Calls a second, and the size of the bucket. */
type Rate = readonly [perSecond: number, burst: number];

/** What one account may call, and what all accounts of the organization may call together where that is more. */
interface Rates {
  readonly account: Rate;
  readonly organization: Rate;
}

const both = (perSecond: number, burst: number): Rates => ({
  account: [perSecond, burst],
  organization: [perSecond, burst],
});

/** The documented rates; SPEC.md has the source. */
const RATES: Readonly<Partial<Record<Operation, Rates>>> = {
  DescribeAccount: { account: [20, 30], organization: [24, 36] },
  DescribeCreateAccountStatus: both(2, 2),
  ListAccounts: { account: [8, 12], organization: [9, 15] },
  ListAccountsForParent: { account: [5, 8], organization: [6, 10] },
  ListChildren: { account: [6, 10], organization: [7, 12] },
  ListOrganizationalUnitsForParent: { account: [5, 8], organization: [6, 10] },
  ListParents: { account: [5, 8], organization: [6, 10] },
  ListRoots: both(1, 2),
  ListTagsForResource: { account: [10, 15], organization: [12, 18] },
  MoveAccount: both(2, 3),
};

/** The rates of Organizations: each operation has a bucket for every account that calls it, and one for the organization. */
export class OrganizationsRates {
  readonly #settings: SimulatorSettings;
  readonly #buckets: TokenBuckets;

  /** @param settings may change under way: each call follows them as they are */
  public constructor(settings: SimulatorSettings, now: () => number) {
    this.#settings = settings;
    this.#buckets = new TokenBuckets(now);
  }

  /** @throws AwsError `TooManyRequestsException` for one call too many */
  public admit(operation: string, { accountId }: CallerIdentity): void {
    const rates = this.#ratesOf(operation);
    if (rates === undefined) return;
    // A call that the organization's bucket refuses has taken a token of its account: the service looks at both.
    const isAdmitted =
      this.#buckets.take(`${operation} ${accountId}`, ...rates.account) &&
      this.#buckets.take(operation, ...rates.organization);
    if (!isAdmitted) throw tooManyRequests('REQUEST_RATE');
  }

  #ratesOf(operation: string): Rates | undefined {
    const documented = RATES[operation as Operation];
    if (documented !== undefined) {
      return this.#settings.organizationsRates === 'unlimited' ? undefined : documented;
    }
    const { otherOrganizationsRate: rate } = this.#settings;
    return rate === 'unlimited' ? undefined : both(rate, Math.max(1, rate));
  }
}
