import { requireEnvironment } from './environment';
import { AssignmentItems } from './ledger/assignment-items';
import { BaselineItems } from './ledger/baseline-items';
import { DispatcherItem } from './ledger/dispatcher-item';
import { DriftItems } from './ledger/drift-items';
import { ProvisionItems } from './ledger/provision-items';
import { PermissionSetIndex } from './ledger/permission-set-index';
import { PermissionSetItems, RolloutItem } from './ledger/permission-set-items';
import { ReconcileItem } from './ledger/reconcile-item';
import { RequestItems } from './ledger/request-items';
import { LedgerTable } from './ledger/table';
import { observer } from './make-handler';
import { systemClock } from './system-clock';
import { SdkWorkflows } from './workflows';

/** The ports that every function has: ledger, state machines, clock and log. Made once per environment, outside the handler. */
export function commonPorts() {
  const table = new LedgerTable();
  return {
    permissionSetIndex: new PermissionSetIndex(table),
    permissionSets: new PermissionSetItems(table),
    rollouts: new RolloutItem(table),
    reconciliations: new ReconcileItem(table),
    drift: new DriftItems(table),
    requests: new RequestItems(table),
    assignments: new AssignmentItems(table),
    baselines: new BaselineItems(table),
    provisions: new ProvisionItems(table),
    dispatcher: new DispatcherItem(table),
    workflows: new SdkWorkflows({
      accessRequest: () => requireEnvironment('accessRequestMachine'),
      dispatcher: () => requireEnvironment('dispatcherMachine'),
      rollout: () => requireEnvironment('rolloutMachine'),
      baseline: () => requireEnvironment('baselineMachine'),
      reconcile: () => requireEnvironment('reconcileMachine'),
    }),
    clock: systemClock,
    observer,
  } as const;
}
