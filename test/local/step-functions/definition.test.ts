import type { AwsError } from '../../../local/aws-api/json-service';
import { ROLE, functionArn, single, useRuntime } from './support/runtime';

const runtime = useRuntime();
const task = (more: object): Record<string, unknown> => ({
  Type: 'Task',
  Resource: functionArn('f'),
  ...more,
});
const invoke = (more: object = {}): Record<string, unknown> => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: 'f' },
  ...more,
});

describe('What a definition may say', () => {
  const refused = (definition: unknown): string => {
    try {
      runtime().create(definition);
    } catch (error) {
      expect((error as AwsError).code).toBe('InvalidDefinition');
      return (error as AwsError).message;
    }
    return 'it was taken';
  };

  test.each<[string, unknown, string]>([
    [
      'an unknown field',
      single({ Type: 'Pass', Foo: 1 }),
      "the field 'Foo' is not supported in a JSONata Pass state",
    ],
    ['a field of the other language', single({ Type: 'Pass', ResultPath: '$' }), "the field 'ResultPath'"],
    ['an unknown field at the top', { ...(single({ Type: 'Pass' }) as object), Foo: 1 }, "the field 'Foo'"],
    ['an unknown type', single({ Type: 'Loop' }), "'Loop' is no type of state"],
    [
      'an unknown resource',
      single(task({ Resource: 'arn:aws:states:::sqs:sendMessage' })),
      'no integration sqs:sendMessage',
    ],
    ['no ARN', single(task({ Resource: 'f' })), "the resource 'f' is neither"],
    [
      'an activity',
      single(task({ Resource: 'arn:aws:states:us-east-1:123456789012:activity:a' })),
      'activity',
    ],
    [
      'an unknown service',
      single(task({ Resource: 'arn:aws:states:::aws-sdk:polly:speak' })),
      "no service 'polly'",
    ],
    [
      'an unknown operation',
      single(task({ Resource: 'arn:aws:states:::aws-sdk:dynamodb:noSuchOperation' })),
      'no operation NoSuchOperation',
    ],
    ['an unknown pattern', single(task({ Resource: 'arn:aws:states:::lambda:invoke.twice' })), "'.twice'"],
    [
      '.sync of a function',
      single(invoke({ Resource: 'arn:aws:states:::lambda:invoke.sync' })),
      'only states:startExecution',
    ],
    [
      'an unknown argument',
      single(invoke({ Arguments: { FunctionName: 'f', Nme: 1 } })),
      "the argument 'Nme'",
    ],
    ['a missing argument', single(invoke({ Arguments: {} })), "the argument 'FunctionName'"],
    ['an unknown function', single({ Type: 'Pass', Output: '{% $nope() %}' }), 'calls $nope()'],
    ['a broken expression', single({ Type: 'Pass', Output: '{% 1 + %}' }), 'cannot be parsed'],
    ['half an expression', single({ Type: 'Pass', Output: '{% 1' }), 'must start with {%'],
    [
      '$states.result before there is one',
      single(invoke({ Arguments: { FunctionName: '{% $states.result %}' } })),
      'result',
    ],
    [
      'Credentials',
      single(invoke({ Credentials: { RoleArn: ROLE } })),
      "'Credentials' is not supported locally",
    ],
    [
      'a heartbeat nobody sends',
      single(invoke({ HeartbeatSeconds: 5 })),
      'only a task with .waitForTaskToken',
    ],
    [
      'a heartbeat longer than the timeout',
      single(
        invoke({
          Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
          HeartbeatSeconds: 9,
          TimeoutSeconds: 9,
        }),
      ),
      'must be shorter',
    ],
    ['a timeout of 0', single(invoke({ TimeoutSeconds: 0 })), 'must be a whole number from 1'],
    [
      'two timeouts',
      single(task({ TimeoutSeconds: 1, TimeoutSecondsPath: '$.t' }), 'JSONPath'),
      'only one of',
    ],
    ['two waits', single({ Type: 'Wait', Seconds: 1, Timestamp: '2026-12-01T08:00:00Z' }), 'only one of'],
    ['a wait for nothing', single({ Type: 'Wait' }), 'is missing'],
    ['a timestamp that is none', single({ Type: 'Wait', Timestamp: 'tomorrow' }), 'is no timestamp'],
    ['a Distributed Map', distributed(), 'Distributed Map (Mode DISTRIBUTED) is not supported locally'],
    ['an ItemReader', single({ Type: 'Map', ItemReader: {}, ItemProcessor: {} }), 'Distributed Map'],
    ['JSONPath inside JSONata', single({ Type: 'Pass', QueryLanguage: 'JSONPath' }), 'cannot be JSONPath'],
    [
      'an unknown choice operator',
      single(choice({ Variable: '$.a', NumericAlmost: 1 }), 'JSONPath'),
      "'NumericAlmost'",
    ],
    [
      'an operand of the wrong type',
      single(choice({ Variable: '$.a', NumericEquals: '1' }), 'JSONPath'),
      'NumericEquals',
    ],
    [
      'two operators',
      single(choice({ Variable: '$.a', NumericEquals: 1, IsNull: true }), 'JSONPath'),
      'one operator',
    ],
    [
      'States.ALL beside another',
      single(invoke({ Retry: [{ ErrorEquals: ['States.ALL', 'x'] }] })),
      'must stand alone',
    ],
    [
      'an error of States that is none',
      single(invoke({ Retry: [{ ErrorEquals: ['States.Tiemout'] }] })),
      'Tiemout',
    ],
    ['a retry without errors', single(invoke({ Retry: [{ ErrorEquals: [] }] })), 'at least one error'],
    ['a backoff below 1', single(invoke({ Retry: [{ ErrorEquals: ['a'], BackoffRate: 0.5 }] })), 'from 1'],
    [
      'an unknown jitter',
      single(invoke({ Retry: [{ ErrorEquals: ['a'], JitterStrategy: 'HALF' }] })),
      "'HALF'",
    ],
    [
      'a catcher with a foreign field',
      single(invoke({ Catch: [{ ErrorEquals: ['a'], Next: 'x', ResultPath: '$' }] })),
      'ResultPath',
    ],
    ['a path that is none', single({ Type: 'Pass', InputPath: 'a.b' }, 'JSONPath'), "'a.b'"],
    [
      'an unknown intrinsic',
      single({ Type: 'Pass', Parameters: { 'a.$': 'States.No()' } }, 'JSONPath'),
      "'States.No'",
    ],
    [
      'a template member that is no path',
      single({ Type: 'Pass', Parameters: { 'a.$': 3 } }, 'JSONPath'),
      'must be a string',
    ],
    [
      'a ResultPath that is no place',
      single({ Type: 'Pass', ResultPath: '$.a[*]' }, 'JSONPath'),
      'reference path',
    ],
    ['a variable nobody assigns', single({ Type: 'Pass', Output: '{% $lost %}' }), '$lost'],
    ['the reserved variable', single({ Type: 'Pass', Assign: { states: 1 } }), "'states' is reserved"],
  ])('refuses %s, and names it', (_what, definition, message) => {
    expect(refused(definition)).toContain(message);
  });

  test('refuses ways to nowhere and states without a way', () => {
    const states = (next: string): unknown => ({
      QueryLanguage: 'JSONata',
      StartAt: 'A',
      States: { A: { Type: 'Pass', Next: next }, B: { Type: 'Succeed' } },
    });
    expect(refused(states('C'))).toContain("leads to 'C', which does not exist");
    expect(refused(states('A'))).toContain("no way leads to the state 'B'");
    expect(refused({ QueryLanguage: 'JSONata', StartAt: 'X', States: { A: { Type: 'Succeed' } } })).toContain(
      "no state 'X'",
    );
  });

  test('refuses to assign the same variable inside and outside of a branch', () => {
    const inner = { StartAt: 'In', States: { In: { Type: 'Pass', Assign: { x: 2 }, End: true } } };
    const definition = {
      QueryLanguage: 'JSONata',
      StartAt: 'Out',
      States: { Out: { Type: 'Parallel', Branches: [inner], Assign: { x: 1 }, End: true } },
    };
    expect(refused(definition)).toContain("the variable 'x' is assigned by a state outside too");
  });

  test('refuses what is no JSON', async () => {
    const request = { name: 'm', roleArn: ROLE, definition: '{' };
    await expect(runtime().api('CreateStateMachine', request)).rejects.toMatchObject({
      code: 'InvalidDefinition',
    });
  });

  test('names the place as a JSON pointer', () => {
    const definition = single(invoke({ Retry: [{ ErrorEquals: ['a'], MaxAttempts: -1 }] }));
    expect(refused(definition)).toContain('at /States/Only/Retry/0/MaxAttempts');
  });

  test('lets the published schemas have their say in CreateStateMachine', async () => {
    // GIVEN two states of one name in different blocks, which only the schemas' checks refuse
    const inner = { StartAt: 'A', States: { A: { Type: 'Pass', End: true } } };
    const definition = {
      QueryLanguage: 'JSONata',
      StartAt: 'A',
      States: { A: { Type: 'Parallel', Branches: [inner], End: true } },
    };
    // WHEN THEN
    const request = { name: 'm', roleArn: ROLE, definition: JSON.stringify(definition) };
    await expect(runtime().api('CreateStateMachine', request)).rejects.toMatchObject({
      code: 'InvalidDefinition',
      message: expect.stringContaining('the States language schema refuses it') as string,
    });
  });

  test('takes in CreateStateMachine what the schemas are too strict in', async () => {
    const output = single({ Type: 'Pass', Output: '{%\n 1\n%}' }) as object;
    const request = { name: 'm', roleArn: ROLE, definition: JSON.stringify(output) };
    await expect(runtime().api('CreateStateMachine', request)).resolves.toHaveProperty('stateMachineArn');
  });
});

function choice(rule: object): Record<string, unknown> {
  return { Type: 'Choice', Choices: [{ ...rule, Next: 'Only' }] };
}

function distributed(): unknown {
  const processor = {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    StartAt: 'P',
    States: { P: { Type: 'Pass', End: true } },
  };
  return single({ Type: 'Map', ItemProcessor: processor });
}
