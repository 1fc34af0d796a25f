import type { TestApp, TicketBody } from './test-app';

/** Where a request of a test wants access, and for whom. */
export interface Place {
  readonly user: string;
  readonly permissionSet: string;
  readonly account: string;
}

/**
 * Places that share no role, so that stories in one app do not get into each other's way: an account and a permission set
 * that nothing stands on and everybody may have for 12 hours.
 */
export function placesOf({ organization, runtime }: TestApp): Place[] {
  const guarded = [organization.managementAccountId, organization.delegatedAdminAccountId];
  const taken = new Set(
    runtime.simulator.assignments().map((row) => `${row.accountId} ${row.permissionSetName ?? ''}`),
  );
  return ['ReadOnlyAccess', 'BillingReadOnly', 'PowerUserAccess'].flatMap((permissionSet) =>
    organization.accounts
      .filter(
        ({ id, state }) =>
          state === 'ACTIVE' && !guarded.includes(id) && !taken.has(`${id} ${permissionSet}`),
      )
      .map(({ id }) => ({ user: 'alice', permissionSet, account: id })),
  );
}

/** The n-th place; a test that asks for more than there are is wrong. */
export function placeAt(places: readonly Place[], index: number): Place {
  const place = places[index];
  if (place === undefined) throw new Error(`there are ${places.length} places, not ${index + 1}`);
  return place;
}

/** The ticket for a place. */
export function ticketFor({ user, permissionSet, account }: Place, change: TicketBody = {}): TicketBody {
  const principal = { user: `${user}@example.com` };
  return { principal, requestedBy: principal, permissionSet, target: { account }, ...change };
}
