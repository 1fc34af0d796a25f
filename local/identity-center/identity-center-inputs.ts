import { required, type Members } from './input-rules';

/**
 * What each operation of the Identity Center admin API takes: lengths, patterns and values of the service model of
 * 2020-07-20. One row per operation; a row without a handler, or the other way round, does not compile.
 */

const PARTITION = 'arn:aws(-[a-z]{1,5}){0,3}';

// Older instances have ids that begin with `ins-`.
const instanceArn = {
  type: 'text',
  min: 10,
  max: 1224,
  pattern: `${PARTITION}:sso:::instance/(sso)?ins-[a-zA-Z0-9-.]{16}`,
} as const;
const permissionSetArn = {
  type: 'text',
  min: 10,
  max: 1224,
  pattern: `${PARTITION}:sso:::permissionSet/(sso)?ins-[a-zA-Z0-9-.]{16}/ps-[a-zA-Z0-9-./]{16}`,
} as const;
const accountId = { type: 'text', min: 12, max: 12, pattern: String.raw`\d{12}` } as const;
const targetType = { type: 'text', values: ['AWS_ACCOUNT'] } as const;
const provisionTargetType = { type: 'text', values: ['AWS_ACCOUNT', 'ALL_PROVISIONED_ACCOUNTS'] } as const;
const principalType = { type: 'text', values: ['USER', 'GROUP'] } as const;
// Ten hex digits and a dash come first where the directory is an Active Directory or an older store.
const principalId = {
  type: 'text',
  min: 1,
  max: 47,
  pattern: '([0-9a-f]{10}-|)[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}',
} as const;
// Lower case only, as the service gives them.
const requestId = {
  type: 'text',
  min: 36,
  max: 36,
  pattern: '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
} as const;
const status = { type: 'text', values: ['IN_PROGRESS', 'FAILED', 'SUCCEEDED'] } as const;
const provisioningStatus = {
  type: 'text',
  values: ['LATEST_PERMISSION_SET_PROVISIONED', 'LATEST_PERMISSION_SET_NOT_PROVISIONED'],
} as const;

const name = { type: 'text', min: 1, max: 32, pattern: String.raw`[\w+=,.@-]+` } as const;
const description = {
  type: 'text',
  min: 1,
  max: 700,
  pattern: String.raw`[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*`,
} as const;
const sessionDuration = {
  type: 'text',
  min: 1,
  max: 100,
  pattern: String.raw`(-?)P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)([DW]))?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?`,
} as const;
const relayState = {
  type: 'text',
  min: 1,
  max: 240,
  pattern: String.raw`[a-zA-Z0-9&$@#\/%?=~\-_'"|!:,.;*+\[\] \(\)\{\}]+`,
} as const;
const managedPolicyArn = {
  type: 'text',
  min: 20,
  max: 2048,
  pattern: `${PARTITION}:iam::aws:policy((/[A-Za-z0-9.,+@=_-]+)*)/([A-Za-z0-9.,+=@_-]+)`,
} as const;
const policyName = { type: 'text', min: 1, max: 128, pattern: String.raw`[\w+=,.@-]+` } as const;
const policyPath = {
  type: 'text',
  min: 1,
  max: 512,
  pattern: String.raw`((/[A-Za-z0-9\.,\+@=_-]+)*)/`,
} as const;
const policyReference = {
  type: 'structure',
  members: { Name: required(policyName), Path: policyPath },
} as const;
const inlinePolicy = {
  type: 'text',
  min: 1,
  max: 32_768,
  pattern: String.raw`[\u0009\u000A\u000D\u0020-\u00FF]+`,
} as const;
const tagText = String.raw`([\p{L}\p{Z}\p{N}_.:/=+\-@]*)`;
const tagKey = { type: 'text', min: 1, max: 128, pattern: tagText } as const;
const tagValue = { type: 'text', max: 256, pattern: tagText } as const;
const tags = {
  type: 'list',
  max: 75,
  of: { type: 'structure', members: { Key: required(tagKey), Value: required(tagValue) } },
} as const;
// Permission sets and the instance; the model takes ARNs of applications, too.
const resourceArn = {
  type: 'text',
  min: 10,
  max: 2048,
  pattern: `${PARTITION}:sso:([a-zA-Z0-9-]+)?:([0-9]{12})?:[a-zA-Z0-9-]+/[a-zA-Z0-9-/.]+`,
} as const;

