import * as fc from 'fast-check';
import type {
  AccessPolicy,
  AllowRule,
  DenyRule,
  PolicyCaller,
  PolicyRule,
} from '../../../core/policy/access-policy';
import { decide } from '../../../core/policy/decide';
import type { DecisionRequest } from '../../../core/policy/decision';
import { meantAccounts, type MeantAccounts } from '../../../core/policy/policy-targets';
import { HOST, HOUR, MANAGEMENT, permissionSet, PRODUCTION, SANDBOX } from './policies';

// Few names, so that rules and requests meet often: the interesting cases are those where several rules match.
const SETS = ['ReadOnlyAccess', 'PowerUserAccess', 'BreakGlassAdmin'] as const;
const USERS = ['alice@example.com', 'bob@example.org'] as const;
const CALLERS = ['desk', 'engineer'] as const;

const some = <T>(...values: readonly T[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 });
const hours = fc.constantFrom(1, 8, 14 * 24, 15 * 24, 400 * 24).map((count) => count * HOUR);
const userGlobs = some('*', '*@example.com', USERS[0]);

const scope = {
  callers: fc.option(some(...CALLERS), { nil: undefined }),
  permissionSets: some('*', 'ReadOnly*', 'PowerUserAccess'),
  accounts: some('*', SANDBOX, PRODUCTION, MANAGEMENT, HOST),
};
const groups = fc.constantFrom<string[]>([], ['*'], ['platform-*']);

const allowRule: fc.Arbitrary<AllowRule> = fc.record({
  ...scope,
  name: fc.constant('allow'),
  effect: fc.constant('allow' as const),
  principals: fc.record({ users: fc.oneof(userGlobs, fc.constant('requester' as const)), groups }),
  longestMs: hours,
});
const denyRule: fc.Arbitrary<DenyRule> = fc.record({
  ...scope,
  name: fc.constant('deny'),
  effect: fc.constant('deny' as const),
  principals: fc.record({ users: userGlobs, groups }),
});
const callers: fc.Arbitrary<PolicyCaller[]> = fc.tuple(fc.boolean(), fc.boolean()).map((trusted) =>
  CALLERS.map((name, index) => ({
    name,
    identity: { kind: 'account', accountId: HOST },
    mayAsk: true,
    mayRead: 'own',
    mayRevoke: 'own',
    mayPermissionSets: 'none',
    mayReconciliations: 'none',
    trustedForRequester: trusted[index] === true,
  })),
);

const policies: fc.Arbitrary<AccessPolicy> = fc.record({
  callers,
  rules: fc
    .array(fc.oneof({ weight: 4, arbitrary: allowRule }, { weight: 1, arbitrary: denyRule }), {
      maxLength: 6,
    })
    .map((rules) => rules.map((rule, index) => ({ ...rule, name: `${rule.name}-${index}` }))),
  guardrails: fc.record({
    protectedPermissionSets: fc.constantFrom<string[]>(
      [],
      ['BreakGlassAdmin'],
      ['arn:*/ps-breakglass*', 'Power*'],
    ),
    longestMs: hours,
  }),
});

const user = fc.constantFrom(...USERS).map((name) => ({ type: 'USER' as const, id: `id-${name}`, name }));
const group = fc.constant({ type: 'GROUP' as const, id: 'id-group', name: 'platform-oncall' });

/** `accounts` may contain the guarded ones only where a test is about them. */
const requests = (accounts: fc.Arbitrary<string[]>): fc.Arbitrary<DecisionRequest> =>
  fc.record({
    caller: fc.constantFrom(...CALLERS),
    requestedBy: fc.option(
      fc.constantFrom(...USERS).map((userName) => ({ userId: `id-${userName}`, userName })),
      { nil: undefined },
    ),
    principal: fc.oneof({ weight: 3, arbitrary: user }, { weight: 1, arbitrary: group }),
    permissionSet: fc.constantFrom(...SETS).map(permissionSet),
    accounts,
    durationMs: hours,
    managementAccountId: fc.constant(MANAGEMENT),
    hostAccountId: fc.constant(HOST),
  });
const ordinary = requests(some(SANDBOX, PRODUCTION));
const anywhere = requests(some(SANDBOX, PRODUCTION, MANAGEMENT, HOST));

/** The rule with a target in the place of its accounts. */
function withTarget({ accounts: _accounts, ...rule }: PolicyRule): PolicyRule {
  return { ...rule, target: [{ all: true }] };
}

const RUNS = { numRuns: 1_000 };

