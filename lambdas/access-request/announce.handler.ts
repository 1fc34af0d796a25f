import { announceEnd, announceGrant } from '../../core/requests/announce';
import { BusAnnouncer } from '../runtime/announcer';
import { requireEnvironment } from '../runtime/environment';
import { makeHandler } from '../runtime/make-handler';
import { commonPorts } from '../runtime/ports';
import type { AnnounceInput, AnnounceOutput } from './contract';

const ports = { ...commonPorts(), announcer: new BusAnnouncer(requireEnvironment('eventBus')) };

/** *Announce grant* and *Announce end*. */
export const handler = makeHandler(async ({ requestId, announce }: AnnounceInput): Promise<AnnounceOutput> =>
  announce === 'grant' ? announceGrant(ports, requestId) : announceEnd(ports, requestId),
);
