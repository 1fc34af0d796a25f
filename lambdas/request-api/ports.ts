import type { Clock } from '../../core/ports/clock';
import type { IdSource } from '../../core/ports/id-source';
import type { RequestLedger } from '../../core/ports/ledger';
import type { Observer } from '../../core/ports/observer';
import type { Workflows } from '../../core/ports/workflows';

/** What the API touches. */
export interface ApiPorts {
  readonly requests: RequestLedger;
  readonly workflows: Workflows;
  readonly clock: Clock;
  readonly observer: Observer;
  readonly ids: IdSource;
}