describe('decide, properties', () => {
  test('a further deny rule, wherever it stands, never turns deny into allow', () => {
    fc.assert(
      fc.property(policies, denyRule, fc.nat(6), ordinary, (policy, rule, at, request) => {
        const more = { ...policy, rules: policy.rules.toSpliced(at, 0, { ...rule, name: 'further' }) };
        const [before, after] = [decide(policy, request), decide(more, request)];
        expect(before.effect === 'deny' && after.effect === 'allow').toBe(false);
      }),
      RUNS,
    );
  });

  test('one allow rule less turns deny into allow only where its own limit was the reason', () => {
    fc.assert(
      fc.property(policies, ordinary, (policy, request) => {
        const before = decide(policy, request);
        for (const removed of policy.rules.filter(({ effect }) => effect === 'allow')) {
          const fewer = { ...policy, rules: policy.rules.filter((rule) => rule !== removed) };
          const after = decide(fewer, request);
          const opened = before.effect === 'deny' && after.effect === 'allow';
          expect(opened && before.rule !== removed.name).toBe(false);
        }
      }),
      RUNS,
    );
  });

  test('the order of the rules does not change the effect', () => {
    fc.assert(
      fc.property(policies, ordinary, (policy, request) => {
        const turned = { ...policy, rules: policy.rules.toReversed() };
        expect(decide(turned, request).effect).toBe(decide(policy, request).effect);
      }),
      RUNS,
    );
  });

  test('what is allowed lasts no longer than every rule that it names, the guardrail and 14 days', () => {
    fc.assert(
      fc.property(policies, ordinary, (policy, request) => {
        const decision = decide(policy, request);
        if (decision.effect === 'deny') return;
        const named = policy.rules.filter(({ name }) => decision.rules.includes(name));
        const limits = named.map((rule) => (rule.effect === 'allow' ? rule.longestMs : 0));
        const least = Math.min(...limits, policy.guardrails.longestMs);
        expect(decision.rules.length).toBeGreaterThan(0);
        expect(decision.longestMs).toBe(least);
        expect(request.durationMs).toBeLessThanOrEqual(Math.min(least, 14 * 24 * HOUR));
      }),
      RUNS,
    );
  });

  test('no policy allows the management account, the host account, a protected set or more than 14 days', () => {
    fc.assert(
      fc.property(policies, anywhere, (policy, request) => {
        const { accounts, durationMs, permissionSet: set } = request;
        const { protectedPermissionSets } = policy.guardrails;
        const isProtected =
          (set.name === 'BreakGlassAdmin' && protectedPermissionSets.length > 0) ||
          (set.name === 'PowerUserAccess' && protectedPermissionSets.includes('Power*'));
        const guarded = accounts.includes(MANAGEMENT) || accounts.includes(HOST);
        const refused = guarded || isProtected || durationMs > 14 * 24 * HOUR;
        expect(refused && decide(policy, request).effect === 'allow').toBe(false);
      }),
      RUNS,
    );
  });

  test('a rule with a target decides as the same rule with the ids that the target means', () => {
    fc.assert(
      fc.property(policies, ordinary, (policy, request) => {
        const rules = policy.rules.map((rule) => withTarget(rule));
        const means = ({ accounts = [] }: PolicyRule) =>
          meantAccounts(request.accounts, (id) => accounts.includes('*') || accounts.includes(id));
        const known = new Map(policy.rules.map((rule) => [rule.name, means(rule)]));
        const targets = { policyHash: 'hash', rules: Object.fromEntries(known) };

        expect(decide({ ...policy, rules }, { ...request, targets })).toEqual(decide(policy, request));
      }),
      RUNS,
    );
  });

  test('what is allowed while a target is not known is allowed whatever it means', () => {
    const answers = fc.constantFrom<MeantAccounts>('all', 'none', [SANDBOX], { except: [SANDBOX] });
    const drawn = fc.tuple(policies, ordinary, fc.array(answers, { minLength: 6, maxLength: 6 }), fc.nat(5));
    fc.assert(
      fc.property(drawn, ([policy, request, meanings, hidden]) => {
        const rules = policy.rules.map((rule) => withTarget(rule));
        const known = Object.fromEntries(rules.map(({ name }, at) => [name, meanings[at] ?? 'none']));
        const partly = { ...known, [rules[hidden]?.name ?? '']: { unknown: 'nobody knows' } };
        const [unsure, sure] = [partly, known].map((each) =>
          decide({ ...policy, rules }, { ...request, targets: { policyHash: 'hash', rules: each } }),
        );
        expect(unsure?.effect === 'allow' && sure?.effect === 'deny').toBe(false);
      }),
      RUNS,
    );
  });

  test('allows and denies both occur among these policies', () => {
    const effects = fc
      .sample(fc.tuple(policies, ordinary), { numRuns: 500, seed: 1 })
      .map(([policy, request]) => decide(policy, request).effect);

    expect(effects.filter((effect) => effect === 'allow').length).toBeGreaterThan(20);
    expect(effects.filter((effect) => effect === 'deny').length).toBeGreaterThan(20);
  });
});
