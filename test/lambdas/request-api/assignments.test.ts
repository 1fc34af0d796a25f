import { changeAssignment } from '../../../core/assignments/change';
import { openClaim } from '../../../core/assignments/claims';
import { type AssignmentApiPorts, listAssignments } from '../../../lambdas/request-api/assignments';
import { apiEvent } from '../../support/api-event';
import { keyOf } from '../../support/dispatcher-world';
import { MemoryBaselines } from '../../support/memory-baselines';
import { HOUR, NOW, RequestWorld, decided, resolved } from '../../core/requests/requests';
import { bodyOf, callerWith, fieldsOf } from './callers';

const READER = callerWith({ mayRead: 'all' });
const { permissionSetArn: ARN, principalId: ID, accountId: ACCOUNT } = keyOf();
const GROUP = { ...keyOf(2), principalType: 'GROUP', principalId: ID.replace(/1$/, '2') } as const;
const PREFIX = ARN.slice(0, -1);

/** One lease of alice's, and one claim of a rule of a group. */
async function ledger(): Promise<{ readonly world: RequestWorld; readonly ports: AssignmentApiPorts }> {
  const world = RequestWorld.with(decided());
  const baselines = new MemoryBaselines();
  const binding = { type: 'GROUP', name: 'Platform', id: GROUP.principalId, since: NOW } as const;
  baselines.shared = { ...baselines.shared, bindings: { operate: binding } };
  await world.open('req-1', 4 * HOUR);
  await world.drain();
  await changeAssignment(world, GROUP, (present, now) =>
    openClaim(present, { id: 'baseline:operate', kind: 'baseline', from: now, until: null, openedAt: now }),
  );
  const permissionSetIndex = { read: () => Promise.resolve(new Map([[ARN, 'ReadOnlyAccess']])) };
  const { requests, assignments, clock } = world;
  return { world, ports: { requests, assignments, clock, baselines, permissionSetIndex } };
}

async function list(query: Record<string, string>, ports?: AssignmentApiPorts) {
  const answer = await listAssignments(
    ports ?? (await ledger()).ports,
    READER,
    apiEvent({ method: 'GET', resource: '/assignments', query }),
  );
  return { ...answer, json: bodyOf(answer) as { assignments: Record<string, unknown>[]; next?: string } };
}

