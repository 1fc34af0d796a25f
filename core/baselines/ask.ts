import type { BaselineLedger, BaselineStarter } from '../ports/baseline-ledger';
import type { Clock } from '../ports/clock';
import { type RunPorts, changeAndStart, isDead, withNextNumber } from '../runs/run';
import type { AccountBaseline } from './account-record';

/** What asking for a look at an account takes. */
export interface AskBaselinePorts {
  readonly baselines: Pick<BaselineLedger, 'account' | 'writeAccount'>;
  readonly workflows: BaselineStarter;
  readonly clock: Clock;
}

/**
 * Has an account looked at: whatever event came, and however often. Where an execution works on it, it looks again at its end; else one is
 * started. A read, a write unless it is asked for already, and a start where none runs.
 */
export async function askForAccountBaseline(
  ports: AskBaselinePorts,
  accountId: string,
): Promise<{ readonly joins: boolean }> {
  return changeAndStart(
    accountRun(ports, accountId),
    (present, now) => {
      const isRunning = present.running && !isDead(present, now);
      return isRunning && present.isWanted ? present : withNextNumber({ ...present, isWanted: true }, now);
    },
    (number) => ports.workflows.startAccountBaseline(accountId, number),
  );
}

/** Puts a fresh execution in the place of one that died. */
export async function replaceDeadBaseline(ports: AskBaselinePorts, accountId: string): Promise<void> {
  await changeAndStart(
    accountRun(ports, accountId),
    (present, now) => (present.running ? withNextNumber(present, now) : present),
    (number) => ports.workflows.startAccountBaseline(accountId, number),
  );
}

/** An account's baseline as a run among others. */
export function accountRun(
  { baselines, clock }: Pick<AskBaselinePorts, 'baselines' | 'clock'>,
  accountId: string,
): RunPorts<AccountBaseline> {
  return {
    run: { read: () => baselines.account(accountId), write: (next) => baselines.writeAccount(next) },
    clock,
    what: `the baseline of account ${accountId}`,
  };
}
