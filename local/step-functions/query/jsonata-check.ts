import type { Place } from '../definition/definition-error';
import { JSONATA_FUNCTIONS } from './jsonata-functions';
import type { QueryScope } from './query';

/** A node of JSONata's syntax tree, as far as it is read here. Its published type lacks half of the kinds. */
interface Node {
  readonly type?: unknown;
  readonly value?: unknown;
  readonly [key: string]: unknown;
}

/** Members of `$states` that every expression has. */
const ALWAYS = ['input', 'context'];

/**
 * Refuses, when the machine is created, what would only fail when it runs: functions that do not exist, variables that no
 * state assigns, and members of `$states` that are not there at this place.
 */
export function checkExpression(ast: unknown, source: string, place: Place, scope: QueryScope): void {
  const nodes = [...walk(ast)];
  const local = new Set(nodes.flatMap(localNames));
  for (const node of nodes) {
    checkCall(node, local, source, place);
    checkVariable(node, local, source, place, scope);
    checkStates(node, source, place, scope);
  }
}

/** Every node of the tree, in no particular order. Positions and flags are no objects, so they are passed by. */
function* walk(value: unknown): Generator<Node> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Node;
  for (const inner of Object.values(value)) yield* walk(inner);
}

/** Names that the expression itself binds: `$x := …`, parameters of its functions, `@$x` and `#$x`. */
function localNames(node: Node): string[] {
  if (node.type === 'bind') return variableNames([node.lhs]);
  if (node.type === 'lambda') return variableNames(node.arguments);
  return [node.focus, node.index].filter((name) => typeof name === 'string');
}

function variableNames(nodes: unknown): string[] {
  if (!Array.isArray(nodes)) return [];
  return nodes.map((node) => (node as Node).value).filter((name) => typeof name === 'string');
}

/** Only calls by name can be judged; a function that an expression computes is left to the evaluation. */
function checkCall(node: Node, local: ReadonlySet<string>, source: string, place: Place): void {
  const called = node.type === 'function' || node.type === 'partial' ? (node.procedure as Node) : undefined;
  if (called?.type !== 'variable' || typeof called.value !== 'string') return;
  if (local.has(called.value) || JSONATA_FUNCTIONS.has(called.value)) return;
  const why = called.value === 'eval' ? 'which Step Functions does not have' : 'which does not exist';
  place.refuse(`the JSONata expression '${source}' calls $${called.value}(), ${why},`);
}

function checkVariable(
  node: Node,
  local: ReadonlySet<string>,
  source: string,
  place: Place,
  scope: QueryScope,
): void {
  // `$` and `$$` are variables named '' and '$'.
  if (node.type !== 'variable' || typeof node.value !== 'string' || ['', '$', 'states'].includes(node.value))
    return;
  const known = local.has(node.value) || JSONATA_FUNCTIONS.has(node.value) || scope.variables.has(node.value);
  if (!known)
    place.refuse(`the JSONata expression '${source}' reads $${node.value}, which no state in reach assigns,`);
}

/** Only a literal member is judged: `$states[$name]` is left to the evaluation. */
function checkStates(node: Node, source: string, place: Place, scope: QueryScope): void {
  if (node.type !== 'path' || !Array.isArray(node.steps)) return;
  const [first, second] = node.steps as (Node | undefined)[];
  if (first?.type !== 'variable' || first.value !== 'states' || second?.type !== 'name') return;
  const name = String(second.value);
  if (ALWAYS.includes(name) || [...scope.states].some((there) => there === name)) return;
  place.refuse(`the JSONata expression '${source}' reads $states.${name}, which is not there in this field,`);
}
