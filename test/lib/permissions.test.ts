import { ofType, statementsOf, synthesizeTemplate } from '../support/stack-template';

const template = synthesizeTemplate();
const roles = new Map(ofType(template, 'AWS::IAM::Role'));

/** The role of a function, by the function's construct id. */
function roleOf(id: string) {
  const found = [...roles].find(([logicalId]) =>
    new RegExp(`^Functions${id}Role[0-9A-F]{8}$`).test(logicalId),
  );
  if (found === undefined) throw new Error(`no role of ${id} among ${[...roles.keys()].join(', ')}`);
  return found[1];
}

/** The functions whose role allows one of some actions, by their construct ids. */
function whoMay(actions: readonly string[]): string[] {
  return Object.keys(ALLOWED).filter((id) =>
    statementsOf(roleOf(id)).some(
      ({ Effect, Action }) => Effect === 'Allow' && Action.some((action) => actions.includes(action)),
    ),
  );
}

const ITEMS = ['dynamodb:GetItem', 'dynamodb:PutItem'];
const QUERIES = [...ITEMS, 'dynamodb:Query'];
/** The one item that is updated in place is the dispatcher's. */
const DISPATCHER = [...QUERIES, 'dynamodb:UpdateItem'];
/** Looking at the instance: all sets by name, which are Latchkey's, and which the management account has. */
const SURVEY = [
  'sso:DescribePermissionSet',
  'sso:ListPermissionSets',
  'sso:ListPermissionSetsProvisionedToAccount',
  'sso:ListTagsForResource',
];
/** All that a permission set is made of. */
const CONTENTS = [
  'sso:DescribePermissionSet',
  'sso:GetInlinePolicyForPermissionSet',
  'sso:GetPermissionsBoundaryForPermissionSet',
  'sso:ListCustomerManagedPolicyReferencesInPermissionSet',
  'sso:ListManagedPoliciesInPermissionSet',
  'sso:ListTagsForResource',
];
/** Every change of a permission set. */
const EDITS = [
  'sso:AttachCustomerManagedPolicyReferenceToPermissionSet',
  'sso:AttachManagedPolicyToPermissionSet',
  'sso:CreatePermissionSet',
  'sso:DeleteInlinePolicyFromPermissionSet',
  'sso:DeletePermissionSet',
  'sso:DeletePermissionsBoundaryFromPermissionSet',
  'sso:DetachCustomerManagedPolicyReferenceFromPermissionSet',
  'sso:DetachManagedPolicyFromPermissionSet',
  'sso:PutInlinePolicyToPermissionSet',
  'sso:PutPermissionsBoundaryToPermissionSet',
  'sso:TagResource',
  'sso:UntagResource',
  'sso:UpdatePermissionSet',
];
/** Looking up whom and what rules and tickets name, and in which accounts they mean it. */
const RULES = [
  'identitystore:DescribeGroup',
  'identitystore:DescribeUser',
  'identitystore:GetGroupId',
  'identitystore:GetUserId',
  'identitystore:ListUsers',
  'organizations:ListAccounts',
  'organizations:ListAccountsForParent',
  'organizations:ListOrganizationalUnitsForParent',
  'organizations:ListRoots',
  'organizations:ListTagsForResource',
  'sso:DescribePermissionSet',
  'sso:ListPermissionSets',
];
/** What every function may do: its own log, traces, the stack's key. */
const COMMON = [
  'kms:Decrypt',
  'kms:GenerateDataKey',
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
];

