import { SettingsCheck } from '../../core/sweep/check-settings';
import { type SweepResult, sweep } from '../../core/sweep/sweep';
import { BusAnnouncer } from '../runtime/announcer';
import { SWEEP_SUCCEEDED } from '../runtime/contract';
import { readSettings, requireEnvironment } from '../runtime/environment';
import { SdkInstances } from '../runtime/instances';
import { makeHandler } from '../runtime/make-handler';
import { commonPorts } from '../runtime/ports';

const ports = {
  ...commonPorts(),
  announcer: new BusAnnouncer(requireEnvironment('eventBus')),
  instances: new SdkInstances(),
};
const settingsCheck = new SettingsCheck(ports, readSettings());

/** The sweep, every minute. */
export const handler = makeHandler(async (_event: unknown): Promise<SweepResult> => {
  const result = await sweep(ports);
  await settingsCheck.run();
  ports.observer.note(SWEEP_SUCCEEDED, { ...result });
  return result;
});
