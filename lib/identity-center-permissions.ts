import * as iam from 'aws-cdk-lib/aws-iam';
import type { Settings } from '../core/settings/settings';
import { instanceParts } from './settings';

/**
 * The permissions on Identity Center, its identity store and Organizations, each on exact ARNs.
 *
 * The ARNs of `sso` carry neither account nor Region, and an action on an assignment needs all three of its resources
 * allowed (instance, permission set, account): a Deny on one account therefore holds whatever else is allowed.
 */
export class IdentityCenterPermissions {
  readonly #settings: Settings;
  readonly #partition: string;
  readonly #instanceId: string;

  public constructor(settings: Settings) {
    this.#settings = settings;
    const { partition, instanceId } = instanceParts(settings.instanceArn);
    this.#partition = partition;
    this.#instanceId = instanceId;
  }

  /** All permission sets of the instance; their ids are not known when the stack is made. */
  public get permissionSets(): string {
    return `arn:${this.#partition}:sso:::permissionSet/${this.#instanceId}/*`;
  }

  /** Every account as the target of an assignment. */
  public get accounts(): string {
    return this.#account('*');
  }

  /** Every user of the identity store (the ARN names no store). */
  public get users(): string {
    return `arn:${this.#partition}:identitystore:::user/*`;
  }

  /** Every group of the identity store. */
  public get groups(): string {
    return `arn:${this.#partition}:identitystore:::group/*`;
  }

  /** Every account of this organization, as Organizations names them. */
  public get memberAccounts(): string {
    const { managementAccountId, organizationId } = this.#settings;
    return `arn:${this.#partition}:organizations::${managementAccountId}:account/${organizationId}/*`;
  }

  /** Finding a permission set by name or ARN. */
  public readPermissionSets(): iam.PolicyStatement {
    return new iam.PolicyStatement({
      sid: 'ReadPermissionSets',
      actions: ['sso:DescribePermissionSet', 'sso:ListPermissionSets'],
      resources: [this.#settings.instanceArn, this.permissionSets],
    });
  }

  /** Finding users and groups by name, e-mail address or id. */
  public readDirectory(): iam.PolicyStatement {
    const { managementAccountId, identityStoreId } = this.#settings;
    return new iam.PolicyStatement({
      sid: 'ReadDirectory',
      actions: [
        'identitystore:DescribeGroup',
        'identitystore:DescribeUser',
        'identitystore:GetGroupId',
        'identitystore:GetUserId',
        'identitystore:ListUsers',
      ],
      resources: [
        // The store belongs to the account that has the instance, which is the organization's management account.
        `arn:${this.#partition}:identitystore::${managementAccountId}:identitystore/${identityStoreId}`,
        this.users,
        this.groups,
      ],
    });
  }

  /** Whether an account is there and can take access. */
  public readAccounts(): iam.PolicyStatement {
    return new iam.PolicyStatement({
      sid: 'ReadAccounts',
      actions: ['organizations:DescribeAccount'],
      resources: [this.memberAccounts],
    });
  }

  /**
   * Writing assignments and following them: the one writer's. The two accounts that Latchkey never touches are denied
   * here as well as in the access policy, so that neither a wrong rule nor wrong code reaches them.
   */
  public writeAssignments(): iam.PolicyStatement[] {
    const { instanceArn, managementAccountId, hostAccountId } = this.#settings;
    return [
      new iam.PolicyStatement({
        sid: 'WriteAssignments',
        actions: ['sso:CreateAccountAssignment', 'sso:DeleteAccountAssignment', 'sso:ListAccountAssignments'],
        resources: [instanceArn, this.permissionSets, this.accounts],
      }),
      new iam.PolicyStatement({
        sid: 'FollowAssignments',
        actions: [
          'sso:DescribeAccountAssignmentCreationStatus',
          'sso:DescribeAccountAssignmentDeletionStatus',
          'sso:DescribePermissionSetProvisioningStatus',
          'sso:ListAccountAssignmentCreationStatus',
          'sso:ListAccountAssignmentDeletionStatus',
          'sso:ListPermissionSetProvisioningStatus',
        ],
        resources: [instanceArn],
      }),
      new iam.PolicyStatement({
        sid: 'ProvisionPermissionSets',
        actions: ['sso:ListAccountsForProvisionedPermissionSet', 'sso:ProvisionPermissionSet'],
        resources: [instanceArn, this.permissionSets, this.accounts],
      }),
      new iam.PolicyStatement({
        sid: 'NeverTheseAccounts',
        effect: iam.Effect.DENY,
        actions: ['sso:CreateAccountAssignment', 'sso:DeleteAccountAssignment'],
        resources: [this.#account(managementAccountId), this.#account(hostAccountId)],
      }),
    ];
  }

  /** Comparing the settings with the instance that is really there. The action takes no resource. */
  public readInstances(): iam.PolicyStatement {
    return new iam.PolicyStatement({
      sid: 'ReadInstances',
      actions: ['sso:ListInstances'],
      resources: ['*'],
    });
  }

  /** Use of the instance's own key, where it has one, by way of the two services and in no other way. */
  public useInstanceKey(): iam.PolicyStatement[] {
    const { encryptionKeyArn, homeRegion } = this.#settings;
    if (encryptionKeyArn === undefined) return [];
    return [
      new iam.PolicyStatement({
        sid: 'InstanceKey',
        actions: ['kms:Decrypt'],
        resources: [encryptionKeyArn],
        conditions: {
          StringEquals: {
            'kms:ViaService': [
              `identitystore.${homeRegion}.amazonaws.com`,
              `sso.${homeRegion}.amazonaws.com`,
            ],
          },
        },
      }),
    ];
  }

  #account(accountId: string): string {
    return `arn:${this.#partition}:sso:::account/${accountId}`;
  }
}

/**
 * What a function is kept from, whatever is allowed to it now or later. `none` talks to no identity service at all, `reader`
 * changes nothing, `writer` is the dispatcher, which changes assignments and nothing else.
 */
export type IdentityReach = 'none' | 'reader' | 'writer';

const ASSIGNMENT_WRITES = [
  'sso:CreateAccountAssignment',
  'sso:DeleteAccountAssignment',
  'sso:ProvisionPermissionSet',
];

/** Ways to more rights by way of the automation: editing permission sets, the directory, the instance, IAM itself. */
const ESCALATIONS = [
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
  'sso:Attach*',
  'sso:CreateInstance*',
  'sso:CreatePermissionSet',
  'sso:DeleteInlinePolicyFromPermissionSet',
  'sso:DeleteInstance*',
  'sso:DeletePermissionSet',
  'sso:DeletePermissionsBoundaryFromPermissionSet',
  'sso:Detach*',
  'sso:Put*',
  'sso:TagResource',
  'sso:UntagResource',
  'sso:Update*',
  'sts:AssumeRole',
];

/** The Deny that goes with a reach; every role has one of the three. */
export function boundary(reach: IdentityReach): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'Boundary',
    effect: iam.Effect.DENY,
    actions: {
      none: ['iam:*', 'identitystore:*', 'organizations:*', 'sso:*', 'sts:AssumeRole'],
      reader: [...ESCALATIONS, ...ASSIGNMENT_WRITES].sort(),
      writer: ESCALATIONS,
    }[reach],
    resources: ['*'],
  });
}
