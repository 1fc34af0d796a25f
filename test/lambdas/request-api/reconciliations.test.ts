import type { ReconcileScope } from '../../../core/reconcile/scope';
import {
  type ReconciliationApiPorts,
  listReconciliations,
  startReconciliation,
} from '../../../lambdas/request-api/reconciliations';
import { apiEvent } from '../../support/api-event';
import { bodyOf, callerWith, fieldsOf } from './callers';

const STARTER = callerWith({ mayReconciliations: 'start' });
const READER = callerWith({ mayReconciliations: 'read' });

/** Remembers what was asked. */
function recorded(joins = false) {
  const asked: (ReconcileScope | string | undefined)[] = [];
  const ports: ReconciliationApiPorts = {
    reconciliations: {
      ask: (scope) => {
        asked.push(scope);
        return Promise.resolve({ joins });
      },
      view: (after) => {
        asked.push(after);
        return Promise.resolve({ findings: [] });
      },
    },
  };
  return { asked, ports };
}

describe('POST /reconciliations', () => {
  test.each<readonly [string, string | null, ReconcileScope]>([
    ['nothing', null, { walk: 'principals' }],
    ['an empty object', '{}', { walk: 'principals' }],
    ['a complete walk', '{"walk":"complete"}', { walk: 'complete' }],
    ['the claims', '{"claims":true}', { claims: true }],
    ['both', '{"claims":true,"walk":"principals"}', { claims: true, walk: 'principals' }],
  ])('asks for what %s says', async (_what, body, scope) => {
    const { asked, ports } = recorded();

    const answer = await startReconciliation(ports, STARTER, apiEvent({ body }));

    expect(answer.statusCode).toBe(202);
    expect(asked).toEqual([scope]);
    expect(bodyOf(answer)).toEqual({ reconciliation: 'the reconciliation begins', ...scope });
  });

  test('says that one is running', async () => {
    const answer = await startReconciliation(recorded(true).ports, STARTER, apiEvent({}));

    expect(bodyOf(answer).reconciliation).toBe('a reconciliation is running: this one follows it');
  });

  test.each<readonly [string, string, string[]]>([
    ['another walk', '{"walk":"all"}', ['walk']],
    ['claims that are not true', '{"claims":false}', ['claims']],
    ['a key that nobody reads', '{"places":[]}', ['places']],
    ['no JSON', '{', ['(body)']],
  ])('refuses %s', async (_what, body, fields) => {
    const { asked, ports } = recorded();

    const answer = await startReconciliation(ports, STARTER, apiEvent({ body }));

    expect([answer.statusCode, fieldsOf(answer)]).toEqual([400, fields]);
    expect(asked).toEqual([]);
  });

  test('is not for those who may only read', async () => {
    expect((await startReconciliation(recorded().ports, READER, apiEvent({}))).statusCode).toBe(403);
  });
});

describe('GET /reconciliations', () => {
  const call = (query?: Record<string, string>) =>
    apiEvent({ method: 'GET', resource: '/reconciliations', ...(query === undefined ? {} : { query }) });

  test('shows how it stands, and goes on after a finding', async () => {
    const { asked, ports } = recorded();

    const answer = await listReconciliations(ports, READER, call());
    await listReconciliations(ports, READER, call({ next: 'finding-1' }));

    expect(bodyOf(answer)).toEqual({ findings: [] });
    expect(asked).toEqual([undefined, 'finding-1']);
  });

  test('refuses what is no page, and parameters that nobody reads', async () => {
    const answer = await listReconciliations(recorded().ports, READER, call({ next: 'a b', kind: 'x' }));

    expect([answer.statusCode, fieldsOf(answer)]).toEqual([400, ['kind', 'next']]);
  });

  test('is not for those without the right', async () => {
    expect((await listReconciliations(recorded().ports, callerWith({}), call())).statusCode).toBe(403);
  });
});
