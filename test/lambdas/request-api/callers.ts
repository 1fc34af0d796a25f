import type { PolicyCaller } from '../../../core/policy/access-policy';
import type { HttpAnswer } from '../../../core/http/problem-details';
import type { Caller } from '../../../lambdas/request-api/call';

/** A caller with these rights, and no others. */
export function callerWith(rights: Partial<PolicyCaller>): Caller {
  const arn = 'arn:aws:iam::222233334444:role/Caller';
  return {
    arn,
    rights: {
      name: 'caller',
      identity: { kind: 'role', roleArn: arn },
      mayAsk: false,
      mayRead: 'none',
      mayRevoke: 'none',
      mayPermissionSets: 'none',
      mayReconciliations: 'none',
      trustedForRequester: false,
      ...rights,
    },
  };
}

/** The body of an answer. */
export function bodyOf({ body }: HttpAnswer): Readonly<Record<string, unknown>> {
  return JSON.parse(body) as Readonly<Record<string, unknown>>;
}

/** The fields that an answer complains about. */
export function fieldsOf(answer: HttpAnswer): string[] {
  return (bodyOf(answer).problems as { readonly field: string }[]).map(({ field }) => field);
}
