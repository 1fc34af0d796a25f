import { permissionSetNotFound } from './exceptions';
import type { IDENTITY_CENTER_INPUTS } from './identity-center-inputs';
import type { IdentityCenterEnvironment } from './identity-center-service';
import { checkInstance } from './instances';
import { pageOfRows } from './paging';
import type { ProvisioningRecord } from './provisioning-table';
import type { SimulatorSettings } from './settings';
import type { Handlers, Output } from './simulated-service';
import type { VersionedPermissionSet } from './permission-set-table';
import type { World } from './world';

/** @throws AwsError `ResourceNotFoundException` for another instance, or a permission set that does not exist */
export function findPermissionSet(
  world: World,
  input: { readonly InstanceArn: string; readonly PermissionSetArn: string },
): VersionedPermissionSet {
  checkInstance(world, input.InstanceArn);
  const set = world.permissionSet(input.PermissionSetArn);
  if (set === undefined) throw permissionSetNotFound(input.PermissionSetArn);
  return set;
}

/** A permission set as calls answer it: its attributes; tags and policies have calls of their own. */
export function permissionSetView({
  name,
  arn,
  description,
  sessionDuration,
  relayState,
  createdAt,
}: VersionedPermissionSet): Output {
  return {
    Name: name,
    PermissionSetArn: arn,
    Description: description,
    CreatedDate: createdAt / 1000,
    SessionDuration: sessionDuration,
    RelayState: relayState,
  };
}

/** A list member, or no member at all for an empty list where the settings say so. */
export function listMember(
  name: string,
  items: readonly unknown[],
  omitted: readonly SimulatorSettings['omitEmptyLists'][],
  settings: SimulatorSettings,
): Output {
  return items.length === 0 && omitted.includes(settings.omitEmptyLists) ? {} : { [name]: items };
}

type ProvisioningStatus = 'LATEST_PERMISSION_SET_PROVISIONED' | 'LATEST_PERMISSION_SET_NOT_PROVISIONED';

/** Narrows roles to those that have, or have not, the latest version of their set. */
function* withStatus(
  records: Iterable<ProvisioningRecord>,
  wanted: ProvisioningStatus | undefined,
  world: World,
): Generator<ProvisioningRecord, void> {
  for (const record of records) {
    const latest = record.version === world.permissionSet(record.permissionSetArn)?.version;
    if (wanted === undefined || latest === (wanted === 'LATEST_PERMISSION_SET_PROVISIONED')) yield record;
  }
}

type PermissionSetOperation =
  | 'DescribePermissionSet'
  | 'ListPermissionSets'
  | 'ListPermissionSetsProvisionedToAccount'
  | 'ListAccountsForProvisionedPermissionSet';

/** Permission sets, and where they have roles. */
export function permissionSetHandlers({
  world,
  settings,
}: IdentityCenterEnvironment): Pick<Handlers<typeof IDENTITY_CENTER_INPUTS>, PermissionSetOperation> {
  return {
    DescribePermissionSet(input) {
      return { PermissionSet: permissionSetView(findPermissionSet(world, input)) };
    },

    ListPermissionSets(input) {
      checkInstance(world, input.InstanceArn);
      const { items, nextToken } = pageOfRows((sequence) => world.sets.after(sequence), input);
      const arns = items.map(({ arn }) => arn);
      return { ...listMember('PermissionSets', arns, ['always'], settings), ...nextToken };
    },

    // An account that nobody knows has no role either: the answer is empty, not an error.
    ListPermissionSetsProvisionedToAccount(input) {
      checkInstance(world, input.InstanceArn);
      const { items, nextToken } = pageOfRows(
        (sequence) =>
          withStatus(
            world.provisioning.inAccount(input.AccountId, sequence),
            input.ProvisioningStatus,
            world,
          ),
        input,
      );
      const arns = items.map(({ permissionSetArn }) => permissionSetArn);
      return {
        ...listMember('PermissionSets', arns, ['always', 'provisioned-sets'], settings),
        ...nextToken,
      };
    },

    // Accounts stay here while their role does, suspended ones too.
    ListAccountsForProvisionedPermissionSet(input) {
      const set = findPermissionSet(world, input);
      const { items, nextToken } = pageOfRows(
        (sequence) =>
          withStatus(world.provisioning.ofPermissionSet(set.arn, sequence), input.ProvisioningStatus, world),
        input,
      );
      const accountIds = items.map(({ accountId }) => accountId);
      return { ...listMember('AccountIds', accountIds, ['always'], settings), ...nextToken };
    },
  };
}
