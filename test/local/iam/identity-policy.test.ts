import * as fc from 'fast-check';
import type { TagContext } from '../../../local/iam/condition-keys';
import { IdentityPolicy } from '../../../local/iam/identity-policy';

const CONTEXT = {
  'aws:PrincipalArn': 'arn:aws:iam::222233334444:role/Worker',
  'aws:PrincipalAccount': '222233334444',
  'aws:PrincipalOrgID': 'o-a1b2c3d4e5',
  'aws:RequestedRegion': 'eu-west-1',
  'kms:ViaService': undefined,
};
const TABLE = 'arn:aws:dynamodb:eu-west-1:222233334444:table/Ledger';

const SET = 'arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-1a2b3c4d5e6f7a81';

type Statement = Readonly<Record<string, unknown>>;

function policy(...statements: readonly Statement[]): IdentityPolicy {
  return new IdentityPolicy([
    { name: 'Worker/Own', document: { Version: '2012-10-17', Statement: statements } },
  ]);
}

const allow = (Action: unknown, Resource: unknown): Statement => ({ Effect: 'Allow', Action, Resource });
const deny = (Action: unknown, Resource: unknown): Statement => ({ Effect: 'Deny', Action, Resource });

describe('identity policies of a role', () => {
  test.each<[string, readonly Statement[], string]>([
    ['no statement', [], 'denied'],
    ['the action on the resource', [allow('dynamodb:GetItem', TABLE)], 'allowed'],
    ['the action in other letters', [allow('DynamoDB:getitem', TABLE)], 'allowed'],
    ['a pattern of both', [allow('dynamodb:Get*', 'arn:aws:dynamodb:*:*:table/*')], 'allowed'],
    ['another action', [allow('dynamodb:PutItem', TABLE)], 'denied'],
    ['an index of the table', [allow('dynamodb:GetItem', `${TABLE}/index/work`)], 'denied'],
    ['a deny beside an allow', [allow('*', '*'), deny('dynamodb:*', TABLE)], 'denied explicitly'],
    ['all actions but others', [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }], 'allowed'],
    ['all resources but this', [{ Effect: 'Allow', Action: '*', NotResource: TABLE }], 'denied'],
    [
      'a condition on a key that the call does not have',
      [{ ...allow('*', '*'), Condition: { StringEquals: { 'kms:ViaService': 'x' } } }],
      'denied',
    ],
  ])('%s: decided as IAM does', (_case, statements, answer) => {
    expect(policy(...statements).decide('dynamodb:GetItem', TABLE, CONTEXT).answer).toBe(answer);
  });

  test.each<[string, Statement, RegExp]>([
    [
      'operator',
      { ...allow('*', '*'), Condition: { DateLessThan: {}, Bool: { 'aws:PrincipalArn': 'x' } } },
      /Worker\/Own.*"Bool"/,
    ],
    [
      'key',
      { ...allow('*', '*'), Condition: { StringEquals: { 'aws:SourceVpc': 'x' } } },
      /Worker\/Own.*"aws:SourceVpc"/,
    ],
    [
      'quantifier',
      { ...allow('sso:*', '*'), Condition: { 'ForEveryValue:StringEquals': { 'aws:TagKeys': 'x' } } },
      /Worker\/Own.*"ForEveryValue:StringEquals".*ForAnyValue: and ForAllValues:/,
    ],
    [
      'key for resources whose tags are not known',
      { ...allow('dynamodb:*', '*'), Condition: { StringEquals: { 'aws:ResourceTag/team': 'x' } } },
      /Worker\/Own.*"aws:ResourceTag\/team"/,
    ],
    [
      'comparison of several values with one',
      { ...allow('sso:*', '*'), Condition: { StringEquals: { 'aws:TagKeys': 'x' } } },
      /Worker\/Own.*"aws:TagKeys".*write ForAnyValue:StringEquals or ForAllValues:StringEquals/,
    ],
    ['member', { ...allow('*', '*'), Principal: '*' }, /Worker\/Own.*"Principal"/],
    ['short ARN', allow('*', 'arn:aws:sqs'), /Worker\/Own.*neither a whole ARN/],
    ['variable', allow('*', 'arn:aws:s3:::x/${aws:username}'), /Worker\/Own.*policy variable/],
  ])('an unknown %s stops with the name of the policy', (_case, statement, text) => {
    expect(() => policy(statement)).toThrow(text);
  });

  test.each<[string, string, string, TagContext, boolean]>([
    [
      'the tag of the resource',
      'StringEquals',
      'aws:ResourceTag/team',
      { resourceTags: { team: 'a' } },
      true,
    ],
    ['it in other letters', 'StringEquals', 'AWS:resourceTag/Team', { resourceTags: { team: 'a' } }, true],
    ['another value of it', 'StringEquals', 'aws:ResourceTag/team', { resourceTags: { team: 'b' } }, false],
    ['a resource without it', 'StringEquals', 'aws:ResourceTag/team', { resourceTags: { tier: 'a' } }, false],
    ['a resource without tags', 'StringEquals', 'aws:ResourceTag/team', {}, false],
    [
      'a tag of the call alone',
      'StringEquals',
      'aws:ResourceTag/team',
      { requestTags: { team: 'a' } },
      false,
    ],
    ['the tag of the call', 'StringEquals', 'aws:RequestTag/team', { requestTags: { team: 'a' } }, true],
    ['a call without it, if it is there', 'StringEqualsIfExists', 'aws:RequestTag/team', {}, true],
    ['a call without it, unlike', 'StringNotEquals', 'aws:RequestTag/team', {}, true],
    ['any key of some', 'ForAnyValue:StringEquals', 'aws:TagKeys', { tagKeys: ['b', 'a'] }, true],
    ['any key of others', 'ForAnyValue:StringEquals', 'aws:TagKeys', { tagKeys: ['b'] }, false],
    ['any key of none', 'ForAnyValue:StringEquals', 'aws:TagKeys', {}, false],
    ['any key of none, unlike', 'ForAnyValue:StringNotEquals', 'aws:TagKeys', {}, false],
    ['any key of some, unlike', 'ForAnyValue:StringNotEquals', 'aws:TagKeys', { tagKeys: ['a', 'b'] }, true],
    ['all keys', 'ForAllValues:StringEquals', 'aws:TagKeys', { tagKeys: ['a', 'a'] }, true],
    ['all keys, with others', 'ForAllValues:StringEquals', 'aws:TagKeys', { tagKeys: ['a', 'b'] }, false],
    ['all keys of none', 'ForAllValues:StringEquals', 'aws:TagKeys', {}, true],
  ])('%s: %s %s holds as on IAM for %j', (_case, operator, key, tags, holds) => {
    const statement = { ...allow('sso:TagResource', '*'), Condition: { [operator]: { [key]: 'a' } } };
    const { answer } = policy(statement).decide('sso:TagResource', SET, { ...CONTEXT, ...tags });
    expect(answer).toBe(holds ? 'allowed' : 'denied');
  });

  test('a deny always wins, and one allow less never allows more', () => {
    const statement = fc.record({
      Effect: fc.constantFrom('Allow', 'Deny'),
      Action: fc.constantFrom('*', 'dynamodb:*', 'dynamodb:GetItem', 'sso:*'),
      Resource: fc.constantFrom('*', TABLE, `${TABLE}/index/*`),
    });
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 6 }), fc.nat(5), (statements, removed) => {
        const decide = (some: readonly Statement[]): string =>
          policy(...some).decide('dynamodb:GetItem', TABLE, CONTEXT).answer;
        expect(decide([...statements, deny('dynamodb:GetItem', TABLE)])).toBe('denied explicitly');
        const fewer = statements.filter(({ Effect }, index) => index !== removed || Effect === 'Deny');
        expect(decide(statements) !== 'allowed' && decide(fewer) === 'allowed').toBe(false);
      }),
    );
  });
});
