import { decideRequest } from '../../core/requests/decide-request';
import { BusAnnouncer } from '../runtime/announcer';
import { readAccessDefinitions, readSettings, requireEnvironment } from '../runtime/environment';
import { makeHandler } from '../runtime/make-handler';
import { commonPorts } from '../runtime/ports';
import type { AccessRequestInput, DecideOutput } from './contract';

const ports = { ...commonPorts(), announcer: new BusAnnouncer(requireEnvironment('eventBus')) };
const { policy, hash: policyHash } = readAccessDefinitions();
const basis = { policy, policyHash, settings: readSettings() };

/** *Decide*. */
export const handler = makeHandler(async ({ requestId }: AccessRequestInput): Promise<DecideOutput> =>
  decideRequest(ports, basis, requestId),
);
