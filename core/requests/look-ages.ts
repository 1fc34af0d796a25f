/** A request is resolved by a picture of the organization that is no older: the same as a session that is open when an account moves. */
export const YOUNG_ENOUGH_MS = 15 * 60_000;

/** What cannot be found is looked for once more in a picture that is no older than this: it may have been made just now. */
export const YOUNG_ENOUGH_TO_REFUSE_MS = 60_000;
