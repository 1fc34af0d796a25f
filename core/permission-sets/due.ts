import { DAY_MS } from '../tickets/durations';
import { deployedHash } from './deployed-hash';
import type { AskPorts, DeployedDefinitions } from './ports';
import type { RolloutRules } from './plan';
import type { RolloutRecord, RolloutScope } from './rollout';
import { type Asked, askForRollout, replaceDeadRollout } from './steps';

/** What finding out whether a rollout is due takes. */
export interface DuePorts extends AskPorts {
  readonly deployed: DeployedDefinitions;
  readonly rules: RolloutRules;
}

/** Every set is read whole once a day. */
const VERIFY_EVERY_MS = DAY_MS;

/**
 * Asks for the rollout that is due: of definitions that differ from those rolled out last, of what failed and may do better now, and
 * once a day one that reads everything. Also puts a fresh execution in the place of one that died. One read where nothing is due.
 */
export async function askIfDue(ports: DuePorts): Promise<Asked | undefined> {
  const record = await ports.rollouts.read();
  const scope = dueScope(record, ports.deployed, ports.rules, ports.clock.now());
  if (scope !== undefined) return askForRollout(ports, scope);
  return record.run !== undefined || record.pending !== undefined ? replaceDeadRollout(ports) : undefined;
}

/** What is to be asked for now; undefined: nothing, or a rollout is under way, after which it is looked again. */
export function dueScope(
  { run, pending, last, verifiedAt }: RolloutRecord,
  { definitions, hash }: DeployedDefinitions,
  rules: RolloutRules,
  now: number,
): RolloutScope | undefined {
  if (run !== undefined || pending !== undefined) return undefined;
  // A team that keeps no permission sets here has no rollouts.
  if (last === undefined) return definitions.length === 0 ? undefined : {};
  if (last.hash !== deployedHash(hash, rules)) return {};
  if (last.retryAt !== undefined && now >= last.retryAt) return {};
  if (definitions.length === 0) return undefined;
  return now - (verifiedAt ?? last.at) >= VERIFY_EVERY_MS ? { verify: 'report' } : undefined;
}
