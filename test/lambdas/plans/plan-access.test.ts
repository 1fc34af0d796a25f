import { type PlanAccessPorts, planAccess } from '../../../lambdas/plans/plan-access';
import { StillReadingError } from '../../../core/ports/organization-picture';
import { apiEvent } from '../../support/api-event';
import { pictureOf } from '../../support/fake-pictures';
import { MemoryBaselines } from '../../support/memory-baselines';
import { ticket } from '../../support/test-app';
import { TEST_SETTINGS } from '../../support/test-settings';
import { FIRST, IN_FORCE, RequestWorld } from '../../core/requests/requests';
import { bodyOf, callerWith, fieldsOf } from '../request-api/callers';

const ASKER = callerWith({ mayAsk: true, trustedForRequester: true });
const AUDITOR = callerWith({ mayReconciliations: 'read' });
const RULE = {
  name: 'read',
  description: 'everybody on call reads',
  principal: { user: 'alice@example.com' },
  permissionSets: ['ReadOnlyAccess'],
  target: { all: true },
};

function plan(body: object, caller = ASKER, change: (world: RequestWorld) => void = () => undefined) {
  const world = new RequestWorld();
  world.pictures.found = pictureOf([{ id: FIRST }]);
  change(world);
  const more = { baselines: new MemoryBaselines(), finder: world.assignments, settings: TEST_SETTINGS };
  const { directory, permissionSets, organization, pictures, clock, observer, assignments } = world;
  const read = { directory, permissionSets, organization, pictures, clock, observer, assignments };
  const ports: PlanAccessPorts = { ...read, ...more };
  return planAccess(ports, IN_FORCE, caller, apiEvent({ resource: '/plans', body: JSON.stringify(body) }));
}

describe('POST /plans', () => {
  test('plans the body of a request', async () => {
    const answer = await plan(ticket({ target: [{ account: FIRST }] }));

    expect(answer.statusCode).toBe(200);
    expect(bodyOf(answer)).toHaveProperty('outcome');
  });

  test('answers 200 with the problems where names cannot be resolved', async () => {
    const answer = await plan(ticket({ principal: { user: 'alcie@example.com' } }));

    expect(answer.statusCode).toBe(200);
    expect(bodyOf(answer)).toMatchObject({
      outcome: 'not resolved',
      problems: expect.arrayContaining([
        'principal: user alcie@example.com was not found in the directory, check the spelling',
      ]) as unknown,
    });
  });

  test('refuses a body that is no ticket, field by field', async () => {
    const answer = await plan({ principal: { user: 'alice@example.com' } });

    expect(answer.statusCode).toBe(400);
    expect(fieldsOf(answer)).toContain('permissionSet');
  });

  test('plans baselines as they are edited', async () => {
    const answer = await plan({ baselines: { baselines: [RULE] } }, AUDITOR);

    expect(answer.statusCode).toBe(200);
    expect(bodyOf(answer)).toMatchObject({
      claims: { open: 1, close: 0 },
      operations: [{ operation: 'open' }],
    });
  });

  test('refuses rules that the file could not have, with the fields of the file', async () => {
    const answer = await plan(
      { baselines: { baselines: [{ ...RULE, target: { ou: '' } }] }, after: 'x' },
      AUDITOR,
    );

    expect(answer.statusCode).toBe(400);
    expect(fieldsOf(answer)).toEqual(['after', 'baselines[0].target.ou']);
  });

  test('answers 503 while nothing is known of the organization', async () => {
    const answer = await plan({ baselines: { baselines: [RULE] } }, AUDITOR, ({ pictures }) => {
      pictures.found = undefined;
    });

    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '30']);
  });

  test('answers 503 while tags of many accounts are being read', async () => {
    const tagged = { ...RULE, target: { tag: { team: 'payments' } } };
    const answer = await plan({ baselines: { baselines: [tagged] } }, AUDITOR, ({ pictures }) => {
      pictures.tags = () => Promise.reject(new StillReadingError('tags of 1 of 2 accounts are read'));
    });

    expect(answer.statusCode).toBe(503);
  });

  test.each<readonly [string, object, ReturnType<typeof callerWith>]>([
    ['a request by one who may not ask', ticket(), AUDITOR],
    ['baselines by one who may not see them', { baselines: { baselines: [] } }, ASKER],
    ['anything by one who may do nothing', {}, callerWith({})],
  ])('does not plan %s', async (_what, body, caller) => {
    expect((await plan(body, caller)).statusCode).toBe(403);
  });
});
