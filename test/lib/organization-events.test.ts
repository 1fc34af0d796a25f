import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import type { Settings } from '../../core/settings/settings';
import { FEATURE_FLAGS } from '../../lib/feature-flags';
import { type OrganizationEventsStack, organizationEventsStacks } from '../../lib/organization-events.stack';
import { TEST_SETTINGS } from '../support/test-settings';

const { hostAccountId: HOST, managementAccountId: MANAGEMENT, homeRegion: HOME } = TEST_SETTINGS;
const BUS = `arn:aws:events:${HOME}:${HOST}:event-bus/latchkey-organization`;

function stacks(settings: Partial<Settings>): readonly OrganizationEventsStack[] {
  const app = new App({ postCliContext: FEATURE_FLAGS });
  const latchkey = new Stack(app, 'Latchkey', { env: { account: HOST, region: HOME } });
  return organizationEventsStacks(app, { ...TEST_SETTINGS, ...settings }, latchkey);
}

/** Sources that a stack's rules match, each once. */
function sourcesOf(template: Template): readonly string[] {
  const rules = Object.values(
    template.findResources('AWS::Events::Rule') as Record<
      string,
      { Properties: { EventPattern: { source: readonly string[] } } }
    >,
  );
  return [...new Set(rules.flatMap(({ Properties }) => Properties.EventPattern.source))].sort();
}

/** The assertions' own message says what differs. */
function expectResource(within: Template, type: string, properties: object): void {
  within.hasResourceProperties(type, properties);
}

function expectAll(within: Template, type: string, properties: object): void {
  within.allResourcesProperties(type, properties);
}

const placesOf = (made: readonly OrganizationEventsStack[]) =>
  made.map(({ stackName, account, region }) => [stackName, account, region]);

describe('the stacks of the management account', () => {
  test('are none unless the settings ask for them', () => {
    expect(stacks({ controlTowerRegion: 'eu-central-1' })).toEqual([]);
  });

  test('are one in each Region where events are: of the organization, of Control Tower, of identities', () => {
    const made = stacks({ organizationEvents: true, controlTowerRegion: 'eu-central-1' });

    expect(placesOf(made)).toEqual([
      ['LatchkeyOrganizationEvents', MANAGEMENT, 'us-east-1'],
      ['LatchkeyControlTowerEvents', MANAGEMENT, 'eu-central-1'],
      ['LatchkeyIdentityEvents', MANAGEMENT, HOME],
    ]);
    expect(made.map((stack) => sourcesOf(Template.fromStack(stack)))).toEqual([
      ['aws.organizations', 'aws.tag'],
      ['aws.controltower'],
      ['aws.identitystore', 'aws.sso', 'aws.sso-directory'],
    ]);
  });

  test('are a single one where everything is in us-east-1', () => {
    const made = stacks({ organizationEvents: true, homeRegion: 'us-east-1' });

    expect(placesOf(made)).toEqual([['LatchkeyOrganizationEvents', MANAGEMENT, 'us-east-1']]);
  });

  test('are two where Control Tower is at home in the home Region', () => {
    const made = stacks({ organizationEvents: true, controlTowerRegion: HOME });

    expect(placesOf(made).map(([name]) => name)).toEqual([
      'LatchkeyOrganizationEvents',
      'LatchkeyControlTowerEvents',
    ]);
    expect(sourcesOf(Template.fromStack(made[1] as Stack))).toContain('aws.sso');
  });

  test('wait for the stack that has the bus', () => {
    const [stack] = stacks({ organizationEvents: true });

    expect(stack?.dependencies.map(({ stackName }) => stackName)).toEqual(['Latchkey']);
  });
});

describe('a stack of the management account', () => {
  const [stack] = stacks({ organizationEvents: true, alarmEmail: 'on-call@example.com' });
  const template = Template.fromStack(stack as Stack);

  test('has a role of a fixed name that may put events on that bus, and nothing else', () => {
    expect(Object.keys(template.findResources('AWS::IAM::Role'))).toHaveLength(1);
    expect(template.findResources('AWS::IAM::Policy')).toEqual({});
    expectResource(template, 'AWS::IAM::Role', {
      RoleName: 'latchkey-organization-events-us-east-1',
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: 'events.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': MANAGEMENT } },
          }),
        ],
      },
      ManagedPolicyArns: Match.absent(),
      Policies: [
        {
          PolicyName: 'PutEvents',
          PolicyDocument: {
            Statement: [{ Sid: 'PutEvents', Effect: 'Allow', Action: 'events:PutEvents', Resource: BUS }],
            Version: '2012-10-17',
          },
        },
      ],
    });
  });

  test('sends to that bus alone, with that role and a dead-letter queue', () => {
    expectAll(template, 'AWS::Events::Rule', {
      EventPattern: Match.objectLike({ account: [MANAGEMENT] }),
      Targets: [
        Match.objectLike({ Arn: BUS, RoleArn: Match.anyValue(), DeadLetterConfig: Match.anyValue() }),
      ],
    });
  });

  test('raises an alarm, that somebody is told of, when something lies in the queue', () => {
    expectResource(template, 'AWS::CloudWatch::Alarm', {
      AlarmName: 'latchkey-dead-letters-organization-events',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      AlarmActions: [Match.anyValue()],
    });
    expectResource(template, 'AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'on-call@example.com',
    });
  });

  test('is protected from being deleted by mistake', () => {
    expect(stack?.terminationProtection).toBe(true);
  });
});
