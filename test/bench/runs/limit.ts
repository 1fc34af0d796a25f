import { placeId } from '../service/assignment-rows';
import { type ServiceModel, subjectOf } from '../service/service-model';
import type { ServiceSettings } from '../service/service-settings';
import type { AssignmentKey } from '../../../core/assignments/assignment';

/** Calls that every operation needs: the create, and one that proves its outcome. */
const LEAST_CALLS = 2;

/**
 * The shortest makespan that the quotas allow, in seconds, with the latencies that every design of this run meets: the slots filled without
 * any gap, the rate used to the full, one operation on a role at a time, the longest operation; whichever takes longest. An oracle that
 * knows every latency beforehand and needs no calls to see an end could come near it, nobody can be faster.
 */
export function limitOf(
  keys: readonly AssignmentKey[],
  service: ServiceModel,
  { slots, callsPerSecond }: ServiceSettings,
): number {
  const latencies = keys.map((key) => service.latencyMs(`create ${subjectOf(key)}`, 1) / 1000);
  const roles = new Map<string, number>();
  keys.forEach((key, index) => {
    roles.set(placeId(key), (roles.get(placeId(key)) ?? 0) + (latencies[index] ?? 0));
  });
  const all = latencies.reduce((sum, latency) => sum + latency, 0);
  const longest = Math.max(0, ...roles.values());
  return Math.max(all / slots, (keys.length * LEAST_CALLS) / callsPerSecond, longest);
}