describe('GET /assignments', () => {
  test('says who has what, whether it is there, and why', async () => {
    const { json } = await list({ account: ACCOUNT });

    expect(json.assignments).toMatchObject([
      {
        account: ACCOUNT,
        permissionSet: { arn: ARN, name: 'ReadOnlyAccess' },
        principal: { type: 'USER', id: ID, name: 'alice@example.com' },
        exists: true,
        claims: [
          {
            kind: 'lease',
            id: 'req-1',
            request: 'req-1',
            state: 'granted',
            from: new Date(NOW).toISOString(),
            until: new Date(NOW + 4 * HOUR).toISOString(),
          },
        ],
      },
    ]);
  });

  test('names the rule of a claim, and the operation that is under way', async () => {
    const { json } = await list({ account: GROUP.accountId });

    expect(json.assignments).toMatchObject([
      {
        principal: { type: 'GROUP', name: 'Platform' },
        exists: false,
        claims: [{ kind: 'baseline', rule: 'operate', state: 'waiting' }],
        operation: { kind: 'create', state: 'waiting' },
      },
    ]);
    expect(json.assignments[0]?.claims).not.toEqual([
      expect.objectContaining({ until: expect.anything() as unknown }),
    ]);
  });

  test.each([
    ['a user’s id', { principal: `userId:${ID}` }, 'USER'],
    ['a name that a request resolved', { principal: 'Alice@example.com' }, 'USER'],
    ['a user by name', { principal: 'user:alice@example.com' }, 'USER'],
    ['a group’s id', { principal: `groupId:${GROUP.principalId}` }, 'GROUP'],
    ['a name that a rule is bound to', { principal: 'platform' }, 'GROUP'],
    ['several filters at once', { principal: 'platform', account: GROUP.accountId }, 'GROUP'],
  ])('finds by %s', async (_what, query, type) => {
    const { ports } = await ledger();
    const find = ports.requests.find.bind(ports.requests);
    ports.requests.find = (asked, limit) =>
      find(asked.by === 'principal' ? { ...asked, name: asked.name.toLowerCase() } : asked, limit);

    const { json } = await list(query, ports);

    expect(json.assignments.map(({ principal }) => principal)).toMatchObject([{ type }]);
  });

  test('finds by the name of a permission set, and by its ARN', async () => {
    expect((await list({ permissionSet: 'ReadOnlyAccess' })).json.assignments).toHaveLength(2);
    expect((await list({ permissionSet: ARN })).json.assignments).toHaveLength(2);
    expect((await list({ permissionSet: ARN, account: ACCOUNT })).json.assignments).toHaveLength(1);
  });

  test('leaves out what has nothing to tell any more', async () => {
    const { world, ports } = await ledger();
    await world.close('req-1');
    await world.drain();
    await changeAssignment(world, keyOf(), (present) => ({ ...present, claims: {} }));

    expect((await list({ principal: `userId:${ID}` }, ports)).json.assignments).toEqual([]);
  });

  test('pages a hundred at a time', async () => {
    const { world, ports } = await ledger();
    for (let n = 10; n < 120; n += 1)
      await changeAssignment(world, { ...keyOf(), principalId: `p-${n}` }, (present, now) =>
        openClaim(present, { id: 'baseline:x', kind: 'baseline', from: now, until: null, openedAt: now }),
      );

    const first = (await list({ account: ACCOUNT }, ports)).json;
    const second = (await list({ account: ACCOUNT, next: first.next ?? '' }, ports)).json;

    expect([first.assignments.length, second.assignments.length]).toEqual([100, 11]);
    expect(second.next).toBeUndefined();
  });

  test.each<readonly [string, Record<string, string>, string]>([
    ['no filter', {}, '(query)'],
    ['a short account', { account: '1234' }, 'account'],
    ['an empty principal', { principal: ' ' }, 'principal'],
    ['an id that is none', { principal: 'userId:alice' }, 'principal'],
    ['a name that nobody had', { principal: 'nobody' }, 'principal'],
    ['a permission set that is not known', { permissionSet: 'Nope' }, 'permissionSet'],
    ['a long name', { permissionSet: 'x'.repeat(1_025) }, 'permissionSet'],
    ['a parameter that nobody reads', { account: ACCOUNT, user: 'alice' }, 'user'],
  ])('refuses %s, and names the field', async (_what, query, field) => {
    const answer = await list(query);

    expect(answer.statusCode).toBe(400);
    expect(fieldsOf(answer)).toEqual([field]);
  });

  test('refuses a name that several have, and names their ids', async () => {
    const { world, ports } = await ledger();
    const principal = { type: 'USER', id: 'another', name: 'alice@example.com' } as const;
    world.requests.items.set('req-2', decided([ACCOUNT], { id: 'req-2', resolved: resolved({ principal }) }));

    const answer = await list({ principal: 'alice@example.com' }, ports);

    expect(answer.statusCode).toBe(400);
    expect(answer.body).toContain(`userId:${ID}, userId:another`);
  });

  test('refuses the name of a set that was made anew, and gives both ARNs', async () => {
    const { ports } = await ledger();
    const both = new Map([
      [`${PREFIX}1`, 'Read'],
      [`${PREFIX}2`, 'Read'],
    ]);

    const answer = await list(
      { permissionSet: 'Read' },
      { ...ports, permissionSetIndex: { read: () => Promise.resolve(both) } },
    );

    expect(answer.body).toContain(`give one of ${PREFIX}1, ${PREFIX}2`);
  });

  test.each(['own', 'none'] as const)('is not for those who may read %s', async (mayRead) => {
    const { ports } = await ledger();
    const event = apiEvent({ method: 'GET', query: { account: ACCOUNT } });

    expect((await listAssignments(ports, callerWith({ mayRead }), event)).statusCode).toBe(403);
  });
});
