import { accountNotManageable } from './failure-reasons';
import { failed, type Ending } from './operations';
import type { SimulatorSettings } from './settings';
import type { World } from './world';

/**
 * How an operation ends because of the account that it is for, whatever else it is about; `'none'` if nothing is wrong with the
 * account. The account comes first: without it the service can reach neither role nor entitlement.
 */
export function accountEnding(
  accountId: string,
  world: World,
  { unknownAccountReason, inactiveAccount }: SimulatorSettings,
): Ending | 'none' {
  const account = world.account(accountId);
  if (account === undefined) return failed(unknownAccountReason.replaceAll('{account}', accountId));
  if (account.state === 'ACTIVE') return 'none';
  return inactiveAccount === 'hang' ? undefined : failed(accountNotManageable(account));
}
