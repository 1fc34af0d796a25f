import { Effect } from 'aws-cdk-lib/aws-iam';
import { boundary } from '../../lib/identity-boundary';
import { IdentityCenterPermissions, SET_READS } from '../../lib/identity-center-permissions';
import { TEST_SETTINGS } from '../support/test-settings';

describe('IdentityCenterPermissions', () => {
  test('asks for no key where the instance has none of its own', () => {
    expect(new IdentityCenterPermissions(TEST_SETTINGS).useInstanceKey()).toEqual([]);
  });

  test('allows the key of the instance by way of the two services alone', () => {
    const encryptionKeyArn = 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-4333-8444-555555555555';
    const [statement] = new IdentityCenterPermissions({
      ...TEST_SETTINGS,
      encryptionKeyArn,
    }).useInstanceKey();
    expect(statement?.toStatementJson()).toMatchObject({
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: encryptionKeyArn,
      Condition: {
        StringEquals: {
          'kms:ViaService': ['identitystore.eu-west-1.amazonaws.com', 'sso.eu-west-1.amazonaws.com'],
        },
      },
    });
  });

  test('names the partition of the instance in every ARN', () => {
    const settings = {
      ...TEST_SETTINGS,
      instanceArn: 'arn:aws-us-gov:sso:::instance/ssoins-1111222233334444',
    };
    const permissions = new IdentityCenterPermissions(settings);
    const statements = [
      permissions.readDirectory(),
      permissions.readAccounts(),
      ...permissions.readOrganization().filter(({ resources: each }) => !each.includes('*')),
      permissions.readPermissionSets(),
    ];
    const resources = [...statements, ...permissions.writeAssignments()].flatMap(
      ({ resources: each }) => each,
    );
    expect(resources.filter((arn) => !arn.startsWith('arn:aws-us-gov:'))).toEqual([]);
  });

  test('reads what permission sets are made of on the resources of each call alone', () => {
    const statements = new IdentityCenterPermissions(TEST_SETTINGS).readSets(...SET_READS);
    const instance = 'arn:aws:sso:::instance/ssoins-1111222233334444';
    const sets = 'arn:aws:sso:::permissionSet/ssoins-1111222233334444/*';
    const accounts = 'arn:aws:sso:::account/*';
    const resources = Object.fromEntries(
      statements.flatMap(({ actions, resources: each }) => actions.map((action) => [action, each])),
    );
    expect(resources).toEqual({
      'sso:DescribePermissionSet': [instance, sets],
      'sso:GetInlinePolicyForPermissionSet': [instance, sets],
      'sso:GetPermissionsBoundaryForPermissionSet': [instance, sets],
      'sso:ListAccountAssignments': [instance, sets, accounts],
      'sso:ListAccountsForProvisionedPermissionSet': [instance, sets],
      'sso:ListCustomerManagedPolicyReferencesInPermissionSet': [instance, sets],
      'sso:ListManagedPoliciesInPermissionSet': [instance, sets],
      'sso:ListPermissionSets': [instance],
      'sso:ListPermissionSetsProvisionedToAccount': [instance, accounts],
      'sso:ListTagsForResource': [sets],
    });
  });

  test('edits no permission set without a condition on the tag of the owner', () => {
    const statements = new IdentityCenterPermissions(TEST_SETTINGS)
      .editPermissionSets()
      .filter(({ effect }) => effect === Effect.ALLOW);
    const free = statements.filter(
      ({ conditions }) => !JSON.stringify(conditions).includes('"StringEquals":{"aws:Re'),
    );
    expect(free.map(({ sid, resources }) => [sid, resources])).toEqual([
      ['EditInInstance', ['arn:aws:sso:::instance/ssoins-1111222233334444']],
    ]);
  });
});

describe('the boundary of an editor of permission sets', () => {
  const denied = boundary('editor').actions;
  const denies = (action: string): boolean =>
    denied.some((pattern) =>
      pattern.endsWith('*') ? action.startsWith(pattern.slice(0, -1)) : action === pattern,
    );

  test('takes nothing away that editing and reading permission sets needs', () => {
    const permissions = new IdentityCenterPermissions(TEST_SETTINGS);
    const needed = [...permissions.editPermissionSets(), ...permissions.readSets(...SET_READS)].flatMap(
      ({ actions }) => actions,
    );
    expect(needed.length).toBeGreaterThan(20);
    expect(needed.filter(denies)).toEqual([]);
  });

  test('keeps it from assignments, the directory, the instance and IAM', () => {
    const others = [
      'iam:PassRole',
      'identitystore:CreateGroupMembership',
      'organizations:MoveAccount',
      'sso:CreateAccountAssignment',
      'sso:CreateInstanceAccessControlAttributeConfiguration',
      'sso:DeleteAccountAssignment',
      'sso:DeleteInstance',
      'sso:ProvisionPermissionSet',
      'sso:PutApplicationAccessScope',
      'sso:UpdateInstance',
      'sso:UpdateInstanceAccessControlAttributeConfiguration',
      'sts:AssumeRole',
    ];
    expect(others.filter((action) => !denies(action))).toEqual([]);
  });
});
