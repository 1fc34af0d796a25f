import type { JsonObject } from '../../assembly/json-values';
import { eventTime } from '../../events/event-envelope';
import { IDENTITY_CENTER_INPUTS } from '../identity-center-inputs';
import { IDENTITY_STORE_INPUTS } from '../identity-store-inputs';
import type { CallEvent } from '../listeners';
import { ORGANIZATIONS_INPUTS } from '../organizations-inputs';
import type { World } from '../world';
import { HIDDEN, MASKED, eventMembers, type Mask } from './cloudtrail-values';
import { API_CALL, ORGANIZATIONS_REGION, type EventDraft } from './event-draft';
import type { EventSettings } from './event-settings';
import { sessionIdentity } from './user-identity';

/** Calls that change nothing are not delivered by default. */
const READ = /^(?:List|Get|Describe|Is)/;

/** All that is told of a user or a group is secret but its ids, and which of its attributes a change was of. */
const NOT_SECRET: ReadonlySet<string> = new Set([
  'IdentityStoreId',
  'UserId',
  'GroupId',
  'MembershipId',
  'MemberId',
  'Operations',
  'AttributePath',
]);

/** By service: what its operations take, and what of it is masked. */
const SERVICES: Readonly<
  Record<string, { readonly inputs: Readonly<Record<string, object>>; readonly mask: Mask }>
> = {
  sso: { inputs: IDENTITY_CENTER_INPUTS, mask: () => undefined },
  identitystore: {
    inputs: IDENTITY_STORE_INPUTS,
    mask: (member) => (NOT_SECRET.has(member) ? undefined : HIDDEN),
  },
  organizations: {
    inputs: ORGANIZATIONS_INPUTS,
    mask: (member) => (member === 'Email' || member === 'AccountName' ? MASKED : undefined),
  },
};

/**
 * What a call is told as, once it was answered: at the acceptance of what it starts, refused calls with their error. Nothing
 * for a call that reads, one that never arrived, and one of an operation that there is not.
 */
export function callDrafts(call: CallEvent, world: World, settings: EventSettings): readonly EventDraft[] {
  const { service, operation, reply, input, at, accessKeyId, requestId } = call;
  const members = SERVICES[service]?.inputs[operation];
  if (reply === undefined || members === undefined || READ.test(operation)) return [];
  const mask = SERVICES[service]?.mask ?? (() => undefined);
  const { organization } = world;
  const region = service === 'organizations' ? ORGANIZATIONS_REGION : organization.instance.region;
  const caller = world.caller(accessKeyId);
  const known = Object.fromEntries(Object.entries(input).filter(([name]) => Object.hasOwn(members, name)));
  const record: CallRecord = {
    service,
    operation,
    at,
    region,
    account: caller.accountId,
    userIdentity: sessionIdentity(caller, accessKeyId, organization),
    requestParameters: eventMembers(known, mask),
    responseElements: 'output' in reply ? eventMembers(reply.output, mask) : null,
    requestId,
    ...('errorCode' in reply ? { error: reply } : {}),
  };
  const drafts = [callDraft(record)];
  const { managementAccountId: owner } = organization;
  const isShared = service !== 'organizations' && caller.accountId !== owner;
  if (isShared && settings.identityCenterEventAccounts === 'caller-and-instance-owner')
    drafts.push(callDraft({ ...record, account: owner }));
  return drafts;
}

/** What an event of a call is made from. */
export interface CallRecord {
  /** As its event source begins: `sso`, `sso-directory`. */
  readonly service: string;
  readonly operation: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly region: string;
  /** In which it is told. */
  readonly account: string;
  readonly userIdentity: JsonObject;
  readonly requestParameters: JsonObject | null;
  readonly responseElements: JsonObject | null;
  readonly requestId: string;
  readonly error?: { readonly errorCode: string; readonly errorMessage: string };
}

/** One call as CloudTrail records it. */
export function callDraft(record: CallRecord): EventDraft {
  const { service, operation, at, region, account, error } = record;
  return {
    'detail-type': API_CALL,
    source: `aws.${service}`,
    account,
    region,
    at,
    detail: {
      eventVersion: '1.08',
      userIdentity: record.userIdentity,
      eventTime: eventTime(at),
      eventSource: `${service}.amazonaws.com`,
      eventName: operation,
      awsRegion: region,
      // Where the local runtime's callers are, and no name of their software.
      sourceIPAddress: '127.0.0.1',
      userAgent: 'simulated',
      ...(error === undefined ? {} : { errorCode: error.errorCode, errorMessage: error.errorMessage }),
      requestParameters: record.requestParameters,
      responseElements: record.responseElements,
      requestID: record.requestId,
      readOnly: false,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: account,
      eventCategory: 'Management',
    },
  };
}
