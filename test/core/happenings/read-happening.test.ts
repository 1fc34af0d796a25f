import fc from 'fast-check';
import type { Hint } from '../../../core/happenings/hint';
import { readHappening } from '../../../core/happenings/read-happening';
import {
  ACCOUNT,
  assignmentParameters,
  call,
  CREATE_ACCOUNT_RESULT,
  GROUP,
  managedAccount,
  MANAGEMENT,
  serviceEvent,
  SET,
  tagChange,
  USER,
} from './event-examples';

const account: Hint = { kind: 'account', id: ACCOUNT };
const joined: Hint = { kind: 'account', id: '777788889999' };
const organization: Hint = { kind: 'organization' };
const group: Hint = { kind: 'principal', type: 'GROUP', id: GROUP };
const user: Hint = { kind: 'principal', type: 'USER', id: USER };
const place: Hint = { kind: 'place', accountId: ACCOUNT, permissionSetArn: SET };
const permissionSet: Hint = { kind: 'permission set', arn: SET };

const ofOrganizations = (name: string, detail: Readonly<Record<string, unknown>>) =>
  call('aws.organizations', name, detail);
const TAGGED = {
  service: 'organizations',
  'resource-type': 'account',
  'changed-tag-keys': ['team'],
  tags: {},
};
const ACCOUNT_ARN = `arn:aws:organizations::${MANAGEMENT}:account/o-a1b2c3d4e5/${ACCOUNT}`;

