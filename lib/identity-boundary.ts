import * as iam from 'aws-cdk-lib/aws-iam';

/**
 * What a function is kept from, whatever is allowed to it now or later. `none` talks to no identity service at all, `reader`
 * changes nothing, `writer` is the dispatcher, which changes assignments and nothing else, `editor` is the rollout, which changes
 * permission sets and nothing else.
 */
export type IdentityReach = 'none' | 'reader' | 'writer' | 'editor';

const ASSIGNMENT_WRITES = [
  'sso:CreateAccountAssignment',
  'sso:DeleteAccountAssignment',
  'sso:ProvisionPermissionSet',
];

/** Ways to more rights by way of the automation: the directory, the instance, the organization, IAM itself. */
const ESCALATIONS_BESIDE_PERMISSION_SETS = [
  'iam:*',
  'identitystore:Create*',
  'identitystore:Delete*',
  'identitystore:Update*',
  'organizations:Attach*',
  'organizations:Create*',
  'organizations:Delete*',
  'organizations:Detach*',
  'organizations:Move*',
  'organizations:Update*',
  'sso:CreateInstance*',
  'sso:DeleteInstance*',
  'sts:AssumeRole',
];

/** The same, with editing permission sets. */
const ESCALATIONS = [
  ...ESCALATIONS_BESIDE_PERMISSION_SETS,
  'sso:Attach*',
  'sso:CreatePermissionSet',
  'sso:DeleteInlinePolicyFromPermissionSet',
  'sso:DeletePermissionSet',
  'sso:DeletePermissionsBoundaryFromPermissionSet',
  'sso:Detach*',
  'sso:Put*',
  'sso:TagResource',
  'sso:UntagResource',
  'sso:Update*',
].sort();

/** What else than permission sets the patterns above keep from being edited. */
const OTHER_EDITS = [
  'sso:PutApplication*',
  'sso:UpdateApplication*',
  'sso:UpdateInstance*',
  'sso:UpdateTrustedTokenIssuer',
];

/** The Deny that goes with a reach; every role has one of them. */
export function boundary(reach: IdentityReach): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'Boundary',
    effect: iam.Effect.DENY,
    actions: {
      none: ['iam:*', 'identitystore:*', 'organizations:*', 'sso:*', 'sts:AssumeRole'],
      reader: [...ESCALATIONS, ...ASSIGNMENT_WRITES].sort(),
      writer: ESCALATIONS,
      editor: [...ESCALATIONS_BESIDE_PERMISSION_SETS, ...OTHER_EDITS, ...ASSIGNMENT_WRITES].sort(),
    }[reach],
    resources: ['*'],
  });
}
