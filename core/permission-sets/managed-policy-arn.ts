/** The name of an AWS-managed policy, with its path where it has one, or its ARN. */
export const AWS_MANAGED_POLICY =
  /^(?:arn:aws(?:-[a-z]{1,5}){0,3}:iam::aws:policy\/)?(?:[A-Za-z0-9.,+=@_-]{1,128}\/){0,4}[A-Za-z0-9.,+=@_-]{1,128}$/;

/** AWS keeps the policies of job functions under a path of their own, all but PowerUserAccess, AdministratorAccess and SecurityAudit. */
const JOB_FUNCTIONS: ReadonlySet<string> = new Set([
  'Billing',
  'DatabaseAdministrator',
  'DataScientist',
  'NetworkAdministrator',
  'SupportUser',
  'SystemAdministrator',
  'ViewOnlyAccess',
]);

/**
 * The ARN of an AWS-managed policy that is given by name (`ReadOnlyAccess`, `Billing`, `service-role/AWSConfigRole`) or by ARN.
 * @param partition `aws`, `aws-us-gov`, …
 */
export function managedPolicyArn(nameOrArn: string, partition: string): string {
  if (nameOrArn.startsWith('arn:')) return nameOrArn;
  const path = JOB_FUNCTIONS.has(nameOrArn) ? 'job-function/' : '';
  return `${managedPolicyPrefix(partition)}${path}${nameOrArn}`;
}

/** What the ARNs of a partition's AWS-managed policies begin with. */
export function managedPolicyPrefix(partition: string): string {
  return `arn:${partition}:iam::aws:policy/`;
}