const HINTS: readonly (readonly [what: string, event: unknown, hints: readonly Hint[]])[] = [
  ['an account that was created', CREATE_ACCOUNT_RESULT, [account]],
  [
    'an account that was moved',
    ofOrganizations('MoveAccount', {
      requestParameters: {
        accountId: ACCOUNT,
        sourceParentId: 'r-ab12',
        destinationParentId: 'ou-ab12-cdef3456',
      },
      responseElements: null,
    }),
    [account],
  ],
  [
    'an account that was closed',
    serviceEvent('aws.organizations', 'CloseAccountResult', {
      closeAccountStatus: {
        accountId: ACCOUNT,
        state: 'SUCCEEDED',
        requestedTimestamp: 'Nov 20, 2026 6:16:58 PM',
        completedTimestamp: 'Nov 20, 2026 6:16:58 PM',
      },
    }),
    [account],
  ],
  [
    'an account that begins to close',
    ofOrganizations('CloseAccount', { requestParameters: { accountId: ACCOUNT } }),
    [account],
  ],
  [
    'an account that joined',
    serviceEvent('aws.organizations', 'AccountJoinedOrganization', {
      joinedMethod: 'Invited',
      joinedTime: 'Nov 20, 2026 9:00:00 AM',
      accountId: '777788889999',
    }),
    [joined],
  ],
  [
    'an account that departed',
    serviceEvent('aws.organizations', 'AccountDepartedOrganization', {
      departedMethod: 'Removed',
      departedTime: 'Nov 21, 2026 9:00:00 AM',
      accountId: '777788889999',
    }),
    [joined],
  ],
  [
    'an invitation that was accepted, by its parties',
    ofOrganizations('AcceptHandshake', {
      responseElements: {
        handshake: {
          parties: [
            { id: 'a1b2c3d4e5', type: 'ORGANIZATION' },
            { id: '777788889999', type: 'ACCOUNT' },
          ],
        },
      },
    }),
    [joined],
  ],
  [
    'an invitation that was accepted, without its parties',
    ofOrganizations('AcceptHandshake', { requestParameters: { handshakeId: 'h-examplehandshakeid111' } }),
    [organization],
  ],
  [
    'an account that was removed',
    ofOrganizations('RemoveAccountFromOrganization', { requestParameters: { accountId: '777788889999' } }),
    [joined],
  ],
  [
    'an account that leaves',
    ofOrganizations('LeaveOrganization', { userIdentity: { accountId: '777788889999' } }),
    [joined],
  ],
  ...['CreateOrganizationalUnit', 'UpdateOrganizationalUnit', 'DeleteOrganizationalUnit'].map(
    (name) => [name, ofOrganizations(name, { requestParameters: { name: '****' } }), [organization]] as const,
  ),
  [
    'tags of an account, by the call',
    ofOrganizations('TagResource', { requestParameters: { resourceId: ACCOUNT, tags: [] } }),
    [account],
  ],
  [
    'tags taken from an account, by the call',
    ofOrganizations('UntagResource', { requestParameters: { resourceId: ACCOUNT, tagKeys: ['team'] } }),
    [account],
  ],
  ['tags of an account, by the tag event', tagChange(TAGGED, ACCOUNT_ARN), [account]],
  [
    'an account that Control Tower made',
    serviceEvent('aws.controltower', 'CreateManagedAccount', {
      createManagedAccountStatus: managedAccount('SUCCEEDED'),
    }),
    [account],
  ],
  [
    'an account that Control Tower changed',
    serviceEvent('aws.controltower', 'UpdateManagedAccount', {
      updateManagedAccountStatus: managedAccount('SUCCEEDED'),
    }),
    [account],
  ],
  [
    'a unit that Control Tower registered',
    serviceEvent('aws.controltower', 'RegisterOrganizationalUnit', {
      registerOrganizationalUnitStatus: { state: 'SUCCEEDED' },
    }),
    [organization],
  ],
  [
    'an assignment that was asked for',
    call('aws.sso', 'CreateAccountAssignment', {
      requestParameters: assignmentParameters,
      responseElements: {
        accountAssignmentCreationStatus: {
          status: 'IN_PROGRESS',
          requestId: '5f0e0001-0000-4000-8000-000000000001',
        },
      },
    }),
    [place],
  ],
  [
    'an assignment that is being taken away',
    call('aws.sso', 'DeleteAccountAssignment', { requestParameters: assignmentParameters }),
    [place],
  ],
  ...['AssociateProfile', 'DisassociateProfile'].map(
    (name) =>
      [
        `${name}, which names no place`,
        call('aws.sso', name, {
          requestParameters: {
            instanceId: 'ssoins-1111222233334444',
            accessorType: 'GROUP',
            accessorId: GROUP,
          },
        }),
        [{ kind: 'assignments' }],
      ] as const,
  ),
  [
    'a permission set that was created',
    call('aws.sso', 'CreatePermissionSet', {
      requestParameters: { name: 'ReadOnly', sessionDuration: 'PT4H', tags: [] },
      responseElements: {
        permissionSet: { name: 'ReadOnly', permissionSetArn: SET, createdDate: 'Nov 20, 2026 12:48:16 PM' },
      },
    }),
    [permissionSet],
  ],
  [
    'a policy that was put into a permission set',
    call('aws.sso', 'PutInlinePolicyToPermissionSet', { requestParameters: { permissionSetArn: SET } }),
    [permissionSet],
  ],
  [
    'tags of a permission set',
    call('aws.sso', 'UntagResource', {
      requestParameters: { resourceArn: SET, tagKeys: ['latchkey:owner'] },
    }),
    [permissionSet],
  ],
  [
    'a group made in the console',
    call('aws.sso-directory', 'CreateGroup', {
      requestParameters: { identityStoreId: 'd-1234567890', displayName: 'team-a' },
      responseElements: { group: { groupId: GROUP, displayName: 'team-a', groupAttributes: {} } },
    }),
    [group],
  ],
  [
    'a user disabled in the console',
    call('aws.sso-directory', 'DisableUser', { requestParameters: { userId: USER } }),
    [user],
  ],
  [
    'a group deleted by the API',
    call('aws.identitystore', 'DeleteGroup', { requestParameters: { groupId: GROUP } }),
    [group],
  ],
  [
    'a user created by the API',
    call('aws.identitystore', 'CreateUser', { responseElements: { userId: USER } }),
    [user],
  ],
  [
    'a notification with the ARN',
    {
      source: 'aws.identitystore',
      'detail-type': 'User Deleted',
      resources: [
        'arn:aws:identitystore:::identitystore/d-1234567890',
        `arn:aws:identitystore:::user/${USER}`,
      ],
      detail: {},
    },
    [user],
  ],
  [
    'a notification with the id in the detail',
    {
      source: 'aws.identitystore',
      'detail-type': 'Group Created',
      resources: [],
      detail: { groupId: GROUP },
    },
    [group],
  ],
];

