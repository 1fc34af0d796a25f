import type { ChangePorts } from '../assignments/change';
import type { DispatcherControl } from '../dispatcher/control';
import type { Announcer } from '../ports/announcer';
import type { AssignmentFinder } from '../ports/assignment-finder';
import type { BaselineLedger, BaselineStarter } from '../ports/baseline-ledger';
import type { Observer } from '../ports/observer';
import type { LookPorts } from './look-at-account';

/** What bringing the claims of accounts to the rules takes. */
export interface BaselinePorts extends LookPorts, ChangePorts, DispatcherControl {
  readonly baselines: BaselineLedger;
  readonly finder: Pick<AssignmentFinder, 'inAccount'>;
  readonly workflows: DispatcherControl['workflows'] & BaselineStarter;
  readonly announcer: Announcer;
  readonly observer: Observer;
}
