import { CONTENT_PARTS, type ContentPart, type PermissionSetChange } from '../ports/permission-sets';
import { canonicalJson } from '../tickets/canonical-json';
import { OWNER_TAG, type PermissionSetContents } from './definition';

/** AWS-managed and customer-managed policies of a set together: the service's limit, which cannot be raised. */
export const MOST_POLICIES = 25;

/** Tags of one resource. */
const MOST_TAGS = 50;

/** Tags that AWS keeps for itself: nobody else can take them away. */
const RESERVED_TAG = /^aws:/i;

/**
 * What takes a description away. The service may keep one that is left out, and an empty one is no valid value; a blank one is, and
 * counts as none where it is read.
 */
const NO_DESCRIPTION = ' ';

type Present = Partial<PermissionSetContents>;
type Attachment = Extract<PermissionSetChange, { readonly change: 'attach' | 'detach' }>;

/**
 * The calls that bring a set to what is wanted, in their order:
 * - Tags come first: a set without the owner's tag may not be changed otherwise.
 * - A boundary that is added or replaced comes before the policies that it limits, one that is taken away after all others.
 * - Policies are attached before others are detached, so that nobody lacks in between what is there before and after. Where that
 *   would be more than the service takes, as few as needed are detached first.
 *
 * @param parts - those that `present` was read for: what it lacks of them is not there; other parts are left alone
 */
export function changesTo(
  wanted: PermissionSetContents,
  present: Present,
  parts: readonly ContentPart[] = CONTENT_PARTS,
): PermissionSetChange[] {
  const ifRead = (part: ContentPart, changes: () => PermissionSetChange[]): PermissionSetChange[] =>
    parts.includes(part) ? changes() : [];
  const boundary = ifRead('permissionsBoundary', () => boundaryChanges(wanted, present));
  return [
    ...ifRead('tags', () => tagChanges(wanted.tags, present.tags ?? {})),
    ...ifRead('attributes', () => attributeChanges(wanted, present)),
    ...boundary.filter(({ change }) => change === 'put boundary'),
    ...policyChanges(wanted, present, parts),
    ...ifRead('inlinePolicy', () => inlinePolicyChanges(wanted, present)),
    ...boundary.filter(({ change }) => change === 'delete boundary'),
  ];
}

/** The parts that a look has to read again to see whether the changes are there. */
export function partsOf(changes: readonly PermissionSetChange[]): ContentPart[] {
  const changed = new Set(changes.map(partOf));
  return CONTENT_PARTS.filter((part) => changed.has(part));
}

/** Whether accounts get anything of the changes: of tags they do not. */
export function needsProvision(changes: readonly PermissionSetChange[]): boolean {
  return changes.some((change) => partOf(change) !== 'tags');
}

function partOf(change: PermissionSetChange): ContentPart {
  switch (change.change) {
    case 'attributes':
      return 'attributes';
    case 'tag':
    case 'untag':
      return 'tags';
    case 'attach':
    case 'detach':
      return 'awsManagedPolicy' in change ? 'awsManagedPolicies' : 'customerManagedPolicies';
    case 'put inline policy':
    case 'delete inline policy':
      return 'inlinePolicy';
    case 'put boundary':
    case 'delete boundary':
      return 'permissionsBoundary';
  }
}

/** One call replaces all three, so it carries all three. */
function attributeChanges(wanted: PermissionSetContents, present: Present): PermissionSetChange[] {
  const { description, sessionDuration, relayState } = wanted;
  const isSame =
    description === present.description &&
    sessionDuration === present.sessionDuration &&
    relayState === present.relayState;
  if (isSame) return [];
  const leaves = description ?? (present.description === undefined ? undefined : NO_DESCRIPTION);
  return [
    {
      change: 'attributes',
      ...(leaves === undefined ? {} : { description: leaves }),
      sessionDuration,
      ...(relayState === undefined ? {} : { relayState }),
    },
  ];
}

