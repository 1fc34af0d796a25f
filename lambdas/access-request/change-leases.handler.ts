import { closeLeases, openLeases } from '../../core/requests/change-leases';
import { makeHandler } from '../runtime/make-handler';
import { commonPorts } from '../runtime/ports';
import type { ChangeLeasesInput, ChangeLeasesOutput } from './contract';

const ports = commonPorts();

/** *Open leases* and *Close leases*. */
export const handler = makeHandler(
  async ({ requestId, change }: ChangeLeasesInput): Promise<ChangeLeasesOutput> =>
    change === 'open' ? openLeases(ports, requestId) : closeLeases(ports, requestId),
);
