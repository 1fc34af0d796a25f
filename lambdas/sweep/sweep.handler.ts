import { type SweepResult, sweep } from '../../core/sweep/sweep';
import { BusAnnouncer } from '../runtime/announcer';
import { requireEnvironment } from '../runtime/environment';
import { makeHandler } from '../runtime/make-handler';
import { commonPorts } from '../runtime/ports';

const ports = { ...commonPorts(), announcer: new BusAnnouncer(requireEnvironment('eventBus')) };

/** The sweep, every minute. */
export const handler = makeHandler(async (_event: unknown): Promise<SweepResult> => {
  const result = await sweep(ports);
  ports.observer.note('sweep succeeded', { ...result });
  return result;
});
