import * as fc from 'fast-check';
import { IdentityPolicy } from '../../../local/iam/identity-policy';

const CONTEXT = {
  'aws:PrincipalArn': 'arn:aws:iam::222233334444:role/Worker',
  'aws:PrincipalAccount': '222233334444',
  'aws:PrincipalOrgID': 'o-a1b2c3d4e5',
  'aws:RequestedRegion': 'eu-west-1',
  'kms:ViaService': undefined,
};
const TABLE = 'arn:aws:dynamodb:eu-west-1:222233334444:table/Ledger';

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
    ['member', { ...allow('*', '*'), Principal: '*' }, /Worker\/Own.*"Principal"/],
    ['short ARN', allow('*', 'arn:aws:sqs'), /Worker\/Own.*neither a whole ARN/],
    ['variable', allow('*', 'arn:aws:s3:::x/${aws:username}'), /Worker\/Own.*policy variable/],
  ])('an unknown %s stops with the name of the policy', (_case, statement, text) => {
    expect(() => policy(statement)).toThrow(text);
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
