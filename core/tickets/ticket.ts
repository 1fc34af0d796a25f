import type { Target } from '../targets/grammar';
import { writeInstant } from './instants';

/** A person as a ticket names them: by user name or e-mail, or by Identity Store user id. */
export interface PersonReference {
  readonly by: 'user' | 'userId';
  readonly value: string;
}

/** Whom the access is for: a person, or a group by display name or Identity Store group id. */
export interface PrincipalReference {
  readonly by: 'user' | 'userId' | 'group' | 'groupId';
  readonly value: string;
}

/** A permission set by its name or ARN. */
export interface PermissionSetReference {
  readonly by: 'name' | 'arn';
  readonly value: string;
}

/** The record in the system that the request comes from. */
export interface TicketReference {
  /** In lower case, such as `servicenow`. */
  readonly system: string;
  /** As that system writes it, such as `RITM0012345`. */
  readonly id: string;
}

/**
 * A ticket that was read: every value checked in itself and normalised, names not looked up yet. Deeply frozen, and
 * plain JSON.
 */
export interface Ticket {
  /** Absent where a person asks without a ticket system. */
  readonly ticket?: TicketReference;
  /** Who asks, by the ticket's word; believed only from callers that the policy trusts for it. */
  readonly requestedBy?: PersonReference;
  readonly principal: PrincipalReference;
  readonly permissionSet: PermissionSetReference;
  /** Account ids of 12 digits, each once, in the order in which they were given; none where there is a `target`. */
  readonly accounts: readonly string[];
  /** Which accounts, where it was said in another way than by a list of ids: looked up when the request is resolved. */
  readonly target?: Target;
  /** Epoch milliseconds; never before the ticket was read. */
  readonly startsAt: number;
  /** Epoch milliseconds; `startsAt + durationMs`. */
  readonly expiresAt: number;
  /** Milliseconds, at least 5 minutes. */
  readonly durationMs: number;
  /** Whether the end was given as an instant; else the lease lasts `durationMs` from whenever it is opened. */
  readonly endIsGiven: boolean;
  /** Prose of up to 1,000 characters; line ends are `\n`. */
  readonly justification: string;
}

/** What a reference's look-up finds: the `PrincipalType` of Identity Center. */
export function principalType(reference: PrincipalReference): 'USER' | 'GROUP' {
  return reference.by === 'user' || reference.by === 'userId' ? 'USER' : 'GROUP';
}

/** A reference in words: `user alice@example.com`, `group with id 9067…`. */
export function describePrincipal(reference: PrincipalReference): string {
  switch (reference.by) {
    case 'user':
    case 'group':
      return `${reference.by} ${reference.value}`;
    case 'userId':
      return `user with id ${reference.value}`;
    case 'groupId':
      return `group with id ${reference.value}`;
  }
}

/**
 * The ticket as a request body, in one form for all spellings of it: reading it again (at the same instant) gives an
 * equal ticket. What an approval or a second look is to be bound to.
 */
export function ticketBody(ticket: Ticket): Readonly<Record<string, unknown>> {
  const { requestedBy, principal, permissionSet } = ticket;
  return {
    ...(ticket.ticket && { ticket: ticket.ticket }),
    ...(requestedBy && { requestedBy: { [requestedBy.by]: requestedBy.value } }),
    principal: { [principal.by]: principal.value },
    permissionSet: permissionSet.value,
    target: ticket.target ?? ticket.accounts.map((account) => ({ account })),
    startsAt: writeInstant(ticket.startsAt),
    ...(ticket.endIsGiven
      ? { expiresAt: writeInstant(ticket.expiresAt) }
      : { duration: `PT${ticket.durationMs / 1000}S` }),
    justification: ticket.justification,
  };
}
