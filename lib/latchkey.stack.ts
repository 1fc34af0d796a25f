import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Settings } from '../core/settings/settings';
import type { AccessDefinitions } from './access-definitions';
import { Alarms } from './constructs/alarms';
import { ChangeRules } from './constructs/change-rules';
import { DeployRule } from './constructs/deploy-rule';
import { LatchkeyFunctions } from './constructs/latchkey-functions';
import { Ledger } from './constructs/ledger';
import { OrganizationBus } from './constructs/organization-bus';
import { apiUrl, RequestApi } from './constructs/request-api';
import { ResultBus } from './constructs/result-bus';
import { StackKey } from './constructs/stack-key';
import { SweepSchedule } from './constructs/sweep-schedule';
import { AccessRequestWorkflow } from './workflows/access-request.workflow';
import { AccountBaselineWorkflow } from './workflows/account-baseline.workflow';
import { DispatcherWorkflow } from './workflows/dispatcher.workflow';
import { PermissionSetRolloutWorkflow } from './workflows/permission-set-rollout.workflow';
import { ReconcileWorkflow } from './workflows/reconcile.workflow';

/** Properties of {@link LatchkeyStack}. Account and Region come from the settings. */
export interface LatchkeyStackProps extends Omit<StackProps, 'env'> {
  readonly settings: Settings;
  /** The folder with one sub-folder per function (`<name>/index.js`). */
  readonly bundles: { readonly directory: string };
  readonly access: AccessDefinitions;
}

/** The id of the stack in the app, and so its name. */
export const STACK_NAME = 'Latchkey';

/** All of Latchkey: deployed once, into the delegated-administrator account, in Identity Center's home Region. */
export class LatchkeyStack extends Stack {
  public constructor(scope: Construct, id: string, props: LatchkeyStackProps) {
    const { settings, bundles, access, ...stackProps } = props;
    super(scope, id, {
      description: 'Latchkey: time-bound access through IAM Identity Center',
      terminationProtection: true,
      ...stackProps,
      env: { account: settings.hostAccountId, region: settings.homeRegion },
    });
    const key = new StackKey(this, 'Key');
    const ledger = new Ledger(this, 'Ledger', { key });
    const bus = new ResultBus(this, 'Results', { key });
    const functions = new LatchkeyFunctions(this, 'Functions', {
      settings,
      bundles: bundles.directory,
      accessDirectory: access.directory,
      ledger,
      bus,
      key,
    });
    const accessRequest = new AccessRequestWorkflow(this, 'AccessRequest', { functions, key });
    const dispatcher = new DispatcherWorkflow(this, 'Dispatcher', {
      advanceOperations: functions.advanceOperations,
      key,
    });
    const rollout = new PermissionSetRolloutWorkflow(this, 'Rollout', { functions, key });
    const deployRule = new DeployRule(this, 'DeployRule', { startRollout: functions.startRollout, key });
    const sweepSchedule = new SweepSchedule(this, 'SweepSchedule', { sweep: functions.sweep, key });
    const baseline = new AccountBaselineWorkflow(this, 'Baseline', {
      advanceBaseline: functions.advanceBaseline,
      key,
    });
    const reconcile = new ReconcileWorkflow(this, 'Reconcile', {
      advanceReconciliation: functions.advanceReconciliation,
      key,
    });
    const organizationBus = new OrganizationBus(this, 'OrganizationBus', { settings, key });
    const changeRules = new ChangeRules(this, 'ChangeRules', {
      settings,
      noticeChange: functions.noticeChange,
      organizationBus: organizationBus.bus,
      ownRoles: [roleOf(functions.advanceOperations), roleOf(functions.applyRollout)],
      key,
    });
    const { api } = new RequestApi(this, 'RequestApi', {
      handler: functions.requestApi,
      planHandler: functions.planPermissionSets,
      plansHandler: functions.planAccess,
      callers: access.policy.callers,
      key,
    });
    const alarms = new Alarms(this, 'Alarms', {
      key,
      email: settings.alarmEmail,
      deadLetters: {
        sweepSchedule: sweepSchedule.deadLetters,
        sweep: functions.sweepDeadLetters,
        results: bus.deadLetters,
        deployRule: deployRule.deadLetters,
        rollout: functions.rolloutDeadLetters,
        changeRules: changeRules.deadLetters,
        changes: functions.changeDeadLetters,
        organizationBus: organizationBus.deadLetters,
      },
      dispatcher: dispatcher.stateMachine,
      advanceOperations: functions.advanceOperations,
      rollout: rollout.stateMachine,
      baseline: baseline.stateMachine,
      reconcile: reconcile.stateMachine,
    });

    new CfnOutput(this, 'RequestApiUrl', { value: apiUrl(api), description: 'Send access requests here' });
    new CfnOutput(this, 'ResultBusName', {
      value: bus.bus.eventBusName,
      description: 'Make rules on this bus',
    });
    new CfnOutput(this, 'AlarmTopicArn', {
      value: alarms.topic.topicArn,
      description: 'Tells of alarms; subscribe whoever is on duty',
    });
    new CfnOutput(this, 'AccessRequestMachineArn', { value: accessRequest.stateMachine.stateMachineArn });
    new CfnOutput(this, 'DispatcherMachineArn', { value: dispatcher.stateMachine.stateMachineArn });
    new CfnOutput(this, 'RolloutMachineArn', { value: rollout.stateMachine.stateMachineArn });
    new CfnOutput(this, 'BaselineMachineArn', { value: baseline.stateMachine.stateMachineArn });
    new CfnOutput(this, 'ReconcileMachineArn', { value: reconcile.stateMachine.stateMachineArn });
  }
}

/** Every function of Latchkey has a role of its own. */
function roleOf({ role, node }: lambda.Function): iam.IRole {
  if (role === undefined) throw new Error(`${node.path} has no role`);
  return role;
}
