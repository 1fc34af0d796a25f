import { hexDigits } from '../clock/seeded-random';
import type { UnitNode } from './organization-tree';
import { constraintViolation, organizationsError } from './organizations-errors';
import type { ORGANIZATIONS_INPUTS } from './organizations-inputs';
import type { OrganizationsEnvironment } from './organizations-service';
import { checkParent } from './organizations-structure';
import { organizationsTags } from './organizations-tags';
import { unitView } from './organizations-views';
import type { Handlers } from './simulated-service';

/** Levels of units below the root. */
const DEEPEST = 5;

/** Units of one organization. */
const MOST_UNITS = 2_000;

type UnitOperation =
  | 'CreateOrganizationalUnit'
  | 'DeleteOrganizationalUnit'
  | 'DescribeOrganizationalUnit'
  | 'UpdateOrganizationalUnit';

/** Organizational units. */
export function unitHandlers({
  world,
  random,
}: OrganizationsEnvironment): Pick<Handlers<typeof ORGANIZATIONS_INPUTS>, UnitOperation> {
  const { tree, organization } = world;

  const existing = (id: string): UnitNode => {
    const unit = tree.unit(id);
    if (unit === undefined) throw organizationsError('OrganizationalUnitNotFoundException');
    return unit;
  };
  const newId = (): string => `ou-${organization.rootId.slice(2)}-${hexDigits(random, 8)}`;

  return {
    CreateOrganizationalUnit({ ParentId: parentId, Name: name, Tags: added = [] }) {
      checkParent(world, parentId);
      const tags = organizationsTags({}, added);
      if (tree.hasUnitNamed(parentId, name)) throw organizationsError('DuplicateOrganizationalUnitException');
      if (tree.lineOf(parentId).length >= DEEPEST) {
        throw constraintViolation(
          'OU_DEPTH_LIMIT_EXCEEDED',
          'You attempted to create an OU tree that is too many levels deep.',
        );
      }
      if (tree.unitCount >= MOST_UNITS) {
        throw constraintViolation(
          'OU_NUMBER_LIMIT_EXCEEDED',
          'You attempted to exceed the number of OUs that you can have in an organization.',
        );
      }
      let id = newId();
      while (tree.unit(id) !== undefined) id = newId();
      const unit = { id, name, parentId };
      tree.addUnit(unit);
      tree.setTags(id, tags);
      return { OrganizationalUnit: unitView(world, unit) };
    },

    DeleteOrganizationalUnit({ OrganizationalUnitId: id }) {
      existing(id);
      if (tree.childCount(id) > 0) throw organizationsError('OrganizationalUnitNotEmptyException');
      tree.removeUnit(id);
      return {};
    },

    DescribeOrganizationalUnit: ({ OrganizationalUnitId: id }) => ({
      OrganizationalUnit: unitView(world, existing(id)),
    }),

    UpdateOrganizationalUnit({ OrganizationalUnitId: id, Name: name }) {
      const unit = existing(id);
      if (name !== undefined && name !== unit.name) {
        if (tree.hasUnitNamed(unit.parentId, name)) {
          throw organizationsError('DuplicateOrganizationalUnitException');
        }
        tree.renameUnit(id, name);
      }
      return { OrganizationalUnit: unitView(world, existing(id)) };
    },
  };
}
