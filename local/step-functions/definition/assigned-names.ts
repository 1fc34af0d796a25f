import { type Json, isObject } from '../json';
import { Fields } from './fields';

/** The names that the states of a block assign, but not those of the blocks inside. */
export function assignedNames(states: Fields): Set<string> {
  const names = new Set<string>();
  // In JSONPath a name may carry `.$`, as any member of a payload template.
  const collect = (holder: Json): void => {
    const assign = isObject(holder) ? holder.Assign : undefined;
    if (!isObject(assign)) return;
    for (const key of Object.keys(assign)) names.add(key.endsWith('.$') ? key.slice(0, -2) : key);
  };
  for (const name of Object.keys(states.object)) {
    const state = Fields.of(states.get(name), states.at(name));
    collect(state.object);
    for (const list of ['Catch', 'Choices']) if (state.has(list)) state.list(list).forEach(collect);
  }
  return names;
}
