import { readdirSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { LineOf } from '../core/policy/access-file-error';
import { fieldPath } from '../core/tickets/field-problem';

/** A YAML file as plain values, with the lines of its keys. */
export interface YamlFile {
  /** From the folder that the command was given in, unless it lies outside. */
  readonly fileName: string;
  readonly document: unknown;
  readonly lineOf: LineOf;
}

/**
 * Reads a YAML file.
 * @param remedy what to do if it is not there
 * @throws Error that names the file, and the line where it stops being YAML
 */
export function readYamlFile(path: string, remedy: string): YamlFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`${shownPath(path)} cannot be read: ${remedy}`, { cause: error });
  }
  return parseYaml(text, shownPath(path));
}

/**
 * Parses the text of a YAML file.
 * @throws Error that names the line where it stops being YAML
 */
export function parseYaml(text: string, fileName: string): YamlFile {
  const lines = new LineCounter();
  const parsed = parseDocument(text, { lineCounter: lines });
  const [fault] = parsed.errors;
  if (fault !== undefined) throw notYaml(fileName, fault);
  const found = new Map<string, number>();
  noteLines(parsed.contents, '', lines, found);
  try {
    return { fileName, document: parsed.toJS(), lineOf: (field) => nearestLine(found, field) };
  } catch (error) {
    // An alias of nothing, or so many of them that they would fill the memory.
    throw notYaml(fileName, error as Error);
  }
}

function notYaml(fileName: string, cause: Error): Error {
  // The first line says what and where; the rest is an excerpt.
  const [problem = cause.name] = cause.message.split('\n');
  return new Error(`${fileName} is not YAML: ${problem.replace(/:$/, '')}`, { cause });
}

/** The names in a folder, sorted; none where there is no such folder. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** As a user finds it: from the folder that the command was given in, unless it lies outside. */
export function shownPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
}

function noteLines(node: Node | null, field: string, lines: LineCounter, found: Map<string, number>): void {
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      if (!isScalar(key)) continue;
      const path = fieldPath(field, String(key.value));
      if (key.range) found.set(path, lines.linePos(key.range[0]).line);
      noteLines(value as Node | null, path, lines, found);
    }
  } else if (isSeq(node)) {
    node.items.forEach((item, index) => {
      const path = fieldPath(field, index);
      const { range } = item as Node;
      if (range) found.set(path, lines.linePos(range[0]).line);
      noteLines(item as Node, path, lines, found);
    });
  }
}

function nearestLine(found: ReadonlyMap<string, number>, field: string): number | undefined {
  for (let path = field; path !== ''; path = path.replace(/(?:^|\.)\w+$|\[[^[]*\]$|.$/, '')) {
    const line = found.get(path);
    if (line !== undefined) return line;
  }
  return undefined;
}
