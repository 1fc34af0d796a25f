import { decide } from '../../../core/policy/decide';
import type { Decision, DecisionRequest } from '../../../core/policy/decision';
import { parseAccessPolicy } from '../../../core/policy/parse-access-policy';
import {
  HOST,
  HOUR,
  MANAGEMENT,
  permissionSet,
  PRODUCTION,
  rightDocument,
  rightRequest,
  SANDBOX,
} from './policies';

type Rule = Readonly<Record<string, unknown>>;

/** An allow rule for one caller's users, with some of it changed. */
function allow(name: string, changes: Rule = {}): Rule {
  return {
    name,
    effect: 'allow',
    principals: { users: ['*'] },
    permissionSets: ['*'],
    accounts: ['*'],
    longest: 'PT8H',
    ...changes,
  };
}

function decided(rules: readonly Rule[] | undefined, request: Partial<DecisionRequest> = {}): Decision {
  const document = rightDocument();
  return decide(
    parseAccessPolicy({ ...document, ...(rules && { rules }) }, 'access/policy.yaml'),
    rightRequest(request),
  );
}

/** The reason of a denial; fails the test where access is allowed. */
function reasonOf(decision: Decision): string {
  return decision.effect === 'deny' ? decision.reason : `allowed by ${decision.rules.join(', ')}`;
}

describe('decide', () => {
  test('allows what a rule permits, and names the rule and its limit', () => {
    expect(decided(undefined)).toEqual({
      effect: 'allow',
      rules: ['read-anywhere'],
      longestMs: 7 * 24 * HOUR,
    });
  });

  test('denies what no rule permits, and says so', () => {
    expect(decided(undefined, { permissionSet: permissionSet('PowerUserAccess') })).toEqual({
      effect: 'deny',
      reason:
        'no rule permits caller service-desk PowerUserAccess for user alice@example.com in account 333344445555',
      account: SANDBOX,
    });
  });

  test('lets a deny rule win over every allow rule', () => {
    const rules = [
      allow('all'),
      { name: 'freeze', effect: 'deny', accounts: [PRODUCTION] },
      allow('all-too'),
    ];

    expect(decided(rules, { accounts: [SANDBOX, PRODUCTION] })).toEqual({
      effect: 'deny',
      reason: 'rule freeze forbids ReadOnlyAccess for user alice@example.com in account 444455556666',
      rule: 'freeze',
      account: PRODUCTION,
    });
  });

  test('lets the shortest length of all matching rules be the limit', () => {
    const rules = [
      allow('long', { longest: 'P7D' }),
      allow('short', { longest: 'PT2H', accounts: [SANDBOX] }),
    ];

    expect(decided(rules, { durationMs: 2 * HOUR })).toEqual({
      effect: 'allow',
      rules: ['long', 'short'],
      longestMs: 2 * HOUR,
    });
    expect(decided(rules, { durationMs: 2 * HOUR + 1_000 })).toEqual({
      effect: 'deny',
      reason:
        'rule short permits ReadOnlyAccess for user alice@example.com in account 333344445555 ' +
        'for at most 2 hours, not for 2 hours 1 second',
      rule: 'short',
      account: SANDBOX,
    });
  });

  test('needs a rule for every account, and takes the shortest limit of all of them', () => {
    const rules = [
      allow('one', { accounts: [SANDBOX] }),
      allow('two', { accounts: [PRODUCTION], longest: 'PT4H' }),
    ];

    expect(decided(rules, { accounts: [SANDBOX, PRODUCTION] })).toMatchObject({ longestMs: 4 * HOUR });
    expect(decided(rules, { accounts: [SANDBOX, '555566667777'] })).toMatchObject({
      effect: 'deny',
      account: '555566667777',
    });
  });

  test.each([
    ['user names without regard to case', { users: ['ALICE@*'] }, {}],
    ['e-mail addresses', { users: ['a.smith@*'] }, { email: 'A.Smith@example.com' }],
    ['user ids', { users: ['id-alice'] }, {}],
  ])('matches %s', (_what, principals, more) => {
    const principal = { type: 'USER', id: 'id-alice', name: 'alice@example.com', ...more } as const;

    expect(decided([allow('r', { principals })], { principal }).effect).toBe('allow');
  });

  test('tells permission sets apart by case, and finds them by ARN', () => {
    const { arn } = permissionSet('ReadOnlyAccess');

    expect(decided([allow('r', { permissionSets: ['readonly*'] })]).effect).toBe('deny');
    expect(decided([allow('r', { permissionSets: [arn] })]).effect).toBe('allow');
    expect(decided([allow('r', { permissionSets: ['arn:aws:sso:::permissionSet/ssoins-1*'] })]).effect).toBe(
      'allow',
    );
  });

  test('permits groups only where a rule says so', () => {
    const principal = { type: 'GROUP', id: 'id-platform', name: 'Platform-OnCall' } as const;

    expect(decided([allow('r')], { principal }).effect).toBe('deny');
    expect(decided([allow('r', { principals: { groups: ['platform-*'] } })], { principal }).effect).toBe(
      'allow',
    );
    expect(decided([allow('r', { principals: { groups: ['*'] } })]).effect).toBe('deny');
  });

  test('applies a rule to the callers that it names, or to all that may ask', () => {
    expect(decided([allow('r', { callers: ['host-account'] })]).effect).toBe('deny');
    expect(decided([allow('r', { callers: ['host-account'] })], { caller: 'host-account' }).effect).toBe(
      'allow',
    );
  });

  test.each(['auditor', 'stranger'])('denies the caller %s, who may not ask', (caller) => {
    expect(reasonOf(decided([allow('all')], { caller }))).toBe(`caller ${caller} may not ask for access`);
  });
});

