import { asObject, refuseUnknown, type JsonObject } from '../assembly/json-values';
import { bothKeys, plainKeys, TAG_KEYS, type ConditionContext, type TagContext } from './condition-keys';
import { compileStatement, listOf, type PolicyKind, type Statement } from './policy-statement';
import { arnPattern, isArnPattern, type TextPattern } from './text-patterns';

/**
 * The condition keys that calls of a role are asked for. The local runtime encrypts nothing, so that no service comes to
 * KMS by `kms:ViaService` in a role's name: the key is known and no call has it.
 */
const KEYS = [
  'aws:PrincipalArn',
  'aws:PrincipalAccount',
  'aws:PrincipalOrgID',
  'aws:RequestedRegion',
  'kms:ViaService',
] as const;

/** What conditions of identity policies may look at. */
export type CallContext = ConditionContext<(typeof KEYS)[number]> & TagContext;

const KIND: PolicyKind<CallContext> = {
  members: ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'],
  keys: plainKeys(KEYS),
  resource: compileResource,
};

/** Which tags resources have is known of Identity Center alone; elsewhere a condition on them stops the start. */
const KIND_WITH_TAGS: PolicyKind<CallContext> = { ...KIND, keys: bothKeys(KIND.keys, TAG_KEYS) };

/** A policy of a role, by a name that a person finds it by: `<logical id>/<policy name>`. */
export interface NamedDocument {
  readonly name: string;
  readonly document: unknown;
}

/** One statement among all of a role's, as a test or a message points at it. */
export interface StatementName {
  /** As {@link NamedDocument.name}. */
  readonly policy: string;
  /** Its place in the policy's document, from 0. */
  readonly index: number;
  readonly sid: string | undefined;
}

/** What the policies of a role say about one action on one resource. */
export interface Decision {
  readonly answer: 'allowed' | 'denied' | 'denied explicitly';
  /** The statements that lead to the answer: the first deny, or else every allow that applies. */
  readonly by: readonly StatementName[];
}

type Compiled = Statement<CallContext> & { readonly name: StatementName };

/** Nothing is allowed that no statement allows. */
const IMPLICIT: Decision = { answer: 'denied', by: [] };

/**
 * All identity policies of one role, compiled once. Deciding takes some microseconds: the statements that speak of an action
 * are found once for each action, and then only resources and conditions are compared.
 *
 * @see the "Policy evaluation logic" of the IAM user guide, for one account and identity policies only
 */
export class IdentityPolicy {
  readonly #statements: readonly Compiled[];
  readonly #byAction = new Map<
    string,
    { readonly deny: readonly Compiled[]; readonly allow: readonly Compiled[] }
  >();

  /** @throws Error naming the policy and what in it is not understood */
  public constructor(documents: readonly NamedDocument[]) {
    this.#statements = documents.flatMap(compileDocument);
  }

  /** A deny wins over every allow, and what no statement allows is denied. */
  public decide(action: string, resource: string, context: CallContext): Decision {
    const { deny, allow } = this.#about(action);
    const applies = (statement: Compiled): boolean =>
      statement.resource(resource) && statement.condition(context);
    const denying = deny.find(applies);
    if (denying !== undefined) return { answer: 'denied explicitly', by: [denying.name] };
    const allowing = allow.filter(applies);
    return allowing.length === 0 ? IMPLICIT : { answer: 'allowed', by: allowing.map(({ name }) => name) };
  }

  #about(action: string): { readonly deny: readonly Compiled[]; readonly allow: readonly Compiled[] } {
    const known = this.#byAction.get(action);
    if (known !== undefined) return known;
    const speaking = this.#statements.filter((statement) => statement.action(action.toLowerCase()));
    const found = {
      deny: speaking.filter(({ effect }) => effect === 'deny'),
      allow: speaking.filter(({ effect }) => effect === 'allow'),
    };
    this.#byAction.set(action, found);
    return found;
  }
}

function compileDocument({ name, document }: NamedDocument): Compiled[] {
  const where = `the policy ${name}`;
  const { Version: version, ...rest } = asObject(document, where);
  refuseUnknown(rest, ['Id', 'Statement'], where);
  // The older version reads policy variables as text, which nobody means any more.
  if (version !== '2012-10-17')
    throw new Error(
      `${where} has the Version ${JSON.stringify(version)}; the local runtime knows 2012-10-17`,
    );
  return listOf(rest.Statement).map((value, index): Compiled => {
    const at = `${where}.Statement[${index}]`;
    const object = asObject(value, at);
    const statement = compileStatement(object, isOfIdentityCenter(object) ? KIND_WITH_TAGS : KIND, at);
    return { ...statement, name: { policy: name, index, sid: statement.sid } };
  });
}

function isOfIdentityCenter({ Action: actions }: JsonObject): boolean {
  return listOf(actions).every((action) => /^sso:/i.test(String(action)));
}

/** `*`, or an ARN with all its parts; what a service would make of fewer differs from service to service. */
function compileResource(text: string, where: string): TextPattern {
  if (text === '*') return () => true;
  if (!isArnPattern(text))
    throw new Error(`${where} has ${JSON.stringify(text)}, which is neither a whole ARN nor *`);
  return arnPattern(text);
}
