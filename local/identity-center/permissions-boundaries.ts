import { authorizePermissionSetWrite } from './delegation';
import { notFound, validationError } from './exceptions';
import type { IDENTITY_CENTER_INPUTS } from './identity-center-inputs';
import type { IdentityCenterEnvironment } from './identity-center-service';
import type { InputOf } from './input-rules';
import type { PermissionSet } from './organization';
import { findPermissionSet } from './permission-sets';
import type { Handlers, Output } from './simulated-service';

type Boundary = NonNullable<PermissionSet['permissionsBoundary']>;
type BoundaryInput = InputOf<(typeof IDENTITY_CENTER_INPUTS)['PutPermissionsBoundaryToPermissionSet']>;

type BoundaryOperation =
  | 'PutPermissionsBoundaryToPermissionSet'
  | 'GetPermissionsBoundaryForPermissionSet'
  | 'DeletePermissionsBoundaryFromPermissionSet';

/** The permissions boundary of a permission set: an AWS managed policy, or a customer managed one by name. */
export function permissionsBoundaryHandlers(
  environment: IdentityCenterEnvironment,
): Pick<Handlers<typeof IDENTITY_CENTER_INPUTS>, BoundaryOperation> {
  const { world } = environment;
  return {
    PutPermissionsBoundaryToPermissionSet(input, { caller }) {
      const permissionsBoundary = boundaryOf(input);
      const { PermissionSetArn: arn } = input;
      authorizePermissionSetWrite(environment, caller, 'PutPermissionsBoundaryToPermissionSet', arn);
      findPermissionSet(world, input);
      world.sets.change(arn, (present) => ({ ...present, permissionsBoundary }));
      return {};
    },

    GetPermissionsBoundaryForPermissionSet(input) {
      const { arn, permissionsBoundary } = findPermissionSet(world, input);
      if (permissionsBoundary === undefined)
        throw notFound(
          `Could not find PermissionsBoundary for PermissionSet with id ${arn.slice(arn.lastIndexOf('/') + 1)}`,
        );
      return { PermissionsBoundary: boundaryView(permissionsBoundary) };
    },

    // Where there is none it succeeds as well.
    DeletePermissionsBoundaryFromPermissionSet(input, { caller }) {
      const { PermissionSetArn: arn } = input;
      authorizePermissionSetWrite(environment, caller, 'DeletePermissionsBoundaryFromPermissionSet', arn);
      const set = findPermissionSet(world, input);
      if (set.permissionsBoundary !== undefined)
        world.sets.change(arn, ({ permissionsBoundary: _gone, ...rest }) => rest);
      return {};
    },
  };
}

function boundaryOf({ PermissionsBoundary: boundary }: BoundaryInput): Boundary {
  const { ManagedPolicyArn: managedPolicy, CustomerManagedPolicyReference: reference } = boundary;
  if (managedPolicy !== undefined && reference === undefined) return { managedPolicy };
  if (reference !== undefined && managedPolicy === undefined)
    return { customerManagedPolicy: { name: reference.Name, path: reference.Path ?? '/' } };
  throw validationError(
    'PermissionsBoundary must have either ManagedPolicyArn or CustomerManagedPolicyReference: use one of the two',
  );
}

function boundaryView(boundary: Boundary): Output {
  if ('managedPolicy' in boundary) return { ManagedPolicyArn: boundary.managedPolicy };
  const { name, path } = boundary.customerManagedPolicy;
  return { CustomerManagedPolicyReference: { Name: name, Path: path } };
}
