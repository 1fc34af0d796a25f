import type { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IdentityReach } from '../identity-boundary';
import type { AccessFunctionProps } from './access-function';
import { machineArn } from './standard-workflow';

/** A file of the access layer. */
export type AccessPart = 'policy' | 'permission sets' | 'baselines';

/** What differs from function to function. */
export interface FunctionPlan extends Pick<
  AccessFunctionProps,
  'description' | 'timeout' | 'reservedConcurrency' | 'deadLetters' | 'wildcards'
> {
  /** Name of the handler file and of the bundle. */
  readonly name: string;
  readonly reach: IdentityReach;
  readonly permissions: readonly iam.PolicyStatement[];
  /** Which of the access definitions it reads. @default - none */
  readonly readsAccess?: readonly AccessPart[];
}

/** Starting executions of these machines. */
export function startExecutions(stack: Stack, machines: readonly string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'StartExecutions',
    actions: ['states:StartExecution'],
    resources: machines.map((name) => machineArn(stack, name)),
  });
}
