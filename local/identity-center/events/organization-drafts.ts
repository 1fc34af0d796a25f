import type { JsonObject } from '../../assembly/json-values';
import { eventTime } from '../../events/event-envelope';
import type { OrganizationChange } from '../listeners';
import type { Organization } from '../organization';
import { MASKED, cloudTrailDate } from './cloudtrail-values';
import { ORGANIZATIONS_REGION, SERVICE_EVENT, type EventDraft } from './event-draft';
import { serviceIdentity } from './user-identity';

/** What becomes of an account after its call as Organizations tells it; undefined for what it does not tell. */
export function organizationDraft(
  change: OrganizationChange,
  organization: Organization,
): EventDraft | undefined {
  const event = (eventName: string, serviceEventDetails: JsonObject): EventDraft =>
    serviceEvent(eventName, serviceEventDetails, change.at, organization);
  switch (change.kind) {
    case 'account-created':
    case 'account-creation-failed':
      return event('CreateAccountResult', {
        createAccountStatus: {
          id: change.requestId,
          state: change.kind === 'account-created' ? 'SUCCEEDED' : 'FAILED',
          accountName: MASKED,
          ...(change.kind === 'account-created'
            ? { accountId: change.accountId }
            : { failureReason: change.reason }),
          requestedTimestamp: cloudTrailDate(change.requestedAt),
          completedTimestamp: cloudTrailDate(change.at),
        },
      });
    case 'account-closed':
      return event('CloseAccountResult', {
        closeAccountStatus: {
          accountId: change.accountId,
          state: 'SUCCEEDED',
          requestedTimestamp: cloudTrailDate(change.requestedAt),
          completedTimestamp: cloudTrailDate(change.at),
        },
      });
    case 'account-joined':
      return event('AccountJoinedOrganization', {
        joinedMethod: change.method,
        joinedTime: cloudTrailDate(change.at),
        accountId: change.accountId,
      });
    case 'account-departed':
      return event('AccountDepartedOrganization', {
        departedMethod: change.method,
        departedTime: cloudTrailDate(change.at),
        accountId: change.accountId,
      });
    case 'account-tagged':
      return tagChange(change, organization);
    // A move is told by its call, and that an account is active now by nothing.
    case 'account-moved':
    case 'account-activated':
      return undefined;
  }
}

function serviceEvent(
  eventName: string,
  serviceEventDetails: JsonObject,
  at: number,
  { managementAccountId: account }: Organization,
): EventDraft {
  return {
    'detail-type': SERVICE_EVENT,
    source: 'aws.organizations',
    account,
    region: ORGANIZATIONS_REGION,
    at,
    detail: {
      eventVersion: '1.08',
      userIdentity: serviceIdentity(account),
      eventTime: eventTime(at),
      eventSource: 'organizations.amazonaws.com',
      eventName,
      awsRegion: ORGANIZATIONS_REGION,
      sourceIPAddress: 'AWS Internal',
      userAgent: 'AWS Internal',
      requestParameters: null,
      responseElements: null,
      readOnly: false,
      eventType: 'AwsServiceEvent',
      managementEvent: true,
      recipientAccountId: account,
      serviceEventDetails,
      eventCategory: 'Management',
    },
  };
}

/** Tag changes do not come by way of CloudTrail: no record, and no `eventID`. */
function tagChange(
  { accountId, changedKeys, tags, version, at }: Extract<OrganizationChange, { kind: 'account-tagged' }>,
  { managementAccountId: account, id }: Organization,
): EventDraft {
  return {
    'detail-type': 'Tag Change on Resource',
    source: 'aws.tag',
    account,
    region: ORGANIZATIONS_REGION,
    resources: [`arn:aws:organizations::${account}:account/${id}/${accountId}`],
    at,
    detail: {
      'changed-tag-keys': changedKeys,
      service: 'organizations',
      'resource-type': 'account',
      version,
      tags,
    },
  };
}
