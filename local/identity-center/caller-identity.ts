import type { Organization } from './organization';

/** In whose name, and from which account, an AWS call comes. */
export interface CallerIdentity {
  readonly accountId: string;
  /** `arn:aws:sts::<account>:assumed-role/<role>/<session>`, as access-denied messages show it. */
  readonly arn: string;
  readonly kind: 'management' | 'delegated-admin' | 'member';
}

/** The role of a call whose access key the organization file does not know: an administrator of the delegated account. */
const UNLISTED_ROLE = 'IdentityCenterAdministrator';

/**
 * Finds the caller by its access key. The key alone counts: signatures of AWS calls are not verified. A key that is not
 * listed, or none, stands for an administrator in the delegated administrator's account, so that any client works at once.
 */
export function identifyCaller(organization: Organization, accessKeyId: string | undefined): CallerIdentity {
  const listed = organization.callers.find((caller) => caller.accessKeyId === accessKeyId);
  const roleArn =
    listed?.roleArn ?? `arn:aws:iam::${organization.delegatedAdminAccountId}:role/${UNLISTED_ROLE}`;
  const sessionName = listed?.sessionName ?? accessKeyId ?? 'anonymous';
  const [, partition = 'aws', , , accountId = '', resource = ''] = roleArn.split(':');
  // The path of a role is not part of its session's ARN.
  const roleName = resource.slice(resource.lastIndexOf('/') + 1);
  const arn = `arn:${partition}:sts::${accountId}:assumed-role/${roleName}/${sessionName}`;
  if (accountId === organization.managementAccountId) return { accountId, arn, kind: 'management' };
  const kind = accountId === organization.delegatedAdminAccountId ? 'delegated-admin' : 'member';
  return { accountId, arn, kind };
}
