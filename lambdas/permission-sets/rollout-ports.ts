import { RegisteredPace } from '../../core/dispatcher/registered-rate';
import type { RateHolder } from '../../core/ports/ledger';
import type { RolloutRules } from '../../core/permission-sets/plan';
import type { Settings } from '../../core/settings/settings';
import { readPermissionSetDefinitions, readSettings } from '../runtime/environment';
import { SdkPermissionSetAdmin } from '../runtime/permission-set-admin';
import { commonPorts } from '../runtime/ports';

/** What the settings say of rollouts. */
export function rolloutRules(settings: Settings): RolloutRules {
  const { prune, mostDeletions, mostDeletionsPercent, permissionSetsPerInstance: setsPerInstance } = settings;
  return { prune, mostDeletions, mostDeletionsPercent, setsPerInstance };
}

/** Ports of those who call the admin API beside the dispatcher, at the rate that `holder` registers. */
export function pacedPorts(holder: RateHolder) {
  const settings = readSettings();
  const ports = commonPorts();
  const pace = new RegisteredPace(ports.clock, ports.dispatcher, holder);
  return {
    ...ports,
    names: ports.permissionSetIndex,
    records: ports.permissionSets,
    admin: new SdkPermissionSetAdmin(settings.instanceArn, () => pace.turn()),
    managementAccountId: settings.managementAccountId,
    rules: rolloutRules(settings),
    deployed: readPermissionSetDefinitions(),
    pace,
  } as const;
}
