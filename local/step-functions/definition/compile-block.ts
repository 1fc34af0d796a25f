import { assignedNames } from './assigned-names';
import type { Compilation } from './compilation';
import { compileState } from './compile-state';
import { Fields } from './fields';
import type { Block, State } from './machine';

/** The longest name of a state, a limit of the service. */
const MAX_NAME = 80;

/** A variable's name: Unicode identifiers of up to 80 characters, as the service documents them. */
const VARIABLE = /^[\p{ID_Start}_][\p{ID_Continue}]{0,79}$/u;

/** Compiles the states of a machine, a branch or an item processor, and checks the ways between them. */
export function compileBlock(fields: Fields, outer: Compilation): Block {
  const raw = Fields.of(fields.get('States'), fields.at('States'));
  const assigned = assignedNames(raw);
  for (const name of assigned) checkVariable(name, raw, outer);
  const compilation = outer.inside(assigned);
  const states = new Map<string, State>();
  for (const name of Object.keys(raw.object)) {
    const place = raw.at(name);
    if (name.length > MAX_NAME)
      place.refuse(`a state's name has at most ${MAX_NAME} characters, this one ${name.length}`);
    states.set(name, compileState(name, Fields.of(raw.get(name), place.asState()), compilation));
  }
  const startAt = fields.string('StartAt');
  if (!states.has(startAt)) fields.at('StartAt').refuse(`there is no state '${startAt}'`);
  checkWays(states, startAt, raw);
  return { startAt, states };
}

/**
 * A name in an inner block must differ from those outside: the service refuses shadowing, as an assignment inside would
 * else be lost without a word when the block ends.
 */
function checkVariable(name: string, raw: Fields, outer: Compilation): void {
  if (name === 'states') raw.place.refuse("the variable 'states' is reserved");
  if (!VARIABLE.test(name)) raw.place.refuse(`'${name}' is no name of a variable`);
  if (outer.variables.has(name)) {
    raw.place.refuse(
      `the variable '${name}' is assigned by a state outside too: a name belongs to one scope`,
    );
  }
}

/** Every way must lead to a state, every state must be reached, and some state must end the block. */
function checkWays(states: ReadonlyMap<string, State>, startAt: string, raw: Fields): void {
  const reached = new Set<string>();
  const open = [startAt];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (reached.has(name)) continue;
    const state = states.get(name);
    if (state === undefined) return raw.place.refuse(`a state leads to '${name}', which does not exist,`);
    reached.add(name);
    open.push(...waysOut(state));
  }
  for (const name of states.keys())
    if (!reached.has(name)) raw.at(name).refuse(`no way leads to the state '${name}'`);
}

/** Everywhere a state may lead to, catchers and rules included. */
function waysOut(state: State): string[] {
  const ways: (string | undefined)[] = [];
  if ('next' in state) ways.push(state.next);
  if ('catch' in state) ways.push(...state.catch.map((catcher) => catcher.next));
  if (state.type === 'Choice') ways.push(state.otherwise, ...state.rules.map((rule) => rule.next));
  return ways.filter((way) => way !== undefined);
}
