import type { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { STATE_MACHINE_NAMES } from '../../lambdas/runtime/contract';
import type { IdentityReach } from '../identity-boundary';
import type { IdentityCenterPermissions } from '../identity-center-permissions';
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

/** Answering the tokens of waiting requests. The token names the execution; the permission is on the machine. */
export function answerTokens(stack: Stack): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'AnswerTokens',
    actions: ['states:SendTaskSuccess'],
    resources: [machineArn(stack, STATE_MACHINE_NAMES.accessRequest)],
  });
}

/** Why a function that looks names up may read by pattern: `who` names them, such as `a ticket`. */
export function lookUpWildcards(
  { permissionSets, users, groups, memberAccounts, parents }: IdentityCenterPermissions,
  who: string,
): Readonly<Record<string, string>> {
  const inStore = (kind: string): string =>
    `${who} names any ${kind}; the ARN of a ${kind} has no store that it could be bound to`;
  return {
    '*': 'X-Ray has no resource to name for its two actions, and neither have listings of the organization',
    [permissionSets]: `${who} names any permission set; their ids come and go`,
    [users]: inStore('user'),
    [groups]: inStore('group'),
    [memberAccounts]: `${who} names any account of this organization`,
    ...Object.fromEntries(
      parents.map((arn) => [arn, `${who} names any unit; they come and go, and the root has an id`]),
    ),
  };
}
