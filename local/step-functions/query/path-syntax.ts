import type { Place } from '../definition/definition-error';

/** A step of a definite path: a member's name, or an index (negative: from the end). */
export type Step = string | number;

/** A parsed JSONPath. */
export interface ParsedPath {
  readonly text: string;
  /** What it starts from: `$`, the context object `$$`, or a variable. */
  readonly root: 'input' | 'context' | { readonly variable: string };
  /** The steps of a path that selects one value; undefined for one that selects a list. */
  readonly steps: readonly Step[] | undefined;
  /** The path after its root, as `jsonpath-plus` takes it. */
  readonly rest: string;
}

/** `$`, `$$` or `$name`. */
const ROOT = /^\$(\$|[\p{L}_][\p{L}\p{N}_]*)?/u;
/** `.name`, of any characters that mean nothing else in a path. */
const DOT_NAME = /^\.([^\s.[\]()'"*?,~^`]+)/u;
/** A quoted name, for every other name. */
const BRACKET_NAME = /^\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]/u;
/** One index; negative ones count from the end. */
const BRACKET_INDEX = /^\[(-?\d+)\]/u;
/** What makes a path select a list: descent, wildcard, filter, slice, union. */
const MANY = /^(\.\.|\.\*|\[\*\]|\[\?\(|\[-?\d*:|\[(?:'[^']*'|"[^"]*"|-?\d+)\s*,)/u;
/** Words of `jsonpath-plus` that are no JSONPath: parent, property name, escape, type selectors. */
const FOREIGN = /[~^`]|@[a-z]+\(/u;

/** Parses a path. Refuses what the service's JSONPath does not have, or this interpreter cannot evaluate. */
export function parsePath(text: string, place: Place): ParsedPath {
  const root = ROOT.exec(text);
  if (root === null) return place.refuse(`'${text}' is no JSONPath: it must start with '$'`);
  const rest = text.slice(root[0].length);
  const name = root[1];
  return {
    text,
    root: name === undefined ? 'input' : name === '$' ? 'context' : { variable: name },
    steps: parseSteps(text, rest, place),
    rest,
  };
}

/** Reads steps until one selects many: from there on `jsonpath-plus` evaluates the whole path. */
function parseSteps(text: string, rest: string, place: Place): readonly Step[] | undefined {
  const steps: Step[] = [];
  let left = rest;
  while (left !== '') {
    const many = MANY.test(left);
    if (many) {
      if (FOREIGN.test(left)) place.refuse(`'${text}' uses an operator that JSONPath does not have here`);
      return undefined;
    }
    const [match, step] = nextStep(left);
    if (match === undefined || step === undefined) {
      place.refuse(`'${text}' is no JSONPath that is supported: cannot read '${left}'`);
    }
    steps.push(step);
    left = left.slice(match.length);
    if (left.startsWith('(')) place.refuse(`'${text}' calls a JSONPath function, which is not supported`);
  }
  return steps;
}

/** The text of the step in front, and what it selects. */
function nextStep(left: string): [string | undefined, Step | undefined] {
  const dot = DOT_NAME.exec(left);
  if (dot) return [dot[0], dot[1]];
  const index = BRACKET_INDEX.exec(left);
  if (index) return [index[0], Number(index[1])];
  const name = BRACKET_NAME.exec(left);
  if (name) return [name[0], (name[1] ?? name[2] ?? '').replaceAll(/\\(.)/gu, '$1')];
  return [undefined, undefined];
}

/** Parses a reference path: one that selects one value, from `$` itself, so that it can also be written to. */
export function parseReferencePath(text: string, place: Place): readonly Step[] {
  const path = parsePath(text, place);
  if (path.root !== 'input' || path.steps === undefined || path.steps.some((step) => step === -1)) {
    return place.refuse(`'${text}' is no reference path: it must name one place below '$'`);
  }
  return path.steps;
}
