import type { Place } from '../definition/definition-error';

/** A parsed argument, or call, of an intrinsic function. */
export type IntrinsicNode =
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly IntrinsicNode[] }
  | { readonly kind: 'path'; readonly text: string }
  /** A quoted string; `raw` still has its backslashes, which `States.Format` needs. */
  | { readonly kind: 'string'; readonly raw: string }
  | { readonly kind: 'literal'; readonly value: number | boolean | null };

/** How deep calls may be nested, a limit of the service. */
const MAX_DEPTH = 10;

/** The words that stand for themselves. */
const WORDS = new Map<string, boolean | null>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** Parses `States.Name(argument, …)`; refuses anything after it. Throws `DefinitionError`. */
export function parseIntrinsic(text: string, place: Place): IntrinsicNode {
  return new Parser(text, place).whole();
}

/** Removes the backslashes of a quoted string. */
export function unescapeString(raw: string): string {
  return raw.replaceAll(/\\(.)/gsu, '$1');
}

/** Reads from left to right with sticky expressions; each `#take` moves on by what it matched. */
class Parser {
  readonly #text: string;
  readonly #place: Place;
  #at = 0;

  constructor(text: string, place: Place) {
    this.#text = text;
    this.#place = place;
  }

  /** The call and nothing behind it. */
  whole(): IntrinsicNode {
    const call = this.#call(1);
    this.#skipSpace();
    if (this.#at < this.#text.length)
      this.#refuse(`'${this.#text.slice(this.#at)}' follows the closing parenthesis`);
    return call;
  }

  /** A name, a parenthesis, arguments, and the depth that the service limits. */
  #call(depth: number): IntrinsicNode {
    if (depth > MAX_DEPTH) this.#refuse(`more than ${MAX_DEPTH} nested calls`);
    const name =
      this.#take(/States\.[A-Za-z0-9]+/y) ?? this.#refuse('expected a function such as States.Format');
    if (this.#take(/\s*\(/y) === undefined) this.#refuse(`expected '(' after ${name}`);
    const found: IntrinsicNode[] = [];
    this.#skipSpace();
    if (this.#take(/\)/y) !== undefined) return { kind: 'call', name, arguments: found };
    for (;;) {
      found.push(this.#argument(depth));
      this.#skipSpace();
      const end = this.#take(/[,)]/y) ?? this.#refuse(`expected ',' or ')'`);
      if (end === ')') return { kind: 'call', name, arguments: found };
    }
  }

  /** What an argument may be is known by its first character. */
  #argument(depth: number): IntrinsicNode {
    this.#skipSpace();
    const next = this.#text[this.#at];
    if (next === "'") return this.#quoted();
    if (next === '$') return { kind: 'path', text: this.#path() };
    if (this.#text.startsWith('States.', this.#at)) return this.#call(depth + 1);
    const number = this.#take(/-?\d+(\.\d+)?([eE][+-]?\d+)?/y);
    if (number !== undefined) return { kind: 'literal', value: Number(number) };
    const word = this.#take(/[a-z]+/y) ?? '';
    const value = WORDS.get(word);
    if (value === undefined)
      this.#refuse(`cannot read the argument at '${this.#text.slice(this.#at - word.length)}'`);
    return { kind: 'literal', value };
  }

  /** Single quotes only; a backslash takes the next character as it is. */
  #quoted(): IntrinsicNode {
    const quoted = this.#take(/'(?:[^'\\]|\\.)*'/sy) ?? this.#refuse('a quoted string does not end');
    return { kind: 'string', raw: quoted.slice(1, -1) };
  }

  /** A path ends at a comma, a space or a parenthesis that is in no bracket and no quotes. */
  #path(): string {
    return this.#take(/\$(?:[^\s,()[\]]|\[(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\]'"])*\])*/y) ?? '$';
  }

  #skipSpace(): void {
    this.#take(/\s*/y);
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#at = pattern.lastIndex;
    return match[0];
  }

  #refuse(problem: string): never {
    return this.#place.refuse(`'${this.#text}' is no intrinsic function call: ${problem}`);
  }
}
