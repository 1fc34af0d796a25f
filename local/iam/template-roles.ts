import { asList, asObject, asText, refuseUnknown } from '../assembly/json-values';
import type { LocalAssembly, LocalResource } from '../assembly/local-assembly';
import { IdentityPolicy, type NamedDocument } from './identity-policy';
import { MANAGED_POLICIES } from './managed-policies';

/** A role of the template, and what it may do. */
export interface TemplateRole {
  readonly logicalId: string;
  readonly arn: string;
  readonly policy: IdentityPolicy;
}

/** A permissions boundary is not among them: it would take away what the policies allow, so it stops the start by its name. */
const ROLE_PROPERTIES = [
  'AssumeRolePolicyDocument',
  'Description',
  'ManagedPolicyArns',
  'MaxSessionDuration',
  'Path',
  'Policies',
  'RoleName',
  'Tags',
];

const AWS_MANAGED = /^arn:aws[a-z-]*:iam::aws:policy\//;

/** A policy resource that names the roles that it is attached to. */
interface AttachedPolicy extends NamedDocument {
  readonly roles: readonly string[];
  /** How roles name it in turn; only a managed policy can be. */
  readonly arn?: string;
}

/**
 * The roles of a template by their ARNs, each with its inline policies, those that are resources of their own
 * (`AWS::IAM::Policy`, `AWS::IAM::ManagedPolicy`), and those managed by AWS. Who may assume a role is not evaluated: functions
 * and state machines get the roles that the template gives them.
 *
 * @throws Error naming the role or policy and what of it is not understood
 */
export function templateRoles(assembly: LocalAssembly): ReadonlyMap<string, TemplateRole> {
  const attached = [
    ...assembly.ofType('AWS::IAM::Policy').map((resource) => readAttached(resource, 'PolicyName')),
    ...assembly.ofType('AWS::IAM::ManagedPolicy').map((resource) => ({
      ...readAttached(resource, 'ManagedPolicyName', ['Description', 'Path']),
      arn: assembly.ref(resource.logicalId),
    })),
  ];
  return new Map(
    assembly.ofType('AWS::IAM::Role').map((resource) => {
      const { logicalId, properties } = resource;
      refuseUnknown(properties, ROLE_PROPERTIES, `the role ${logicalId}`);
      const name = assembly.ref(logicalId);
      const arn = assembly.attribute(logicalId, 'Arn');
      const policy = new IdentityPolicy([
        ...readInline(resource),
        ...attached.filter(({ roles }) => roles.includes(name)),
        ...asList(properties.ManagedPolicyArns, `${logicalId}.ManagedPolicyArns`)
          .map((value) => asText(value, `${logicalId}.ManagedPolicyArns`))
          .map((policyArn) => managedPolicy(policyArn, attached, logicalId)),
      ]);
      return [arn, { logicalId, arn, policy }] as const;
    }),
  );
}

function readInline({ logicalId, properties }: LocalResource): NamedDocument[] {
  return asList(properties.Policies, `${logicalId}.Policies`).map((value) => {
    const { PolicyName: name, PolicyDocument: document } = asObject(value, `${logicalId}.Policies`);
    return { name: `${logicalId}/${asText(name, `${logicalId}.Policies.PolicyName`)}`, document };
  });
}

/** Users and groups are not among the members: there are none here. */
function readAttached(
  { logicalId, properties }: LocalResource,
  nameMember: string,
  more: readonly string[] = [],
): AttachedPolicy {
  const members = [nameMember, 'PolicyDocument', 'Roles', ...more];
  refuseUnknown(properties, members, `the policy ${logicalId}`);
  return {
    name: logicalId,
    document: properties.PolicyDocument,
    roles: asList(properties.Roles, `${logicalId}.Roles`).map((role) => asText(role, `${logicalId}.Roles`)),
  };
}

function managedPolicy(arn: string, attached: readonly AttachedPolicy[], role: string): NamedDocument {
  const own = attached.find((policy) => policy.arn === arn);
  if (own !== undefined) return own;
  const name = arn.replace(AWS_MANAGED, '');
  const document = MANAGED_POLICIES.get(name);
  if (document === undefined || name === arn) {
    throw new Error(
      `the role ${role} has the managed policy ${arn}, whose document the local runtime does not know; ` +
        `write out what the role needs, or use ${[...MANAGED_POLICIES.keys()].join(', ')}`,
    );
  }
  return { name: arn, document };
}
