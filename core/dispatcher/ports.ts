import type { Clock } from '../ports/clock';
import type { IdentityCenter } from '../ports/identity-center';
import type { AssignmentLedger, DispatcherLedger, RequestLedger } from '../ports/ledger';
import type { Observer } from '../ports/observer';
import type { Random } from '../ports/random';
import type { Workflows } from '../ports/workflows';

/** Everything that a pass of the dispatcher touches. */
export interface DispatcherPorts {
  readonly assignments: AssignmentLedger;
  readonly requests: Pick<RequestLedger, 'read' | 'reports' | 'report'>;
  readonly dispatcher: DispatcherLedger;
  readonly workflows: Pick<Workflows, 'startDispatcher' | 'answer'>;
  readonly identityCenter: IdentityCenter;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
}
