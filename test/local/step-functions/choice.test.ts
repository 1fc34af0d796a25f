import { single, useRuntime } from './support/runtime';

const runtime = useRuntime();

/** Runs a choice of one JSONPath rule; answers whether it held. */
async function holds(rule: object, input: unknown): Promise<unknown> {
  const finished = await runtime().run(
    {
      StartAt: 'Choose',
      States: {
        Choose: { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' },
        Yes: { Type: 'Pass', Result: true, End: true },
        No: { Type: 'Pass', Result: false, End: true },
      },
    },
    input,
  );
  return finished.output ?? finished.error;
}

const EARLY = '2026-12-01T08:00:00Z';
const SAME = '2026-12-01T09:00:00+01:00';
const LATE = '2026-12-01T08:00:00.5Z';

describe('Choice in JSONPath', () => {
  test.each<[string, unknown, unknown, unknown]>([
    // operator, operand, value that holds, value that does not
    ['StringEquals', 'b', 'b', 'a'],
    ['StringLessThan', 'b', 'a', 'b'],
    ['StringGreaterThan', 'b', 'c', 'b'],
    ['StringLessThanEquals', 'b', 'b', 'c'],
    ['StringGreaterThanEquals', 'b', 'b', 'a'],
    ['NumericEquals', 2, 2, '2'],
    ['NumericLessThan', 2, 1.5, 2],
    ['NumericGreaterThan', 2, 3, 2],
    ['NumericLessThanEquals', 2, 2, 3],
    ['NumericGreaterThanEquals', 2, 2, 1],
    ['BooleanEquals', true, true, false],
    ['TimestampEquals', EARLY, SAME, LATE],
    ['TimestampLessThan', LATE, EARLY, LATE],
    ['TimestampGreaterThan', EARLY, LATE, SAME],
    ['TimestampLessThanEquals', EARLY, SAME, LATE],
    ['TimestampGreaterThanEquals', EARLY, SAME, '2026-12-01T07:59:59Z'],
  ])('%s and its Path twin compare values of their type only', async (operator, operand, yes, no) => {
    expect(await holds({ Variable: '$.v', [operator]: operand }, { v: yes })).toBe(true);
    expect(await holds({ Variable: '$.v', [operator]: operand }, { v: no })).toBe(false);
    expect(await holds({ Variable: '$.v', [operator]: operand }, { v: null })).toBe(false);
    expect(await holds({ Variable: '$.v', [`${operator}Path`]: '$.o' }, { v: yes, o: operand })).toBe(true);
    expect(await holds({ Variable: '$.v', [`${operator}Path`]: '$.o' }, { v: no, o: operand })).toBe(false);
  });

  test.each<[string, unknown, unknown]>([
    ['IsNull', null, 0],
    ['IsString', '', 1],
    ['IsNumeric', 0, '0'],
    ['IsBoolean', false, null],
    ['IsTimestamp', EARLY, '2026-12-01'],
  ])('%s asks for the kind of a value', async (operator, yes, no) => {
    expect(await holds({ Variable: '$.v', [operator]: true }, { v: yes })).toBe(true);
    expect(await holds({ Variable: '$.v', [operator]: true }, { v: no })).toBe(false);
    expect(await holds({ Variable: '$.v', [operator]: false }, { v: no })).toBe(true);
  });

  test('IsPresent tells whether there is anything', async () => {
    expect(await holds({ Variable: '$.v', IsPresent: true }, { v: null })).toBe(true);
    expect(await holds({ Variable: '$.v', IsPresent: true }, {})).toBe(false);
    expect(await holds({ Variable: '$.v', IsPresent: false }, {})).toBe(true);
  });

  test.each([
    ['log-*.txt', 'log-1.txt', true],
    ['log-*.txt', 'log-.txt', true],
    ['log-*.txt', 'log-1.txtx', false],
    ['a\\*b', 'a*b', true],
    ['a\\*b', 'axb', false],
    ['a.c', 'abc', false],
    ['*', '', true],
  ])('StringMatches %j against %j is %j', async (pattern, value, expected) => {
    expect(await holds({ Variable: '$.v', StringMatches: pattern }, { v: value })).toBe(expected);
  });

  test('And, Or and Not combine rules', async () => {
    const positive = { Variable: '$.v', NumericGreaterThan: 0 };
    const small = { Variable: '$.v', NumericLessThan: 10 };
    expect(await holds({ And: [positive, small] }, { v: 5 })).toBe(true);
    expect(await holds({ And: [positive, small] }, { v: 50 })).toBe(false);
    expect(await holds({ Or: [{ Not: positive }, { Not: small }] }, { v: 50 })).toBe(true);
    expect(await holds({ Or: [{ Not: positive }, { Not: small }] }, { v: 5 })).toBe(false);
  });

  test('a Variable that finds nothing fails the execution with States.Runtime', async () => {
    expect(await holds({ Variable: '$.v', NumericEquals: 1 }, {})).toBe('States.Runtime');
  });
});

describe('Choice', () => {
  const noDefault = (language: 'JSONata' | 'JSONPath', rule: object): unknown => ({
    QueryLanguage: language,
    StartAt: 'Choose',
    States: { Choose: { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }] }, Yes: { Type: 'Succeed' } },
  });

  test('without a rule that holds and without a default ends with States.NoChoiceMatched', async () => {
    const finished = await runtime().run(noDefault('JSONPath', { Variable: '$.v', NumericEquals: 1 }), {
      v: 2,
    });
    expect(finished).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
    expect(finished.cause).toContain("the state 'Choose' (entered at the event id #2)");
    const other = await runtime().run(noDefault('JSONata', { Condition: '{% $states.input.v = 1 %}' }), {
      v: 2,
    });
    expect(other.error).toBe('States.NoChoiceMatched');
  });

  test('takes a literal as JSONata Condition', async () => {
    const finished = await runtime().run(noDefault('JSONata', { Condition: true }));
    expect(finished.status).toBe('SUCCEEDED');
  });

  test('refuses a Condition that is no boolean, with EvaluationFailed before the failure', async () => {
    const finished = await runtime().run(noDefault('JSONata', { Condition: '{% "yes" %}' }));
    expect(finished.error).toBe('States.QueryEvaluationError');
    expect(finished.types.slice(-2)).toEqual(['EvaluationFailed', 'ExecutionFailed']);
  });

  test('takes Output and Assign of the rule that holds, and its own for the default', async () => {
    const machine = {
      QueryLanguage: 'JSONata',
      StartAt: 'Choose',
      States: {
        Choose: {
          Type: 'Choice',
          Choices: [
            { Condition: '{% $states.input.v = 1 %}', Next: 'End', Output: 'rule', Assign: { by: 'rule' } },
          ],
          Default: 'End',
          Output: 'default',
          Assign: { by: 'default' },
        },
        End: { Type: 'Pass', Output: '{% [$states.input, $by] %}', End: true },
      },
    };
    expect((await runtime().run(machine, { v: 1 })).output).toEqual(['rule', 'rule']);
    expect((await runtime().run(machine, { v: 2 })).output).toEqual(['default', 'default']);
  });

  test('a rule of JSONPath assigns variables', async () => {
    const machine = {
      StartAt: 'Choose',
      States: {
        Choose: {
          Type: 'Choice',
          Choices: [{ Variable: '$.v', IsPresent: true, Next: 'End', Assign: { 'was.$': '$.v' } }],
          Default: 'End',
          OutputPath: '$.v',
        },
        End: { Type: 'Pass', Parameters: { 'in.$': '$', 'was.$': '$was' }, End: true },
      },
    };
    expect((await runtime().run(machine, { v: 7 })).output).toEqual({ in: 7, was: 7 });
  });

  test('single() makes machines that end', () => {
    expect(single({ Type: 'Pass' })).toHaveProperty('States.Only.End', true);
  });
});
