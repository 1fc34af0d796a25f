import type { Json } from '../json';
import { compileJsonataTemplate, isExpression } from '../query/jsonata';
import { type Lookup, compileLookup, compilePath } from '../query/json-path';
import type { View } from '../query/query';
import { EvaluationError, STATES } from '../state-error';
import { COMPARISONS, TYPE_TESTS, fitsOperator, isRuleList, wildcard } from './choice-operators';
import type { Compilation } from './compilation';
import { compileFinish } from './compile-flow';
import { Fields } from './fields';
import type { ChoiceRule } from './machine';

type Test = ChoiceRule['test'];

/**
 * Compiles `Choices`, in either language, to rules that are tested in order. Throws `DefinitionError` for an operator that does not exist or a value of the wrong type. */
export function compileChoices(fields: Fields, compilation: Compilation): readonly ChoiceRule[] {
  const rules = fields.objects('Choices');
  if (rules.length === 0) fields.place.refuse('Choices must have at least one rule');
  return rules.map((rule) => ({
    test:
      compilation.language === 'JSONata'
        ? jsonataRule(rule, compilation)
        : jsonPathRule(rule, compilation, true),
    next: rule.string('Next'),
    finish: compileFinish(dataFlowOf(rule, fields), compilation, compilation.scope()),
  }));
}

/** A rule's own `Output` and `Assign`, which stand in for the state's, and the state's `OutputPath`, which holds for all. */
function dataFlowOf(rule: Fields, state: Fields): Fields {
  const own = Object.entries(rule.object).filter(([key]) => key === 'Output' || key === 'Assign');
  const path = state.get('OutputPath');
  return new Fields(
    { ...Object.fromEntries(own), ...(path === undefined ? {} : { OutputPath: path }) },
    rule.place,
  );
}

/** `{Condition, Next}`: what the condition answers must be a boolean; JSONata's truthiness does not count here. */
function jsonataRule(rule: Fields, compilation: Compilation): Test {
  rule.allow(['Condition', 'Next', 'Output', 'Assign', 'Comment'], 'a JSONata choice rule');
  const condition = rule.get('Condition');
  // A literal is taken too, as recorded.
  if (typeof condition === 'boolean') return () => Promise.resolve(condition);
  if (condition === undefined || !isExpression(condition)) {
    return rule.at('Condition').refuse('a Condition must be a JSONata expression, {% … %}, or a boolean');
  }
  const query = compileJsonataTemplate(condition, rule.at('Condition'), compilation.scope());
  const field = rule.at('Condition').field;
  return async (root, view) => {
    const found = await query(root, view);
    if (typeof found === 'boolean') return found;
    throw new EvaluationError(
      STATES.queryEvaluation,
      `The JSONata expression '${condition.slice(2, -2).trim()}' specified for the field '${field}' returned an unexpected result type. Expected 'boolean', but was: ${JSON.stringify(found)}`,
      field,
    );
  };
}

/**
 * A rule is a combination of rules or one comparison. Exactly one member must be an operator; any member that is none of
 * the known others is taken for one, so that a slip of the pen is named as an operator that does not exist.
 */
function jsonPathRule(rule: Fields, compilation: Compilation, isTop: boolean): Test {
  const operators = Object.keys(rule.object).filter(
    (key) => !['Next', 'Variable', 'Comment', 'Assign'].includes(key),
  );
  const [operator] = operators;
  if (operator === undefined || operators.length > 1) {
    return rule.place.refuse(
      `a choice rule must have one operator, not ${operators.length} (${operators.join(', ')})`,
    );
  }
  if (!isTop && (rule.has('Next') || rule.has('Assign'))) {
    rule.place.refuse('Next and Assign may stand in the outermost rule only');
  }
  if (['And', 'Or', 'Not'].includes(operator)) return combination(rule, operator, compilation);
  const variable = rule.string('Variable');
  const lookup = compileLookup(variable, rule.at('Variable'), compilation.scope());
  return comparison(rule, operator, variable, lookup, compilation);
}

/** `And` and `Or` stop at the first rule that decides, so that `IsPresent` can guard what stands behind it. */
function combination(rule: Fields, operator: string, compilation: Compilation): Test {
  if (rule.has('Variable')) rule.place.refuse(`${operator} takes no Variable`);
  if (operator === 'Not') {
    const inner = jsonPathRule(Fields.of(rule.get('Not'), rule.at('Not')), compilation, false);
    return async (root, view) => !(await inner(root, view));
  }
  if (!isRuleList(rule.get(operator)))
    rule.at(operator).refuse(`${operator} must be a list of at least one rule`);
  const tests = rule.objects(operator).map((inner) => jsonPathRule(inner, compilation, false));
  const decisive = operator === 'Or';
  return async (root, view) => {
    for (const test of tests) if ((await test(root, view)) === decisive) return decisive;
    return !decisive;
  };
}

/** One operator on one `Variable`. Only the type tests may look at something that is not there. */
function comparison(
  rule: Fields,
  operator: string,
  variable: string,
  lookup: Lookup,
  compilation: Compilation,
): Test {
  const place = rule.at(operator);
  const value = rule.get(operator) ?? null;
  const typeTest = TYPE_TESTS.get(operator);
  if (typeTest !== undefined) {
    if (typeof value !== 'boolean') return place.refuse(`${operator} must be true or false`);
    return (root, view) => Promise.resolve(typeTest(lookup(root, view)) === value);
  }
  const found = (root: Json, view: View): Json => present(lookup(root, view), variable);
  if (operator === 'StringMatches') {
    if (typeof value !== 'string') return place.refuse('StringMatches must be a string');
    const matches = wildcard(value);
    return (root, view) => Promise.resolve().then(() => matches(found(root, view)));
  }
  const literal = COMPARISONS.get(operator);
  if (literal !== undefined) {
    if (!fitsOperator(operator, value))
      place.refuse(`${JSON.stringify(value)} has not the type of ${operator}`);
    return (root, view) => Promise.resolve().then(() => literal(found(root, view), value));
  }
  // `NumericEqualsPath` and its like: the same comparison, with the operand looked up when the rule is tested.
  const byPath = operator.endsWith('Path') ? COMPARISONS.get(operator.slice(0, -4)) : undefined;
  if (byPath === undefined) return rule.place.refuse(`the choice operator '${operator}' does not exist`);
  const other = compilePath(rule.string(operator), place, compilation.scope());
  return async (root, view) => byPath(found(root, view), await other(root, view));
}

/** Recorded: a comparison of something that is not there fails the execution rather than not to hold. */
function present(found: Json | undefined, variable: string): Json {
  if (found !== undefined) return found;
  throw new EvaluationError(
    STATES.runtime,
    `Invalid path '${variable}': The choice state's condition path references an invalid value.`,
  );
}
