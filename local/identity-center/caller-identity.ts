import type { Caller, Organization } from './organization';

/** In whose name, and from which account, an AWS call comes. */
export interface CallerIdentity {
  readonly accountId: string;
  /** `arn:aws:sts::<account>:assumed-role/<role>/<session>`, as access-denied messages show it. */
  readonly arn: string;
  readonly kind: 'management' | 'delegated-admin' | 'member';
  /** Whether IAM lets the caller do what Identity Center does in its name in the management account. */
  readonly iamInManagementAccount: 'allowed' | 'denied';
}

/** The role of a call whose access key the organization file does not know: an administrator of the delegated account. */
const UNLISTED_ROLE = 'IdentityCenterAdministrator';

/**
 * Finds the caller by its access key, and what its account may do at present. The key alone counts: signatures of AWS calls are not verified. A key that is not
 * listed, or none, stands for an administrator in the account of the delegated administrator that the file names, so that any
 * client works at once.
 * @param callers who is known by a key
 * @param delegate the account that Identity Center is delegated to now, which need not be that of the file
 */
export function identifyCaller(
  { delegatedAdminAccountId, managementAccountId }: Organization,
  callers: readonly Caller[],
  accessKeyId: string | undefined,
  delegate: string | undefined,
): CallerIdentity {
  const listed = callers.find((caller) => caller.accessKeyId === accessKeyId);
  const roleArn = listed?.roleArn ?? `arn:aws:iam::${delegatedAdminAccountId}:role/${UNLISTED_ROLE}`;
  const sessionName = listed?.sessionName ?? accessKeyId ?? 'anonymous';
  const [, partition = 'aws', , , accountId = '', resource = ''] = roleArn.split(':');
  // The path of a role is not part of its session's ARN.
  const roleName = resource.slice(resource.lastIndexOf('/') + 1);
  const arn = `arn:${partition}:sts::${accountId}:assumed-role/${roleName}/${sessionName}`;
  const iamInManagementAccount = listed?.iamInManagementAccount ?? 'allowed';
  if (accountId === managementAccountId)
    return { accountId, arn, kind: 'management', iamInManagementAccount };
  const kind = accountId === delegate ? 'delegated-admin' : 'member';
  return { accountId, arn, kind, iamInManagementAccount };
}
