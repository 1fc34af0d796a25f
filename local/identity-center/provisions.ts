import { authorizeProvision } from './delegation';
import { validationError } from './exceptions';
import { assignmentNotFound } from './failure-reasons';
import type { IDENTITY_CENTER_INPUTS } from './identity-center-inputs';
import type { IdentityCenterEnvironment } from './identity-center-service';
import type { InputOf } from './input-rules';
import { accountEnding } from './account-endings';
import { findOperation, listOperations, statusOf } from './operation-statuses';
import { SUCCEEDED, failed, type AdminOperation, type Ending, type ProvisionSubject } from './operations';
import { findPermissionSet } from './permission-sets';
import { roleEnding } from './role-endings';
import type { SimulatorSettings } from './settings';
import type { CallContext, Handlers, Output } from './simulated-service';
import type { World } from './world';

/** A provision as the service describes it. One that went to all accounts names none of them. */
function provisionStatus(
  operation: AdminOperation<ProvisionSubject>,
  when: 'at-acceptance' | 'later',
): Output {
  const { targetType, accountIds, permissionSetArn } = operation.subject;
  return {
    ...statusOf(operation, when),
    AccountId: targetType === 'AWS_ACCOUNT' ? accountIds[0] : undefined,
    PermissionSetArn: permissionSetArn,
  };
}

/**
 * What the call is about. A target that is named beside `ALL_PROVISIONED_ACCOUNTS` is passed over.
 * @throws AwsError `ValidationException` for `AWS_ACCOUNT` without an account
 */
function subjectOf(
  {
    PermissionSetArn: permissionSetArn,
    TargetType: targetType,
    TargetId: targetId,
  }: InputOf<(typeof IDENTITY_CENTER_INPUTS)['ProvisionPermissionSet']>,
  { world, settings }: Pick<IdentityCenterEnvironment, 'world' | 'settings'>,
): ProvisionSubject {
  if (targetType === 'AWS_ACCOUNT') {
    if (targetId === undefined) throw validationError('TargetId is required when TargetType is AWS_ACCOUNT');
    return { kind: 'provision', permissionSetArn, targetType, accountIds: [targetId] };
  }
  const records = [...world.provisioning.ofPermissionSet(permissionSetArn)].slice(0, settings.provisionReach);
  return {
    kind: 'provision',
    permissionSetArn,
    targetType,
    accountIds: records.map(({ accountId }) => accountId),
  };
}

/** Brings one account up to the set's present version, if it can be done. */
function finishAccount(
  accountId: string,
  permissionSetArn: string,
  { caller, requestId }: Pick<CallContext, 'caller' | 'requestId'>,
  world: World,
  settings: SimulatorSettings,
): Ending {
  const obstacle = accountEnding(accountId, world, settings);
  if (obstacle !== 'none') return obstacle;
  const isProvisioned = world.provisioning.find(accountId, permissionSetArn) !== undefined;
  if (!isProvisioned && settings.unassignedProvision === 'fail') return failed(assignmentNotFound());
  const unwritten = roleEnding({ accountId, permissionSetArn, caller, requestId }, 'always', world, settings);
  if (unwritten !== 'none') return unwritten;
  world.provision(accountId, permissionSetArn);
  return SUCCEEDED;
}

/** Every account gets what it can; the first that fails, or hangs, says how the whole ends. */
function finish(
  { accountIds, permissionSetArn }: ProvisionSubject,
  context: Pick<CallContext, 'caller' | 'requestId'>,
  world: World,
  settings: SimulatorSettings,
): Ending {
  const endings = accountIds.map((accountId) =>
    finishAccount(accountId, permissionSetArn, context, world, settings),
  );
  if (endings.includes(undefined)) return undefined;
  return endings.find((ending) => ending?.status === 'FAILED') ?? SUCCEEDED;
}

type ProvisionOperation =
  | 'ProvisionPermissionSet'
  | 'DescribePermissionSetProvisioningStatus'
  | 'ListPermissionSetProvisioningStatus';

/** Bringing the roles of accounts up to date with their permission set, and following that. */
export function provisionHandlers(
  environment: IdentityCenterEnvironment,
): Pick<Handlers<typeof IDENTITY_CENTER_INPUTS>, ProvisionOperation> {
  const { world, engine, settings } = environment;
  const { provision: provisions } = engine.logs;
  return {
    ProvisionPermissionSet(input, { caller, requestId, fault }) {
      const subject = subjectOf(input, environment);
      authorizeProvision(environment, caller, subject);
      findPermissionSet(world, input);
      const operation = engine.startProvision({
        subject,
        requestId,
        fault,
        finish: () => finish(subject, { caller, requestId }, world, settings),
      });
      return { PermissionSetProvisioningStatus: provisionStatus(operation, 'at-acceptance') };
    },
    DescribePermissionSetProvisioningStatus(input) {
      const { InstanceArn: instanceArn, ProvisionPermissionSetRequestId: requestId } = input;
      const operation = findOperation(environment, provisions, instanceArn, requestId);
      return { PermissionSetProvisioningStatus: provisionStatus(operation, 'later') };
    },
    ListPermissionSetProvisioningStatus: (input) =>
      listOperations(environment, provisions, 'PermissionSetsProvisioningStatus', input),
  };
}
