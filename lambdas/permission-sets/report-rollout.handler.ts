import { reportRollout } from '../../core/permission-sets/report-rollout';
import type { NextStep } from '../../core/permission-sets/steps';
import { BusAnnouncer } from '../runtime/announcer';
import { readPermissionSetDefinitions, readSettings, requireEnvironment } from '../runtime/environment';
import { makeHandler } from '../runtime/make-handler';
import { commonPorts } from '../runtime/ports';
import type { RolloutInput } from './contract';
import { rolloutRules } from './rollout-ports';

const common = commonPorts();
const ports = {
  ...common,
  records: common.permissionSets,
  deployed: readPermissionSetDefinitions(),
  rules: rolloutRules(readSettings()),
  announcer: new BusAnnouncer(requireEnvironment('eventBus')),
};

/** *Report*: tells what became of each permission set, and ends the rollout. */
export const handler = makeHandler(({ number }: RolloutInput): Promise<NextStep> =>
  reportRollout(ports, number),
);
