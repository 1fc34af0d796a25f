/** How one condition key is read from what is known of a request. */
export interface KeyReader<Context> {
  /** Its values; none where the request does not have the key. */
  readonly values: (context: Context) => readonly string[];
  /** Whether it may have several at once: IAM then wants `ForAnyValue` or `ForAllValues`. */
  readonly isMultivalued: boolean;
}

/** The condition keys that requests of one kind have. */
export interface ConditionKeys<Context> {
  /** For people. */
  readonly names: readonly string[];
  /** Finds a key by its name, which is the same in any case; undefined for one that is not known. */
  readonly find: (name: string) => KeyReader<Context> | undefined;
}

/** What conditions may look at, by key. A key that the request does not have is `undefined`. */
export type ConditionContext<Key extends string> = Readonly<Record<Key, string | undefined>>;

/** Keys with one value each. */
export function plainKeys<Key extends string>(names: readonly Key[]): ConditionKeys<ConditionContext<Key>> {
  return {
    names,
    find: (name) => {
      const key = names.find((known) => known.toLowerCase() === name.toLowerCase());
      if (key === undefined) return undefined;
      return { isMultivalued: false, values: (context) => valuesOf(context[key]) };
    },
  };
}

type Tags = Readonly<Record<string, string>>;

/** The tags that conditions may look at. */
export interface TagContext {
  /** Those of the resource, as they are before the call. */
  readonly resourceTags?: Tags | undefined;
  /** Those that the call gives. */
  readonly requestTags?: Tags | undefined;
  /** Keys of the tags that the call gives or takes away. */
  readonly tagKeys?: readonly string[] | undefined;
}

const TAG_KEY = /^aws:(ResourceTag|RequestTag)\/(.+)$/i;
const ALL_TAG_KEYS = 'aws:TagKeys';

/** `aws:ResourceTag/<key>`, `aws:RequestTag/<key>` and `aws:TagKeys`. */
export const TAG_KEYS: ConditionKeys<TagContext> = {
  names: ['aws:ResourceTag/<key>', 'aws:RequestTag/<key>', ALL_TAG_KEYS],
  find: (name) => {
    if (name.toLowerCase() === ALL_TAG_KEYS.toLowerCase())
      return { isMultivalued: true, values: ({ tagKeys = [] }) => tagKeys };
    const [, kind, key] = TAG_KEY.exec(name) ?? [];
    if (kind === undefined || key === undefined) return undefined;
    const isOfResource = kind.toLowerCase() === 'resourcetag';
    return {
      isMultivalued: false,
      values: ({ resourceTags, requestTags }) =>
        valuesOf(tagNamed(key, isOfResource ? resourceTags : requestTags)),
    };
  },
};

/** The keys of both, for requests that have both. */
export function bothKeys<One, Other>(
  one: ConditionKeys<One>,
  other: ConditionKeys<Other>,
): ConditionKeys<One & Other> {
  return {
    names: [...one.names, ...other.names],
    find: (name): KeyReader<One & Other> | undefined => one.find(name) ?? other.find(name),
  };
}

/** Keys of tags are the same in any case where a policy names them. */
function tagNamed(key: string, tags: Tags = {}): string | undefined {
  return Object.entries(tags).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
}

function valuesOf(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [value];
}
