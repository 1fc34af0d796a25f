import { describeKey } from '../../../core/assignments/assignment';
import { ACCOUNTS, ReconcileWorld, assigned } from '../../support/reconcile-world';

const [ACCOUNT, OTHER, THIRD] = ACCOUNTS;
const KNOWN = assigned(ACCOUNT, 'Admin', 'group-ops');
export const MISSING = assigned(OTHER, 'Admin', 'group-ops');
export const UNKNOWN = assigned(ACCOUNT, 'Reader', 'group-dev');
export const ORPHAN = assigned(THIRD, 'Writer', 'user-left');
export const CLOSED = assigned(THIRD, 'Reader', 'user-bob');

/** A world in which something of every kind is to be found, and a finding of before to be closed. */
export async function mixedWorld(): Promise<ReconcileWorld> {
  const world = new ReconcileWorld();
  world.mode = 'report';
  world.rules = [{ name: 'ops', mode: 'enforce', set: 'Admin', group: 'group-ops' }];
  for (const key of [KNOWN, MISSING]) await world.grant('ops', key);
  world.add(CLOSED);
  await world.reconcile();
  world.events.length = 0;
  world.reserved.length = 0;
  world.remove(CLOSED);
  world.remove(MISSING);
  for (const key of [UNKNOWN, ORPHAN]) world.add(key);
  world.mode = 'enforce';
  world.settle();
  world.lister.pageSize = 1;
  return world;
}

/** What is assigned, in order. */
export function rows(world: ReconcileWorld): string[] {
  return world.keys().map(describeKey).sort();
}

/** What is assigned once the rules are enforced. */
export const AFTERWARDS = [KNOWN, MISSING].map(describeKey).sort();
