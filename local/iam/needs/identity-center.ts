import { arnOf, arns, EVERYTHING, textOf, type Needs } from './need';

/** Calls that name a resource by its ARN and need nothing but that. */
const ON_THE_RESOURCE: ReadonlySet<string> = new Set(['TagResource', 'UntagResource', 'ListTagsForResource']);

/**
 * What `sso` actions need: the instance, the permission set and the account, each if the input names it, and all of them
 * allowed. The ARNs have neither account nor Region. Source: the service authorization reference of IAM Identity Center.
 */
export const identityCenterNeeds: Needs = (operation, input) => {
  const action = `sso:${operation}`;
  if (ON_THE_RESOURCE.has(operation)) return [{ action, resources: arns(textOf(input, 'ResourceArn')) }];
  const instance = textOf(input, 'InstanceArn');
  if (instance === undefined) return [{ action, resources: EVERYTHING }];
  return [
    {
      action,
      resources: arns(
        instance,
        textOf(input, 'PermissionSetArn'),
        // The id of a new one is not known beforehand.
        operation === 'CreatePermissionSet' ? `${setsOf(instance)}/*` : undefined,
        accountOf(operation, textOf(input, 'AccountId') ?? textOf(input, 'TargetId')),
      ),
    },
  ];
};

/** A provision of all accounts names none and needs every one. */
function accountOf(operation: string, id: string | undefined): string | undefined {
  return arnOf('arn:aws:sso:::account/', id ?? (operation === 'ProvisionPermissionSet' ? '*' : undefined));
}

function setsOf(instanceArn: string): string {
  return instanceArn.replace(':instance/', ':permissionSet/');
}