/** Beyond {@link COMMON}; an action that is not here is not allowed. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  RequestApi: [...QUERIES, 'states:SendTaskSuccess', 'states:StartExecution'],
  ResolveRequest: [...ITEMS, ...RULES, 'organizations:DescribeAccount'],
  DecideRequest: [...ITEMS, 'events:PutEvents'],
  ChangeLeases: [...DISPATCHER, 'states:StartExecution'],
  AwaitSignal: [...QUERIES, 'states:SendTaskSuccess'],
  Announce: [...QUERIES, 'events:PutEvents'],
  AdvanceOperations: [
    ...DISPATCHER,
    'sso:CreateAccountAssignment',
    'sso:DeleteAccountAssignment',
    'sso:DescribeAccountAssignmentCreationStatus',
    'sso:DescribeAccountAssignmentDeletionStatus',
    'sso:DescribePermissionSetProvisioningStatus',
    'sso:ListAccountAssignmentCreationStatus',
    'sso:ListAccountAssignmentDeletionStatus',
    'sso:ListAccountAssignments',
    'sso:ListAccountsForProvisionedPermissionSet',
    'sso:ListPermissionSetProvisioningStatus',
    'sso:ProvisionPermissionSet',
    'states:SendTaskSuccess',
    'states:StartExecution',
  ],
  Sweep: [
    ...DISPATCHER,
    'events:PutEvents',
    'sqs:SendMessage',
    'sso:ListInstances',
    'states:DescribeExecution',
    'states:ListExecutions',
    'states:SendTaskSuccess',
    'states:StartExecution',
  ],
  StartRollout: [...ITEMS, 'sqs:SendMessage', 'states:StartExecution'],
  PlanRollout: [...DISPATCHER, ...SURVEY],
  ApplyRollout: [
    ...DISPATCHER,
    ...CONTENTS,
    ...EDITS,
    'sso:ListAccountAssignments',
    'sso:ListAccountsForProvisionedPermissionSet',
    'sso:ListPermissionSets',
    'states:StartExecution',
  ],
  LookAtRollout: [...DISPATCHER, 'sso:ListAccountsForProvisionedPermissionSet', 'states:StartExecution'],
  ReportRollout: [...QUERIES, 'events:PutEvents'],
  PlanPermissionSets: [...DISPATCHER, ...SURVEY, ...CONTENTS, 'sso:ListAccountsForProvisionedPermissionSet'],
  NoticeChange: [...DISPATCHER, ...RULES, 'sqs:SendMessage', 'states:StartExecution'],
  AdvanceBaseline: [
    ...DISPATCHER,
    ...RULES,
    'events:PutEvents',
    'organizations:DescribeAccount',
    'organizations:ListParents',
    'states:StartExecution',
  ],
  AdvanceReconciliation: [
    ...DISPATCHER,
    ...RULES,
    'events:PutEvents',
    'identitystore:ListGroups',
    'sso:ListAccountAssignments',
    'sso:ListAccountAssignmentsForPrincipal',
    'sso:ListAccountsForProvisionedPermissionSet',
    'states:StartExecution',
  ],
  PlanAccess: [...QUERIES, ...RULES, 'organizations:DescribeAccount'],
};

const INDEXES: Readonly<Record<string, readonly string[]>> = {
  RequestApi: ['finder', 'requests'],
  AdvanceOperations: ['work'],
  Sweep: ['looks', 'requests', 'work'],
  NoticeChange: ['finder'],
  AdvanceReconciliation: ['finder', 'requests'],
};

/** Every pattern among the resources that anything is allowed on. */
const PATTERNS = [
  '*',
  'arn:aws:identitystore:::group/*',
  'arn:aws:identitystore:::user/*',
  'arn:aws:organizations::111122223333:account/o-a1b2c3d4e5/*',
  'arn:aws:organizations::111122223333:ou/o-a1b2c3d4e5/*',
  'arn:aws:organizations::111122223333:root/o-a1b2c3d4e5/*',
  'arn:aws:sso:::account/*',
  'arn:aws:sso:::permissionSet/ssoins-1111222233334444/*',
  'arn:aws:states:eu-west-1:222233334444:execution:latchkey-access-request:*',
];

/** The actions that AWS takes on `*` alone. */
const WITHOUT_RESOURCE =
  /^(logs:.*Deliver(y|ies)|logs:.*Polic(y|ies)|logs:DescribeLogGroups|xray:.*|sso:ListInstances|organizations:List(Accounts|Roots))$/;

