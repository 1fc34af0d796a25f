/** Which of a request's accounts a rule means by its target. Plain JSON: it is stored with the request. */
export type MeantAccounts =
  | 'all'
  | 'none'
  | readonly string[]
  | { readonly except: readonly string[] }
  /** Why nobody knows, in words: lowercase, no final period. */
  | { readonly unknown: string };

/** What the targets of one policy's rules mean for the accounts of one request. Says nothing about other accounts. */
export interface PolicyTargets {
  /** SHA-256 of the policy whose rules these are. */
  readonly policyHash: string;
  /** By the rule's name. */
  readonly rules: Readonly<Record<string, MeantAccounts>>;
  /** Accounts that the listing of the organization did not have. */
  readonly unseen?: readonly string[];
  /** Whether rules were left out, because all of them would have been too large. */
  readonly isCut?: true;
}

/** Whether a rule means an account; `why` says what is missing to know it: lowercase, no final period. */
export type Meaning = { readonly meant: 'yes' | 'no' } | { readonly meant: 'unknown'; readonly why: string };

/** What one request keeps of targets, in characters of JSON: a fifth of what an item of the ledger may have. */
const MOST_CHARACTERS = 50_000;

/** A sentence about what was looked for is longer only where a path of five long names is. */
const LONGEST_REASON = 400;

/**
 * Whether a rule with a target means an account of the request.
 * @param targets what was worked out for the policy that decides; undefined where nothing was
 */
export function meaningOf(targets: PolicyTargets | undefined, rule: string, account: string): Meaning {
  if (targets === undefined) {
    return unknown('the access policy was deployed anew meanwhile, send the request again');
  }
  const accounts = Object.hasOwn(targets.rules, rule) ? targets.rules[rule] : undefined;
  if (accounts === undefined) {
    return unknown(
      targets.isCut === true
        ? 'what all rules mean does not fit into one request of so many accounts, ask for fewer at a time'
        : 'its target was not looked up, send the request again',
    );
  }
  if (typeof accounts === 'object' && 'unknown' in accounts) return unknown(accounts.unknown);
  if (targets.unseen?.includes(account) === true) {
    return unknown(
      `account ${account} was not in the listing of the organization, send the request again in a few minutes`,
    );
  }
  if (accounts === 'all' || accounts === 'none') return { meant: accounts === 'all' ? 'yes' : 'no' };
  const isMeant = 'except' in accounts ? !accounts.except.includes(account) : accounts.includes(account);
  return { meant: isMeant ? 'yes' : 'no' };
}

/** The shortest way to say which of the accounts are meant. */
export function meantAccounts(accounts: readonly string[], isMeant: (id: string) => boolean): MeantAccounts {
  const meant = accounts.filter((id) => isMeant(id));
  if (meant.length === 0) return 'none';
  if (meant.length === accounts.length) return 'all';
  if (meant.length * 2 <= accounts.length) return meant;
  return { except: accounts.filter((id) => !isMeant(id)) };
}

/**
 * As many rules as fit, the smallest first: a request stays below 100 KB, whatever the policy. A rule that is left out is not known
 * when the request is decided, which permits nothing.
 */
export function withinBounds(
  rules: ReadonlyMap<string, MeantAccounts>,
): Pick<PolicyTargets, 'rules' | 'isCut'> {
  const sized = [...rules].map(([name, accounts]) => {
    const kept = shortened(accounts);
    return { name, accounts: kept, size: JSON.stringify({ [name]: kept }).length };
  });
  const bySize = sized.sort((a, b) => a.size - b.size);
  let left = MOST_CHARACTERS;
  const fitting = bySize.filter(({ size }) => (left -= size) >= 0);
  const kept = Object.fromEntries(fitting.map(({ name, accounts }) => [name, accounts]));
  return { rules: kept, ...(fitting.length < bySize.length ? { isCut: true } : {}) };
}

function shortened(accounts: MeantAccounts): MeantAccounts {
  if (typeof accounts !== 'object' || !('unknown' in accounts)) return accounts;
  const { unknown: why } = accounts;
  return why.length > LONGEST_REASON ? { unknown: `${why.slice(0, LONGEST_REASON)}…` } : accounts;
}

function unknown(why: string): Meaning {
  return { meant: 'unknown', why };
}
