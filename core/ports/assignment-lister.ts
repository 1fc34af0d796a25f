import type { PrincipalType } from '../assignments/assignment';
import type { Assignee, Place } from './identity-center';
import type { PermissionSetAdmin } from './permission-sets';

/** Thrown where the service does not let this caller list by principal, which it documents for the management account only. */
export class ListingByPrincipalRefusedError extends Error {
  override readonly name = 'ListingByPrincipalRefusedError';
}

/** A group as the identity store lists it. */
export interface ListedGroup {
  readonly id: string;
  readonly name: string;
}

/**
 * Who is assigned where, to the last page or not at all: a listing that breaks off throws `AdminCallError`. Every call of the admin API
 * waits for its turn.
 */
export interface AssignmentLister {
  /** ARNs of all permission sets, 100 a page. */
  permissionSets(): Promise<readonly string[]>;
  /** The name of a set; undefined where it is no more. One call. */
  nameOf(permissionSetArn: string): Promise<string | undefined>;
  /** Accounts that have a role of the set, 100 a page; none where the set is no more. */
  accountsOf(permissionSetArn: string): Promise<readonly string[]>;
  /** Who is assigned at a place, 100 a page; nobody where the set is not provisioned there. */
  assignees(place: Place): Promise<readonly Assignee[]>;
  /**
   * Where a principal itself is assigned, without what a user has through groups; 100 rows a page.
   * @throws ListingByPrincipalRefusedError
   */
  ofPrincipal(type: PrincipalType, id: string): Promise<readonly Place[]>;
  /** All groups of the identity store, 100 a page; not a call of the admin API. */
  groups(): Promise<readonly ListedGroup[]>;
}

/** What {@link AssignmentLister} takes of the admin API that permission sets are made by. */
export type ListingAdmin = Pick<PermissionSetAdmin, 'list' | 'nameOf' | 'accounts' | 'assignees'>;

/** The rate at which the calls take their turns. */
export interface CallPace {
  /** Calls a second from the next turn on. */
  perSecond: number;
  /** Turns that were given since the pace was made. */
  readonly turns: number;
}
