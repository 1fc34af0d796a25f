import { AwsError } from '../aws-api/json-service';
import type { CallContext, Decision, StatementName } from './identity-policy';
import { needsOf, type Need, type Place } from './needs/services';
import type { RoleSession } from './role-session';

/** One action on one resource that was decided, for whoever watches. */
export interface DecidedCall extends Decision {
  /** The role's logical id in the template. */
  readonly role: string;
  readonly action: string;
  readonly resource: string;
}

/** What authorization is made of. */
export interface AuthorizationParts {
  /** By the ARN of the function or state machine. */
  readonly sessions: ReadonlyMap<string, RoleSession>;
  readonly place: Place;
  /** The present tags of an Identity Center resource, by its ARN. @default - none has tags */
  readonly tagsOf?: (arn: string) => Readonly<Record<string, string>> | undefined;
  /** Hears of every decision. @default - nobody does */
  readonly onDecision?: (decided: DecidedCall) => void;
}

/** An allow statement of a role, or one of its actions. */
export interface Grant extends Pick<StatementName, 'policy' | 'index'> {
  /** The role's logical id. */
  readonly role: string;
  /** As calls need it, in the letters of the service authorization reference. @default - all actions of the statement */
  readonly action?: string;
}

/** A call of an AWS API that is to be allowed. */
export interface WantedCall {
  /** The prefix of `x-amz-target`, such as `DynamoDB_20120810`, or `lambda`. */
  readonly service: string;
  readonly operation: string;
  /** As it came, not checked yet: what is wrong in it is the service's to say. */
  readonly input: Readonly<Record<string, unknown>>;
}

/**
 * Allows or refuses the calls of the template's functions and state machines by their roles. Who is none of these is not
 * asked: callers of the organization file and clients from outside have no policies here.
 *
 * Not evaluated, as the local runtime does not make these calls: KMS in a role's name, delivery of logs and traces.
 */
export class Authorization {
  readonly #parts: AuthorizationParts;
  readonly #byKey: ReadonlyMap<string, RoleSession>;
  readonly #contexts = new Map<RoleSession, CallContext>();
  readonly #withdrawn = new Set<Grant>();

  public constructor(parts: AuthorizationParts) {
    this.#parts = parts;
    const sessions = [...parts.sessions.values()];
    this.#byKey = new Map(sessions.map((session) => [session.credentials.accessKeyId, session]));
  }

  /** Whose access key it is; undefined for everybody who has no role of the template. */
  public sessionOfKey(accessKeyId: string | undefined): RoleSession | undefined {
    return accessKeyId === undefined ? undefined : this.#byKey.get(accessKeyId);
  }

  /** The session of a function or a state machine; undefined for a machine that somebody made by `CreateStateMachine`. */
  public sessionOf(workerArn: string): RoleSession | undefined {
    return this.#parts.sessions.get(workerArn);
  }

  /**
   * Lets a call pass, or not. All resources of all its actions have to be allowed.
   *
   * @throws AwsError `AccessDeniedException` in the service's words
   */
  public check(session: RoleSession | undefined, call: WantedCall): void {
    if (session === undefined) return;
    const context = this.#contextOf(session);
    let refused: { readonly need: Need; readonly resource: string } | undefined;
    for (const need of needsOf(call, this.#parts.place)) {
      for (const resource of need.resources) {
        const decision = this.#decide(session, need.action, resource, {
          ...context,
          resourceTags: this.#parts.tagsOf?.(resource),
          requestTags: need.requestTags,
          tagKeys: need.tagKeys,
        });
        this.#parts.onDecision?.({
          ...decision,
          role: session.role.logicalId,
          action: need.action,
          resource,
        });
        // A deny in so many words is what the message tells, wherever it is found.
        if (decision.answer === 'denied explicitly')
          throw accessDenied(session, need, resource, 'with an explicit deny in an identity-based policy');
        if (decision.answer === 'denied') refused ??= { need, resource };
      }
    }
    if (refused === undefined) return;
    const { need, resource } = refused;
    throw accessDenied(
      session,
      need,
      resource,
      `because no identity-based policy allows the ${need.shownAction ?? need.action} action`,
    );
  }

  /** Decides as if the template did not have a grant, from now until the answer is called. */
  public without(grant: Grant): () => void {
    this.#withdrawn.add(grant);
    return () => {
      this.#withdrawn.delete(grant);
    };
  }

  #decide({ role }: RoleSession, action: string, resource: string, context: CallContext): Decision {
    const decision = role.policy.decide(action, resource, context);
    if (decision.answer !== 'allowed' || this.#withdrawn.size === 0) return decision;
    const by = decision.by.filter(
      (statement) =>
        ![...this.#withdrawn].some(
          (grant) =>
            grant.role === role.logicalId &&
            grant.policy === statement.policy &&
            grant.index === statement.index &&
            (grant.action === undefined || grant.action === action),
        ),
    );
    return by.length === 0 ? { answer: 'denied', by } : { answer: 'allowed', by };
  }

  #contextOf(session: RoleSession): CallContext {
    const known = this.#contexts.get(session);
    if (known !== undefined) return known;
    const { region, organizationId } = this.#parts.place;
    const context: CallContext = {
      'aws:PrincipalArn': session.role.arn,
      'aws:PrincipalAccount': session.role.arn.split(':')[4],
      'aws:PrincipalOrgID': organizationId,
      'aws:RequestedRegion': region,
      'kms:ViaService': undefined,
    };
    this.#contexts.set(session, context);
    return context;
  }
}

function accessDenied(session: RoleSession, need: Need, resource: string, why: string): AwsError {
  const message = `User: ${session.arn} is not authorized to perform: ${need.shownAction ?? need.action} on resource: ${resource} ${why}`;
  return new AwsError('AccessDeniedException', message, need.statusCode ?? 400);
}
