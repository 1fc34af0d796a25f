import type { JsonObject } from '../../assembly/json-values';

/** Detail types of what comes by way of CloudTrail: of calls, and of what a service does by itself. */
export const API_CALL = 'AWS API Call via CloudTrail';
export const SERVICE_EVENT = 'AWS Service Event via CloudTrail';

/** What an event says, before it has an id and is on its way. */
export interface EventDraft {
  readonly 'detail-type': string;
  /** `aws.sso` */
  readonly source: string;
  readonly account: string;
  readonly region: string;
  /** @default - none */
  readonly resources?: readonly string[];
  /** Epoch milliseconds of what the event tells. */
  readonly at: number;
  /** Without `eventID`. */
  readonly detail: JsonObject;
}

/** Organizations has one endpoint, and tells its events there. */
export const ORGANIZATIONS_REGION = 'us-east-1';
