import { organizationsError } from './organizations-errors';
import type { ORGANIZATIONS_INPUTS } from './organizations-inputs';
import { organizationsPage, organizationsPageOfRows } from './organizations-paging';
import type { OrganizationsEnvironment } from './organizations-service';
import { resourceArn, unitView } from './organizations-views';
import type { Handlers } from './simulated-service';
import type { World } from './world';

/** @throws AwsError `ParentNotFoundException` for what is neither the root nor a unit */
export function checkParent({ tree }: World, id: string): void {
  if (!tree.isParent(id)) throw organizationsError('ParentNotFoundException');
}

type StructureOperation =
  'DescribeOrganization' | 'ListChildren' | 'ListOrganizationalUnitsForParent' | 'ListParents' | 'ListRoots';

/** The organization itself, and its tree. */
export function structureHandlers({
  world,
}: OrganizationsEnvironment): Pick<Handlers<typeof ORGANIZATIONS_INPUTS>, StructureOperation> {
  const { organization, tree } = world;
  const { id, rootId, managementAccountId } = organization;
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

    ListChildren(input) {
      const { ParentId: parentId, ChildType: type } = input;
      checkParent(world, parentId);
      const kind = type === 'ACCOUNT' ? 'accounts' : 'units';
      const { items, nextToken } = organizationsPageOfRows(
        (sequence) => tree.childrenAfter(parentId, kind, sequence),
        input,
      );
      return { Children: items.map((child) => ({ Id: child.id, Type: type })), ...nextToken };
    },

    ListOrganizationalUnitsForParent(input) {
      checkParent(world, input.ParentId);
      const { items, nextToken } = organizationsPageOfRows(
        (sequence) => tree.childrenAfter(input.ParentId, 'units', sequence),
        input,
      );
      const units = items.flatMap((child) => tree.unit(child.id) ?? []);
      return { OrganizationalUnits: units.map((unit) => unitView(world, unit)), ...nextToken };
    },

    ListParents(input) {
      const child = tree.account(input.ChildId) ?? tree.unit(input.ChildId);
      if (child === undefined) throw organizationsError('ChildNotFoundException');
      const { parentId } = child;
      const parent = { Id: parentId, Type: parentId === rootId ? 'ROOT' : 'ORGANIZATIONAL_UNIT' };
      const { items, nextToken } = organizationsPage([parent], input);
      return { Parents: items, ...nextToken };
    },

    ListRoots(input) {
      const root = { Id: rootId, Arn: resourceArn(world, 'root', rootId), Name: 'Root', PolicyTypes: [] };
      const { items, nextToken } = organizationsPage([root], input);
      return { Roots: items, ...nextToken };
    },
  };
}
