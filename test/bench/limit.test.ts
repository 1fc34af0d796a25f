import type { AssignmentKey } from '../../core/assignments/assignment';
import { VirtualTime } from './engine/virtual-time';
import { limitOf } from './runs/limit';
import { ServiceModel } from './service/service-model';
import { SERVICE } from './service/service-settings';

function keys(count: number, accounts = count): AssignmentKey[] {
  return Array.from({ length: count }, (_, n) => ({
    accountId: String(100_000_000_000 + (n % accounts)),
    permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-aaaabbbbccccdddd',
    principalType: 'GROUP',
    principalId: `group-${n}`,
  }));
}

/** The limit of operations with these latencies (seconds), in this order. */
function limit(work: readonly AssignmentKey[], latencies: readonly number[], slots: number): number {
  const service = new ServiceModel(new VirtualTime(), 1, SERVICE);
  let drawn = 0;
  service.latencyMs = () => 1000 * (latencies[drawn++ % latencies.length] ?? 0);
  return limitOf(work, service, { ...SERVICE, slots });
}

describe('the limit', () => {
  test('fills every slot again as soon as it is free, with the tail of the last ones', () => {
    expect(limit(keys(16), [2], 15)).toBe(4);
    expect(limit(keys(3), [1, 1, 5], 2)).toBe(6);
  });

  test('allows a role one operation at a time', () => {
    expect(limit(keys(4, 1), [2], 15)).toBe(8);
  });

  test('needs two calls for each operation', () => {
    expect(limit(keys(100), [0.001], 15)).toBe(10);
  });
});
