import { wakeDispatcher, type DispatcherControl } from '../dispatcher/control';
import type { Clock } from '../ports/clock';
import type { ProvisionTarget } from '../ports/identity-center';
import { LedgerContentionError, type ProvisionLedger } from '../ports/ledger';
import { type Provision, askFor, describeTarget, unknownProvision } from './provision';

/** What changing a provision needs. */
export interface ProvisionPorts {
  readonly provisions: Pick<ProvisionLedger, 'read' | 'write'>;
  readonly clock: Clock;
}

/** Many write one item: each loses a few times at most. */
const MAX_CHANGES = 20;

/** Applies `change` to the present record until a write wins; undefined: nothing is written. One read, one write. */
export async function changeProvision(
  { provisions, clock }: ProvisionPorts,
  target: ProvisionTarget,
  change: (provision: Provision, now: number) => Provision | undefined,
): Promise<Provision> {
  for (let tries = 0; tries < MAX_CHANGES; tries += 1) {
    const present = (await provisions.read(target)) ?? unknownProvision(target);
    const next = change(present, clock.now());
    if (next === undefined) return present;
    const written = await provisions.write(next);
    if (written !== undefined) return written;
  }
  throw new LedgerContentionError(`provision of ${describeTarget(target)}`, MAX_CHANGES);
}

/**
 * Asks for a provision and calls for the dispatcher, the only one who sends it. The asking's number is answered: the one whose
 * outcome `serves` it, or a later one, is the answer.
 */
export async function askForProvision(
  ports: ProvisionPorts & DispatcherControl,
  target: ProvisionTarget,
): Promise<number> {
  const { asked } = await changeProvision(ports, target, askFor);
  await wakeDispatcher(ports, ports.clock.now());
  return asked;
}
