import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Settings } from '../../core/settings/settings';
import { ChangeRules } from '../../lib/constructs/change-rules';
import { OrganizationBus } from '../../lib/constructs/organization-bus';
import { StackKey } from '../../lib/constructs/stack-key';
import { FEATURE_FLAGS } from '../../lib/feature-flags';
import { compilePattern } from '../../local/events/event-pattern';
import { TEST_SETTINGS } from '../support/test-settings';

const { hostAccountId: HOST, managementAccountId: MANAGEMENT } = TEST_SETTINGS;
const OWN_ROLE = `arn:aws:iam::${HOST}:role/Latchkey-AdvanceOperations`;

function templateOf(settings: Settings = TEST_SETTINGS): Template {
  const stack = new Stack(new App({ postCliContext: FEATURE_FLAGS }), 'Stack', {
    env: { account: HOST, region: TEST_SETTINGS.homeRegion },
  });
  const key = new StackKey(stack, 'Key');
  const { bus } = new OrganizationBus(stack, 'OrganizationBus', { settings, key });
  new ChangeRules(stack, 'ChangeRules', {
    settings,
    key,
    organizationBus: bus,
    noticeChange: new lambda.Function(stack, 'NoticeChange', {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline('exports.handler = async () => undefined;'),
    }),
    ownRoles: [iam.Role.fromRoleArn(stack, 'OwnRole', OWN_ROLE)],
  });
  return Template.fromStack(stack);
}

const template = templateOf();

interface RuleProperties {
  readonly EventBusName?: unknown;
  readonly EventPattern?: Readonly<Record<string, unknown>>;
  readonly ScheduleExpression?: string;
  readonly Targets: readonly Readonly<Record<string, unknown>>[];
}

const rules = Object.values(
  template.findResources('AWS::Events::Rule') as Record<string, { Properties: RuleProperties }>,
).map(({ Properties }) => Properties);

/** The assertions' own message says what differs. */
function expectResource(within: Template, type: string, properties: object): void {
  within.hasResourceProperties(type, properties);
}

/** Whether a rule of that kind lets the event through. */
function isHeard(bus: 'default' | 'organization', event: Readonly<Record<string, unknown>>): boolean {
  return rules
    .filter(({ EventBusName }) => (EventBusName === undefined) === (bus === 'default'))
    .some(({ EventPattern }) => EventPattern !== undefined && compilePattern(EventPattern)(event));
}

