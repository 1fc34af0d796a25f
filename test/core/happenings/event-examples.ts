/** Shapes as the reference has them, values invented. What CloudTrail writes in every record is left out where nothing depends on it. */

export const MANAGEMENT = '111122223333';
export const ACCOUNT = '444455556666';
export const SET = 'arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-aaaabbbbccccdddd';
export const GROUP = 'a1b2c3d4-1111-7000-8000-0123456789ab';
export const USER = 'b2c3d4e5-2222-7000-8000-0123456789ab';

type Detail = Readonly<Record<string, unknown>>;

const API = 'AWS API Call via CloudTrail';
const SERVICE = 'AWS Service Event via CloudTrail';

/** A whole `CreateAccountResult`, as it was captured. */
export const CREATE_ACCOUNT_RESULT = {
  version: '0',
  id: '0b1c2d3e-0001-4a5b-8c6d-000000000001',
  'detail-type': SERVICE,
  source: 'aws.organizations',
  account: MANAGEMENT,
  time: '2026-11-20T10:00:20Z',
  region: 'us-east-1',
  resources: [],
  detail: {
    eventVersion: '1.08',
    userIdentity: { accountId: MANAGEMENT, invokedBy: 'AWS Internal' },
    eventTime: '2026-11-20T10:00:03Z',
    eventSource: 'organizations.amazonaws.com',
    eventName: 'CreateAccountResult',
    awsRegion: 'us-east-1',
    sourceIPAddress: 'AWS Internal',
    userAgent: 'AWS Internal',
    requestParameters: null,
    responseElements: null,
    eventID: '0b1c2d3e-0002-4a5b-8c6d-000000000002',
    readOnly: false,
    eventType: 'AwsServiceEvent',
    managementEvent: true,
    recipientAccountId: MANAGEMENT,
    serviceEventDetails: {
      createAccountStatus: {
        id: 'car-0123456789abcdef0123456789abcdef',
        state: 'SUCCEEDED',
        accountName: '****',
        accountId: ACCOUNT,
        requestedTimestamp: 'Nov 20, 2026 10:00:00 AM',
        completedTimestamp: 'Nov 20, 2026 10:00:03 AM',
      },
    },
    eventCategory: 'Management',
  },
};

export function serviceEvent(source: string, eventName: string, serviceEventDetails: Detail): Detail {
  return {
    'detail-type': SERVICE,
    source,
    account: MANAGEMENT,
    detail: { eventName, eventType: 'AwsServiceEvent', serviceEventDetails },
  };
}

export function call(source: string, eventName: string, detail: Detail): Detail {
  return { 'detail-type': API, source, detail: { eventName, eventType: 'AwsApiCall', ...detail } };
}

export const assignmentParameters = {
  instanceArn: 'arn:aws:sso:::instance/ssoins-1111222233334444',
  targetId: ACCOUNT,
  targetType: 'AWS_ACCOUNT',
  permissionSetArn: SET,
  principalType: 'GROUP',
  principalId: GROUP,
};

export const managedAccount = (state: string): Detail => ({
  organizationalUnit: { organizationalUnitName: 'Custom', organizationalUnitId: 'ou-ab12-cdef3456' },
  account: { accountName: 'team-a-dev', accountId: ACCOUNT },
  state,
  message: 'AWS Control Tower successfully created a managed account.',
  requestedTimestamp: '2026-11-20T10:00:00+0000',
  completedTimestamp: '2026-11-20T10:20:00+0000',
});

export const tagChange = (detail: Detail, resource: string): Detail => ({
  'detail-type': 'Tag Change on Resource',
  source: 'aws.tag',
  account: MANAGEMENT,
  region: 'us-east-1',
  resources: [resource],
  detail,
});
