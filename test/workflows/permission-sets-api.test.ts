import { RolloutApp, type SeenPlan } from '../support/rollout-app';

describe('the API of permission sets', () => {
  let world: RolloutApp;
  /** As it was before anything was rolled out, and what was written meanwhile. */
  let planned: readonly SeenPlan[];
  let written: readonly string[];

  beforeAll(async () => {
    world = await RolloutApp.start({
      announceDeploy: false,
      access: {
        permissionSets: {
          'new.yaml': 'name: New\nsessionDuration: PT2H\n',
          'taken.yaml':
            'name: ReadOnlyAccess\nsessionDuration: PT6H\nrelayState: https://first/\nadopt: true\n',
          'foreign.yaml': 'name: PowerUserAccess\n',
        },
      },
    });
    planned = await world.plan();
    written = world.operations();
  });

  afterAll(async () => {
    await world.stop();
  });

  test('says what a rollout would do, and does nothing', () => {
    expect(planned).toMatchObject([
      {
        name: 'New',
        action: 'create',
        changes: ['tag latchkey:owner none → "latchkey"', 'session duration none → PT2H'],
      },
      { name: 'PowerUserAccess', action: 'refuse', reason: expect.stringContaining('adopt: true') as string },
      {
        name: 'ReadOnlyAccess',
        action: 'adopt',
        changes: [
          'tag latchkey:owner none → "latchkey"',
          'tag risk "low" → none',
          'description "Look at everything, change nothing" → none',
          'session duration PT4H → PT6H',
          'relay state none → "https://first/"',
          'detach ReadOnlyAccess',
        ],
        provision: { accounts: 2 },
      },
    ]);
    expect(written).toEqual([]);
  });

  test.each([
    ['rollout', 'test', [200, 200, 200, 202, 202]],
    ['read', 'auditor', [200, 200, 200, 403, 403]],
    ['none', 'engineer', [403, 403, 403, 403, 403]],
    ['of nobody', 'stranger', [403, 403, 403, 403, 403]],
  ])('answers a caller with the right %s accordingly', async (_right, caller, expected) => {
    const { app } = world;
    const calls = [
      app.get('/permission-sets', caller),
      app.get('/permission-sets/New', caller),
      world.answered(app.post('/permission-sets/plan', '', caller)),
      app.post('/permission-sets/New/rollout', '', caller),
      app.post('/permission-sets/rollout', '', caller),
    ];

    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(expected);
  });

  test.each([
    ['verify', { verify: 'yes' }],
    ['permissionSets', { permissionSets: [] }],
    ['permissionSets', { permissionSets: ['Größe'] }],
    ['permissionSets', { permissionSets: 'New' }],
    ['permissionSet', { permissionSet: ['New'] }],
    ['(body)', []],
    ['(body)', '{'],
  ])('refuses a body whose %s is wrong, with what to send instead: %j', async (field, body) => {
    const answers = await Promise.all(
      ['/permission-sets/plan', '/permission-sets/rollout'].map((path) => world.app.post(path, body)),
    );

    for (const { status, body: problem } of answers) {
      expect(status).toBe(400);
      expect(problem.problems).toEqual([
        expect.objectContaining({ field, remedy: expect.stringMatching(/\w/) as string }),
      ]);
    }
  });

  test.each(['Unknown', '権限', '%00', 'a%2Fb', 'x'.repeat(33), '__proto__'])(
    'knows no permission set %s',
    async (name) => {
      const path = `/permission-sets/${encodeURI(name)}`;
      const [seen, rolledOut] = await Promise.all([
        world.app.get(path),
        world.app.post(`${path}/rollout`, ''),
      ]);

      expect([seen.status, rolledOut.status]).toEqual([404, 404]);
    },
  );

  test('refuses a rollout of names that nobody knows, and names them', async () => {
    const { status, body } = await world.app.post('/permission-sets/rollout', {
      permissionSets: ['New', 'Unknown'],
    });

    expect([status, body.problems]).toMatchObject([400, [{ field: 'permissionSets', value: '"Unknown"' }]]);
  });
});
