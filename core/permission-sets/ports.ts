import type { ChangePorts } from '../assignments/change';
import type { DispatcherControl } from '../dispatcher/control';
import type { Announcer } from '../ports/announcer';
import type { Clock } from '../ports/clock';
import type { ProvisionLedger } from '../ports/ledger';
import type { Observer } from '../ports/observer';
import type { PermissionSetAdmin } from '../ports/permission-sets';
import type { PermissionSetLedger, PermissionSetNames, RolloutLedger } from '../ports/permission-set-ledger';
import type { Random } from '../ports/random';
import type { RolloutStarter } from '../ports/workflows';
import type { PermissionSetDefinition } from './definition';
import type { RolloutRules } from './plan';

/** The definitions that a function was deployed with. */
export interface DeployedDefinitions {
  readonly definitions: readonly PermissionSetDefinition[];
  /** SHA-256 of all of them. */
  readonly hash: string;
}

/** What looking at the instance and at the ledger takes. */
export interface SurveyPorts {
  readonly deployed: DeployedDefinitions;
  readonly rules: RolloutRules;
  readonly managementAccountId: string;
  readonly records: Pick<PermissionSetLedger, 'all'>;
  readonly names: PermissionSetNames;
  readonly admin: PermissionSetAdmin;
  readonly clock: Clock;
}

/** What the steps of a rollout have in common. */
export interface StepPorts {
  readonly rollouts: RolloutLedger;
  readonly records: PermissionSetLedger;
  readonly clock: Clock;
  readonly observer: Observer;
}

/** What *Plan* takes. */
export type PlanPorts = SurveyPorts & StepPorts;

/** What *Apply next set* takes. */
export interface ApplyPorts extends StepPorts, ChangePorts, DispatcherControl {
  readonly deployed: DeployedDefinitions;
  readonly names: PermissionSetNames;
  readonly admin: PermissionSetAdmin;
  readonly clock: Clock;
  readonly random: Random;
}

/** What *Look at the rollout* takes. */
export interface FollowPorts extends StepPorts, DispatcherControl {
  readonly admin: PermissionSetAdmin;
  readonly provisions: Pick<ProvisionLedger, 'read' | 'write'>;
  readonly clock: Clock;
  readonly workflows: DispatcherControl['workflows'] & RolloutStarter;
}

/** What *Report* takes. */
export interface ReportPorts extends StepPorts {
  readonly deployed: DeployedDefinitions;
  readonly rules: RolloutRules;
  readonly announcer: Announcer;
}

/** What asking for a rollout takes. */
export interface AskPorts {
  readonly rollouts: RolloutLedger;
  readonly workflows: RolloutStarter;
  readonly clock: Clock;
}
