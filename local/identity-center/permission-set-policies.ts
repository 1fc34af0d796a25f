import { authorizePermissionSetWrite } from './delegation';
import { conflict, notFound, quotaExceeded, validationError } from './exceptions';
import type { IDENTITY_CENTER_INPUTS } from './identity-center-inputs';
import type { IdentityCenterEnvironment } from './identity-center-service';
import type { PermissionSet } from './organization';
import { pageByKey } from './paging';
import { findPermissionSet, listMember } from './permission-sets';
import type { PolicyWriteTurns } from './policy-write-turns';
import { QUOTA_PROFILES } from './quotas';
import type { CallContext, Handlers } from './simulated-service';
import type { VersionedPermissionSet } from './permission-set-table';

type PolicyOperation =
  | 'AttachManagedPolicyToPermissionSet'
  | 'DetachManagedPolicyFromPermissionSet'
  | 'ListManagedPoliciesInPermissionSet'
  | 'AttachCustomerManagedPolicyReferenceToPermissionSet'
  | 'DetachCustomerManagedPolicyReferenceFromPermissionSet'
  | 'ListCustomerManagedPolicyReferencesInPermissionSet'
  | 'PutInlinePolicyToPermissionSet'
  | 'GetInlinePolicyForPermissionSet'
  | 'DeleteInlinePolicyFromPermissionSet';

interface OfSet {
  readonly InstanceArn: string;
  readonly PermissionSetArn: string;
}

const idOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

/** The policies of permission sets. Every write is there at once, and accounts stay as they are until the set is provisioned. */
export function permissionSetPolicyHandlers(
  environment: IdentityCenterEnvironment,
  turns: PolicyWriteTurns,
): Pick<Handlers<typeof IDENTITY_CENTER_INPUTS>, PolicyOperation> {
  const { world, settings } = environment;

  const forWrite = (operation: string, input: OfSet, { caller }: CallContext): VersionedPermissionSet => {
    authorizePermissionSetWrite(environment, caller, operation, input.PermissionSetArn);
    return findPermissionSet(world, input);
  };

  const checkRoom = ({ arn, managedPolicies, customerManagedPolicies }: PermissionSet): void => {
    const { policiesPerPermissionSet: most } = QUOTA_PROFILES[settings.quotaVintage];
    if (most !== undefined && managedPolicies.length + customerManagedPolicies.length >= most)
      throw quotaExceeded('ManagedPolicy', most, arn);
  };

  return {
    AttachManagedPolicyToPermissionSet(input, context) {
      const set = forWrite('AttachManagedPolicyToPermissionSet', input, context);
      const { ManagedPolicyArn: policy } = input;
      turns.take();
      if (set.managedPolicies.includes(policy)) {
        // The service spells it so.
        throw conflict(
          `Permission set with id ${idOf(set.arn)} already has a typed link attachment to a manged policy with ${policy}`,
        );
      }
      checkRoom(set);
      world.sets.change(set.arn, (present) => ({
        ...present,
        managedPolicies: [...present.managedPolicies, policy],
      }));
      return {};
    },

    DetachManagedPolicyFromPermissionSet(input, context) {
      const set = forWrite('DetachManagedPolicyFromPermissionSet', input, context);
      const { ManagedPolicyArn: policy } = input;
      turns.take();
      if (!set.managedPolicies.includes(policy))
        throw notFound(`Could not find ManagedPolicy with arn ${policy}`);
      world.sets.change(set.arn, (present) => ({
        ...present,
        managedPolicies: present.managedPolicies.filter((each) => each !== policy),
      }));
      return {};
    },

    ListManagedPoliciesInPermissionSet(input) {
      const { managedPolicies } = findPermissionSet(world, input);
      const { items, nextToken } = pageByKey(managedPolicies, String, input);
      const attached = items.map((arn) => ({ Name: idOf(arn), Arn: arn }));
      return { ...listMember('AttachedManagedPolicies', attached, ['always'], settings), ...nextToken };
    },

    AttachCustomerManagedPolicyReferenceToPermissionSet(input, context) {
      const set = forWrite('AttachCustomerManagedPolicyReferenceToPermissionSet', input, context);
      const { Name: name, Path: path = '/' } = input.CustomerManagedPolicyReference;
      turns.take();
      if (set.customerManagedPolicies.some((each) => each.name === name && each.path === path))
        throw conflict(`Given customer managed policy with name: ${name}  and path ${path} already attached`);
      checkRoom(set);
      world.sets.change(set.arn, (present) => ({
        ...present,
        customerManagedPolicies: [...present.customerManagedPolicies, { name, path }],
      }));
      return {};
    },

    DetachCustomerManagedPolicyReferenceFromPermissionSet(input, context) {
      const set = forWrite('DetachCustomerManagedPolicyReferenceFromPermissionSet', input, context);
      const { Name: name, Path: path = '/' } = input.CustomerManagedPolicyReference;
      turns.take();
      const left = set.customerManagedPolicies.filter((each) => each.name !== name || each.path !== path);
      if (left.length === set.customerManagedPolicies.length)
        throw notFound(
          `Given managed policy with name: ${name}  and path ${path} does not exist on PermissionSet`,
        );
      world.sets.change(set.arn, (present) => ({ ...present, customerManagedPolicies: left }));
      return {};
    },

    ListCustomerManagedPolicyReferencesInPermissionSet(input) {
      const { customerManagedPolicies } = findPermissionSet(world, input);
      const { items, nextToken } = pageByKey(customerManagedPolicies, ({ name, path }) => path + name, input);
      const references = items.map(({ name, path }) => ({ Name: name, Path: path }));
      return {
        ...listMember('CustomerManagedPolicyReferences', references, ['always'], settings),
        ...nextToken,
      };
    },

    PutInlinePolicyToPermissionSet(input, context) {
      const set = forWrite('PutInlinePolicyToPermissionSet', input, context);
      const { InlinePolicy: inlinePolicy } = input;
      const { inlinePolicyBytes, inlinePolicyNonWhitespace } = QUOTA_PROFILES[settings.quotaVintage];
      checkDocument(inlinePolicy);
      if (Buffer.byteLength(inlinePolicy) > inlinePolicyBytes)
        throw quotaExceeded('InlinePolicy of bytes', inlinePolicyBytes, set.arn);
      if (inlinePolicy.replace(/\s/g, '').length > inlinePolicyNonWhitespace)
        throw quotaExceeded('InlinePolicy of characters', inlinePolicyNonWhitespace, set.arn);
      world.sets.change(set.arn, (present) => ({ ...present, inlinePolicy }));
      return {};
    },

    GetInlinePolicyForPermissionSet(input) {
      const { inlinePolicy } = findPermissionSet(world, input);
      if (inlinePolicy !== undefined) return { InlinePolicy: inlinePolicy };
      return settings.noInlinePolicy === 'empty-text' ? { InlinePolicy: '' } : {};
    },

    // Where there is none it succeeds as well.
    DeleteInlinePolicyFromPermissionSet(input, context) {
      const set = forWrite('DeleteInlinePolicyFromPermissionSet', input, context);
      if (set.inlinePolicy !== undefined)
        world.sets.change(set.arn, ({ inlinePolicy: _gone, ...rest }) => rest);
      return {};
    },
  };
}

/** The service takes what IAM would take; the simulator looks whether it is a document with statements. */
function checkDocument(text: string): void {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw validationError('Malformed policy document: use JSON');
  }
  const isPolicy = typeof document === 'object' && document !== null && 'Statement' in document;
  if (!isPolicy) throw validationError('Malformed policy document: use one with Version and Statement');
}