function tagChanges(
  wanted: PermissionSetContents['tags'],
  present: PermissionSetContents['tags'],
): PermissionSetChange[] {
  const added = Object.entries(wanted).filter(([key, value]) => valueOf(present, key) !== value);
  const removed = Object.keys(present).filter(
    (key) => !Object.hasOwn(wanted, key) && !RESERVED_TAG.test(key) && key !== OWNER_TAG.key,
  );
  const tag: PermissionSetChange[] =
    added.length === 0 ? [] : [{ change: 'tag', tags: Object.fromEntries(added) }];
  const untag: PermissionSetChange[] =
    removed.length === 0 ? [] : [{ change: 'untag', keys: removed.sort() }];
  const most = new Set([...Object.keys(present), ...Object.keys(wanted)]).size;
  return most > MOST_TAGS ? [...untag, ...tag] : [...tag, ...untag];
}

function valueOf(tags: PermissionSetContents['tags'], key: string): string | undefined {
  return Object.hasOwn(tags, key) ? tags[key] : undefined;
}

function policyChanges(
  wanted: PermissionSetContents,
  present: Present,
  parts: readonly ContentPart[],
): Attachment[] {
  // A list that was not read is taken for what it should be.
  const { awsManagedPolicies: aws = [], customerManagedPolicies: customer = [] } = {
    awsManagedPolicies: parts.includes('awsManagedPolicies')
      ? present.awsManagedPolicies
      : wanted.awsManagedPolicies,
    customerManagedPolicies: parts.includes('customerManagedPolicies')
      ? present.customerManagedPolicies
      : wanted.customerManagedPolicies,
  };
  const attached = policiesOf(aws, customer);
  const policies = policiesOf(wanted.awsManagedPolicies, wanted.customerManagedPolicies);
  const missing = [...policies].filter(([id]) => !attached.has(id));
  const surplus = [...attached].filter(([id]) => !policies.has(id));
  return inOrder(
    missing.map(([, policy]) => ({ change: 'attach', ...policy })),
    surplus.map(([, policy]) => ({ change: 'detach', ...policy })),
    attached.size,
  );
}

type Policy =
  | { readonly awsManagedPolicy: string }
  | { readonly customerManagedPolicy: PermissionSetContents['customerManagedPolicies'][number] };

function policiesOf(
  aws: PermissionSetContents['awsManagedPolicies'],
  customer: PermissionSetContents['customerManagedPolicies'],
): ReadonlyMap<string, Policy> {
  return new Map<string, Policy>([
    ...aws.map((arn) => [arn, { awsManagedPolicy: arn }] as const),
    ...customer.map(({ name, path }) => [path + name, { customerManagedPolicy: { name, path } }] as const),
  ]);
}

/** Attaches first, and detaches before one only where there is no room for it. */
function inOrder(
  attaches: readonly Attachment[],
  detaches: readonly Attachment[],
  before: number,
): Attachment[] {
  const left = [...detaches];
  let count = before;
  const ordered = attaches.flatMap((attach) => {
    const needed = left.splice(0, Math.max(0, count + 1 - MOST_POLICIES));
    count += 1 - needed.length;
    return [...needed, attach];
  });
  return [...ordered, ...left];
}

function inlinePolicyChanges(
  { inlinePolicy }: PermissionSetContents,
  present: Present,
): PermissionSetChange[] {
  if (inlinePolicy === present.inlinePolicy) return [];
  return inlinePolicy === undefined
    ? [{ change: 'delete inline policy' }]
    : [{ change: 'put inline policy', inlinePolicy }];
}

function boundaryChanges(
  { permissionsBoundary }: PermissionSetContents,
  present: Present,
): PermissionSetChange[] {
  if (permissionsBoundary === undefined)
    return present.permissionsBoundary === undefined ? [] : [{ change: 'delete boundary' }];
  const isSame = canonicalJson(permissionsBoundary) === canonicalJson(present.permissionsBoundary ?? null);
  return isSame ? [] : [{ change: 'put boundary', permissionsBoundary }];
}
