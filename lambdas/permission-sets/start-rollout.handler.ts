import { askIfDue } from '../../core/permission-sets/due';
import { readPermissionSetDefinitions, readSettings } from '../runtime/environment';
import { makeHandler } from '../runtime/make-handler';
import { commonPorts } from '../runtime/ports';
import { rolloutRules } from './rollout-ports';

const ports = {
  ...commonPorts(),
  deployed: readPermissionSetDefinitions(),
  rules: rolloutRules(readSettings()),
};

/** Hears that a deployment of this stack is complete, and asks for a rollout where the definitions are others than before. */
export const handler = makeHandler(async (_event: unknown): Promise<void> => {
  await askIfDue(ports);
});
