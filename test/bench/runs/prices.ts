import type { Costs } from '../designs/costs';
import type { DesignName } from './run-spec';

/** US dollars; list prices of us-east-1 as of 2026, without free tiers. */
export const PRICES = {
  transition: 25 / 1e6,
  lambdaGigabyteSecond: 1.33334e-5,
  lambdaStart: 0.2 / 1e6,
  writeUnit: 0.625 / 1e6,
  readUnit: 0.125 / 1e6,
  queueRequest: 0.5 / 1e6,
} as const;

/** Memory of the functions that a design runs, in gigabytes. Designs without an entry run outside of what is priced here. */
const FUNCTION_GIGABYTES: Partial<Record<DesignName, number>> = {
  ours: 0.5,
  'step-functions-map': 0,
  'identity-center-extensions': 0.125,
  'unlimited-fan-out': 0,
};

/** What a run cost; undefined for designs that run on a workstation or a build server. */
export function dollarsOf(design: DesignName, costs: Costs): number | undefined {
  const gigabytes = FUNCTION_GIGABYTES[design];
  if (gigabytes === undefined) return undefined;
  return (
    costs.transitions * PRICES.transition +
    (costs.lambdaMs / 1000) * gigabytes * PRICES.lambdaGigabyteSecond +
    costs.lambdaStarts * PRICES.lambdaStart +
    costs.ledgerReads * PRICES.readUnit +
    costs.ledgerWrites * PRICES.writeUnit +
    costs.queueRequests * PRICES.queueRequest
  );
}