describe('decide, rules for oneself', () => {
  const rules = [allow('own', { principals: { users: 'requester' } })];

  test('permit the requester whom a trusted caller names', () => {
    expect(decided(rules).effect).toBe('allow');
  });

  test.each([
    ['another person', { requestedBy: { userId: 'id-bob', userName: 'alice@example.com' } }],
    ['nobody', { requestedBy: undefined }],
    ['the principal, by a caller that is not trusted', { caller: 'host-account' }],
  ])('do not permit a request that names %s', (_what, changes) => {
    expect(reasonOf(decided(rules, changes))).toContain(
      'rule own permits it only to the person whom a trusted caller names in requestedBy',
    );
  });

  test('do not permit a group that has the id of the requester', () => {
    const decision = decided(rules, { principal: { type: 'GROUP', id: 'id-alice', name: 'g' } });

    expect(reasonOf(decision)).toBe(
      'no rule permits caller service-desk ReadOnlyAccess for group g in account 333344445555',
    );
  });
});

describe('decide, guardrails', () => {
  const everything = [allow('all', { principals: { users: ['*'], groups: ['*'] }, longest: 'P14D' })];

  test.each([
    ['the management account', { accounts: [SANDBOX, MANAGEMENT] }, 'management account', MANAGEMENT],
    ['the host account', { accounts: [HOST] }, 'account that Latchkey runs in', HOST],
    ['a protected set', { permissionSet: permissionSet('BreakGlassAdmin') }, 'is protected', undefined],
    ['it in other letters', { permissionSet: permissionSet('breakglassadmin') }, 'is protected', undefined],
    ['more than 14 days', { durationMs: 14 * 24 * HOUR + 1 }, 'for more than 14 days', undefined],
    ['no account', { accounts: [] }, 'names no account', undefined],
    ['no length', { durationMs: Number.NaN }, 'has no length', undefined],
  ])('deny %s, whatever the rules permit', (_what, changes, reason, account) => {
    const decision = decided(everything, changes);

    expect(reasonOf(decision)).toContain(reason);
    expect(decision).toEqual({
      effect: 'deny',
      reason: expect.any(String) as unknown,
      ...(account && { account }),
    });
  });

  test('leave a lease of 14 days possible', () => {
    expect(decided(everything, { durationMs: 14 * 24 * HOUR }).effect).toBe('allow');
  });

  test('hold for a policy that was not checked', () => {
    const policy = parseAccessPolicy({ ...rightDocument(), rules: everything }, 'access/policy.yaml');
    const unchecked = { ...policy, guardrails: { ...policy.guardrails, longestMs: 365 * 24 * HOUR } };

    expect(decide(unchecked, rightRequest({ durationMs: 15 * 24 * HOUR })).effect).toBe('deny');
  });
});