const instanceName = { type: 'text', max: 255, pattern: String.raw`[\w+=,.@-]+` } as const;
const clientToken = { type: 'text', min: 1, max: 64, pattern: '[!-~]+' } as const;
const encryption = {
  type: 'structure',
  members: {
    KeyType: required({ type: 'text', values: ['AWS_OWNED_KMS_KEY', 'CUSTOMER_MANAGED_KEY'] }),
    KmsKeyArn: {
      type: 'text',
      min: 1,
      max: 2048,
      pattern: `${PARTITION}:kms:[a-zA-Z0-9-]{1,64}:[0-9]{12}:key/[a-zA-Z0-9-]{1,128}`,
    },
  },
} as const;
const attributeText = String.raw`[\p{L}\p{Z}\p{N}_.:\/=+\-@]+`;
const attributes = {
  type: 'structure',
  members: {
    AccessControlAttributes: required({
      type: 'list',
      max: 50,
      of: {
        type: 'structure',
        members: {
          Key: required({ type: 'text', min: 1, max: 128, pattern: attributeText }),
          Value: required({
            type: 'structure',
            members: {
              Source: required({
                type: 'list',
                min: 1,
                max: 1,
                of: {
                  type: 'text',
                  max: 256,
                  pattern: String.raw`[\p{L}\p{Z}\p{N}_.:\/=+\-@\[\]\{\}\$\\"]*`,
                },
              }),
            },
          }),
        },
      },
    }),
  },
} as const;
const region = {
  InstanceArn: required(instanceArn),
  RegionName: required({ type: 'text', min: 1, max: 32, pattern: '([a-z]+-){2,3}[0-9]' }),
} as const;

const paged = {
  MaxResults: { type: 'integer', min: 1, max: 100 },
  NextToken: { type: 'text', max: 2048, pattern: '[-a-zA-Z0-9+=/_]*' },
} as const;

const instance = { InstanceArn: required(instanceArn) } as const;
const permissionSet = { ...instance, PermissionSetArn: required(permissionSetArn) } as const;
const assignment = {
  ...permissionSet,
  TargetId: required(accountId),
  TargetType: required(targetType),
  PrincipalType: required(principalType),
  PrincipalId: required(principalId),
} as const;
const statusFilter = { type: 'structure', members: { Status: status } } as const;

