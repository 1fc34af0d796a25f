import { accessDenied, conflict, notFound, validationError } from './exceptions';
import type { IDENTITY_CENTER_INPUTS } from './identity-center-inputs';
import type { IdentityCenterEnvironment } from './identity-center-service';
import type { InputOf } from './input-rules';
import { pageOfFixed } from './paging';
import type { Handlers, Output } from './simulated-service';
import type { InstanceState, World } from './world';

/**
 * Every operation but `DescribeInstance` says that another instance, or one that was deleted, does not exist.
 * @throws AwsError `ResourceNotFoundException`
 */
export function checkInstance(world: World, instanceArn: string): void {
  if (instanceArn === world.instanceArn && !world.instance.isDeleted) return;
  throw notFound(`Could not find Instance with id ${instanceArn.slice(instanceArn.lastIndexOf('/') + 1)}`);
}

type InstanceOperation =
  'CreateInstance' | 'DeleteInstance' | 'DescribeInstance' | 'ListInstances' | 'UpdateInstance';

/** The instance of the organization: there is one, until it is deleted. Another one is never made. */
export function instanceHandlers({
  world,
}: IdentityCenterEnvironment): Pick<Handlers<typeof IDENTITY_CENTER_INPUTS>, InstanceOperation> {
  const summary = (): Output => ({
    InstanceArn: world.instanceArn,
    IdentityStoreId: world.identityStoreId,
    // An organization instance belongs to the management account, whoever administers it.
    OwnerAccountId: world.organization.managementAccountId,
    Name: world.instance.name,
    CreatedDate: world.startedAt / 1000,
    Status: 'ACTIVE',
  });
  return {
    CreateInstance(_input, { caller }) {
      const resource = `arn:aws:sso:::instance/*`;
      // Only a member account makes an instance of its own, and here it would be beside the organization's.
      if (caller.kind === 'management') throw accessDenied(caller, 'sso:CreateInstance', resource);
      throw conflict('An instance of IAM Identity Center already exists.');
    },

    ListInstances(input) {
      const { items, nextToken } = pageOfFixed(world.instance.isDeleted ? [] : [summary()], input);
      return { Instances: items, ...nextToken };
    },

    DescribeInstance({ InstanceArn: arn }, { caller }) {
      if (arn !== world.instanceArn || world.instance.isDeleted)
        throw accessDenied(caller, 'sso:DescribeInstance', arn);
      const { encryption } = world.instance;
      return {
        ...summary(),
        EncryptionConfigurationDetails: {
          KeyType: encryption.keyType,
          KmsKeyArn: encryption.keyArn,
          EncryptionStatus: 'ENABLED',
        },
      };
    },

    UpdateInstance(input) {
      checkInstance(world, input.InstanceArn);
      const { Name: name, EncryptionConfiguration: wanted } = input;
      if (wanted !== undefined) world.instance.encryption = encryptionOf(wanted);
      if (name !== undefined) world.instance.name = name;
      return {};
    },

    DeleteInstance(input, { caller }) {
      checkInstance(world, input.InstanceArn);
      if (caller.kind !== 'management') throw accessDenied(caller, 'sso:DeleteInstance', input.InstanceArn);
      world.instance.isDeleted = true;
      return {};
    },
  };
}

type EncryptionInput = NonNullable<
  InputOf<(typeof IDENTITY_CENTER_INPUTS)['UpdateInstance']>['EncryptionConfiguration']
>;

function encryptionOf({ KeyType: keyType, KmsKeyArn: keyArn }: EncryptionInput): InstanceState['encryption'] {
  if (keyType === 'CUSTOMER_MANAGED_KEY' && keyArn === undefined)
    throw validationError('KmsKeyArn is required when KeyType is CUSTOMER_MANAGED_KEY');
  if (keyType === 'AWS_OWNED_KMS_KEY' && keyArn !== undefined)
    throw validationError('KmsKeyArn cannot be given when KeyType is AWS_OWNED_KMS_KEY');
  return keyArn === undefined ? { keyType } : { keyType, keyArn };
}
