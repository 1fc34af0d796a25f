import { placeId } from '../service/assignment-rows';
import { type ServiceModel, subjectOf } from '../service/service-model';
import type { ServiceSettings } from '../service/service-settings';
import type { AssignmentKey } from '../../../core/assignments/assignment';

/** Calls that every operation needs: the create, and one that proves its outcome. */
const LEAST_CALLS = 2;

/**
 * The makespan that the quotas allow, in seconds, with the latencies that every design of this run meets: the longest of the slots
 * filled again at the very instant at which they come free, in the order of the work, until the last operation ends; the rate used to the
 * full; the operations on one role one after the other. It needs no call to see an end. Who knew every latency beforehand and sent the
 * longest first, or was lucky with the order, could be faster by a part of the tail of the last ones.
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
  const longest = Math.max(0, ...roles.values());
  return Math.max(withoutGaps(latencies, slots), (keys.length * LEAST_CALLS) / callsPerSecond, longest);
}

/** When the last of them ends, if each begins when the first of the slots is free. */
function withoutGaps(latencies: readonly number[], slots: number): number {
  const freeAt = new Array<number>(slots).fill(0);
  for (const latency of latencies) {
    const first = freeAt.indexOf(Math.min(...freeAt));
    freeAt[first] = (freeAt[first] ?? 0) + latency;
  }
  return Math.max(0, ...freeAt);
}
