import { asObject, asText, refuseUnknown, type JsonObject } from '../assembly/json-values';
import type { EventEnvelope } from './event-envelope';
import { compilePath } from './event-path';

/** What an input transformer may put in that is not in the event. */
interface TransformerContext {
  readonly ruleArn: string;
  readonly ruleName: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Makes of an event what its target gets: a JSON value. */
export type TargetInput = (event: EventEnvelope, context: TransformerContext) => unknown;

/** A transformed input that is not JSON: the target does not get it. */
export class InputError extends Error {
  public constructor(message: string) {
    super(message);
    this.name = 'InputError';
  }
}

/** Variables that every transformer has. */
const RESERVED: ReadonlyMap<string, TargetInput> = new Map<string, TargetInput>([
  ['aws.events.rule-arn', (_event, { ruleArn }) => ruleArn],
  ['aws.events.rule-name', (_event, { ruleName }) => ruleName],
  ['aws.events.event.ingestion-time', (_event, { at }) => new Date(at).toISOString()],
  ['aws.events.event', (event) => event],
  ['aws.events.event.json', (event) => event],
]);

/** A piece of a template: text as it is, or a variable and whether it stands between quotes. */
type Piece = { readonly text: string } | { readonly variable: TargetInput; readonly quoted: boolean };

/** Between quotes a text goes in without its own quotes, and anything else as JSON, escaped. */
function print(value: unknown, quoted: boolean): string {
  // A path that leads nowhere leaves nothing in a text, and null where a JSON value has to stand.
  if (!quoted) return JSON.stringify(value ?? null);
  if (value === undefined) return '';
  return JSON.stringify(typeof value === 'string' ? value : JSON.stringify(value)).slice(1, -1);
}

function splitTemplate(
  template: string,
  variables: ReadonlyMap<string, TargetInput>,
  where: string,
): Piece[] {
  const pieces: Piece[] = [];
  // Whether a variable stands in a text decides how it is printed, and only the template's own quotes say so.
  let quoted = false;
  // Every escape, quote and <variable>; what lies between is text.
  for (const part of template.split(/(\\.|"|<[\w.-]+>)/s)) {
    const name = /^<(.+)>$/.exec(part)?.[1];
    if (part === '"') quoted = !quoted;
    if (name === undefined) {
      pieces.push({ text: part });
      continue;
    }
    const variable = variables.get(name) ?? RESERVED.get(name);
    if (variable === undefined) {
      throw new Error(`${where}.InputTemplate uses <${name}>, which its InputPathsMap does not have`);
    }
    pieces.push({ variable, quoted });
  }
  return pieces;
}

function compileTransformer(value: unknown, where: string): TargetInput {
  const transformer = asObject(value, where);
  refuseUnknown(transformer, ['InputPathsMap', 'InputTemplate'], where);
  const variables = new Map(
    Object.entries(asObject(transformer.InputPathsMap, `${where}.InputPathsMap`)).map(([name, path]) => {
      if (name.startsWith('aws.')) throw new Error(`${where}.InputPathsMap must not define "${name}"`);
      const take = compilePath(asText(path, `${where}.InputPathsMap.${name}`), where);
      return [name, (event: EventEnvelope) => take(event)] as const;
    }),
  );
  const pieces = splitTemplate(asText(transformer.InputTemplate, `${where}.InputTemplate`), variables, where);
  return (event, context) => {
    const text = pieces
      .map((piece) => ('text' in piece ? piece.text : print(piece.variable(event, context), piece.quoted)))
      .join('');
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw new InputError(`the input transformer of ${context.ruleName} made no JSON: ${text}`);
    }
  };
}

/**
 * Compiles what a rule's target gets: `Input` (a constant), `InputPath` (a part of the event), `InputTransformer`, or the
 * event itself.
 *
 * @throws Error if more than one of them is given, or one is not valid
 */
export function compileTargetInput(target: JsonObject, where: string): TargetInput {
  const given = ['Input', 'InputPath', 'InputTransformer'].filter((name) => target[name] !== undefined);
  if (given.length > 1) throw new Error(`${where} may have one of ${given.join(', ')}, not all of them`);
  if (target.Input !== undefined) {
    const text = asText(target.Input, `${where}.Input`);
    let constant: unknown;
    try {
      constant = JSON.parse(text);
    } catch (cause) {
      throw new Error(`${where}.Input must be JSON, but is ${text}`, { cause });
    }
    return () => constant;
  }
  if (target.InputPath !== undefined) {
    const take = compilePath(asText(target.InputPath, `${where}.InputPath`), `${where}.InputPath`);
    return (event) => take(event) ?? null;
  }
  if (target.InputTransformer !== undefined) {
    return compileTransformer(target.InputTransformer, `${where}.InputTransformer`);
  }
  return (event) => event;
}