describe('roles of functions', () => {
  test.each(Object.entries(ALLOWED))('%s may do exactly what its work needs', (id, actions) => {
    const allowed = statementsOf(roleOf(id)).filter(({ Effect }) => Effect === 'Allow');
    expect([...new Set(allowed.flatMap(({ Action }) => Action))].sort()).toEqual(
      [...new Set([...actions, ...COMMON])].sort(),
    );
  });

  test.each(Object.keys(ALLOWED))('%s queries only the indexes that it needs', (id) => {
    const resources = statementsOf(roleOf(id))
      .filter(({ Sid }) => Sid === 'LedgerIndexes')
      .flatMap(({ Resource }) => Resource);
    const names = resources.map((resource) => /\/index\/(\w+)/.exec(resource)?.[1]);
    expect(names.sort()).toEqual(INDEXES[id] ?? []);
  });

  test('there is no function beside these', () => {
    expect(ofType(template, 'AWS::Lambda::Function')).toHaveLength(Object.keys(ALLOWED).length);
  });

  test('only the dispatcher may write assignments and provision permission sets', () => {
    const writes = [
      'sso:CreateAccountAssignment',
      'sso:DeleteAccountAssignment',
      'sso:ProvisionPermissionSet',
    ];
    expect(whoMay(writes)).toEqual(['AdvanceOperations']);
  });

  test("only the rollout's apply function may edit permission sets", () => {
    expect(whoMay(EDITS)).toEqual(['ApplyRollout']);
  });

  test("the rollout's apply function may edit those that carry the tag of Latchkey, and give the tag to others", () => {
    const edits = statementsOf(roleOf('ApplyRollout')).filter(
      ({ Effect, Action }) => Effect === 'Allow' && Action.some((action) => EDITS.includes(action)),
    );
    const conditions = edits.map(({ Sid, Condition }) => [Sid, Condition]);
    const isOwned = { 'aws:ResourceTag/latchkey:owner': 'latchkey' };
    const makesOwned = { 'aws:RequestTag/latchkey:owner': 'latchkey' };
    expect(Object.fromEntries(conditions)).toEqual({
      CreateOwnedPermissionSets: { StringEquals: makesOwned },
      EditInInstance: undefined,
      EditOwnedPermissionSets: { StringEquals: isOwned },
      TagOwnedPermissionSets: { StringEquals: isOwned, StringEqualsIfExists: makesOwned },
      TakeOverPermissionSets: { StringEquals: makesOwned },
      UntagOwnedPermissionSets: { StringEquals: isOwned },
    });
    expect(edits.find(({ Sid }) => Sid === 'EditInInstance')?.Resource).toEqual([
      'arn:aws:sso:::instance/ssoins-1111222233334444',
    ]);
  });

  test('the tag of Latchkey can be taken from no permission set', () => {
    expect(statementsOf(roleOf('ApplyRollout'))).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Action: ['sso:UntagResource'],
        Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['latchkey:owner'] } },
      }),
    );
  });

  test.each([
    ['RequestApi', ['latchkey-access-request', 'latchkey-permission-set-rollout', 'latchkey-reconcile']],
    ['ChangeLeases', ['latchkey-dispatcher']],
    ['AdvanceOperations', ['latchkey-dispatcher']],
    [
      'Sweep',
      [
        'latchkey-access-request',
        'latchkey-account-baseline',
        'latchkey-dispatcher',
        'latchkey-permission-set-rollout',
        'latchkey-reconcile',
      ],
    ],
    ['StartRollout', ['latchkey-permission-set-rollout', 'latchkey-reconcile']],
    ['ApplyRollout', ['latchkey-dispatcher']],
    ['LookAtRollout', ['latchkey-dispatcher', 'latchkey-permission-set-rollout']],
    [
      'NoticeChange',
      [
        'latchkey-account-baseline',
        'latchkey-dispatcher',
        'latchkey-permission-set-rollout',
        'latchkey-reconcile',
      ],
    ],
    ['AdvanceBaseline', ['latchkey-account-baseline', 'latchkey-dispatcher']],
    ['AdvanceReconciliation', ['latchkey-account-baseline', 'latchkey-dispatcher', 'latchkey-reconcile']],
  ])('%s may start the executions that its work asks for, and no others', (id, machines) => {
    const [start] = statementsOf(roleOf(id)).filter(({ Action }) => Action.includes('states:StartExecution'));
    const names = (start?.Resource ?? []).map((resource) => resource.split(':stateMachine:')[1]);
    expect(names.sort()).toEqual(machines);
  });

  test('the dispatcher may write assignments on the instance, its permission sets and accounts, and nowhere else', () => {
    const [write] = statementsOf(roleOf('AdvanceOperations')).filter(({ Sid }) => Sid === 'WriteAssignments');
    expect([...(write?.Resource ?? [])].sort()).toEqual([
      'arn:aws:sso:::account/*',
      'arn:aws:sso:::instance/ssoins-1111222233334444',
      'arn:aws:sso:::permissionSet/ssoins-1111222233334444/*',
    ]);
  });

  test('the dispatcher is denied assignments in the management and the host account', () => {
    expect(statementsOf(roleOf('AdvanceOperations'))).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Action: ['sso:CreateAccountAssignment', 'sso:DeleteAccountAssignment'],
        Resource: ['arn:aws:sso:::account/111122223333', 'arn:aws:sso:::account/222233334444'],
      }),
    );
  });

  test.each(Object.keys(ALLOWED))(
    '%s has a boundary that keeps it from writing assignments, directory and IAM, and from editing permission sets',
    (id) => {
      const denied = statementsOf(roleOf(id))
        .filter(({ Effect, Sid }) => Effect === 'Deny' && Sid === 'Boundary')
        .flatMap(({ Action }) => Action);
      const denies = (action: string): boolean =>
        denied.some((pattern) =>
          pattern.endsWith('*') ? action.startsWith(pattern.slice(0, -1)) : action === pattern,
        );
      const escalations = [
        'iam:PassRole',
        'identitystore:CreateGroupMembership',
        'organizations:MoveAccount',
        'sts:AssumeRole',
      ];
      expect(escalations.filter((action) => !denies(action))).toEqual([]);
      expect(EDITS.filter(denies)).toEqual(id === 'ApplyRollout' ? [] : EDITS);
      expect(denies('sso:CreateAccountAssignment')).toBe(id !== 'AdvanceOperations');
    },
  );

  test('a boundary takes nothing away that the same role is allowed', () => {
    const contradictions = Object.keys(ALLOWED).flatMap((id) => {
      const statements = statementsOf(roleOf(id));
      const denied = statements.filter(({ Sid }) => Sid === 'Boundary').flatMap(({ Action }) => Action);
      return (ALLOWED[id] ?? []).filter((action) =>
        denied.some((pattern) =>
          pattern.endsWith('*') ? action.startsWith(pattern.slice(0, -1)) : action === pattern,
        ),
      );
    });
    expect(contradictions).toEqual([]);
  });
});

describe('every role of the stack', () => {
  const allowed = [...roles.values()].flatMap(statementsOf).filter(({ Effect }) => Effect === 'Allow');

  test('allows no action by pattern', () => {
    expect(allowed.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([]);
  });

  test('allows resources by pattern only where the name cannot be known', () => {
    const patterns = allowed.flatMap(({ Resource }) => Resource).filter((resource) => resource.includes('*'));
    expect([...new Set(patterns)].sort()).toEqual(PATTERNS);
  });

  test('allows * only to actions that take no resource', () => {
    const onEverything = allowed
      .filter(({ Resource }) => Resource.includes('*'))
      .flatMap(({ Action }) => Action);
    expect(onEverything.filter((action) => !WITHOUT_RESOURCE.test(action))).toEqual([]);
  });

  test('has its own policy written out, with none managed by AWS but the one of API Gateway', () => {
    const managed = [...roles].filter(([, role]) => role.Properties.ManagedPolicyArns !== undefined);
    expect(managed.map(([logicalId]) => logicalId.replace(/[0-9A-F]{8}$/, ''))).toEqual([
      'RequestApiCloudWatchRole',
    ]);
    expect(ofType(template, 'AWS::IAM::Policy')).toEqual([]);
  });
});
