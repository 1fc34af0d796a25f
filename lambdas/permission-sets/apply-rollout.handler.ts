import { applyRollout } from '../../core/permission-sets/apply-rollout';
import type { NextStep } from '../../core/permission-sets/steps';
import { makeHandler } from '../runtime/make-handler';
import { systemRandom } from '../runtime/system-clock';
import type { RolloutInput } from './contract';
import { pacedPorts } from './rollout-ports';

const ports = { ...pacedPorts('rollout'), random: systemRandom };

/** *Apply next set*: brings permission sets to their definitions, one after the other. */
export const handler = makeHandler(async ({ number }: RolloutInput): Promise<NextStep> => {
  try {
    return await applyRollout(ports, number);
  } finally {
    await ports.pace.close();
  }
});
