import { loadAssembly, loadPlacedAssembly } from '../../../local/assembly/cloud-assembly';
import type { LocalAssembly } from '../../../local/assembly/local-assembly';
import {
  ACCOUNT,
  assemblyOf,
  REGION,
  type Resources,
  templateOf,
  writeAssembly,
} from '../assembly/write-assembly';
import { arnOf } from './events-world';
import { lettersOf, MANAGEMENT, placesWorld, type PlacesWorld } from './places-world';

const BUS = `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/organization`;
const SENDER = `arn:aws:iam::${MANAGEMENT}:role/sender`;

const policy = (statement: Readonly<Record<string, unknown>> = {}): Resources[string] => [
  'AWS::Events::EventBusPolicy',
  {
    EventBusName: { Ref: 'Bus' },
    StatementId: 'Sender',
    Statement: {
      Sid: 'Sender',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${MANAGEMENT}:root` },
      Action: 'events:PutEvents',
      Resource: arnOf('Bus'),
      Condition: { ArnEquals: { 'aws:PrincipalArn': SENDER } },
      ...statement,
    },
  },
];

/** A bus, and a rule on it and one on the default bus, each with a queue. */
function mainStack(busPolicy: Resources[string] | 'no policy' = policy()): LocalAssembly {
  const rule = (queue: string, more: Readonly<Record<string, unknown>>): Resources[string] => [
    'AWS::Events::Rule',
    {
      EventPattern: { source: [{ prefix: 'aws.' }] },
      Targets: [{ Id: 'Queue', Arn: arnOf(queue) }],
      ...more,
    },
  ];
  return assemblyOf({
    Bus: ['AWS::Events::EventBus', { Name: 'organization' }],
    Default: ['AWS::SQS::Queue', { QueueName: 'default' }],
    Organization: ['AWS::SQS::Queue', { QueueName: 'organization' }],
    OnDefault: rule('Default', {}),
    OnOrganization: rule('Organization', { EventBusName: { Ref: 'Bus' } }),
    ...(busPolicy === 'no policy' ? {} : { Policy: busPolicy }),
  });
}

/** A rule in the management account that sends everything to a bus, by a role that may put events on {@link BUS}. */
function senderStack({ busArn = BUS, roleName = 'sender', allowed = BUS } = {}): LocalAssembly {
  const template = templateOf({
    Role: [
      'AWS::IAM::Role',
      {
        RoleName: roleName,
        AssumeRolePolicyDocument: {},
        Policies: [
          {
            PolicyName: 'Put',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [{ Effect: 'Allow', Action: 'events:PutEvents', Resource: allowed }],
            },
          },
        ],
      },
    ],
    Dead: ['AWS::SQS::Queue', { QueueName: 'dead' }],
    Rule: [
      'AWS::Events::Rule',
      {
        EventPattern: { source: [{ prefix: 'aws.' }] },
        Targets: [
          { Id: 'Bus', Arn: busArn, RoleArn: arnOf('Role'), DeadLetterConfig: { Arn: arnOf('Dead') } },
        ],
      },
    ],
  });
  return loadAssembly({ ...writeAssembly(template), accountId: MANAGEMENT, region: 'us-east-1' });
}

const MOVE = { source: 'aws.organizations', 'detail-type': 'AWS API Call via CloudTrail', detail: {} };

async function sourcesIn(world: PlacesWorld, queue: string): Promise<unknown[]> {
  return (await lettersOf(world, 'Stack', queue)).map(({ body }) => body.source);
}

async function errorsOf(further: LocalAssembly, main = mainStack()): Promise<unknown[]> {
  const stack: LocalAssembly = { ...further, stackName: 'Sender' };
  const world = placesWorld(main, [stack]);
  world.emit(MOVE);
  await world.clock.advance(60_000);
  expect(await sourcesIn(world, 'organization')).toEqual([]);
  return (await lettersOf(world, 'Sender', 'dead')).map(({ errorCode }) => errorCode);
}

describe('an event of an AWS service', () => {
  test('of the stack’s own account and Region is on its default bus', async () => {
    const world = placesWorld(mainStack(), [senderStack()]);

    world.emit({ ...MOVE, source: 'aws.sso' });
    await world.clock.advance(0);

    expect(await sourcesIn(world, 'default')).toEqual(['aws.sso']);
    expect(await sourcesIn(world, 'organization')).toEqual([]);
  });

  test('of another account’s stack comes by that stack’s rule, as it is', async () => {
    const world = placesWorld(mainStack(), [senderStack()]);

    const event = world.emit({ ...MOVE, id: 'the-same', resources: ['arn:x'] });
    await world.clock.advance(0);

    expect((await lettersOf(world, 'Stack', 'organization')).map(({ body }) => body)).toEqual([event]);
    expect(event).toMatchObject({ account: MANAGEMENT, region: 'us-east-1', id: 'the-same' });
    expect(await sourcesIn(world, 'default')).toEqual([]);
  });

  test.each([
    ['another account', { account: '999988887777' }],
    ['another Region', { region: 'eu-north-1' }],
  ])('of %s reaches nobody, and is remembered', async (_what, place) => {
    const world = placesWorld(mainStack(), [senderStack()]);

    const event = world.emit({ ...MOVE, ...place });
    await world.clock.advance(60_000);

    expect(world.unheard()).toEqual([event]);
    expect([...(await sourcesIn(world, 'default')), ...(await sourcesIn(world, 'organization'))]).toEqual([]);
  });

  test.each([
    ['aws.organizations', MANAGEMENT, 'us-east-1'],
    ['aws.tag', MANAGEMENT, 'us-east-1'],
    ['aws.controltower', MANAGEMENT, REGION],
    ['aws.sso', ACCOUNT, REGION],
  ])('from %s is told where AWS tells it, unless it says otherwise', (source, account, region) => {
    const world = placesWorld(mainStack(), []);

    expect(world.emit({ ...MOVE, source })).toMatchObject({ account, region });
  });

  test('is not sent on over two more buses', async () => {
    const sender = senderStack();
    const back = assemblyOf({
      Bus: ['AWS::Events::EventBus', { Name: 'organization' }],
      Policy: policy(),
      Rule: [
        'AWS::Events::Rule',
        {
          EventBusName: { Ref: 'Bus' },
          EventPattern: { source: ['aws.organizations'] },
          Targets: [{ Id: 'Back', Arn: `arn:aws:events:us-east-1:${MANAGEMENT}:event-bus/default` }],
        },
      ],
    });
    const world = placesWorld(back, [sender]);

    world.emit(MOVE);
    await world.clock.advance(0);

    expect(world.home.events.recorded('organization')).toHaveLength(1);
    expect(world.reports).toEqual([expect.stringContaining('came from another bus and is not sent on')]);
  });
});

describe('a bus of another account', () => {
  test('does not take an event without a policy', async () => {
    expect(await errorsOf(senderStack(), mainStack('no policy'))).toEqual(['SDK_CLIENT_ERROR']);
  });

  test.each([
    ['another role than the policy names', { roleName: 'somebody-else' }],
    ['a role that may not put events there', { allowed: `${BUS}-other` }],
  ])('does not take an event of %s: it is a dead letter', async (_what, change) => {
    expect(await errorsOf(senderStack(change))).toEqual(['SDK_CLIENT_ERROR']);
  });

  test('does not take an event that the policy denies as well', async () => {
    const denied = mainStack(policy({ Effect: 'Deny' }));

    expect(await errorsOf(senderStack(), denied)).toEqual(['SDK_CLIENT_ERROR']);
  });

  test('that is not there makes a dead letter', async () => {
    expect(await errorsOf(senderStack({ busArn: `${BUS}-gone`, allowed: '*' }))).toEqual(['NO_RESOURCE']);
  });
});

describe('what is not supported stops the start', () => {
  test.each([
    [
      'a policy in its older form',
      ['AWS::Events::EventBusPolicy', { EventBusName: { Ref: 'Bus' }, StatementId: 'x', Principal: '*' }],
      /Policy.*Principal/,
    ],
    [
      'a condition on something else',
      policy({ Condition: { StringEquals: { 'aws:SourceIp': '::1' } } }),
      /SourceIp/,
    ],
    ['a service as the principal', policy({ Principal: { Service: 'events.amazonaws.com' } }), /Service/],
  ] as const)('%s', (_what, busPolicy, message) => {
    const main = mainStack(busPolicy);

    expect(() => placesWorld(main, [])).toThrow(message);
  });

  test('a function in a further stack', () => {
    const further = assemblyOf({ Fn: ['AWS::Lambda::Function', { FunctionName: 'fn' }] });

    expect(() => placesWorld(mainStack(), [further])).toThrow(
      /has Fn of the type AWS::Lambda::Function; the local runtime runs the main stack alone/,
    );
  });

  test('a further stack that does not say where it is', () => {
    expect(() => loadPlacedAssembly(writeAssembly(templateOf({})))).toThrow(
      /leaves its account or its Region open/,
    );
  });
});
