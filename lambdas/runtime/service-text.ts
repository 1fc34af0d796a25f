/**
 * The longest text of the service that is kept, in UTF-16 code units. Reasons that were seen have some 300; one assignment's item
 * may hold a hundred (50 claims, each with how it was created and why it ended) and is 400 KB at most.
 */
export const LONGEST_TEXT = 1_000;

/** A text as the service gave it, cut where it is too long to be kept; undefined where it gave none. */
export function serviceText(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  if (text.length <= LONGEST_TEXT) return text;
  // Half of a surrogate pair is no character.
  return `${text.slice(0, LONGEST_TEXT - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
