import { plainAccounts, readTarget, type Target } from '../targets/grammar';
import type { Report } from './field-problem';

/**
 * The most accounts that a request may have, unless a setting says fewer: its revoke takes 500 × 2 calls, under a minute at 18
 * calls a second, and a body of 16 KiB holds not many more ids.
 */
export const MOST_ACCOUNTS = 500;

/** What a ticket's target says: ids that stand for themselves, or what has to be looked up in the organization. */
export interface TicketTarget {
  /** Each once, in the order given; empty where `target` is there. */
  readonly accounts: readonly string[];
  readonly target?: Target;
}

/** Reads `target`; a plain list of ids may have at most `most` different ones. */
export function readTicketTarget(report: Report, value: unknown, most: number): TicketTarget | undefined {
  const target = readTarget(report, 'target', value);
  if (target === undefined) return undefined;
  const accounts = plainAccounts(target);
  if (accounts === undefined) return { accounts: [], target };
  if (accounts.length <= most) return { accounts };
  report(
    'target',
    accounts.length,
    `lists ${accounts.length} accounts`,
    `send at most ${most} accounts per request`,
  );
  return undefined;
}
