import { eventTime } from '../../events/event-envelope';
import type { World } from '../world';
import { SERVICE_EVENT, type EventDraft } from './event-draft';
import { serviceIdentity } from './user-identity';

/** What AWS Control Tower tells of an account that it manages. */
export interface ManagedAccountEvent {
  readonly event: 'CreateManagedAccount' | 'UpdateManagedAccount';
  readonly accountId: string;
  readonly state: 'SUCCEEDED' | 'FAILED';
  /** Epoch milliseconds. */
  readonly requestedAt: number;
  readonly at: number;
}

const MESSAGES = {
  CreateManagedAccount: {
    SUCCEEDED: 'AWS Control Tower successfully created a managed account.',
    FAILED: 'AWS Control Tower failed to create a managed account.',
  },
  UpdateManagedAccount: {
    SUCCEEDED: 'AWS Control Tower successfully updated a managed account.',
    FAILED: 'AWS Control Tower failed to update a managed account.',
  },
} as const;

const STATUS = {
  CreateManagedAccount: 'createManagedAccountStatus',
  UpdateManagedAccount: 'updateManagedAccountStatus',
} as const;

/**
 * A lifecycle event of AWS Control Tower, in the management account and the home Region, which is taken to be that of the
 * instance. Unlike CloudTrail's other events it tells the account's name, and instants in a form of its own.
 * @throws Error for an account that is not in the organization
 */
export function managedAccountDraft(told: ManagedAccountEvent, { tree, organization }: World): EventDraft {
  const { event, accountId, state, requestedAt, at } = told;
  const account = tree.account(accountId);
  if (account === undefined)
    throw new Error(`account "${accountId}" is not in the organization: use one of its account ids`);
  const { managementAccountId, instance } = organization;
  return {
    'detail-type': SERVICE_EVENT,
    source: 'aws.controltower',
    account: managementAccountId,
    region: instance.region,
    at,
    detail: {
      eventVersion: '1.05',
      userIdentity: serviceIdentity(managementAccountId),
      eventTime: eventTime(at),
      eventSource: 'controltower.amazonaws.com',
      eventName: event,
      awsRegion: instance.region,
      sourceIPAddress: 'AWS Internal',
      userAgent: 'AWS Internal',
      readOnly: false,
      eventType: 'AwsServiceEvent',
      serviceEventDetails: {
        [STATUS[event]]: {
          organizationalUnit: {
            organizationalUnitName: tree.unit(account.parentId)?.name ?? 'Root',
            organizationalUnitId: account.parentId,
          },
          account: { accountName: account.name, accountId },
          state,
          message: MESSAGES[event][state],
          requestedTimestamp: lifecycleTime(requestedAt),
          completedTimestamp: lifecycleTime(at),
        },
      },
    },
  };
}

/** `2026-11-20T10:00:00+0000` */
function lifecycleTime(at: number): string {
  return eventTime(at).replace('Z', '+0000');
}