const NOTHING: readonly (readonly [what: string, event: unknown])[] = [
  [
    'an account that could not be created',
    serviceEvent('aws.organizations', 'CreateAccountResult', {
      createAccountStatus: { state: 'FAILED', failureReason: 'EMAIL_ALREADY_EXISTS', accountId: ACCOUNT },
    }),
  ],
  [
    'a state where samples look for it',
    serviceEvent('aws.organizations', 'CreateAccountResult', { state: 'SUCCEEDED' }),
  ],
  [
    'an account that is only asked for',
    ofOrganizations('CreateAccount', {
      requestParameters: { tags: [], email: '****', accountName: '****' },
      responseElements: { createAccountStatus: { accountName: '****', state: 'IN_PROGRESS', id: 'car-1' } },
    }),
  ],
  [
    'an account that Control Tower failed to make',
    serviceEvent('aws.controltower', 'CreateManagedAccount', {
      createManagedAccountStatus: managedAccount('FAILED'),
    }),
  ],
  [
    'a call that was refused',
    call('aws.sso', 'CreateAccountAssignment', {
      requestParameters: assignmentParameters,
      errorCode: 'ConflictException',
    }),
  ],
  ['the same from another source', { ...CREATE_ACCOUNT_RESULT, source: 'custom.organizations' }],
  [
    'a member in a group, by the console',
    call('aws.sso-directory', 'AddMemberToGroup', { requestParameters: { groupId: GROUP } }),
  ],
  [
    'a member in a group, by the API',
    call('aws.identitystore', 'CreateGroupMembership', {
      requestParameters: { groupId: GROUP, memberId: { userId: USER } },
    }),
  ],
  [
    'tags of a unit',
    ofOrganizations('TagResource', { requestParameters: { resourceId: 'ou-ab12-cdef3456' } }),
  ],
  ['tags of a bucket', tagChange({ service: 's3', 'resource-type': 'bucket' }, 'arn:aws:s3:::a-bucket')],
  ['tags of something that is only said to be an account', tagChange(TAGGED, 'arn:aws:s3:::a-bucket')],
  [
    'tags of an instance',
    call('aws.sso', 'TagResource', {
      requestParameters: { resourceArn: assignmentParameters.instanceArn },
    }),
  ],
  [
    'an id that is no account’s',
    ofOrganizations('MoveAccount', { requestParameters: { accountId: '44445555666' } }),
  ],
  [
    'an id that is a number',
    ofOrganizations('MoveAccount', { requestParameters: { accountId: 444455556666 } }),
  ],
  [
    'an assignment without its account',
    call('aws.sso', 'CreateAccountAssignment', { requestParameters: { permissionSetArn: SET } }),
  ],
  [
    'a call under the name of an outcome',
    ofOrganizations('CreateAccountResult', { serviceEventDetails: { accountId: ACCOUNT } }),
  ],
];

describe('readHappening', () => {
  test.each(HINTS)('makes a hint of %s', (_what, event, hints) => {
    expect(readHappening(event)).toEqual(hints);
  });

  test.each(NOTHING)('makes nothing of %s', (_what, event) => {
    expect(readHappening(event)).toEqual([]);
  });

  test('makes nothing of no event at all, and never throws, whatever JSON it gets', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(readHappening(value)).toEqual([]);
      }),
    );
  });

  test('never throws, and has ids in their form only, whatever stands in any place of a real event', () => {
    const events = HINTS.map(([, event]) => event);
    fc.assert(
      fc.property(fc.constantFrom(...events), fc.nat(), fc.jsonValue(), (event, position, value) => {
        const hints = readHappening(withAnother(event, position, value));
        expect(hints.flatMap((hint) => Object.values(hint))).not.toContainEqual(
          expect.stringMatching(/[^\w\s:/.-]/),
        );
      }),
    );
  });

  test('does not read what an object inherits', () => {
    expect(
      readHappening(JSON.parse('{"source":"aws.sso","detail-type":"x","__proto__":{"detail":{}}}')),
    ).toEqual([]);
  });
});

/** The event with another value in the place of one of its members, at any depth. */
function withAnother(event: unknown, position: number, value: unknown): unknown {
  const copy = structuredClone(event);
  const spots: (readonly [Record<string, unknown>, string])[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const name of Object.keys(node)) {
      spots.push([node as Record<string, unknown>, name]);
      visit((node as Record<string, unknown>)[name]);
    }
  };
  visit(copy);
  const [holder, name] = spots[position % spots.length] ?? [{}, ''];
  holder[name] = value;
  return copy;
}
