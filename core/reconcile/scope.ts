import type { Place } from '../ports/identity-center';

/** What is asked of a reconciliation. Every part that is asked for is done, in this order. */
export interface ReconcileScope {
  /** The rules are others than those applied last: works out the claims of every account. */
  readonly claims?: true;
  /** Somebody else changed something there: looks at these places. */
  readonly places?: readonly Place[];
  /** `principals`: all groups, and users whom the ledger knows. `complete`: every provisioned pair, without which nothing is enforced. */
  readonly walk?: 'principals' | 'complete';
}

/** Places that one asking may gather; beyond them a walk is asked for. */
export const MOST_PLACES = 200;

/** Both askings in one. */
export function joinedScopes(one: ReconcileScope | undefined, other: ReconcileScope): ReconcileScope {
  if (one === undefined) return other;
  const keyOf = ({ accountId, permissionSetArn }: Place): string => `${accountId} ${permissionSetArn}`;
  const places = [
    ...new Map(
      [...(one.places ?? []), ...(other.places ?? [])].map((place) => [keyOf(place), place]),
    ).values(),
  ];
  const isTooMuch = places.length > MOST_PLACES;
  const walks = [one.walk, other.walk, isTooMuch ? 'principals' : undefined];
  const walk = (['complete', 'principals'] as const).find((each) => walks.includes(each));
  return {
    ...(one.claims === true || other.claims === true ? { claims: true } : {}),
    ...(places.length > 0 && !isTooMuch ? { places } : {}),
    ...(walk === undefined ? {} : { walk }),
  };
}
