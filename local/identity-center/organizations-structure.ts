import { AwsError } from '../aws-api/json-service';
import type { OrganizationalUnit } from './organization';
import type { ORGANIZATIONS_INPUTS } from './organizations-inputs';
import { organizationsPage } from './organizations-paging';
import type { OrganizationsEnvironment } from './organizations-service';
import type { Handlers, Output } from './simulated-service';
import type { World } from './world';

/** The ARN of an account, unit or root: they all belong to the management account. */
export function resourceArn({ organization }: World, type: 'account' | 'ou' | 'root', id: string): string {
  return `arn:aws:organizations::${organization.managementAccountId}:${type}/${organization.id}/${id}`;
}

/**
 * The path of the root (empty) or of a unit.
 * @throws AwsError `ParentNotFoundException`
 */
export function parentPath(world: World, id: string): string {
  if (id === world.organization.rootId) return '';
  const unit = world.organizationalUnits().find((one) => one.id === id);
  if (unit !== undefined) return unit.path;
  throw new AwsError('ParentNotFoundException', "You specified a parent that doesn't exist.");
}

/** The path of what a unit or an account lies in: all but its own last name. */
function pathAbove(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

type StructureOperation =
  | 'DescribeOrganization'
  | 'ListOrganizationalUnitsForParent'
  | 'ListParents'
  | 'ListRoots'
  | 'ListTagsForResource';

/** The organization itself, its tree of units, and tags. */
export function structureHandlers({
  world,
}: OrganizationsEnvironment): Pick<Handlers<typeof ORGANIZATIONS_INPUTS>, StructureOperation> {
  const { organization } = world;
  const { id, rootId, managementAccountId } = organization;

  const describedUnit = (unit: OrganizationalUnit): Output => ({
    Id: unit.id,
    Arn: resourceArn(world, 'ou', unit.id),
    Name: unit.path.slice(unit.path.lastIndexOf('/') + 1),
  });

  const parentOf = (path: string): Output => {
    const unit = world.organizationalUnits().find((one) => one.path === path);
    return unit === undefined ? { Id: rootId, Type: 'ROOT' } : { Id: unit.id, Type: 'ORGANIZATIONAL_UNIT' };
  };

  return {
    DescribeOrganization: () => ({
      Organization: {
        Id: id,
        Arn: `arn:aws:organizations::${managementAccountId}:organization/${id}`,
        FeatureSet: 'ALL',
        MasterAccountArn: resourceArn(world, 'account', managementAccountId),
        MasterAccountId: managementAccountId,
        MasterAccountEmail: world.account(managementAccountId)?.email,
      },
    }),

    ListOrganizationalUnitsForParent(input) {
      const path = parentPath(world, input.ParentId);
      const children = world.organizationalUnits().filter((unit) => pathAbove(unit.path) === path);
      const { items, nextToken } = organizationsPage(children, input);
      return { OrganizationalUnits: items.map(describedUnit), ...nextToken };
    },

    ListParents(input) {
      const account = world.account(input.ChildId);
      const unit = world.organizationalUnits().find((one) => one.id === input.ChildId);
      const path = account?.ou ?? (unit === undefined ? undefined : pathAbove(unit.path));
      if (path === undefined) {
        throw new AwsError('ChildNotFoundException', "You specified a child that doesn't exist.");
      }
      const { items, nextToken } = organizationsPage([parentOf(path)], input);
      return { Parents: items, ...nextToken };
    },

    ListRoots(input) {
      const root = { Id: rootId, Arn: resourceArn(world, 'root', rootId), Name: 'Root', PolicyTypes: [] };
      const { items, nextToken } = organizationsPage([root], input);
      return { Roots: items, ...nextToken };
    },

    ListTagsForResource(input) {
      const account = world.account(input.ResourceId);
      const isTaggable =
        input.ResourceId === rootId ||
        world.organizationalUnits().some((unit) => unit.id === input.ResourceId);
      if (account === undefined && !isTaggable) {
        throw new AwsError('TargetNotFoundException', "You specified a target that doesn't exist.");
      }
      // Only accounts carry tags in the organization file.
      const tags = Object.entries(account?.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
      const { items, nextToken } = organizationsPage(tags, input);
      return { Tags: items, ...nextToken };
    },
  };
}
