import { drawMachine, machineDefinitions, replaceDiagram } from '../../cli/machine-diagram';

const MACHINE = {
  StartAt: 'Await it',
  States: {
    'Await it': {
      Type: 'Task',
      Next: 'Which way?',
      Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Which way?' }],
    },
    'Which way?': {
      Type: 'Choice',
      Choices: [
        { Condition: "{% $states.input.next = 'again' %}", Next: 'Await it' },
        { Condition: '{% $rounds >= 3 %}', Next: 'Too long' },
      ],
      Default: 'Done',
    },
    'Too long': { Type: 'Fail' },
    Done: { Type: 'Succeed' },
  },
};

describe('machineDefinitions', () => {
  test('reads the definition of each machine by its name, references included', () => {
    const text = JSON.stringify(MACHINE);
    const template = {
      Resources: {
        Other: { Type: 'AWS::SQS::Queue' },
        Machine: {
          Type: 'AWS::StepFunctions::StateMachine',
          Properties: {
            StateMachineName: 'one',
            DefinitionString: {
              'Fn::Join': ['', [`${text.slice(0, -1)},"Comment":"`, { Ref: 'AWS::Partition' }, '"}']],
            },
          },
        },
      },
    };
    expect(machineDefinitions(template)).toEqual({ one: { ...MACHINE, Comment: '${AWS::Partition}' } });
  });

  test('refuses a machine without a fixed name', () => {
    const template = { Resources: { Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: {} } } };
    expect(() => machineDefinitions(template)).toThrow('Machine has no fixed StateMachineName');
  });
});

describe('drawMachine', () => {
  test('draws every state and every way between two of them once', () => {
    expect(drawMachine(MACHINE).split('\n')).toEqual([
      'stateDiagram-v2',
      '  [*] --> AwaitIt',
      '  state "Await it" as AwaitIt',
      '  state "Which way?" as WhichWay',
      '  state "Too long" as TooLong',
      '  state "Done" as Done',
      '  AwaitIt --> WhichWay : answered, or time is over',
      '  WhichWay --> AwaitIt : again',
      '  WhichWay --> TooLong : $rounds >= 3',
      '  WhichWay --> Done : otherwise',
      '  TooLong --> [*] : failed',
      '  Done --> [*]',
    ]);
  });
});

describe('replaceDiagram', () => {
  const document = 'before\n<!-- diagram: one -->\nold\n<!-- end of diagram: one -->\nafter\n';

  test('puts the picture between its markers and leaves the rest alone', () => {
    expect(replaceDiagram(document, 'one', 'new')).toBe(
      'before\n<!-- diagram: one -->\n\n```mermaid\nnew\n```\n\n<!-- end of diagram: one -->\nafter\n',
    );
  });

  test('changes nothing the second time', () => {
    const once = replaceDiagram(document, 'one', 'new');
    expect(replaceDiagram(once, 'one', 'new')).toBe(once);
  });

  test('says which markers are missing', () => {
    expect(() => replaceDiagram(document, 'two', 'new')).toThrow(/"<!-- diagram: two -->"/);
  });
});
