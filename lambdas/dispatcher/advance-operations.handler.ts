import { type PassLimits, runPass } from '../../core/dispatcher/pass';
import { readSettings } from '../runtime/environment';
import { SdkIdentityCenter } from '../runtime/identity-center';
import { makeHandler } from '../runtime/make-handler';
import { commonPorts } from '../runtime/ports';
import { systemRandom } from '../runtime/system-clock';
import { type AdvanceInput, type AdvanceOutput, DispatcherTimes, PASSES_PER_EXECUTION } from './contract';

const settings = readSettings();
const ports = {
  ...commonPorts(),
  identityCenter: new SdkIdentityCenter(settings.instanceArn),
  random: systemRandom,
};
const limits: PassLimits = {
  leaseMs: DispatcherTimes.lease * 1000,
  stayMs: 10_000,
  bulkStayMs: 20_000,
  passes: PASSES_PER_EXECUTION,
  slots: settings.assignmentSlots,
  callsPerSecond: settings.callsPerSecond,
};

/** *Advance operations*: one pass of the dispatcher. */
export const handler = makeHandler(async (input: AdvanceInput): Promise<AdvanceOutput> =>
  runPass(ports, input, limits),
);
