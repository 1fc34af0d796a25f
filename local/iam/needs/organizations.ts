import { arns, EVERYTHING, textOf, type Needs, type Place } from './need';

/** Members that name an account, a unit or a root by its id. */
const IDS = [
  'AccountId',
  'ChildId',
  'DestinationParentId',
  'OrganizationalUnitId',
  'ParentId',
  'ResourceId',
  'SourceParentId',
];

/**
 * What `organizations` actions need: the accounts, units and roots that the input names, else `*`. Their ARNs carry the
 * management account, wherever the caller is. Source: the service authorization reference of Organizations.
 */
export const organizationsNeeds: Needs = (operation, input, place) => {
  const named = arns(...IDS.map((member) => arnOfId(textOf(input, member), place)));
  return [{ action: `organizations:${operation}`, resources: named.length === 0 ? EVERYTHING : named }];
};

function arnOfId(id: string | undefined, { managementAccountId, organizationId }: Place): string | undefined {
  if (id === undefined) return undefined;
  const kind = id.startsWith('ou-') ? 'ou' : id.startsWith('r-') ? 'root' : 'account';
  return `arn:aws:organizations::${managementAccountId}:${kind}/${organizationId}/${id}`;
}
