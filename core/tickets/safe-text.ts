import type { Report } from './field-problem';
import { mixedScripts } from './script-mixing';

/** How a string must look. */
export interface TextRule {
  /** A *name* is looked up or compared, so what only looks alike is refused; *prose* is read by people. */
  readonly kind: 'name' | 'prose';
  /** In characters (Unicode code points), at least 1 being always needed. */
  readonly longest: number;
  /** What the whole string must match, if anything. */
  readonly pattern?: RegExp;
  /** What the string should be, such as `a permission set's name`; completes "is not …" and "write …". */
  readonly what: string;
}

/**
 * Characters that are refused everywhere. Controls, surrogates, private and unassigned code points (`C`), line and
 * paragraph separators, zero-width and bidirectional controls, fillers and variation selectors (default ignorable), and
 * the mark that a decoder leaves where bytes were not UTF-8.
 */
const UNSAFE_IN_NAMES = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\uFFFD]/u;
/** Prose may have line ends and tabs, and U+FE0F, the selector in many an emoji, which no look-up depends on. */
const UNSAFE_IN_PROSE = /(?!\n|\t|\uFE0E|\uFE0F)[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\uFFFD]/u;

/**
 * The string at `field` in normal form C, or undefined after reporting what is wrong with it. Canonically equivalent
 * spellings (`é` as one character or two) thus become equal; nothing else of the text is changed but CRLF in prose,
 * which ticket systems send for a line end.
 */
export function readText(report: Report, field: string, value: unknown, rule: TextRule): string | undefined {
  if (value === undefined) {
    report(field, value, 'is missing', `write ${rule.what}`);
    return undefined;
  }
  if (typeof value !== 'string') {
    report(field, value, `is ${kindOf(value)}, not a string`, `write ${rule.what} in double quotes`);
    return undefined;
  }
  const text = normalised(value, rule);
  const fault = textFault(text, rule);
  if (fault === undefined) return text;
  report(field, value, fault.problem, fault.remedy);
  return undefined;
}

/** What is wrong with `text` (already in normal form), or undefined. The first fault found; one string has one report. */
export function textFault(
  text: string,
  rule: TextRule,
): { readonly problem: string; readonly remedy: string } | undefined {
  const { kind, longest, pattern, what } = rule;
  if (text.trim() === '') return { problem: 'is empty', remedy: `write ${what}` };
  const characters = Array.from(text).length;
  if (characters > longest) {
    return {
      problem: `has ${characters} characters`,
      remedy: `write ${what} of at most ${longest} characters`,
    };
  }
  const unsafe = (kind === 'name' ? UNSAFE_IN_NAMES : UNSAFE_IN_PROSE).exec(text);
  if (unsafe !== null) {
    const [character] = unsafe;
    const where = Array.from(text.slice(0, unsafe.index)).length + 1;
    return {
      problem: `has the invisible or control character ${codePoint(character)} at character ${where}`,
      remedy: 'remove that character',
    };
  }
  if (kind === 'prose') return undefined;
  const scripts = mixedScripts(text);
  if (scripts !== undefined) {
    return {
      problem: `mixes scripts (${scripts.join(', ')}), so it may pass for another name`,
      remedy: 'write it in one script, or give the id instead of the name',
    };
  }
  if (text !== text.trim()) {
    return { problem: 'begins or ends with a blank', remedy: 'remove the blanks around it' };
  }
  if (pattern?.test(text) === false) return { problem: `is not ${what}`, remedy: `write ${what}` };
  return undefined;
}

/** What kind of JSON value this is, with its article, for messages: `a list`, `null`, `a number`. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function normalised(value: string, rule: TextRule): string {
  return (rule.kind === 'prose' ? value.replaceAll('\r\n', '\n') : value).normalize('NFC');
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
