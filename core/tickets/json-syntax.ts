import { shownValue } from './field-problem';

/** A body is refused below this depth (the body itself being the first): no ticket needs more than 4. */
export const DEEPEST_LEVEL = 8;

/** Where a text stops being JSON that is accepted here, and why. */
export interface JsonFault {
  /** In UTF-16 code units from the start. */
  readonly offset: number;
  readonly problem: string;
  readonly remedy: string;
}

const WHITE_SPACE = /[ \t\n\r]*/y;
const LITERAL = /true|false|null/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/**
 * All code units from the blank on but `"` and `\`, or an escape. One of the three for each character, so that the time
 * is linear: nothing can match in two ways.
 */
const STRING = /"(?:[ !#-[\]-\uFFFF]|\\["\\/bfnrt]|\\u[\dA-Fa-f]{4})*"/y;

/**
 * The first fault of `text` as JSON (RFC 8259), or undefined if it has none. Stricter than `JSON.parse` in two points:
 * a name that occurs twice in an object is a fault (parsers disagree about which one counts, and two readers of one
 * ticket must not), and so is nesting below {@link DEEPEST_LEVEL}. `JSON.parse` itself does not always say where a
 * fault is, and quotes the text around it.
 */
export function findJsonFault(text: string): JsonFault | undefined {
  try {
    new Scanner(text).scanDocument();
    return undefined;
  } catch (error) {
    if (error instanceof FaultFound) return error.fault;
    throw error;
  }
}

class FaultFound extends Error {
  constructor(readonly fault: JsonFault) {
    super(fault.problem);
  }
}

/** Walks over a text once, from left to right, holding nothing but its place and the names of the open objects. */
class Scanner {
  private offset = 0;

  constructor(private readonly text: string) {}

  scanDocument(): void {
    this.skip(WHITE_SPACE);
    this.scanValue(1);
    if (this.offset < this.text.length)
      this.fail('more text after the end of the JSON value', 'send one JSON object');
  }

  private scanValue(depth: number): void {
    const next = this.text[this.offset];
    if (next === '{' || next === '[') {
      if (depth > DEEPEST_LEVEL) {
        this.fail(`nesting deeper than ${DEEPEST_LEVEL} levels`, 'send a ticket as the guide shows it');
      }
      if (next === '{') this.scanObject(depth);
      else this.scanList(depth);
    } else if (next === '"') {
      this.scanString();
    } else if (!this.skip(LITERAL) && !this.skip(NUMBER)) {
      this.unexpected('a value');
    }
    this.skip(WHITE_SPACE);
  }

  private scanObject(depth: number): void {
    const names = new Set<string>();
    this.scanMembers('}', () => {
      if (this.text[this.offset] !== '"') this.unexpected('a name in double quotes');
      const start = this.offset;
      const name = this.scanString();
      if (names.has(name)) {
        this.offset = start;
        this.fail(`the name ${shownValue(name)} a second time in one object`, 'write each name once');
      }
      names.add(name);
      this.skip(WHITE_SPACE);
      if (!this.take(':')) this.unexpected('":"');
      this.skip(WHITE_SPACE);
      this.scanValue(depth + 1);
    });
  }

  private scanList(depth: number): void {
    this.scanMembers(']', () => {
      this.scanValue(depth + 1);
    });
  }

  /** The part that objects and lists share: members with commas between them, up to `end`. */
  private scanMembers(end: string, scanMember: () => void): void {
    this.offset += 1;
    this.skip(WHITE_SPACE);
    if (this.take(end)) return;
    for (;;) {
      scanMember();
      this.skip(WHITE_SPACE);
      if (this.take(end)) return;
      if (!this.take(',')) this.unexpected(`"," or "${end}"`);
      this.skip(WHITE_SPACE);
    }
  }

  private scanString(): string {
    const start = this.offset;
    if (!this.skip(STRING)) {
      this.fail(
        'a string that is not closed, or has a raw control character or an unknown escape in it',
        'close it with a double quote and write control characters as escapes such as \\n',
      );
    }
    return JSON.parse(this.text.slice(start, this.offset)) as string;
  }

  private take(character: string): boolean {
    if (this.text[this.offset] !== character) return false;
    this.offset += 1;
    return true;
  }

  private skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.offset;
    const match = pattern.exec(this.text);
    this.offset += match?.[0].length ?? 0;
    return match !== null;
  }

  private unexpected(wanted: string): never {
    const code = this.text.codePointAt(this.offset);
    const found = code === undefined ? 'the end of the text' : shownValue(String.fromCodePoint(code));
    this.fail(`${found} where ${wanted} should be`, 'send one JSON object');
  }

  private fail(problem: string, remedy: string): never {
    throw new FaultFound({ offset: this.offset, problem, remedy });
  }
}
