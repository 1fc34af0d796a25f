import { planRollout } from '../../core/permission-sets/plan-rollout';
import type { NextStep } from '../../core/permission-sets/steps';
import { makeHandler } from '../runtime/make-handler';
import type { RolloutInput } from './contract';
import { pacedPorts } from './rollout-ports';

const ports = pacedPorts('rollout');

/** *Plan*: what is to be done with each permission set. */
export const handler = makeHandler(async ({ number }: RolloutInput): Promise<NextStep> => {
  try {
    return await planRollout(ports, number);
  } finally {
    await ports.pace.close();
  }
});
