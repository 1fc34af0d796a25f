import { needsOf, type Place } from '../../../local/iam/needs/services';

const PLACE: Place = {
  region: 'eu-west-1',
  accountId: '222233334444',
  managementAccountId: '111122223333',
  organizationId: 'o-a1b2c3d4e5',
  machineOfToken: (token) =>
    token === 'given' ? 'arn:aws:states:eu-west-1:222233334444:stateMachine:m' : undefined,
};
const TABLE = 'arn:aws:dynamodb:eu-west-1:222233334444:table/Ledger';
const INSTANCE = 'arn:aws:sso:::instance/ssoins-1111222233334444';
const SETS = 'arn:aws:sso:::permissionSet/ssoins-1111222233334444';
const SET = `${SETS}/ps-1a2b3c4d5e6f7a81`;

const needs = (service: string, operation: string, input: Record<string, unknown>): string[] =>
  needsOf({ service, operation, input }, PLACE).map(({ action, resources }) =>
    `${action} ${resources.join(' ')}`.trim(),
  );

describe('what a call needs', () => {
  test.each<[string, string, Record<string, unknown>, string[]]>([
    ['DynamoDB_20120810', 'GetItem', { TableName: 'Ledger' }, [`dynamodb:GetItem ${TABLE}`]],
    [
      'DynamoDB_20120810',
      'Query',
      { TableName: TABLE, IndexName: 'work' },
      [`dynamodb:Query ${TABLE}/index/work`],
    ],
    [
      'DynamoDB_20120810',
      'BatchGetItem',
      { RequestItems: { Ledger: {}, Other: {} } },
      [`dynamodb:BatchGetItem ${TABLE} ${TABLE.replace('Ledger', 'Other')}`],
    ],
    [
      'DynamoDB_20120810',
      'TransactWriteItems',
      { TransactItems: [{ Put: { TableName: 'Ledger' } }, { ConditionCheck: { TableName: 'Ledger' } }] },
      [`dynamodb:PutItem ${TABLE}`, `dynamodb:ConditionCheckItem ${TABLE}`],
    ],
    ['DynamoDB_20120810', 'ListTables', {}, ['dynamodb:ListTables *']],
    [
      'SWBExternalService',
      'CreateAccountAssignment',
      { InstanceArn: INSTANCE, PermissionSetArn: SET, TargetId: '412345678901' },
      [`sso:CreateAccountAssignment ${INSTANCE} ${SET} arn:aws:sso:::account/412345678901`],
    ],
    ['SWBExternalService', 'ListInstances', {}, ['sso:ListInstances *']],
    [
      'SWBExternalService',
      'CreatePermissionSet',
      { InstanceArn: INSTANCE, Name: 'Own' },
      [`sso:CreatePermissionSet ${INSTANCE} ${SETS}/*`],
    ],
    [
      'SWBExternalService',
      'CreatePermissionSet',
      { InstanceArn: INSTANCE, Name: 'Own', Tags: [{ Key: 'team', Value: 'a' }] },
      [`sso:CreatePermissionSet ${INSTANCE} ${SETS}/*`, `sso:TagResource ${SETS}/*`],
    ],
    [
      'SWBExternalService',
      'UntagResource',
      { ResourceArn: SET, TagKeys: ['team'] },
      [`sso:UntagResource ${SET}`],
    ],
    [
      'AWSIdentityStore',
      'DescribeUser',
      { IdentityStoreId: 'd-1234567890', UserId: 'u-1' },
      [
        'identitystore:DescribeUser arn:aws:identitystore::111122223333:identitystore/d-1234567890 arn:aws:identitystore:::user/u-1',
      ],
    ],
    [
      'AWSOrganizationsV20161128',
      'DescribeAccount',
      { AccountId: '412345678901' },
      ['organizations:DescribeAccount arn:aws:organizations::111122223333:account/o-a1b2c3d4e5/412345678901'],
    ],
    [
      'AWSStepFunctions',
      'SendTaskSuccess',
      { taskToken: 'given', output: '{}' },
      ['states:SendTaskSuccess arn:aws:states:eu-west-1:222233334444:stateMachine:m'],
    ],
    ['AWSStepFunctions', 'SendTaskSuccess', { taskToken: 'made up' }, ['states:SendTaskSuccess']],
    [
      'AWSEvents',
      'PutEvents',
      { Entries: [{ EventBusName: 'latchkey' }, {}] },
      [
        'events:PutEvents arn:aws:events:eu-west-1:222233334444:event-bus/latchkey arn:aws:events:eu-west-1:222233334444:event-bus/default',
      ],
    ],
    [
      'AmazonSQS',
      'SendMessageBatch',
      { QueueUrl: 'http://127.0.0.1/222233334444/letters' },
      ['sqs:SendMessage arn:aws:sqs:eu-west-1:222233334444:letters'],
    ],
    [
      'lambda',
      'Invoke',
      { FunctionName: 'f', Qualifier: 'live' },
      ['lambda:InvokeFunction arn:aws:lambda:eu-west-1:222233334444:function:f:live'],
    ],
  ])('%s %s %j', (service, operation, input, expected) => {
    expect(needs(service, operation, input)).toEqual(expected);
  });

  test('tells the tags that a call gives, and the keys of those that it gives or takes away', () => {
    const tagsOf = (operation: string, input: Record<string, unknown>): unknown =>
      needsOf({ service: 'SWBExternalService', operation, input: { ResourceArn: SET, ...input } }, PLACE).map(
        ({ requestTags, tagKeys }) => ({ requestTags, tagKeys }),
      );
    expect(tagsOf('TagResource', { Tags: [{ Key: 'team', Value: 'a' }, { Key: 'tier' }, 7] })).toEqual([
      { requestTags: { team: 'a', tier: '' }, tagKeys: ['team', 'tier'] },
    ]);
    expect(tagsOf('UntagResource', { TagKeys: ['team'] })).toEqual([{ tagKeys: ['team'] }]);
    expect(tagsOf('TagResource', { Tags: 7, TagKeys: 7 })).toEqual([{}]);
  });

  test('leaves out what is of a wrong type, for the service to refuse', () => {
    expect(needs('DynamoDB_20120810', 'GetItem', { TableName: 7 })).toEqual(['dynamodb:GetItem']);
  });

  test('stops at a service that nobody knows, instead of letting it pass', () => {
    expect(() => needs('AmazonSNS', 'Publish', {})).toThrow(/calls of AmazonSNS/);
  });
});
