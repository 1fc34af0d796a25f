import type { Clock } from '../ports/clock';
import type { IdentityCenter } from '../ports/identity-center';
import type { AssignmentLedger, DispatcherLedger, ProvisionLedger, RequestLedger } from '../ports/ledger';
import type { Observer } from '../ports/observer';
import type { Random } from '../ports/random';
import type { Workflows } from '../ports/workflows';
import type { LostReplies } from './lost-replies';
import type { PlaceLooks } from './place-looks';

/** Everything that a pass of the dispatcher touches. */
export interface DispatcherPorts {
  readonly assignments: AssignmentLedger;
  readonly provisions: ProvisionLedger;
  readonly requests: Pick<RequestLedger, 'read' | 'reports' | 'report'>;
  readonly dispatcher: DispatcherLedger;
  readonly workflows: Pick<Workflows, 'startDispatcher' | 'answer'>;
  readonly identityCenter: IdentityCenter;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
}

/** What the steps of one pass share. */
export interface StepPorts extends DispatcherPorts {
  readonly looks: PlaceLooks;
  readonly lostReplies: LostReplies;
}

/** What a step leaves behind: the item as it is now, and when the next step is due (epoch ms). */
export interface Stepped<Item> {
  readonly item: Item;
  /** Absent: as the scheduler decides. */
  readonly lookAt?: number;
  /** It was seen under way at this instant. */
  readonly seenAt?: number;
}
