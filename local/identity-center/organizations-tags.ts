import type { Account } from './organization';
import { constraintViolation, invalidInput, organizationsError } from './organizations-errors';
import type { ORGANIZATIONS_INPUTS } from './organizations-inputs';
import { organizationsPage } from './organizations-paging';
import type { OrganizationsEnvironment } from './organizations-service';
import type { Handlers } from './simulated-service';

/** Tags of one account, unit or root. */
const MOST_TAGS = 50;

/** AWS keeps this prefix for itself. */
const RESERVED_PREFIX = /^aws:/i;

type Tags = Account['tags'];

/**
 * Adds tags to those that are there; a key that is there gets the new value.
 * @throws AwsError `InvalidInputException` for a reserved or repeated key, `ConstraintViolationException` for more than 50 tags
 */
export function organizationsTags(
  before: Tags,
  added: readonly { readonly Key: string; readonly Value: string }[],
): Tags {
  const keys = added.map(({ Key: key }) => key);
  const reserved = keys.find((key) => RESERVED_PREFIX.test(key));
  if (reserved !== undefined) {
    throw invalidInput('INVALID_SYSTEM_TAGS_PARAMETER', `the tag key ${reserved} begins with aws:`);
  }
  const repeated = keys.find((key, index) => keys.indexOf(key) !== index);
  if (repeated !== undefined) {
    throw invalidInput('DUPLICATE_TAG_KEY', `the tag key ${repeated} is there twice`);
  }
  const tags = { ...before, ...Object.fromEntries(added.map(({ Key: key, Value: value }) => [key, value])) };
  if (Object.keys(tags).length > MOST_TAGS) {
    throw constraintViolation(
      'MAX_TAG_LIMIT_EXCEEDED',
      'You have exceeded the number of tags allowed on this resource.',
    );
  }
  return tags;
}

type TagOperation = 'ListTagsForResource' | 'TagResource' | 'UntagResource';

/** Tags of accounts, units and the root. */
export function organizationsTagHandlers({
  world,
  changes,
  now,
}: OrganizationsEnvironment): Pick<Handlers<typeof ORGANIZATIONS_INPUTS>, TagOperation> {
  const { tree } = world;
  const versions = new Map<string, number>();
  const existing = (id: string): Tags => {
    const tags = tree.tagsOf(id);
    if (tags === undefined) throw organizationsError('TargetNotFoundException');
    return tags;
  };
  const put = (id: string, before: Tags, tags: Tags): void => {
    tree.setTags(id, tags);
    const keys = [...new Set([...Object.keys(before), ...Object.keys(tags)])];
    const changedKeys = keys.filter((key) => before[key] !== tags[key]);
    if (changedKeys.length === 0 || tree.account(id) === undefined) return;
    const version = (versions.get(id) ?? 0) + 1;
    versions.set(id, version);
    changes.tell({ kind: 'account-tagged', accountId: id, changedKeys, tags, version, at: now() });
  };
  return {
    ListTagsForResource(input) {
      const tags = Object.entries(existing(input.ResourceId)).map(([Key, Value]) => ({ Key, Value }));
      const { items, nextToken } = organizationsPage(tags, input);
      return { Tags: items, ...nextToken };
    },

    TagResource({ ResourceId: id, Tags: added }) {
      const before = existing(id);
      put(id, before, organizationsTags(before, added));
      return {};
    },

    // A key that is not there is no error.
    UntagResource({ ResourceId: id, TagKeys: keys }) {
      const before = existing(id);
      const rest = Object.entries(before).filter(([key]) => !keys.includes(key));
      put(id, before, Object.fromEntries(rest));
      return {};
    },
  };
}
