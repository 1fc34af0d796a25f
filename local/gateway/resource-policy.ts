import { asObject, asText, isJsonObject, refuseUnknown } from '../assembly/json-values';
import { plainKeys, type ConditionContext } from '../iam/condition-keys';
import type { Caller } from './gateway-request';
import {
  compileStatement,
  listOf,
  type Effect,
  type PolicyKind,
  type Statement,
} from '../iam/policy-statement';
import { wildcard, type TextPattern } from '../iam/text-patterns';

/** Where the API is, which the short form of its ARN leaves out. */
export interface ApiPlace {
  readonly region: string;
  readonly accountId: string;
  readonly apiId: string;
}

/** One call, as a policy sees it. */
export interface PolicyRequest {
  /** `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<method>/<path>`. */
  readonly resource: string;
  /** Absent for a method that anybody may call. */
  readonly caller: Caller | undefined;
  readonly sourceIp: string;
}

/** What a policy says about a call: `silent` if no statement applies to it. */
type PolicyAnswer = Effect | 'silent';

/** A compiled resource policy. */
export type ResourcePolicy = (request: PolicyRequest) => PolicyAnswer;

/** What conditions may look at. */
const KEYS = ['aws:PrincipalArn', 'aws:PrincipalAccount', 'aws:PrincipalOrgID', 'aws:SourceIp'] as const;

type RequestContext = ConditionContext<(typeof KEYS)[number]>;

interface ResourceStatement extends Statement<RequestContext> {
  readonly principal: (caller: Caller | undefined) => boolean;
}

/** NotPrincipal, NotAction and NotResource are not among the known: they stop the start, by name. */
const MEMBERS = ['Sid', 'Effect', 'Principal', 'Action', 'Resource', 'Condition'];

/** `*`, `{"AWS": …}` or `{"Service": …}`; services do not call the local gateway, so a service principal is nobody. */
function compilePrincipal(principal: unknown, where: string): ResourceStatement['principal'] {
  if (principal === '*') return () => true;
  if (!isJsonObject(principal))
    throw new Error(`${where} must have a Principal, but has ${JSON.stringify(principal)}`);
  refuseUnknown(principal, ['AWS', 'Service'], `${where}.Principal`);
  const names =
    principal.AWS === undefined
      ? []
      : listOf(principal.AWS).map((name) => asText(name, `${where}.Principal.AWS`));
  return (caller) =>
    names.some((name) => name === '*' || (caller !== undefined && isPrincipal(name, caller)));
}

/** A role by its ARN, one session of it by the session's, or everybody in an account. Wildcards are not allowed in principals. */
function isPrincipal(name: string, caller: Caller): boolean {
  return [caller.roleArn, caller.userArn, caller.accountId, `arn:aws:iam::${caller.accountId}:root`].includes(
    name,
  );
}

/** The full ARN; `execute-api:/stage/METHOD/path` is short for it. */
function compileResource(resource: string, place: ApiPlace, where: string): TextPattern {
  if (resource === '*' || resource.startsWith('arn:aws:execute-api:')) return wildcard(resource);
  if (resource.startsWith('execute-api:/')) {
    const { region, accountId, apiId } = place;
    return wildcard(
      `arn:aws:execute-api:${region}:${accountId}:${apiId}${resource.slice('execute-api:'.length)}`,
    );
  }
  throw new Error(
    `${where} has "${resource}", which is no execute-api ARN; write execute-api:/<stage>/<METHOD>/<path>`,
  );
}

/** Service name and action name are the same in any case. */
const ACTION = 'execute-api:invoke';

function applies(statement: ResourceStatement, request: PolicyRequest): boolean {
  const { caller } = request;
  return (
    statement.principal(caller) &&
    statement.action(ACTION) &&
    statement.resource(request.resource) &&
    statement.condition({
      'aws:PrincipalArn': caller?.roleArn,
      'aws:PrincipalAccount': caller?.accountId,
      'aws:PrincipalOrgID': caller?.organizationId,
      'aws:SourceIp': request.sourceIp,
    })
  );
}

/**
 * Compiles the `Policy` of an `AWS::ApiGateway::RestApi`, given as an object or as JSON text. A deny wins over every allow.
 *
 * @throws Error naming a statement property, principal, resource, condition operator or condition key that is not supported
 */
export function compileResourcePolicy(policy: unknown, place: ApiPlace, where: string): ResourcePolicy {
  const document = asObject(typeof policy === 'string' ? JSON.parse(policy) : policy, where);
  refuseUnknown(document, ['Version', 'Id', 'Statement'], where);
  const kind: PolicyKind<RequestContext> = {
    members: MEMBERS,
    keys: plainKeys(KEYS),
    resource: (text, at) => compileResource(text, place, at),
  };
  const statements = listOf(document.Statement).map((value, index): ResourceStatement => {
    const at = `${where}.Statement[${index}]`;
    const statement = asObject(value, at);
    return {
      ...compileStatement(statement, kind, at),
      principal: compilePrincipal(statement.Principal, at),
    };
  });
  return (request) => {
    const effects = statements.filter((statement) => applies(statement, request)).map(({ effect }) => effect);
    if (effects.includes('deny')) return 'deny';
    return effects.includes('allow') ? 'allow' : 'silent';
  };
}

/**
 * Whether a call may pass, and if not whether a statement says so. Within the API's own account the identity policy of the
 * caller is enough (here it is taken as allowing); from another account the resource policy has to allow as well; a method
 * without authorization is open where there is no policy, and else needs an allow.
 *
 * @see the tables "API Gateway resource policies affect authorization workflow" of the API Gateway developer guide
 */
export function decide(
  policy: ResourcePolicy | undefined,
  request: PolicyRequest,
  apiAccountId: string,
): 'allowed' | 'denied' | 'denied explicitly' {
  const answer = policy?.(request) ?? 'silent';
  if (answer === 'deny') return 'denied explicitly';
  if (answer === 'allow') return 'allowed';
  const silenceAllows =
    request.caller === undefined ? policy === undefined : request.caller.accountId === apiAccountId;
  return silenceAllows ? 'allowed' : 'denied';
}
