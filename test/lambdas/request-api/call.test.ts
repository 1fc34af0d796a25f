import type { AccessPolicy } from '../../../core/policy/access-policy';
import { bodyText, callProblem, callerOf, header } from '../../../lambdas/request-api/call';
import { apiEvent } from '../../support/api-event';

const DESK = {
  name: 'desk',
  identity: { kind: 'role', roleArn: 'arn:aws:iam::222233334444:role/Desk' },
  mayAsk: true,
  mayRead: 'all',
  mayRevoke: 'all',
  mayPermissionSets: 'none',
  mayReconciliations: 'none',
  trustedForRequester: true,
} as const;
const POLICY = {
  callers: [DESK],
  rules: [],
  guardrails: { protectedPermissionSets: [], longestMs: 1 },
} satisfies AccessPolicy;

describe('callerOf', () => {
  test('knows a role by its ARN, whatever the session calls itself', () => {
    const userArn = 'arn:aws:sts::222233334444:assumed-role/Desk/anything';

    expect(callerOf(apiEvent({ userArn }), POLICY)).toEqual({
      arn: 'arn:aws:iam::222233334444:role/Desk',
      rights: DESK,
    });
  });

  test.each([
    ['another role', 'arn:aws:sts::222233334444:assumed-role/Other/desk'],
    ['the same name in another account', 'arn:aws:sts::999999999999:assumed-role/Desk/desk'],
    ['a session that is called as the role', 'arn:aws:sts::222233334444:assumed-role/Other/Desk'],
    ['a federated user', 'arn:aws:sts::222233334444:federated-user/Desk'],
    ['nobody', null],
  ])('does not know %s', (_case, userArn) => {
    expect(callerOf(apiEvent({ userArn }), POLICY)).toBeUndefined();
  });
});

describe('bodyText', () => {
  test('is the text, as it is or decoded, and empty where there is none', () => {
    expect(bodyText(apiEvent({ body: '{"a":"é"}' }))).toBe('{"a":"é"}');
    expect(
      bodyText(apiEvent({ body: Buffer.from('{"a":"é"}').toString('base64'), isBase64Encoded: true })),
    ).toBe('{"a":"é"}');
    expect(bodyText(apiEvent({ body: null }))).toBe('');
  });

  test('is nothing for bytes that are not UTF-8', () => {
    expect(
      bodyText(apiEvent({ body: Buffer.from([0xff, 0xfe]).toString('base64'), isBase64Encoded: true })),
    ).toBeUndefined();
  });
});

describe('header', () => {
  test('is found whatever the case of its name', () => {
    expect(header(apiEvent({ headers: { 'Idempotency-KEY': 'k' } }), 'idempotency-key')).toBe('k');
    expect(header(apiEvent({}), 'idempotency-key')).toBeUndefined();
  });
});

describe('callProblem', () => {
  test('shows a value so that it can do no harm', () => {
    expect(callProblem('next', 'a\u0000\u202E', 'is wrong', 'give another').value).toBe('"a\\u0000\\u202e"');
    expect(callProblem('next', undefined, 'is wrong', 'give one').value).toBe('(missing)');
  });
});
