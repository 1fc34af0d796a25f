import type { DecisionRequest } from '../../../core/policy/decision';

/** Ids of the organization that these tests play in. */
export const MANAGEMENT = '111122223333';
export const HOST = '222233334444';
export const SANDBOX = '333344445555';
export const PRODUCTION = '444455556666';

export const HOUR = 3_600_000;

/** A policy document, as YAML parses to one, in which everything is right. */
export function rightDocument(): Record<string, unknown> {
  return {
    callers: [
      {
        name: 'service-desk',
        role: `arn:aws:iam::${HOST}:role/teams/ServiceDesk`,
        may: { ask: true, read: 'all', revoke: 'all' },
        trustedForRequester: true,
      },
      { name: 'host-account', account: HOST, may: { ask: true, read: 'own' } },
      { name: 'auditor', role: `arn:aws:iam::${HOST}:role/Auditor`, may: { read: 'all' } },
    ],
    rules: [
      {
        name: 'read-anywhere',
        effect: 'allow',
        principals: { users: ['*@example.com'] },
        permissionSets: ['ReadOnly*'],
        accounts: ['*'],
        longest: 'P7D',
      },
      { name: 'no-admin', effect: 'deny', permissionSets: ['AdministratorAccess'], accounts: [PRODUCTION] },
    ],
    guardrails: { protectedPermissionSets: ['BreakGlassAdmin'], longest: 'P14D' },
  };
}

/** A request that the policy of {@link rightDocument} permits. */
export function rightRequest(changes: Partial<DecisionRequest> = {}): DecisionRequest {
  return {
    caller: 'service-desk',
    requestedBy: { userId: 'id-alice', userName: 'alice@example.com' },
    principal: { type: 'USER', id: 'id-alice', name: 'alice@example.com' },
    permissionSet: permissionSet('ReadOnlyAccess'),
    accounts: [SANDBOX],
    durationMs: 4 * HOUR,
    managementAccountId: MANAGEMENT,
    hostAccountId: HOST,
    ...changes,
  };
}

/** A permission set with an ARN that belongs to its name. */
export function permissionSet(name: string): { readonly name: string; readonly arn: string } {
  return {
    name,
    arn: `arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-${name.padEnd(16, '0').slice(0, 16)}`,
  };
}
