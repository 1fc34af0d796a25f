import { writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { loadAssembly } from '../../../local/assembly/cloud-assembly';
import { localMeaning } from '../../../local/assembly/resource-identities';
import { assemblyOf, templateOf, writeAssembly, type Resources } from './write-assembly';

/** What one value of a template resolves to: it is put into a policy, which no part of the runtime looks into. */
function resolved(value: unknown, more: Resources = {}, sections: Record<string, unknown> = {}): unknown {
  const assembly = assemblyOf({ ...more, Holder: ['AWS::IAM::Policy', { Value: value }] }, sections);
  return assembly.ofType('AWS::IAM::Policy')[0]?.properties.Value;
}

const BUCKETS = {
  Table: ['AWS::DynamoDB::Table', {}],
  Named: ['AWS::DynamoDB::Table', { TableName: 'ledger' }],
} as const;

describe('intrinsic functions', () => {
  test.each([
    { name: 'a pseudo parameter', value: { Ref: 'AWS::Region' }, answer: 'eu-west-1' },
    { name: 'a generated name', value: { Ref: 'Table' }, answer: 'Stack-Table' },
    { name: 'a given name', value: { Ref: 'Named' }, answer: 'ledger' },
    {
      name: 'an attribute',
      value: { 'Fn::GetAtt': ['Named', 'Arn'] },
      answer: 'arn:aws:dynamodb:eu-west-1:222233334444:table/ledger',
    },
    {
      name: 'a join with references in it',
      value: { 'Fn::Join': ['', ['a/', { Ref: 'Named' }, '/', 3]] },
      answer: 'a/ledger/3',
    },
    { name: 'a join of a split', value: { 'Fn::Join': ['-', { 'Fn::Split': ['/', 'a/b'] }] }, answer: 'a-b' },
    { name: 'a selection', value: { 'Fn::Select': ['1', ['a', 'b']] }, answer: 'b' },
    {
      name: 'a substitution of names and attributes',
      value: { 'Fn::Sub': '${AWS::AccountId}:${Named}:${Named.Arn}:${!Kept}' },
      answer: '222233334444:ledger:arn:aws:dynamodb:eu-west-1:222233334444:table/ledger:${Kept}',
    },
    {
      name: 'a substitution with variables of its own',
      value: { 'Fn::Sub': ['${Own}/${Named}', { Own: { Ref: 'Table' } }] },
      answer: 'Stack-Table/ledger',
    },
    { name: 'base64', value: { 'Fn::Base64': { 'Fn::Sub': '${Named}' } }, answer: 'bGVkZ2Vy' },
  ])('resolve $name', ({ value, answer }) => {
    expect(resolved(value, BUCKETS)).toBe(answer);
  });

  test('leave out properties and list elements that are AWS::NoValue', () => {
    const none = { Ref: 'AWS::NoValue' };
    expect(resolved({ kept: 1, gone: none, list: [1, none, 2] })).toEqual({ kept: 1, list: [1, 2] });
  });

  test('choose by conditions of every kind, and resolve only the branch that is taken', () => {
    const Conditions = {
      Here: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] },
      There: { 'Fn::Not': [{ Condition: 'Here' }] },
      Both: { 'Fn::And': [{ Condition: 'Here' }, { Condition: 'There' }] },
      Either: { 'Fn::Or': [{ Condition: 'Here' }, { Condition: 'There' }] },
    };
    const value = Object.keys(Conditions).map((name) => ({
      'Fn::If': [name, 'yes', name === 'Here' ? { Ref: 'Nowhere' } : 'no'],
    }));
    expect(resolved(value, {}, { Conditions })).toEqual(['yes', 'no', 'no', 'yes']);
  });

  test('find values in mappings', () => {
    const Mappings = { Sizes: { 'eu-west-1': { memory: 512 } } };
    expect(resolved({ 'Fn::FindInMap': ['Sizes', { Ref: 'AWS::Region' }, 'memory'] }, {}, { Mappings })).toBe(
      512,
    );
  });

  test('take parameters from their defaults, and lists apart', () => {
    const Parameters = {
      Text: { Type: 'String', Default: 'a' },
      List: { Type: 'CommaDelimitedList', Default: 'a, b' },
    };
    expect(resolved([{ Ref: 'Text' }, { Ref: 'List' }], {}, { Parameters })).toEqual(['a', ['a', 'b']]);
  });

  test('join and split undo each other', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z{}$]*$/), { minLength: 1, maxLength: 5 }), (words) => {
        expect(resolved({ 'Fn::Split': ['/', { 'Fn::Join': ['/', words] }] })).toEqual(words);
      }),
      { numRuns: 30 },
    );
  });

  test.each([
    { value: { 'Fn::ImportValue': 'x' }, message: /Fn::ImportValue is not supported/ },
    { value: { 'Fn::GetAZs': '' }, message: /Fn::GetAZs is not supported/ },
    { value: { 'Fn::Join': ['', []], other: 1 }, message: /Fn::Join must stand alone/ },
    { value: { Ref: 'Nowhere' }, message: /no resource or parameter "Nowhere"/ },
    {
      value: { 'Fn::GetAtt': ['Table', 'StreamArn'] },
      message: /Table has no attribute "StreamArn".*it has Arn/,
    },
    { value: { 'Fn::Select': ['2', ['a']] }, message: /Fn::Select finds no element "2"/ },
    { value: '{{resolve:ssm:/name}}', message: /dynamic reference/ },
    { value: { 'Fn::Sub': '${constructor}' }, message: /no resource or parameter "constructor"/ },
  ])('stop the load at $value', ({ value, message }) => {
    expect(() => resolved(value, BUCKETS)).toThrow(message);
  });

  test('name the resource in which something cannot be resolved', () => {
    expect(() => resolved({ Ref: 'Nowhere' })).toThrow(/resource Holder cannot be resolved/);
  });

  test('report names that depend on each other in a circle', () => {
    const resources: Resources = {
      A: ['AWS::DynamoDB::Table', { TableName: { Ref: 'B' } }],
      B: ['AWS::DynamoDB::Table', { TableName: { Ref: 'A' } }],
    };
    expect(() => assemblyOf(resources)).toThrow(/circle: resource A → resource B → resource A/);
  });
});

