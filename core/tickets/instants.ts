/** RFC 3339, section 5.6, `date-time`: the offset is always there; a fraction may have any length, here up to 9 digits. */
const RFC_3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

/**
 * The instant that an RFC 3339 text names, in epoch milliseconds (further digits are cut off), or undefined if it names
 * none: a wrong shape, 30 February, hour 24, or a leap second, which epoch time cannot hold.
 */
export function readInstant(text: string): number | undefined {
  const match = RFC_3339.exec(text);
  if (match === null) return undefined;
  const part = (index: number): number => Number(match[index] ?? '0');
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map(part) as Six;
  if (hour > 23 || minute > 59 || second > 59 || part(9) > 23 || part(10) > 59) return undefined;
  const midnight = Date.UTC(year, month - 1, day);
  // `Date.UTC` carries 30 February over into March (and years below 100 into the 20th century): compare what came out.
  if (!new Date(midnight).toISOString().startsWith(text.slice(0, 10))) return undefined;
  const offsetMinutes = (match[8] === '-' ? -1 : 1) * (part(9) * 60 + part(10));
  const milliseconds = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  return midnight + ((hour * 60 + minute - offsetMinutes) * 60 + second) * 1_000 + milliseconds;
}

type Six = [number, number, number, number, number, number];

/** An instant as RFC 3339 in UTC, with milliseconds. */
export function writeInstant(instant: number): string {
  return new Date(instant).toISOString();
}
