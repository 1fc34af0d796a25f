/** Longer names are not typing errors of known ones, and the distance costs time in the product of the lengths. */
const LONGEST_COMPARED = 64;

/**
 * The one of `known` that `wrong` was probably meant to be, or undefined: at most a third of its letters differ (a
 * letter too many, too few, another one, or two swapped), upper and lower case and `_`/`-` aside.
 */
export function nearestName(wrong: string, known: readonly string[]): string | undefined {
  if (wrong.length > LONGEST_COMPARED) return undefined;
  let nearest: string | undefined;
  let least = Math.max(1, Math.floor(wrong.length / 3)) + 1;
  for (const name of known) {
    const far = distance(plain(wrong), plain(name));
    if (far < least) [nearest, least] = [name, far];
  }
  return nearest;
}

/** What to do about an unknown key, naming the nearest known one and all that are known. */
export function unknownKeyRemedy(wrong: string, known: readonly string[]): string {
  const nearest = nearestName(wrong, known);
  const list = `known here: ${known.join(', ')}`;
  return nearest === undefined
    ? `remove it (${list})`
    : `did you mean ${nearest}? if not, remove it (${list})`;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, '');
}

/** Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours count one each. */
function distance(left: string, right: string): number {
  let before: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      let least = Math.min(
        cell(last, column) + 1,
        cell(current, column - 1) + 1,
        cell(last, column - 1) + (same ? 0 : 1),
      );
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (row > 1 && column > 1 && swapped) least = Math.min(least, cell(before, column - 2) + 1);
      current.push(least);
    }
    [before, last] = [last, current];
  }
  return cell(last, right.length);
}

function cell(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
