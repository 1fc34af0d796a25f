import { askIfRulesDiffer } from '../../core/baselines/due';
import { askIfDue } from '../../core/permission-sets/due';
import { askForReconciliation } from '../../core/reconcile/ask';
import { readBaselines, readPermissionSetDefinitions, readSettings } from '../runtime/environment';
import { makeHandler } from '../runtime/make-handler';
import { commonPorts } from '../runtime/ports';
import { rolloutRules } from './rollout-ports';

const common = commonPorts();
const rollouts = { ...common, deployed: readPermissionSetDefinitions(), rules: rolloutRules(readSettings()) };
const baselines = {
  ...common,
  deployed: readBaselines(),
  askForEveryAccount: () => askForReconciliation(common, { claims: true }),
};

/** Hears that a deployment of this stack is complete, and asks for a rollout and for the rules where they are others than before. */
export const handler = makeHandler(async (_event: unknown): Promise<void> => {
  await Promise.all([askIfDue(rollouts), askIfRulesDiffer(baselines)]);
});
