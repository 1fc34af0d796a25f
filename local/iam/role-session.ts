import { createHash } from 'node:crypto';
import { asText } from '../assembly/json-values';
import type { LocalAssembly } from '../assembly/local-assembly';
import { templateRoles, type TemplateRole } from './template-roles';

/** Temporary credentials, as a program signs with them. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** A function or a state machine at work in its role. */
export interface RoleSession {
  readonly role: TemplateRole;
  readonly sessionName: string;
  /** `arn:aws:sts::<account>:assumed-role/<role>/<session>`. */
  readonly arn: string;
  readonly credentials: Credentials;
}

/** The types whose resources work in a role, with the property that names it. */
const WORKERS = [
  ['AWS::Lambda::Function', 'Role'],
  ['AWS::StepFunctions::StateMachine', 'RoleArn'],
] as const;

/**
 * The sessions of a template's functions and state machines, by their own ARNs. Names and keys are the same on every start.
 * A function's session has its name, as on AWS; a machine's too, where AWS draws one at random for every execution.
 *
 * @throws Error for what is not understood in a role (as {@link templateRoles}), and for a role that is not in the template
 */
export function roleSessions(assembly: LocalAssembly): ReadonlyMap<string, RoleSession> {
  const roles = templateRoles(assembly);
  return new Map(
    WORKERS.flatMap(([type, property]) =>
      assembly.ofType(type).map(({ logicalId, properties }) => {
        const arn = assembly.attribute(logicalId, 'Arn');
        const roleArn = asText(properties[property], `${logicalId}.${property}`);
        return [arn, sessionOf(arn, roleIn(roles, roleArn, logicalId))] as const;
      }),
    ),
  );
}

/** The role of an ARN; what is not in the template has policies that nobody here knows. */
function roleIn(roles: ReadonlyMap<string, TemplateRole>, roleArn: string, user: string): TemplateRole {
  const role = roles.get(roleArn);
  if (role === undefined) {
    throw new Error(
      `${user} works in the role ${roleArn}, which is not in the stack: its policies cannot be evaluated here`,
    );
  }
  return role;
}

function sessionOf(workerArn: string, role: TemplateRole): RoleSession {
  // IAM's limit for the name of a session.
  const sessionName = (workerArn.split(':').at(-1) ?? '').slice(0, 64);
  const [, partition = '', , , accountId = '', resource = ''] = role.arn.split(':');
  // The path of a role is not part of its session's ARN.
  const roleName = resource.slice(resource.lastIndexOf('/') + 1);
  const digest = createHash('sha256').update(workerArn).digest('hex');
  return {
    role,
    sessionName,
    arn: `arn:${partition}:sts::${accountId}:assumed-role/${roleName}/${sessionName}`,
    credentials: {
      // As STS begins keys of sessions.
      accessKeyId: `ASIA${digest.slice(0, 16).toUpperCase()}`,
      secretAccessKey: `local-${digest.slice(16, 40)}`,
      sessionToken: `local-${digest.slice(40)}`,
    },
  };
}