/** The rows, in the order of the names. */
export const IDENTITY_CENTER_INPUTS = {
  AddRegion: region,
  AttachCustomerManagedPolicyReferenceToPermissionSet: {
    ...permissionSet,
    CustomerManagedPolicyReference: required(policyReference),
  },
  AttachManagedPolicyToPermissionSet: { ...permissionSet, ManagedPolicyArn: required(managedPolicyArn) },
  CreateAccountAssignment: assignment,
  CreateInstance: { Name: instanceName, ClientToken: clientToken, Tags: tags },
  CreateInstanceAccessControlAttributeConfiguration: {
    ...instance,
    InstanceAccessControlAttributeConfiguration: required(attributes),
  },
  CreatePermissionSet: {
    ...instance,
    Name: required(name),
    Description: description,
    SessionDuration: sessionDuration,
    RelayState: relayState,
    Tags: tags,
  },
  DeleteAccountAssignment: assignment,
  DeleteInlinePolicyFromPermissionSet: permissionSet,
  DeleteInstance: instance,
  DeleteInstanceAccessControlAttributeConfiguration: instance,
  DeletePermissionSet: permissionSet,
  DeletePermissionsBoundaryFromPermissionSet: permissionSet,
  DescribeAccountAssignmentCreationStatus: {
    ...instance,
    AccountAssignmentCreationRequestId: required(requestId),
  },
  DescribeAccountAssignmentDeletionStatus: {
    ...instance,
    AccountAssignmentDeletionRequestId: required(requestId),
  },
  DescribeInstance: instance,
  DescribeInstanceAccessControlAttributeConfiguration: instance,
  DescribePermissionSet: permissionSet,
  DescribePermissionSetProvisioningStatus: {
    ...instance,
    ProvisionPermissionSetRequestId: required(requestId),
  },
  DescribeRegion: region,
  DetachCustomerManagedPolicyReferenceFromPermissionSet: {
    ...permissionSet,
    CustomerManagedPolicyReference: required(policyReference),
  },
  DetachManagedPolicyFromPermissionSet: { ...permissionSet, ManagedPolicyArn: required(managedPolicyArn) },
  GetInlinePolicyForPermissionSet: permissionSet,
  GetPermissionsBoundaryForPermissionSet: permissionSet,
  ListAccountAssignmentCreationStatus: { ...instance, ...paged, Filter: statusFilter },
  ListAccountAssignmentDeletionStatus: { ...instance, ...paged, Filter: statusFilter },
  ListAccountAssignments: { ...permissionSet, AccountId: required(accountId), ...paged },
  ListAccountAssignmentsForPrincipal: {
    ...instance,
    PrincipalId: required(principalId),
    PrincipalType: required(principalType),
    Filter: { type: 'structure', members: { AccountId: accountId } },
    ...paged,
  },
  ListAccountsForProvisionedPermissionSet: {
    ...permissionSet,
    ProvisioningStatus: provisioningStatus,
    ...paged,
  },
  ListCustomerManagedPolicyReferencesInPermissionSet: { ...permissionSet, ...paged },
  ListInstances: paged,
  ListManagedPoliciesInPermissionSet: { ...permissionSet, ...paged },
  ListPermissionSetProvisioningStatus: { ...instance, ...paged, Filter: statusFilter },
  ListPermissionSets: { ...instance, ...paged },
  ListPermissionSetsProvisionedToAccount: {
    ...instance,
    AccountId: required(accountId),
    ProvisioningStatus: provisioningStatus,
    ...paged,
  },
  ListRegions: { ...instance, ...paged },
  ListTagsForResource: {
    InstanceArn: instanceArn,
    ResourceArn: required(resourceArn),
    NextToken: paged.NextToken,
  },
  // That one account needs a target cannot be said here: the model calls the target optional.
  ProvisionPermissionSet: {
    ...permissionSet,
    TargetType: required(provisionTargetType),
    TargetId: accountId,
  },
  PutInlinePolicyToPermissionSet: { ...permissionSet, InlinePolicy: required(inlinePolicy) },
  PutPermissionsBoundaryToPermissionSet: {
    ...permissionSet,
    PermissionsBoundary: required({
      type: 'structure',
      members: { CustomerManagedPolicyReference: policyReference, ManagedPolicyArn: managedPolicyArn },
    }),
  },
  RemoveRegion: region,
  TagResource: { InstanceArn: instanceArn, ResourceArn: required(resourceArn), Tags: required(tags) },
  UntagResource: {
    InstanceArn: instanceArn,
    ResourceArn: required(resourceArn),
    TagKeys: required({ type: 'list', min: 1, max: 75, of: tagKey }),
  },
  UpdateInstance: { ...instance, Name: instanceName, EncryptionConfiguration: encryption },
  UpdateInstanceAccessControlAttributeConfiguration: {
    ...instance,
    InstanceAccessControlAttributeConfiguration: required(attributes),
  },
  UpdatePermissionSet: {
    ...permissionSet,
    Description: description,
    SessionDuration: sessionDuration,
    RelayState: relayState,
  },
} as const satisfies Readonly<Record<string, Members>>;

/** The operations whose work goes on after their answer. */
export const ASYNCHRONOUS_OPERATIONS: readonly (keyof typeof IDENTITY_CENTER_INPUTS)[] = [
  'CreateAccountAssignment',
  'DeleteAccountAssignment',
  'ProvisionPermissionSet',
];
