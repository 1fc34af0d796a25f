import type { PrincipalType } from '../../core/assignments/assignment';
import { isControlTowerGroup, isControlTowerPermissionSet } from '../../core/baselines/control-tower';
import { baselineWork } from '../../core/baselines/reconcile-work';
import { RegisteredPace } from '../../core/dispatcher/registered-rate';
import { healPrincipal } from '../../core/healing/heal-principal';
import { type NextReconcileStep, advanceReconciliation } from '../../core/reconcile/advance';
import { rulePorts } from '../baselines/rule-ports';
import { BusAnnouncer } from '../runtime/announcer';
import { SdkAssignmentLister } from '../runtime/assignment-lister';
import { readAccessDefinitions, requireEnvironment } from '../runtime/environment';
import { makeHandler } from '../runtime/make-handler';
import type { ReconcileStepInput } from './contract';

const rules = { ...rulePorts(), announcer: new BusAnnouncer(requireEnvironment('eventBus')) };
const { settings, clock, dispatcher } = rules;
const pace = new RegisteredPace(clock, dispatcher, 'reconcile');

/** Of a step's 75 s: some 2,000 assignments. */
const HEAL_MS = 20_000;

const ports = {
  ...rules,
  pace,
  lister: new SdkAssignmentLister(settings, () => pace.turn()),
  names: rules.permissionSetIndex,
  untouched: {
    managementAccountId: settings.managementAccountId,
    hostAccountId: settings.hostAccountId,
    protectedPermissionSets: readAccessDefinitions().policy.guardrails.protectedPermissionSets,
    isControlTowerSet: isControlTowerPermissionSet,
    isControlTowerGroup,
  },
  baselines: baselineWork(rules),
  principalIsGone: async (type: PrincipalType, id: string): Promise<void> => {
    // Whatever is left is closed when the next walk comes past.
    await healPrincipal(rules, { type, id }, clock.now() + HEAL_MS);
  },
};

/** *Compare the next part*: one step of a reconciliation. */
export const handler = makeHandler(
  async ({ number, steps }: ReconcileStepInput): Promise<NextReconcileStep> => {
    try {
      return await advanceReconciliation(ports, number, steps);
    } finally {
      await pace.close();
    }
  },
);
