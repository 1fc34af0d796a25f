import type { Random } from '../../core/ports/random';
import { conflictingOperation } from './exceptions';
import { drawLatency } from './latency';
import type { SimulatorSettings } from './settings';

/**
 * Attaching and detaching policies goes one after the other in the whole instance: for a while after one, another is a conflict,
 * also on another permission set.
 */
export class PolicyWriteTurns {
  #freeAt = -Infinity;

  public constructor(
    private readonly now: () => number,
    private readonly random: Random,
    private readonly settings: SimulatorSettings,
  ) {}

  /** @throws AwsError `ConflictException` while another write has not settled */
  public take(): void {
    const now = this.now();
    if (now < this.#freeAt) throw conflictingOperation();
    this.#freeAt = now + drawLatency(this.settings.policyWriteSettles, this.random);
  }
}
