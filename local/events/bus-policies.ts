import { asObject, asText, isJsonObject, refuseUnknown } from '../assembly/json-values';
import type { LocalAssembly } from '../assembly/local-assembly';
import { AwsError } from '../aws-api/json-service';
import { plainKeys, type ConditionContext } from '../iam/condition-keys';
import { compileStatement, listOf, type PolicyKind, type Statement } from '../iam/policy-statement';
import { arnPattern } from '../iam/text-patterns';
import { busArn } from './destinations';
import { busNameOf } from './event-rules';

/** Who puts an event on a bus from another account or Region. */
export interface BusSender {
  readonly accountId: string;
  /** Of the target; undefined for a target without one, in whose name EventBridge itself sends. */
  readonly roleArn: string | undefined;
  readonly organizationId: string;
}

/** What conditions may look at. */
const KEYS = ['aws:PrincipalArn', 'aws:PrincipalAccount', 'aws:PrincipalOrgID'] as const;

type SenderContext = ConditionContext<(typeof KEYS)[number]>;

interface BusStatement extends Statement<SenderContext> {
  readonly principal: (sender: BusSender) => boolean;
}

const KIND: PolicyKind<SenderContext> = {
  members: ['Sid', 'Effect', 'Principal', 'Action', 'Resource', 'Condition'],
  keys: plainKeys(KEYS),
  resource: (text) => (text === '*' ? () => true : arnPattern(text)),
};

/** Actions are compared in small letters. */
const ACTION = 'events:putevents';

/** Whom the buses of a stack let in. */
export interface BusPolicies {
  /**
   * Senders of the bus's own account need no policy of the bus.
   * @throws AwsError AccessDeniedException
   */
  check(busName: string, sender: BusSender): void;
}

/**
 * Reads `AWS::Events::EventBusPolicy`, one statement each.
 *
 * @throws Error naming the policy and what of it is not understood; the forms without `Statement` are among that
 */
export function readBusPolicies(assembly: LocalAssembly): BusPolicies {
  const written = assembly
    .ofType('AWS::Events::EventBus')
    .find(({ properties }) => properties.Policy !== undefined);
  if (written !== undefined)
    throw new Error(`${written.logicalId}.Policy is not supported; write an AWS::Events::EventBusPolicy`);
  const statements = new Map<string, BusStatement[]>();
  for (const { logicalId, properties } of assembly.ofType('AWS::Events::EventBusPolicy')) {
    refuseUnknown(properties, ['EventBusName', 'Statement', 'StatementId'], logicalId);
    const busName = busNameOf(asText(properties.EventBusName ?? 'default', `${logicalId}.EventBusName`));
    const statement = asObject(properties.Statement, `${logicalId}.Statement`);
    const compiled = {
      ...compileStatement(statement, KIND, `${logicalId}.Statement`),
      principal: compilePrincipal(statement.Principal, `${logicalId}.Statement.Principal`),
    };
    statements.set(busName, [...(statements.get(busName) ?? []), compiled]);
  }
  return {
    check: (busName, sender) => {
      const arn = busArn(assembly, busName);
      const effects = (statements.get(busName) ?? [])
        .filter((statement) => applies(statement, arn, sender))
        .map(({ effect }) => effect);
      const isOwn = sender.accountId === assembly.accountId;
      if (!effects.includes('deny') && (isOwn || effects.includes('allow'))) return;
      const who = sender.roleArn ?? `account ${sender.accountId}`;
      throw new AwsError(
        'AccessDeniedException',
        `${who} is not authorized to perform: events:PutEvents on resource: ${arn} because no resource-based policy allows the events:PutEvents action`,
      );
    },
  };
}

function applies(statement: BusStatement, arn: string, sender: BusSender): boolean {
  return (
    statement.principal(sender) &&
    statement.action(ACTION) &&
    statement.resource(arn) &&
    statement.condition({
      'aws:PrincipalArn': sender.roleArn,
      'aws:PrincipalAccount': sender.accountId,
      'aws:PrincipalOrgID': sender.organizationId,
    })
  );
}

/** `*` or `{"AWS": …}`: everybody, everybody in an account, or one role. */
function compilePrincipal(principal: unknown, where: string): BusStatement['principal'] {
  if (principal === '*') return () => true;
  if (!isJsonObject(principal))
    throw new Error(`${where} must be "*" or an object, but is ${JSON.stringify(principal)}`);
  refuseUnknown(principal, ['AWS'], where);
  const names = listOf(principal.AWS).map((name) => asText(name, `${where}.AWS`));
  return ({ accountId, roleArn }) =>
    names.some((name) =>
      ['*', accountId, `arn:aws:iam::${accountId}:root`, roleArn].some((known) => known === name),
    );
}