const call = (
  source: string,
  account: string,
  eventName: string,
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> => ({
  source,
  account,
  'detail-type': 'AWS API Call via CloudTrail',
  detail: { eventName, ...more },
});

const issuedBy = (arn: string) => ({ userIdentity: { sessionContext: { sessionIssuer: { arn } } } });
const PERSON = { userIdentity: { type: 'IdentityCenterUser', onBehalfOf: { userId: 'x' } } };
const ASSIGN = 'CreateAccountAssignment';

describe('the rules on the default bus', () => {
  test.each([
    [
      'an assignment by somebody else',
      call('aws.sso', HOST, ASSIGN, issuedBy(`arn:aws:iam::${HOST}:role/Admin`)),
    ],
    ['an assignment by a person without a role', call('aws.sso', HOST, ASSIGN, PERSON)],
    ['a change of a permission set', call('aws.sso', HOST, 'DetachManagedPolicyFromPermissionSet')],
    ['a user disabled in the console', call('aws.sso-directory', HOST, 'DisableUser')],
    ['a group deleted by the API', call('aws.identitystore', HOST, 'DeleteGroup')],
    [
      'a notification of the Identity Store',
      { source: 'aws.identitystore', account: HOST, 'detail-type': 'User Deleted', detail: {} },
    ],
  ])('let in %s', (_what, event) => {
    expect(isHeard('default', event)).toBe(true);
  });

  test.each([
    ['what Latchkey itself does', call('aws.sso', HOST, ASSIGN, issuedBy(OWN_ROLE))],
    ['a call that was refused', call('aws.sso', HOST, ASSIGN, { errorCode: 'ConflictException' })],
    ['a call in another account', call('aws.sso', '999988887777', ASSIGN)],
    ['the management account', call('aws.organizations', MANAGEMENT, 'MoveAccount')],
    ['a custom event that imitates one', call('custom.sso', HOST, ASSIGN)],
    ['members of groups', call('aws.identitystore', HOST, 'CreateGroupMembership')],
    ['another call', call('aws.sso', HOST, 'CreateApplication')],
  ])('leave out %s', (_what, event) => {
    expect(isHeard('default', event)).toBe(false);
  });
});

describe('the rules on the bus of the organization', () => {
  const outcome = (source: string, eventName: string, account = MANAGEMENT) => ({
    source,
    account,
    'detail-type': 'AWS Service Event via CloudTrail',
    detail: { eventName },
  });

  test.each([
    ['an account that was created', outcome('aws.organizations', 'CreateAccountResult')],
    ['an account that was moved', call('aws.organizations', MANAGEMENT, 'MoveAccount')],
    ['a unit that was renamed', call('aws.organizations', MANAGEMENT, 'UpdateOrganizationalUnit')],
    ['an account that Control Tower made', outcome('aws.controltower', 'CreateManagedAccount')],
    [
      'tags of an account',
      {
        source: 'aws.tag',
        account: MANAGEMENT,
        'detail-type': 'Tag Change on Resource',
        detail: { service: 'organizations', 'resource-type': 'account' },
      },
    ],
    ['an assignment made from the management account', call('aws.sso', MANAGEMENT, ASSIGN, PERSON)],
  ])('let in %s', (_what, event) => {
    expect(isHeard('organization', event)).toBe(true);
  });

  test.each([
    [
      'what somebody in the stack’s own account put there',
      outcome('aws.organizations', 'CreateAccountResult', HOST),
    ],
    ['a member account', outcome('aws.organizations', 'CreateAccountResult', '999988887777')],
    [
      'tags of a bucket',
      {
        source: 'aws.tag',
        account: MANAGEMENT,
        'detail-type': 'Tag Change on Resource',
        detail: { service: 's3', 'resource-type': 'bucket' },
      },
    ],
    ['an account that is only asked for', call('aws.organizations', MANAGEMENT, 'CreateAccount')],
    ['what Latchkey itself does, told there too', call('aws.sso', MANAGEMENT, ASSIGN, issuedBy(OWN_ROLE))],
  ])('leave out %s', (_what, event) => {
    expect(isHeard('organization', event)).toBe(false);
  });
});

describe('the change rules', () => {
  test('have an exact source and account each, and patterns that EventBridge has room for', () => {
    const patterns = rules.flatMap(({ EventPattern }) => (EventPattern === undefined ? [] : [EventPattern]));
    expect(patterns.length).toBeGreaterThan(8);
    for (const pattern of patterns) {
      expect(pattern.source).toEqual([expect.stringMatching(/^aws\.[a-z-]+$/)]);
      expect(pattern.account).toHaveLength(1);
      expect(JSON.stringify(pattern).length).toBeLessThan(2048);
    }
  });

  test('give every target retries, an end and the dead-letter queue', () => {
    const [queue] = Object.keys(
      template.findResources('AWS::SQS::Queue', {
        UpdateReplacePolicy: 'Retain',
      }),
    ).filter((id) => id.startsWith('ChangeRules'));
    for (const { Targets } of rules) {
      expect(Targets).toEqual([
        expect.objectContaining({
          DeadLetterConfig: { Arn: { 'Fn::GetAtt': [queue, 'Arn'] } },
          RetryPolicy: {
            MaximumRetryAttempts: expect.any(Number) as unknown,
            MaximumEventAgeInSeconds: expect.any(Number) as unknown,
          },
        }),
      ]);
    }
  });

  test('tick every 15 minutes', () => {
    expect(rules.flatMap(({ ScheduleExpression = [] }) => ScheduleExpression)).toEqual(['rate(15 minutes)']);
  });
});

describe('the bus of the organization', () => {
  test('lets in the roles of the management account that forward, and nobody else', () => {
    expectResource(
      templateOf({ ...TEST_SETTINGS, organizationEvents: true }),
      'AWS::Events::EventBusPolicy',
      {
        Statement: Match.objectEquals({
          Sid: 'ForwardersOfTheManagementAccount',
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${MANAGEMENT}:root` },
          Action: 'events:PutEvents',
          Resource: Match.anyValue(),
          Condition: {
            ArnEquals: {
              'aws:PrincipalArn': [
                `arn:aws:iam::${MANAGEMENT}:role/latchkey-organization-events-us-east-1`,
                `arn:aws:iam::${MANAGEMENT}:role/latchkey-organization-events-eu-west-1`,
              ],
            },
          },
        }),
      },
    );
  });

  test('lets in nobody where nobody forwards', () => {
    expect(template.findResources('AWS::Events::EventBusPolicy')).toEqual({});
  });

  test('is encrypted, and keeps what it cannot decrypt', () => {
    expectResource(template, 'AWS::Events::EventBus', {
      Name: 'latchkey-organization',
      KmsKeyIdentifier: Match.anyValue(),
      DeadLetterConfig: Match.anyValue(),
    });
  });
});
