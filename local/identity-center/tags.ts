import { notFound, quotaExceeded, validationError } from './exceptions';
import type { IDENTITY_CENTER_INPUTS } from './identity-center-inputs';
import type { IdentityCenterEnvironment } from './identity-center-service';
import { checkInstance } from './instances';
import { pageByKey } from './paging';
import type { Handlers } from './simulated-service';
import type { World } from './world';

type Tags = Readonly<Record<string, string>>;

/** Tags of one resource; the model lets 75 pass in a call. */
const MOST_TAGS = 50;

/** AWS keeps this prefix for itself. */
const RESERVED_PREFIX = /^aws:/i;

type TagOperation = 'ListTagsForResource' | 'TagResource' | 'UntagResource';

/**
 * Adds tags to those that are there; a key that is there gets the new value.
 * @throws AwsError `ValidationException` for a reserved or repeated key, `ServiceQuotaExceededException` for more than 50 tags
 */
export function tagsFrom(
  before: Tags,
  added: readonly { readonly Key: string; readonly Value: string }[],
  resource = 'resource',
): Tags {
  const keys = added.map(({ Key: key }) => key);
  const reserved = keys.find((key) => RESERVED_PREFIX.test(key));
  if (reserved !== undefined)
    throw validationError(`Tag key ${reserved} is reserved: use one that does not begin with aws:`);
  const repeated = keys.find((key, index) => keys.indexOf(key) !== index);
  if (repeated !== undefined) throw validationError(`Tag key ${repeated} is given twice: use each key once`);
  const tags = { ...before, ...Object.fromEntries(added.map(({ Key: key, Value: value }) => [key, value])) };
  if (Object.keys(tags).length > MOST_TAGS) throw quotaExceeded('Tag', MOST_TAGS, resource);
  return tags;
}

/** Tags of permission sets and of the instance. */
export function tagHandlers({
  world,
}: IdentityCenterEnvironment): Pick<Handlers<typeof IDENTITY_CENTER_INPUTS>, TagOperation> {
  const resourceOf = (input: {
    readonly InstanceArn?: string | undefined;
    readonly ResourceArn: string;
  }): Tagged => {
    if (input.InstanceArn !== undefined) checkInstance(world, input.InstanceArn);
    return tagged(world, input.ResourceArn);
  };
  return {
    ListTagsForResource(input) {
      const tags = Object.entries(resourceOf(input).tags).map(([Key, Value]) => ({ Key, Value }));
      const { items, nextToken } = pageByKey(tags, ({ Key: key }) => key, input);
      return { Tags: items, ...nextToken };
    },
    TagResource(input) {
      const resource = resourceOf(input);
      resource.put(tagsFrom(resource.tags, input.Tags, input.ResourceArn));
      return {};
    },
    // A key that is not there is no error.
    UntagResource(input) {
      const { tags, put } = resourceOf(input);
      put(Object.fromEntries(Object.entries(tags).filter(([key]) => !input.TagKeys.includes(key))));
      return {};
    },
  };
}

/** The present tags of the instance or of a permission set; undefined for every other ARN. */
export function tagsOf(world: World, arn: string): Tags | undefined {
  return arn === world.instanceArn ? world.instanceTags : world.permissionSet(arn)?.tags;
}

interface Tagged {
  readonly tags: Tags;
  readonly put: (tags: Tags) => void;
}

function tagged(world: World, arn: string): Tagged {
  if (arn === world.instanceArn) {
    return {
      tags: world.instanceTags,
      put: (tags) => {
        world.instanceTags = tags;
      },
    };
  }
  const set = world.permissionSet(arn);
  if (set === undefined) throw notFound(`Could not find resource with arn ${arn}`);
  return { tags: set.tags, put: (tags) => world.sets.tag(arn, tags) };
}
