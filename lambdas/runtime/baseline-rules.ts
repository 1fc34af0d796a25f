import type { DeployedBaselines, ResolvedBaselines } from '../../core/baselines/baseline';
import { resolveBaselines, type ResolveRulesPorts } from '../../core/baselines/resolve-rules';
import type { BaselineRules } from '../../core/ports/baseline-rules';
import type { Clock } from '../../core/ports/clock';
import type { Observer } from '../../core/ports/observer';
import type { ReadingItems } from './ledger/reading-items';
import { SharedReading } from './shared-reading';

/** As long as a picture of the organization is good. */
const GOOD_MS = 15 * 60_000;

/** What was not there may be there a minute later: a group is synchronised, a permission set rolled out. */
const GOOD_WITH_PROBLEMS_MS = 60_000;

/** The deployed rules with their names looked up, kept in the ledger, shared by all functions. */
export class SdkResolvedBaselines implements BaselineRules {
  readonly #reading: SharedReading<ResolvedBaselines>;

  constructor(
    items: ReadingItems,
    private readonly ports: ResolveRulesPorts & { readonly clock: Clock; readonly observer: Observer },
  ) {
    this.#reading = new SharedReading('RULES', items, ports.clock, ports.observer);
  }

  async newest(deployed: DeployedBaselines): Promise<ResolvedBaselines> {
    const { known, hasFailed } = await this.#reading.newest(
      ({ value, at }) =>
        value.hash === deployed.hash &&
        this.ports.clock.now() - at < (value.problems.length > 0 ? GOOD_WITH_PROBLEMS_MS : GOOD_MS),
      async () => {
        try {
          return { value: await resolveBaselines(this.ports, deployed) };
        } catch (failure) {
          return { failure };
        }
      },
    );
    if (!hasFailed && known?.value.hash === deployed.hash) return known.value;
    throw new Error(
      'users, groups or permission sets of the baselines could not be looked up: the step is tried again',
    );
  }

  outdate(): Promise<void> {
    return this.#reading.outdate();
  }
}
