import { arnOf, arns, EVERYTHING, textOf, type CallInput, type Need, type Needs } from './need';

/** Calls that name a resource by its ARN and need nothing but that. */
const ON_THE_RESOURCE: ReadonlySet<string> = new Set(['TagResource', 'UntagResource', 'ListTagsForResource']);

/**
 * What `sso` actions need: the instance, the permission set and the account, each if the input names it, and all of them
 * allowed. The ARNs have neither account nor Region. Source: the service authorization reference of IAM Identity Center.
 */
export const identityCenterNeeds: Needs = (operation, input) => {
  const action = `sso:${operation}`;
  const tags = tagsOf(input);
  if (ON_THE_RESOURCE.has(operation))
    return [{ action, resources: arns(textOf(input, 'ResourceArn')), ...tags }];
  const instance = textOf(input, 'InstanceArn');
  if (instance === undefined) return [{ action, resources: EVERYTHING }];
  // The id of a new one is not known beforehand.
  const newSet = operation === 'CreatePermissionSet' ? `${setsOf(instance)}/*` : undefined;
  const resources = arns(
    instance,
    textOf(input, 'PermissionSetArn'),
    newSet,
    accountOf(operation, textOf(input, 'AccountId') ?? textOf(input, 'TargetId')),
  );
  const need: Need = { action, resources, ...tags };
  // Who makes one with tags has to be allowed to tag it.
  return newSet === undefined || tags.tagKeys === undefined
    ? [need]
    : [need, { action: 'sso:TagResource', resources: [newSet], ...tags }];
};

/** The tags that a call gives, and the keys of those that it gives or takes away. */
function tagsOf({ Tags: tags, TagKeys: keys }: CallInput): Pick<Need, 'requestTags' | 'tagKeys'> {
  const given = (Array.isArray(tags) ? (tags as readonly unknown[]) : []).flatMap((tag) => {
    const key = textOf(tag, 'Key');
    return key === undefined ? [] : [[key, textOf(tag, 'Value') ?? ''] as const];
  });
  if (given.length > 0) return { requestTags: Object.fromEntries(given), tagKeys: given.map(([key]) => key) };
  const taken = (Array.isArray(keys) ? (keys as readonly unknown[]) : []).map(String);
  return taken.length === 0 ? {} : { tagKeys: taken };
}

/** A provision of all accounts names none and needs every one. */
function accountOf(operation: string, id: string | undefined): string | undefined {
  return arnOf('arn:aws:sso:::account/', id ?? (operation === 'ProvisionPermissionSet' ? '*' : undefined));
}

function setsOf(instanceArn: string): string {
  return instanceArn.replace(':instance/', ':permissionSet/');
}
