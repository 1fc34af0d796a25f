import { askIfRulesDiffer, replaceDeadBaselines } from '../../core/baselines/due';
import { askIfDue } from '../../core/permission-sets/due';
import { askForReconciliation } from '../../core/reconcile/ask';
import { askIfReconciliationDue } from '../../core/reconcile/due';
import { SettingsCheck } from '../../core/sweep/check-settings';
import { guarded } from '../../core/sweep/guarded';
import { type SweepResult, sweep } from '../../core/sweep/sweep';
import { rolloutRules } from '../permission-sets/rollout-ports';
import { BusAnnouncer } from '../runtime/announcer';
import { SWEEP_SUCCEEDED } from '../runtime/contract';
import {
  readBaselines,
  readPermissionSetDefinitions,
  readSettings,
  requireEnvironment,
} from '../runtime/environment';
import { SdkInstances } from '../runtime/instances';
import { makeHandler } from '../runtime/make-handler';
import { commonPorts } from '../runtime/ports';

const settings = readSettings();
const ports = {
  ...commonPorts(),
  announcer: new BusAnnouncer(requireEnvironment('eventBus')),
  instances: new SdkInstances(),
  deployed: readPermissionSetDefinitions(),
  rules: rolloutRules(settings),
};
const baselinePorts = {
  ...ports,
  deployed: readBaselines(),
  askForEveryAccount: () => askForReconciliation(ports, { claims: true }),
};
const settingsCheck = new SettingsCheck(ports, settings);

/** The sweep, every minute. */
export const handler = makeHandler(async (_event: unknown): Promise<SweepResult> => {
  const result = await sweep(ports);
  await guarded(ports, {}, () => askIfDue(ports));
  await guarded(ports, {}, () => replaceDeadBaselines(ports));
  await guarded(ports, {}, () => askIfRulesDiffer(baselinePorts));
  await guarded(ports, {}, () => askIfReconciliationDue(baselinePorts));
  await settingsCheck.run();
  ports.observer.note(SWEEP_SUCCEEDED, { ...result });
  return result;
});
