import { asText, refuseUnknown, type JsonObject } from '../assembly/json-values';
import type { ConditionKeys } from './condition-keys';
import { compileCondition, type Condition } from './policy-condition';
import { wildcard, type TextPattern } from './text-patterns';

/** What a statement does where it applies. */
export type Effect = 'allow' | 'deny';

/** The parts that statements of every kind of policy have, compiled. */
export interface Statement<Context> {
  readonly sid: string | undefined;
  readonly effect: Effect;
  /** Takes an action in small letters: services and actions are the same in any case. */
  readonly action: TextPattern;
  readonly resource: TextPattern;
  readonly condition: Condition<Context>;
}

/** In what one kind of policy differs from another. */
export interface PolicyKind<Context> {
  /** The members that a statement may have. */
  readonly members: readonly string[];
  /** The condition keys that requests have a value for. */
  readonly keys: ConditionKeys<Context>;
  /** Compiles one resource; throws for a form that cannot be. */
  readonly resource: (text: string, where: string) => TextPattern;
}

/** A single value stands for a list of one, everywhere in a policy. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [value];
}

/**
 * Compiles what a statement says about actions, resources and conditions.
 *
 * @throws Error naming a member, an effect, a resource, or an operator or key of a condition that is not understood
 */
export function compileStatement<Context>(
  statement: JsonObject,
  kind: PolicyKind<Context>,
  where: string,
): Statement<Context> {
  refuseUnknown(statement, kind.members, where);
  const effect = asText(statement.Effect, `${where}.Effect`);
  if (effect !== 'Allow' && effect !== 'Deny')
    throw new Error(`${where}.Effect must be Allow or Deny, but is ${effect}`);
  return {
    sid: statement.Sid === undefined ? undefined : asText(statement.Sid, `${where}.Sid`),
    effect: effect === 'Allow' ? 'allow' : 'deny',
    action: oneOrTheOther(statement, 'Action', where, compileAction),
    resource: oneOrTheOther(statement, 'Resource', where, kind.resource),
    condition: compileCondition(statement.Condition, kind.keys, `${where}.Condition`),
  };
}

/** `Action` or `NotAction`, `Resource` or `NotResource`: alternatives, or everything but these. */
function oneOrTheOther(
  statement: JsonObject,
  member: 'Action' | 'Resource',
  where: string,
  compile: (text: string, where: string) => TextPattern,
): TextPattern {
  const negated = `Not${member}`;
  if ((statement[member] === undefined) === (statement[negated] === undefined))
    throw new Error(`${where} must have either ${member} or ${negated}`);
  const name = statement[member] === undefined ? negated : member;
  const patterns = listOf(statement[name]).map((value) => {
    const text = asText(value, `${where}.${name}`);
    if (text.includes('${')) {
      throw new Error(
        `${where}.${name} has the policy variable ${JSON.stringify(text)}, which the local runtime does not support`,
      );
    }
    return compile(text, `${where}.${name}`);
  });
  const matches: TextPattern = (text) => patterns.some((pattern) => pattern(text));
  return name === member ? matches : (text) => !matches(text);
}

function compileAction(text: string, where: string): TextPattern {
  if (text !== '*' && !/^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(text))
    throw new Error(
      `${where} has ${JSON.stringify(text)}, which is no action: write <service>:<Action> or *`,
    );
  return wildcard(text.toLowerCase());
}
