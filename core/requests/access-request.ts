import type { PrincipalType } from '../assignments/assignment';
import type { PolicyTargets } from '../policy/policy-targets';
import type { Ticket } from '../tickets/ticket';

/** Where a request stands. `awaiting_approval` belongs to requests whose decision asks for a person. */
export const REQUEST_STATUSES = [
  'pending',
  'awaiting_approval',
  'granting',
  'active',
  'ending',
  'ended',
  'denied',
  'failed',
] as const;

/** See {@link REQUEST_STATUSES}. */
export type RequestStatus = (typeof REQUEST_STATUSES)[number];

/** Whether nothing more will happen to a request. */
export function isOver(status: RequestStatus): boolean {
  return status === 'ended' || status === 'denied' || status === 'failed';
}

/** How the organization was seen when a target was resolved. */
export interface OrganizationLook {
  /** When its listing, or the oldest of the tags that counted, was read. */
  readonly at: number;
  /** Whether that was longer ago than it should be, because Organizations could not be reached. */
  readonly isStale?: true;
}

/** What the names of the ticket were found to mean: pinned once, never looked up by name again. */
export interface ResolvedRequest {
  readonly principal: {
    readonly type: PrincipalType;
    readonly id: string;
    readonly name: string;
    readonly email?: string;
  };
  /** The person who asked, where a trusted caller named one. */
  readonly requester?: { readonly id: string; readonly name: string };
  readonly permissionSet: {
    readonly arn: string;
    readonly name: string;
    /** How long a session opened with it may live, in milliseconds. */
    readonly sessionMs: number;
  };
  /** Accounts that can be granted. Those that cannot have a report of their own. */
  readonly accounts: readonly string[];
  /** Absent where the ticket lists its accounts by their ids. */
  readonly organization?: OrganizationLook;
  /** What the targets of the policy's rules mean for these accounts; worked out anew whenever the accounts are looked at. */
  readonly policyTargets?: PolicyTargets;
  readonly at: number;
}

/** What policy said, and by which rules. */
export interface RequestDecision {
  readonly effect: 'allow' | 'deny';
  readonly rules: readonly string[];
  /** SHA-256 of the access policy that decided. */
  readonly policyHash: string;
  readonly reason?: string;
  /** The lease: from inclusive, until exclusive, one pair for all accounts. Absent where access was denied. */
  readonly lease?: { readonly from: number; readonly until: number };
  readonly at: number;
}

/** What an execution waits for, in this order: none of them comes before an earlier one of the same execution. */
export const SIGNALS = ['start', 'grant', 'end', 'revoke'] as const;

/** The one *Await* state that is open, and how to answer it. */
export interface Waiting {
  readonly signal: (typeof SIGNALS)[number];
  readonly token: string;
  /** Number of the execution that waits; absent in what was stored before it was kept. */
  readonly attempt?: number;
}

/** One line of a request's story, in words that a ticket can show. */
export interface TimelineEntry {
  readonly at: number;
  readonly text: string;
}

/** A request keeps this many lines of its story; later ones are counted, not kept. */
export const MAX_TIMELINE = 200;

/** Latchkey's record of a request. Instants are epoch milliseconds, UTC. */
export interface AccessRequest {
  readonly id: string;
  /** Counts the writes; a write names the version that it read. */
  readonly version: number;
  /** Number of the execution that works on it, from 1. */
  readonly attempt: number;
  /** Role ARN of the caller, from the signature, never from the body. */
  readonly caller: string;
  /** SHA-256 of the canonical body: the same idempotency key with another body is a conflict. */
  readonly bodyHash: string;
  readonly ticket: Ticket;
  readonly createdAt: number;
  readonly status: RequestStatus;
  readonly resolved?: ResolvedRequest;
  readonly decision?: RequestDecision;
  readonly waiting?: Waiting;
  readonly revocation?: { readonly at: number; readonly by: string; readonly reason?: string };
  /** Why it was denied or failed. */
  readonly reason?: string;
  /** When leases were opened. */
  readonly grantingSince?: number;
  /** When leases were closed. */
  readonly endingSince?: number;
  readonly overdueSince?: number;
  /** Announcements that were made: each is made once. */
  readonly announced: readonly string[];
  readonly timeline: readonly TimelineEntry[];
}

/** Adds a line to the story; the same words at the end are not said twice, since steps may repeat. */
export function withEntry(request: AccessRequest, at: number, text: string): AccessRequest {
  if (request.timeline.at(-1)?.text === text) return request;
  if (request.timeline.length < MAX_TIMELINE)
    return { ...request, timeline: [...request.timeline, { at, text }] };
  const last = {
    at,
    text: `${text} (earlier lines were dropped: the story is longer than ${MAX_TIMELINE} lines)`,
  };
  return { ...request, timeline: [...request.timeline.slice(0, MAX_TIMELINE - 1), last] };
}

/** Whether the request's lease is over, by time or by a person. False while none was decided. */
export function leaseIsOver(request: AccessRequest, now: number): boolean {
  if (request.revocation !== undefined) return true;
  const until = request.decision?.lease?.until;
  return until !== undefined && until <= now;
}
