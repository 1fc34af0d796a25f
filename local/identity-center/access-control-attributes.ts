import { conflict, notFound } from './exceptions';
import type { IDENTITY_CENTER_INPUTS } from './identity-center-inputs';
import type { IdentityCenterEnvironment } from './identity-center-service';
import { checkInstance } from './instances';
import type { Handlers } from './simulated-service';

type AttributeOperation =
  | 'CreateInstanceAccessControlAttributeConfiguration'
  | 'DescribeInstanceAccessControlAttributeConfiguration'
  | 'UpdateInstanceAccessControlAttributeConfiguration'
  | 'DeleteInstanceAccessControlAttributeConfiguration';

/** The attributes of users that sessions carry for attribute-based access control: one configuration of the instance, or none. */
export function accessControlAttributeHandlers({
  world,
}: IdentityCenterEnvironment): Pick<Handlers<typeof IDENTITY_CENTER_INPUTS>, AttributeOperation> {
  /** @throws AwsError `ResourceNotFoundException` where there is no configuration */
  const existing = (instanceArn: string): NonNullable<typeof world.accessControlAttributes> => {
    checkInstance(world, instanceArn);
    const { accessControlAttributes } = world;
    if (accessControlAttributes === undefined)
      throw notFound('Could not find an access control attribute configuration for the instance');
    return accessControlAttributes;
  };
  return {
    CreateInstanceAccessControlAttributeConfiguration(input) {
      checkInstance(world, input.InstanceArn);
      if (world.accessControlAttributes !== undefined)
        throw conflict('InstanceAccessControlAttributeConfiguration already exists.');
      world.accessControlAttributes =
        input.InstanceAccessControlAttributeConfiguration.AccessControlAttributes;
      return {};
    },

    DescribeInstanceAccessControlAttributeConfiguration(input) {
      const AccessControlAttributes = existing(input.InstanceArn);
      return {
        Status: 'ENABLED',
        InstanceAccessControlAttributeConfiguration: { AccessControlAttributes },
      };
    },

    // The whole configuration is replaced.
    UpdateInstanceAccessControlAttributeConfiguration(input) {
      existing(input.InstanceArn);
      world.accessControlAttributes =
        input.InstanceAccessControlAttributeConfiguration.AccessControlAttributes;
      return {};
    },

    DeleteInstanceAccessControlAttributeConfiguration(input) {
      existing(input.InstanceArn);
      world.accessControlAttributes = undefined;
      return {};
    },
  };
}
