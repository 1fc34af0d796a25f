import { accessDenied, notFound } from './exceptions';
import type { IDENTITY_CENTER_INPUTS } from './identity-center-inputs';
import type { IdentityCenterEnvironment } from './identity-center-service';
import { pageOfFixed } from './paging';
import type { Handlers, Output } from './simulated-service';
import type { World } from './world';

/**
 * Every operation but `DescribeInstance` says that another instance does not exist.
 * @throws AwsError `ResourceNotFoundException`
 */
export function checkInstance(world: World, instanceArn: string): void {
  if (instanceArn === world.instanceArn) return;
  throw notFound(`Could not find Instance with id ${instanceArn.slice(instanceArn.lastIndexOf('/') + 1)}`);
}

/** `ListInstances` and `DescribeInstance`. */
export function instanceHandlers({
  world,
}: IdentityCenterEnvironment): Pick<
  Handlers<typeof IDENTITY_CENTER_INPUTS>,
  'ListInstances' | 'DescribeInstance'
> {
  const instance = (): Output => ({
    InstanceArn: world.instanceArn,
    IdentityStoreId: world.identityStoreId,
    // An organization instance belongs to the management account, whoever administers it.
    OwnerAccountId: world.organization.managementAccountId,
    Name: world.organization.instance.name,
    CreatedDate: world.startedAt / 1000,
    Status: 'ACTIVE',
  });
  return {
    ListInstances(input) {
      const { items, nextToken } = pageOfFixed([instance()], input);
      return { Instances: items, ...nextToken };
    },
    DescribeInstance({ InstanceArn: arn }, { caller }) {
      if (arn !== world.instanceArn) throw accessDenied(caller, 'sso:DescribeInstance', arn);
      return instance();
    },
  };
}
