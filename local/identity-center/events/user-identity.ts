import type { JsonObject } from '../../assembly/json-values';
import type { CallerIdentity } from '../caller-identity';
import type { Organization } from '../organization';

/** Who called, as CloudTrail tells it: the session of a role, and the role that issued it. */
export function sessionIdentity(
  { accountId, arn }: CallerIdentity,
  accessKeyId: string | undefined,
  { callers }: Organization,
): JsonObject {
  const [, partition = 'aws'] = arn.split(':');
  const [, roleName = ''] = arn.split('/');
  // Only the role's own ARN has its path.
  const roleArn =
    callers.find((caller) => caller.accessKeyId === accessKeyId)?.roleArn ??
    `arn:${partition}:iam::${accountId}:role/${roleName}`;
  return {
    type: 'AssumedRole',
    arn,
    accountId,
    ...(accessKeyId === undefined ? {} : { accessKeyId }),
    sessionContext: {
      sessionIssuer: { type: 'Role', arn: roleArn, accountId, userName: roleName },
    },
  };
}

/** A service that does something by itself. */
export function serviceIdentity(accountId: string): JsonObject {
  return { accountId, invokedBy: 'AWS Internal' };
}
