import type { AssignmentKey } from '../../../core/assignments/assignment';
import type { Assignee, Place } from '../../../core/ports/identity-center';

/** One row, and when lists begin and cease to show it. */
interface Row {
  readonly assignee: Assignee;
  shownFrom: number;
  /** Infinity while it exists. */
  shownUntil: number;
}

/** The assignments that exist, and what lists show of them. */
export class AssignmentRows {
  readonly #places = new Map<string, Map<string, Row>>();

  /** Adds a row that lists show from `shownFrom` on. One that is there already stays as it is. */
  add(key: AssignmentKey, shownFrom: number): void {
    const rows = this.#places.get(placeId(key)) ?? new Map<string, Row>();
    this.#places.set(placeId(key), rows);
    if (rows.get(key.principalId)?.shownUntil === Infinity) return;
    const { principalType, principalId } = key;
    rows.set(principalId, { assignee: { principalType, principalId }, shownFrom, shownUntil: Infinity });
  }

  /** Takes a row away, which lists go on showing until `shownUntil`; false where there is none. */
  remove(key: AssignmentKey, shownUntil: number): boolean {
    const row = this.#row(key);
    if (row?.shownUntil !== Infinity) return false;
    row.shownUntil = shownUntil;
    return true;
  }

  /** The truth, without any lag. */
  exists(key: AssignmentKey): boolean {
    return this.#row(key)?.shownUntil === Infinity;
  }

  /** What a list shows at an instant. */
  shown(place: Place, now: number): Assignee[] {
    const rows = [...(this.#places.get(placeId(place))?.values() ?? [])];
    return rows
      .filter(({ shownFrom, shownUntil }) => shownFrom <= now && now < shownUntil)
      .map(({ assignee }) => assignee);
  }

  #row(key: AssignmentKey): Row | undefined {
    return this.#places.get(placeId(key))?.get(key.principalId);
  }
}

/** One permission set in one account. */
export function placeId({ accountId, permissionSetArn }: Place): string {
  return `${accountId} ${permissionSetArn}`;
}
