import * as iam from 'aws-cdk-lib/aws-iam';
import { OWNER_TAG } from '../core/permission-sets/definition';
import type { Settings } from '../core/settings/settings';
import { instanceParts } from './settings';

/** Writes that need the instance and a permission set, which is there already. */
const PERMISSION_SET_EDITS = [
  'sso:AttachCustomerManagedPolicyReferenceToPermissionSet',
  'sso:AttachManagedPolicyToPermissionSet',
  'sso:DeleteInlinePolicyFromPermissionSet',
  'sso:DeletePermissionSet',
  'sso:DeletePermissionsBoundaryFromPermissionSet',
  'sso:DetachCustomerManagedPolicyReferenceFromPermissionSet',
  'sso:DetachManagedPolicyFromPermissionSet',
  'sso:PutInlinePolicyToPermissionSet',
  'sso:PutPermissionsBoundaryToPermissionSet',
  'sso:UpdatePermissionSet',
];

/** Ways to read permission sets, by the name of the statement that permits each. */
const ACTIONS_OF_READS = {
  ListSets: ['sso:ListPermissionSets'],
  DescribeSets: ['sso:DescribePermissionSet'],
  ReadSetContents: [
    'sso:GetInlinePolicyForPermissionSet',
    'sso:GetPermissionsBoundaryForPermissionSet',
    'sso:ListCustomerManagedPolicyReferencesInPermissionSet',
    'sso:ListManagedPoliciesInPermissionSet',
  ],
  ReadSetTags: ['sso:ListTagsForResource'],
  ListAccountsOfSets: ['sso:ListAccountsForProvisionedPermissionSet'],
  ListSetsOfAccounts: ['sso:ListPermissionSetsProvisionedToAccount'],
  ListAssignments: ['sso:ListAccountAssignments'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** See {@link ACTIONS_OF_READS}. */
export type SetRead = keyof typeof ACTIONS_OF_READS;

/** Every way to read permission sets. */
export const SET_READS = Object.keys(ACTIONS_OF_READS) as readonly SetRead[];

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
    return this.#inOrganization('account');
  }

  /** Every organizational unit of this organization, and its root, whose id is not known here. */
  public get parents(): readonly string[] {
    return [this.#inOrganization('ou'), this.#inOrganization('root')];
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
    return new iam.PolicyStatement({
      sid: 'ReadDirectory',
      actions: [
        'identitystore:DescribeGroup',
        'identitystore:DescribeUser',
        'identitystore:GetGroupId',
        'identitystore:GetUserId',
        'identitystore:ListUsers',
      ],
      resources: [this.#identityStore, this.users, this.groups],
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

  /** In which unit an account is, of one account at a time. */
  public readAccountPlaces(): iam.PolicyStatement {
    return new iam.PolicyStatement({
      sid: 'ReadAccountPlaces',
      actions: ['organizations:ListParents'],
      resources: [this.memberAccounts],
    });
  }

  /** All groups, so that what each is assigned to can be listed. */
  public listGroups(): iam.PolicyStatement {
    return new iam.PolicyStatement({
      sid: 'ListGroups',
      actions: ['identitystore:ListGroups'],
      resources: [this.#identityStore, this.groups],
    });
  }

  /** What a user or group is assigned to. By its documentation the service takes this call from the management account alone. */
  public listAssignmentsOfPrincipals(): iam.PolicyStatement {
    return new iam.PolicyStatement({
      sid: 'ListAssignmentsOfPrincipals',
      actions: ['sso:ListAccountAssignmentsForPrincipal'],
      resources: [this.#settings.instanceArn],
    });
  }

  /** The organization as a whole, for targets that are not a list of ids. The first two actions take no resource. */
  public readOrganization(): iam.PolicyStatement[] {
    return [
      new iam.PolicyStatement({
        sid: 'ListOrganization',
        actions: ['organizations:ListAccounts', 'organizations:ListRoots'],
        resources: ['*'],
      }),
      new iam.PolicyStatement({
        sid: 'ListUnits',
        actions: ['organizations:ListAccountsForParent', 'organizations:ListOrganizationalUnitsForParent'],
        resources: [...this.parents],
      }),
      new iam.PolicyStatement({
        sid: 'ReadAccountTags',
        actions: ['organizations:ListTagsForResource'],
        resources: [this.memberAccounts],
      }),
    ];
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

  /** Reading permission sets, and where they are; each function reads what its step needs and no more. */
  public readSets(...reads: readonly SetRead[]): iam.PolicyStatement[] {
    const { instanceArn } = this.#settings;
    const { permissionSets, accounts } = this;
    const resources: Record<SetRead, readonly string[]> = {
      ListSets: [instanceArn],
      DescribeSets: [instanceArn, permissionSets],
      ReadSetContents: [instanceArn, permissionSets],
      ReadSetTags: [permissionSets],
      ListAccountsOfSets: [instanceArn, permissionSets],
      ListSetsOfAccounts: [instanceArn, accounts],
      ListAssignments: [instanceArn, permissionSets, accounts],
    };
    return reads.map(
      (sid) =>
        new iam.PolicyStatement({ sid, actions: [...ACTIONS_OF_READS[sid]], resources: [...resources[sid]] }),
    );
  }

  /**
   * Making permission sets, and changing those that carry the tag of the owner. Which sets those are is decided by the service at
   * each call: code that is wrong about a set cannot change it. Any set may be given the tag, which takes it over, and none can
   * lose it again.
   */
  public editPermissionSets(): iam.PolicyStatement[] {
    const { instanceArn } = this.#settings;
    const { permissionSets } = this;
    const isOwned = { [`aws:ResourceTag/${OWNER_TAG.key}`]: OWNER_TAG.value };
    const makesOwned = { [`aws:RequestTag/${OWNER_TAG.key}`]: OWNER_TAG.value };
    return [
      new iam.PolicyStatement({
        sid: 'EditOwnedPermissionSets',
        actions: [...PERMISSION_SET_EDITS],
        resources: [permissionSets],
        conditions: { StringEquals: isOwned },
      }),
      // The instance is a resource of the same calls, and has no such tag.
      new iam.PolicyStatement({
        sid: 'EditInInstance',
        actions: [...PERMISSION_SET_EDITS],
        resources: [instanceArn],
      }),
      new iam.PolicyStatement({
        sid: 'CreateOwnedPermissionSets',
        actions: ['sso:CreatePermissionSet'],
        resources: [instanceArn, permissionSets],
        conditions: { StringEquals: makesOwned },
      }),
      new iam.PolicyStatement({
        sid: 'TakeOverPermissionSets',
        actions: ['sso:TagResource'],
        resources: [permissionSets],
        conditions: { StringEquals: makesOwned },
      }),
      new iam.PolicyStatement({
        sid: 'TagOwnedPermissionSets',
        actions: ['sso:TagResource'],
        resources: [permissionSets],
        // The owner's tag may be among those that are given, but only with the value that it has.
        conditions: { StringEquals: isOwned, StringEqualsIfExists: makesOwned },
      }),
      new iam.PolicyStatement({
        sid: 'UntagOwnedPermissionSets',
        actions: ['sso:UntagResource'],
        resources: [permissionSets],
        conditions: { StringEquals: isOwned },
      }),
      new iam.PolicyStatement({
        sid: 'KeepOwnerTag',
        effect: iam.Effect.DENY,
        actions: ['sso:UntagResource'],
        resources: [permissionSets],
        conditions: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': [OWNER_TAG.key] } },
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

  /** The store belongs to the account that has the instance, which is the organization's management account. */
  get #identityStore(): string {
    const { managementAccountId, identityStoreId } = this.#settings;
    return `arn:${this.#partition}:identitystore::${managementAccountId}:identitystore/${identityStoreId}`;
  }

  /** Organizations' ARNs carry the management account and the organization. */
  #inOrganization(kind: 'account' | 'ou' | 'root'): string {
    const { managementAccountId, organizationId } = this.#settings;
    return `arn:${this.#partition}:organizations::${managementAccountId}:${kind}/${organizationId}/*`;
  }

  #account(accountId: string): string {
    return `arn:${this.#partition}:sso:::account/${accountId}`;
  }
}
