import { lookAtRollout } from '../../core/permission-sets/look-at-rollout';
import type { NextStep } from '../../core/permission-sets/steps';
import { makeHandler } from '../runtime/make-handler';
import type { LookInput } from './contract';
import { pacedPorts } from './rollout-ports';

const ports = pacedPorts('rollout');

/** *Look at the rollout*: follows the accounts of what was applied, and says what comes next. */
export const handler = makeHandler(async ({ number, steps }: LookInput): Promise<NextStep> => {
  try {
    return await lookAtRollout(ports, number, steps);
  } finally {
    await ports.pace.close();
  }
});
