import { apiResources, bodyOf, gatewayWorld, method, resource, ROOT } from './gateway-world';

type Statement = Record<string, unknown>;

const everybody = (more: Statement): Statement => ({
  Effect: 'Allow',
  Principal: { AWS: '*' },
  Action: 'execute-api:Invoke',
  Resource: 'execute-api:/*',
  ...more,
});

const world = (statements: readonly Statement[] | undefined, authorization = 'AWS_IAM') =>
  gatewayWorld(
    apiResources(
      {
        Things: resource(ROOT, 'things'),
        Get: method({ Ref: 'Things' }, 'GET', { AuthorizationType: authorization }),
      },
      statements === undefined ? {} : { Policy: { Version: '2012-10-17', Statement: statements } },
    ),
  );

/** Which callers of the two get through: the one in the API's account, the one in another. */
async function allowed(statements: readonly Statement[] | undefined): Promise<string[]> {
  const there = world(statements);
  const keys = ['HOME', 'AWAY'];
  const answers = await Promise.all(keys.map((key) => there.signed('GET', '/v1/things', { key })));
  return keys.filter((_key, index) => answers[index]?.statusCode === 200);
}

describe('resource policy', () => {
  test.each<[string, readonly Statement[] | undefined, string[]]>([
    ['no policy lets in only callers of the API’s own account', undefined, ['HOME']],
    ['an allow lets in others as well', [everybody({})], ['HOME', 'AWAY']],
    [
      'a silent policy is enough for the own account',
      [everybody({ Principal: { AWS: '444455556666' } })],
      ['HOME'],
    ],
    ['a deny wins over an allow', [everybody({}), everybody({ Effect: 'Deny' })], []],
    [
      'a role is a principal',
      [everybody({ Principal: { AWS: 'arn:aws:iam::333344445555:role/Tools' } })],
      ['HOME', 'AWAY'],
    ],
    [
      'a session is a principal',
      [everybody({ Principal: { AWS: ['arn:aws:sts::333344445555:assumed-role/Tools/bot'] } })],
      ['HOME', 'AWAY'],
    ],
    [
      'an account is a principal',
      [everybody({ Effect: 'Deny', Principal: { AWS: 'arn:aws:iam::222233334444:root' } })],
      [],
    ],
    ['a service is nobody here', [everybody({ Principal: { Service: 'events.amazonaws.com' } })], ['HOME']],
    ['another action does not count', [everybody({ Action: ['execute-api:ManageConnections'] })], ['HOME']],
    ['an action may have a wildcard', [everybody({ Action: 'execute-api:*' })], ['HOME', 'AWAY']],
    ['another method does not count', [everybody({ Resource: 'execute-api:/v1/POST/things' })], ['HOME']],
    [
      'stage, method and path may be wild',
      [everybody({ Resource: 'execute-api:/v?/*/thi*' })],
      ['HOME', 'AWAY'],
    ],
    [
      'the long form of the ARN counts',
      [everybody({ Resource: 'arn:aws:execute-api:*:*:*/v1/GET/*' })],
      ['HOME', 'AWAY'],
    ],
    [
      'conditions compare role ARNs with their path',
      [
        everybody({
          Effect: 'Deny',
          Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*/Desk' } },
        }),
      ],
      [],
    ],
    [
      'a wildcard in one part of an ARN does not reach into the next',
      [everybody({ Condition: { ArnEquals: { 'aws:PrincipalArn': 'arn:*:role/Tools' } } })],
      ['HOME'],
    ],
    [
      'values of a negated operator must all differ',
      [
        everybody({}),
        everybody({
          Effect: 'Deny',
          Condition: { StringNotEquals: { 'aws:PrincipalAccount': ['222233334444', '555566667777'] } },
        }),
      ],
      ['HOME'],
    ],
    [
      'all operators of a condition have to hold',
      [
        everybody({}),
        everybody({
          Effect: 'Deny',
          Condition: {
            ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/team/Desk' },
            StringNotEquals: { 'aws:PrincipalAccount': '333344445555' },
          },
        }),
      ],
      ['HOME', 'AWAY'],
    ],
    [
      'a key that the caller does not have fits no value',
      [everybody({ Condition: { StringLike: { 'aws:PrincipalOrgID': 'o-*' } } })],
      ['HOME'],
    ],
    [
      'a key that the caller does not have fits a negated operator',
      [
        everybody({}),
        everybody({ Effect: 'Deny', Condition: { StringNotLike: { 'aws:principalorgid': 'o-*' } } }),
      ],
      ['HOME'],
    ],
    [
      'IfExists passes over a missing key',
      [everybody({ Condition: { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-other' } } })],
      ['HOME', 'AWAY'],
    ],
    [
      'addresses are compared as ranges',
      [
        everybody({}),
        everybody({ Effect: 'Deny', Condition: { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } } }),
      ],
      [],
    ],
    [
      'addresses out of the range do not fit',
      [everybody({ Condition: { NotIpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '::1'] } } })],
      ['HOME', 'AWAY'],
    ],
  ])('%s', async (_name, statements, expected) => {
    expect(await allowed(statements)).toEqual(expected);
  });

  test('refuses in the words of IAM, with the account masked', async () => {
    const answer = await world([everybody({ Effect: 'Deny' })]).signed('GET', '/v1/things', { key: 'AWAY' });
    expect(answer.headers['x-amzn-errortype']).toBe('AccessDeniedException');
    expect(bodyOf(answer)).toEqual({
      Message: expect.stringMatching(
        /^User: arn:aws:sts::333344445555:assumed-role\/Tools\/bot is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:eu-west-1:\*{8}4444:[0-9a-f]{10}\/v1\/GET\/things with an explicit deny$/,
      ) as string,
    });
  });

  test('needs an allow for a method without authorization', async () => {
    const codes = [
      await world(undefined, 'NONE').call('GET', '/v1/things'),
      await world([everybody({})], 'NONE').call('GET', '/v1/things'),
      await world([everybody({ Principal: { AWS: '222233334444' } })], 'NONE').call('GET', '/v1/things'),
    ].map(({ statusCode }) => statusCode);
    expect(codes).toEqual([200, 200, 403]);
  });

  test.each<[string, Statement, RegExp]>([
    ['operator', { Condition: { Bool: { 'aws:PrincipalArn': 'true' } } }, /operator "Bool"/],
    ['key', { Condition: { StringEquals: { 'aws:SourceVpce': 'x' } } }, /key "aws:SourceVpce"/],
    ['element', { NotAction: 'x' }, /"NotAction"/],
    ['principal', { Principal: { Federated: 'x' } }, /"Federated"/],
    ['resource', { Resource: 'arn:aws:s3:::x' }, /no execute-api ARN/],
    ['effect', { Effect: 'Maybe' }, /must be Allow or Deny, but is Maybe/],
    ['address', { Condition: { IpAddress: { 'aws:SourceIp': 'x/8' } } }, /not an address range/],
  ])('stops the load at an unknown %s', (_name, more, text) => {
    expect(() => world([everybody(more)])).toThrow(text);
  });
});
