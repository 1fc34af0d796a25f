import { AwsError } from '../../aws-api/json-service';

/** White space, brackets, wildcards, reserved characters, control characters. */
const FORBIDDEN = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u;

/** Checks the name of a machine or an execution: 1 to 80 characters, none of them reserved. Throws `InvalidName`. */
export function checkName(name: string): string {
  if (name === '' || name.length > 80 || FORBIDDEN.test(name)) {
    throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
  }
  return name;
}

/** Checks that an ARN is one of Step Functions, of this kind. Throws `InvalidArn`. */
export function checkArn(arn: string, kind: 'stateMachine' | 'execution'): string {
  if (!arn.startsWith('arn:')) throw new AwsError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
  // arn:aws:states:<region>:<account>:<kind>:<name>[:<execution>]
  const [, , service, , , found] = arn.split(':');
  if (service !== 'states' || found !== kind) {
    throw new AwsError(
      'InvalidArn',
      `Invalid Arn: 'Resource type not valid in this context: ${found ?? ''}'`,
    );
  }
  return arn;
}

/** Checks that an ARN is a role's. Throws `InvalidArn`. */
export function checkRoleArn(arn: string): string {
  if (/^arn:aws[\w-]*:iam::\d{12}:role\/.+/u.test(arn)) return arn;
  throw new AwsError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
}
