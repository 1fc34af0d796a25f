import { decideRequest } from '../../core/requests/decide-request';
import { readPolicy, readSettings } from '../runtime/environment';
import { makeHandler } from '../runtime/make-handler';
import { commonPorts } from '../runtime/ports';
import type { AccessRequestInput, DecideOutput } from './contract';

const ports = commonPorts();
const basis = { policy: readPolicy(), settings: readSettings() };

/** *Decide*. */
export const handler = makeHandler(async ({ requestId }: AccessRequestInput): Promise<DecideOutput> =>
  decideRequest(ports, basis, requestId),
);
