import type { MemberAccount, UnitNode } from './organization-tree';
import type { SimulatorSettings } from './settings';
import type { Output } from './simulated-service';
import type { World } from './world';

/** How Organizations answers what it has. */

/** The states that the retired member `Status` can express. */
const RETIRED_STATUSES: readonly string[] = ['ACTIVE', 'SUSPENDED', 'PENDING_CLOSURE'];

/** The ARN of an account, unit or root: they all belong to the management account. */
export function resourceArn({ organization }: World, type: 'account' | 'ou' | 'root', id: string): string {
  return `arn:aws:organizations::${organization.managementAccountId}:${type}/${organization.id}/${id}`;
}

/** `o-…/r-…/ou-…/…/`, every unit on the way, as IAM writes the path of a principal in its organization. */
function pathOf({ organization, tree }: World, parentId: string): string {
  return `${[organization.id, organization.rootId, ...tree.lineOf(parentId)].join('/')}/`;
}

export function accountView(
  world: World,
  account: MemberAccount,
  { accountStatus }: SimulatorSettings,
): Output {
  const hasStatus = accountStatus === 'present' && RETIRED_STATUSES.includes(account.state);
  return {
    Id: account.id,
    Arn: resourceArn(world, 'account', account.id),
    Email: account.email,
    Name: account.name,
    State: account.state,
    ...(hasStatus ? { Status: account.state } : {}),
    Paths: [pathOf(world, account.parentId)],
    JoinedMethod: account.joinedMethod,
    JoinedTimestamp: account.joinedAt / 1000,
  };
}

export function unitView(world: World, unit: UnitNode): Output {
  return {
    Id: unit.id,
    Arn: resourceArn(world, 'ou', unit.id),
    Name: unit.name,
    Path: pathOf(world, unit.id),
  };
}