describe('resources', () => {
  test.each<[string, Record<string, unknown>, string, Record<string, string>]>([
    [
      'AWS::Lambda::Function',
      { FunctionName: 'f' },
      'f',
      { Arn: 'arn:aws:lambda:eu-west-1:222233334444:function:f' },
    ],
    [
      'AWS::StepFunctions::StateMachine',
      { DefinitionString: '{}', StateMachineName: 'm' },
      'arn:aws:states:eu-west-1:222233334444:stateMachine:m',
      { Name: 'm', Arn: 'arn:aws:states:eu-west-1:222233334444:stateMachine:m' },
    ],
    [
      'AWS::SQS::Queue',
      {},
      'http://127.0.0.1/222233334444/Stack-Thing',
      { Arn: 'arn:aws:sqs:eu-west-1:222233334444:Stack-Thing', QueueName: 'Stack-Thing' },
    ],
    [
      'AWS::Events::EventBus',
      { Name: 'bus' },
      'bus',
      { Arn: 'arn:aws:events:eu-west-1:222233334444:event-bus/bus', Name: 'bus' },
    ],
    [
      'AWS::Events::Rule',
      { Name: 'r', EventBusName: 'bus' },
      'bus|r',
      { Arn: 'arn:aws:events:eu-west-1:222233334444:rule/bus/r' },
    ],
    ['AWS::Events::Rule', { Name: 'r' }, 'r', { Arn: 'arn:aws:events:eu-west-1:222233334444:rule/r' }],
    [
      'AWS::SNS::Topic',
      { TopicName: 't' },
      'arn:aws:sns:eu-west-1:222233334444:t',
      { TopicName: 't', TopicArn: 'arn:aws:sns:eu-west-1:222233334444:t' },
    ],
    [
      'AWS::IAM::Role',
      { RoleName: 'R', Path: '/team/' },
      'R',
      { Arn: 'arn:aws:iam::222233334444:role/team/R' },
    ],
    [
      'AWS::Logs::LogGroup',
      { LogGroupName: '/x' },
      '/x',
      { Arn: 'arn:aws:logs:eu-west-1:222233334444:log-group:/x:*' },
    ],
    [
      'AWS::CloudWatch::Alarm',
      { AlarmName: 'a' },
      'a',
      { Arn: 'arn:aws:cloudwatch:eu-west-1:222233334444:alarm:a' },
    ],
  ])('%s %j answers Ref and GetAtt as on AWS', (type, properties, ref, attributes) => {
    const assembly = assemblyOf({ Thing: [type, properties] });
    expect(assembly.ref('Thing')).toBe(ref);
    for (const [name, value] of Object.entries(attributes))
      expect(assembly.attribute('Thing', name)).toBe(value);
  });

  test('of a type that is not supported stop the load by name', () => {
    expect(() => assemblyOf({ Bucket: ['AWS::S3::Bucket', {}] })).toThrow(
      /resource Bucket is of the type AWS::S3::Bucket, which the local runtime does not support/,
    );
  });

  test.each([
    { type: 'AWS::Lambda::Function', meaning: 'served' },
    { type: 'AWS::CloudWatch::Alarm', meaning: 'inert' },
    { type: 'AWS::SNS::Topic', meaning: 'served' },
    { type: 'AWS::SNS::Subscription', meaning: 'served' },
    { type: 'AWS::SNS::TopicPolicy', meaning: 'inert' },
    { type: 'AWS::CloudWatch::AnomalyDetector', meaning: undefined },
    { type: 'AWS::Lambda::EventSourceMapping', meaning: undefined },
  ])('of the type $type are $meaning', ({ type, meaning }) => {
    expect(localMeaning(type)).toBe(meaning);
  });

  test('get ids that are the same on every load, and differ from resource to resource', () => {
    const resources: Resources = {
      One: ['AWS::ApiGateway::RestApi', {}],
      Two: ['AWS::ApiGateway::RestApi', {}],
      Key: ['AWS::KMS::Key', {}],
    };
    const [first, second] = [assemblyOf(resources), assemblyOf(resources)];
    expect(first.ref('One')).toMatch(/^[a-z0-9]{10}$/);
    expect(first.ref('One')).toBe(second.ref('One'));
    expect(first.ref('One')).not.toBe(first.ref('Two'));
    expect(first.attribute('One', 'RootResourceId')).not.toBe(first.ref('One'));
    expect(first.ref('Key')).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  test('whose condition does not hold are not there', () => {
    const template = {
      Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
      Resources: { Gone: { Type: 'AWS::SQS::Queue', Condition: 'Never' } },
    };
    const assembly = loadAssembly(writeAssembly(template));
    expect(assembly.ofType('AWS::SQS::Queue')).toEqual([]);
    expect(() => assembly.ref('Gone')).toThrow(/its condition does not hold/);
  });

  test('have names cut to what the service takes', () => {
    const logicalId = 'Long'.repeat(30);
    const name = assemblyOf({ [logicalId]: ['AWS::Lambda::Function', {}] }).ref(logicalId);
    expect(name).toHaveLength(64);
    expect(name).toMatch(/^Stack-LongLong.*-[0-9a-f]{8}$/);
  });
});

describe('state machines', () => {
  const definitionOf = (properties: Record<string, unknown>) =>
    assemblyOf({ Machine: ['AWS::StepFunctions::StateMachine', properties] }).ofType(
      'AWS::StepFunctions::StateMachine',
    )[0]?.properties;

  test('have their definition as plain JSON text, references resolved', () => {
    const properties = definitionOf({
      DefinitionString: { 'Fn::Join': ['', ['{"StartAt":"', { Ref: 'AWS::Region' }, '"}']] },
    });
    expect(properties?.DefinitionString).toBe('{"StartAt":"eu-west-1"}');
  });

  test('have substitutions put in, and keep other placeholders', () => {
    const properties = definitionOf({
      DefinitionString: '{"StartAt":"${Name}","Comment":"${other}"}',
      DefinitionSubstitutions: { Name: { Ref: 'AWS::Region' } },
    });
    expect(properties).toEqual({ DefinitionString: '{"StartAt":"eu-west-1","Comment":"${other}"}' });
  });

  test('may give the definition as an object', () => {
    expect(definitionOf({ Definition: { StartAt: { Ref: 'AWS::Region' } } })).toEqual({
      DefinitionString: '{"StartAt":"eu-west-1"}',
    });
  });

  test('are refused with a definition that is not JSON', () => {
    expect(() => definitionOf({ DefinitionString: '{' })).toThrow(
      /definition of the state machine Machine is not JSON/,
    );
  });

  test('may have the definition in an asset', () => {
    const template = templateOf({
      Machine: [
        'AWS::StepFunctions::StateMachine',
        { DefinitionS3Location: { Bucket: 'b', Key: 'abc.json' } },
      ],
    });
    const source = writeAssembly(template, {
      abc: {
        source: { path: 'asset.json', packaging: 'file' },
        destinations: { d: { objectKey: 'abc.json' } },
      },
    });
    writeFileSync(path.join(source.directory, 'asset.json'), '{"StartAt":"A"}');
    const [machine] = loadAssembly(source).ofType('AWS::StepFunctions::StateMachine');
    expect(machine?.properties.DefinitionString).toBe('{"StartAt":"A"}');
  });
});

describe('assets', () => {
  test('are found by their key, as an absolute path', () => {
    const source = writeAssembly(templateOf({}), {
      abc: { source: { path: 'asset.abc', packaging: 'zip' }, destinations: { d: { objectKey: 'abc.zip' } } },
    });
    expect(loadAssembly(source).assetPath('abc.zip')).toBe(path.join(source.directory, 'asset.abc'));
  });

  test('that are not there are named', () => {
    expect(() => assemblyOf({}).assetPath('nope.zip')).toThrow(/no asset "nope.zip"/);
  });
});

describe('assembly folder', () => {
  test('without a manifest says what to do', () => {
    const source = { ...writeAssembly({}), directory: '/nowhere' };
    expect(() => loadAssembly(source)).toThrow(/manifest.json is not there; synthesize the app/);
  });

  test('without the stack names those that it has', () => {
    const source = { ...writeAssembly({}), stackName: 'Other' };
    expect(() => loadAssembly(source)).toThrow(/has no stack "Other"; its stacks are: Stack/);
  });

  test('with a broken template says which file', () => {
    const source = writeAssembly({});
    writeFileSync(path.join(source.directory, 'Stack.template.json'), '{');
    expect(() => loadAssembly(source)).toThrow(/Stack.template.json is not JSON/);
  });

  test('with a section that is not supported names it', () => {
    expect(() => loadAssembly(writeAssembly({ Transform: 'AWS::Serverless' }))).toThrow(
      /section "Transform"/,
    );
  });

  test('with a parameter that AWS would look up wants a value', () => {
    const template = templateOf(
      { Holder: ['AWS::IAM::Policy', { Value: { Ref: 'Version' } }] },
      { Parameters: { Version: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/x' } } },
    );
    const source = writeAssembly(template);
    expect(() => loadAssembly(source)).toThrow(/Version is looked up in AWS/);
    const [holder] = loadAssembly({ ...source, parameters: { Version: '9' } }).ofType('AWS::IAM::Policy');
    expect(holder?.properties.Value).toBe('9');
  });
});
