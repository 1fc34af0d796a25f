/**
 * Whether `text` matches `glob` as a whole. `*` stands for any characters, also none; everything else for itself.
 *
 * Written without regular expressions: a pattern cannot inject one, and there is no backtracking. The piece before the
 * first star and the one behind the last are fixed to the ends, and each of the others is looked for once, from the
 * left; that is enough, because what is found earlier leaves more room for the rest.
 */
export function matchesGlob(glob: string, text: string): boolean {
  const [first = '', ...others] = glob.split('*');
  const last = others.pop();
  if (last === undefined) return text === first;
  if (text.length < first.length + last.length) return false;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let from = first.length;
  for (const piece of others) {
    const found = text.indexOf(piece, from);
    if (found < 0 || found + piece.length > end) return false;
    from = found + piece.length;
  }
  return true;
}

/** {@link matchesGlob}, upper and lower case aside: for user names, e-mail addresses and group names. */
export function matchesGlobIgnoringCase(glob: string, text: string): boolean {
  return matchesGlob(folded(glob), folded(text));
}

function folded(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
