/**
 * Scripts that names are written in. A letter of any other script counts as one of the script "other", so that mixing
 * it with a listed one is found too.
 */
const SCRIPTS = [
  'Latin',
  'Greek',
  'Cyrillic',
  'Armenian',
  'Hebrew',
  'Arabic',
  'Devanagari',
  'Bengali',
  'Gurmukhi',
  'Gujarati',
  'Tamil',
  'Telugu',
  'Kannada',
  'Malayalam',
  'Sinhala',
  'Thai',
  'Lao',
  'Myanmar',
  'Khmer',
  'Georgian',
  'Ethiopic',
  'Cherokee',
  'Coptic',
  'Lisu',
  'Han',
  'Hiragana',
  'Katakana',
  'Bopomofo',
  'Hangul',
] as const;

/**
 * Scripts that are written together, with Latin beside them, as Unicode's "highly restrictive" level has it (UTS 39,
 * section 5.2): none of these holds letters that pass for Latin ones.
 */
const WRITTEN_TOGETHER: readonly ReadonlySet<string>[] = [
  new Set(['Latin', 'Han', 'Hiragana', 'Katakana']),
  new Set(['Latin', 'Han', 'Bopomofo']),
  new Set(['Latin', 'Han', 'Hangul']),
];

/** Digits, punctuation, symbols and combining marks belong to every script. */
const SHARED = /[\p{Script=Common}\p{Script=Inherited}]/u;
const PATTERNS = SCRIPTS.map((script) => [script, new RegExp(`\\p{Script=${script}}`, 'u')] as const);

/**
 * The scripts that `name` mixes, where they are not written together in any language: `['Latin', 'Cyrillic']` for a
 * Latin name with a Cyrillic letter in it. Undefined for a name that is all right.
 */
export function mixedScripts(name: string): readonly string[] | undefined {
  const found = new Set<string>();
  for (const character of name) {
    if (!SHARED.test(character)) found.add(scriptOf(character));
  }
  if (found.size <= 1) return undefined;
  const scripts = [...found];
  if (WRITTEN_TOGETHER.some((group) => scripts.every((script) => group.has(script)))) return undefined;
  return scripts;
}

function scriptOf(character: string): string {
  return PATTERNS.find(([, pattern]) => pattern.test(character))?.[0] ?? 'other';
}
