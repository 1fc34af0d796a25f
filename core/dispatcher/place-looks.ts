import type { AssignmentKey } from '../assignments/assignment';
import type { Clock } from '../ports/clock';
import type { Assignee, IdentityCenter, Place } from '../ports/identity-center';

/** A look at an assignment, and when it was made. */
export interface Sighting {
  readonly at: number;
  readonly exists: boolean;
}

/**
 * Looks at places (a permission set in an account) for many assignments there: one list shows them all. Bulk work of several groups
 * with one permission set in an account needs one look for all of them, people and read-backs always look afresh.
 */
export class PlaceLooks {
  readonly #looks = new Map<string, { readonly at: number; readonly rows: Promise<readonly Assignee[]> }>();

  constructor(
    private readonly identityCenter: Pick<IdentityCenter, 'assignees'>,
    private readonly clock: Clock,
  ) {}

  /** Whether the assignment is listed, by a look that was begun at `since` (epoch milliseconds) or later. */
  async sight(key: AssignmentKey, since: number): Promise<Sighting> {
    const place = placeOf(key);
    const before = this.#looks.get(place);
    const look = before !== undefined && before.at >= since ? before : this.#look(place, key);
    try {
      const rows = await look.rows;
      const exists = rows.some(
        (row) => row.principalId === key.principalId && row.principalType === key.principalType,
      );
      return { at: look.at, exists };
    } catch (error) {
      this.#looks.delete(place);
      throw error;
    }
  }

  /** Whether a place was looked at at `since` or later. */
  isKnown(place: string, since: number): boolean {
    return (this.#looks.get(place)?.at ?? -Infinity) >= since;
  }

  #look(place: string, { accountId, permissionSetArn }: Place) {
    const look = {
      at: this.clock.now(),
      rows: this.identityCenter.assignees({ accountId, permissionSetArn }),
    };
    this.#looks.set(place, look);
    return look;
  }
}

/** Names a place. */
export function placeOf({ accountId, permissionSetArn }: Place): string {
  return `${accountId} ${permissionSetArn}`;
}
