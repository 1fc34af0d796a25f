import type { JsonObject } from '../../local/assembly/json-values';
import { eventTime } from '../../local/events/event-envelope';
import type { TestApp } from './test-app';

/** Units of the example organization. */
export const UNITS = {
  dev: 'ou-k3f9-w0dev001',
  prod: 'ou-k3f9-w0pr0d01',
  workloads: 'ou-k3f9-w0rkl0ad',
} as const;

/** An account that a test adds. */
export interface NewAccount {
  readonly id: string;
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** An account appears in a unit, or in the root, and nobody is told. */
export function addAccount(app: TestApp, { id, name, tags = {} }: NewAccount, unit?: string): void {
  const { tree } = app.runtime.simulator.world;
  tree.addAccount({ id, name, email: `aws+${id}@example.com`, state: 'ACTIVE', tags });
  if (unit !== undefined) tree.moveAccount(id, unit);
}

/** The events by which an account is told that is made by AWS Control Tower, in their order. */
export function vendingEvents(app: TestApp, id: string, unit: string): readonly JsonObject[] {
  const { managementAccountId, instance } = app.organization;
  const at = eventTime(app.runtime.clock.now());
  const service = (source: string, region: string, eventName: string, details: JsonObject): JsonObject => ({
    source,
    account: managementAccountId,
    region,
    time: at,
    'detail-type': 'AWS Service Event via CloudTrail',
    detail: { eventName, eventType: 'AwsServiceEvent', serviceEventDetails: details },
  });
  return [
    service('aws.organizations', 'us-east-1', 'CreateAccountResult', {
      createAccountStatus: { id: 'car-1', state: 'SUCCEEDED', accountName: '****', accountId: id },
    }),
    {
      source: 'aws.organizations',
      account: managementAccountId,
      region: 'us-east-1',
      time: at,
      'detail-type': 'AWS API Call via CloudTrail',
      detail: {
        eventSource: 'organizations.amazonaws.com',
        eventName: 'MoveAccount',
        requestParameters: {
          accountId: id,
          sourceParentId: app.organization.rootId,
          destinationParentId: unit,
        },
        responseElements: null,
        eventType: 'AwsApiCall',
      },
    },
    service('aws.controltower', instance.region, 'CreateManagedAccount', {
      createManagedAccountStatus: {
        organizationalUnit: { organizationalUnitId: unit },
        account: { accountName: 'hidden', accountId: id },
        state: 'SUCCEEDED',
      },
    }),
  ];
}

/** Sends an event of an AWS service as `curl` would. */
export async function sendEvent(app: TestApp, event: JsonObject): Promise<number> {
  const answer = await fetch(`${app.runtime.endpoint}/_local/events`, {
    method: 'POST',
    body: JSON.stringify(event),
  });
  return answer.status;
}
