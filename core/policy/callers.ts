import type { AccessPolicy, PolicyCaller } from './access-policy';

/** An IAM identity: `identity` is `role/<name>` or `user/<name>` without a path, or `root`. */
const IAM_ARN =
  /^arn:(aws[a-z-]{0,20}):iam::(\d{12}):(?:(role|user)\/(?:[\x21-\x7E]*\/)?([\w+=,.@-]{1,128})|root)$/;
/** What a signed call shows of a role: no path, and a session name that the caller chose. */
const ASSUMED_ROLE_ARN =
  /^arn:(aws[a-z-]{0,20}):sts::(\d{12}):assumed-role\/([\w+=,.@-]{1,128})\/[\w+=,.@-]{1,128}$/;

/** Somebody as the request context shows them. */
export interface CallerIdentity {
  /** `arn:aws:iam::<account>:role/<name>` for a role; for others the IAM ARN. No path, no session name. */
  readonly arn: string;
  readonly accountId: string;
}

/**
 * The identity behind a caller's ARN: an IAM role or user, or the `assumed-role` of a signed call. Role paths are
 * dropped, because assumed-role ARNs do not carry them; the session name is dropped, because the caller chooses it.
 * Undefined for anything else (a federated user, a service).
 */
export function callerIdentity(arn: string): CallerIdentity | undefined {
  const assumed = ASSUMED_ROLE_ARN.exec(arn);
  if (assumed !== null) {
    const [, partition = '', accountId = '', name = ''] = assumed;
    return { arn: `arn:${partition}:iam::${accountId}:role/${name}`, accountId };
  }
  const iam = IAM_ARN.exec(arn);
  if (iam === null) return undefined;
  const [, partition = '', accountId = '', kind, name = ''] = iam;
  return {
    arn: `arn:${partition}:iam::${accountId}:${kind === undefined ? 'root' : `${kind}/${name}`}`,
    accountId,
  };
}

/**
 * The policy's entry for a caller, by role or user ARN (or assumed-role ARN), or undefined: then they may do nothing.
 * An entry for the role wins over one for its account.
 */
export function findCaller(policy: AccessPolicy, callerArn: string): PolicyCaller | undefined {
  const caller = callerIdentity(callerArn);
  if (caller === undefined) return undefined;
  const { callers } = policy;
  return (
    callers.find(({ identity }) => identity.kind === 'role' && identity.roleArn === caller.arn) ??
    callers.find(({ identity }) => identity.kind === 'account' && identity.accountId === caller.accountId)
  );
}
