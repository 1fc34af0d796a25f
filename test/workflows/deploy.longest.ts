import { readFileSync } from 'node:fs';
import { TestApp } from '../support/test-app';

const READ_ONLY = 'name: TestReadOnly\ndescription: Looks\nawsManagedPolicies: [ReadOnlyAccess]\n';

function policyOf(permissionSet: string): string {
  return `
callers:
  - name: service-desk
    role: arn:aws:iam::222233334444:role/LatchkeyServiceDesk
    may: { ask: true, read: all, revoke: all }
    trustedForRequester: true
rules:
  - name: the-only-one
    effect: allow
    principals: { users: ['*'] }
    permissionSets: [${permissionSet}]
    accounts: ['*']
    longest: P1D
`;
}

/** The permission sets that the functions of the app find in their layer. */
function deployed({ runtime }: TestApp): unknown {
  const [layer = ''] = runtime.lambda.functions().flatMap(({ layers }) => layers);
  const { definitions } = JSON.parse(readFileSync(`${layer}/permission-sets.json`, 'utf8')) as {
    definitions: { name: string }[];
  };
  return definitions.map(({ name }) => name);
}

/** The statuses of the stack that were told, in their order. */
function told({ runtime }: TestApp): unknown[] {
  return runtime.events.events
    .recorded('default')
    .filter(({ source }) => source === 'aws.cloudformation')
    .map(({ detail }) => detail['status-details'])
    .map((details) => (details as { status: string }).status);
}

describe('access definitions of a test', () => {
  let app: TestApp;

  afterEach(async () => {
    await app.stop();
  });

  test('decide from the start, and those of a later deploy decide from then on', async () => {
    app = await TestApp.start({ access: { permissionSets: {}, policy: policyOf('PowerUserAccess') } });
    const before = await app.ask();
    await app.advance('PT1M');

    app.deploy({}, policyOf('ReadOnlyAccess'));
    const after = await app.ask({ justification: 'once more' });
    await app.advance('PT1M');

    expect([(await app.request(before)).status, (await app.request(after)).status]).toEqual([
      'denied',
      'active',
    ]);
    expect(told(app)).toEqual([
      'CREATE_COMPLETE',
      'UPDATE_IN_PROGRESS',
      'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'UPDATE_COMPLETE',
    ]);
  });

  test('are the permission sets of the last deploy, and no others; the policy stays', async () => {
    app = await TestApp.start({
      access: { permissionSets: { 'one.yaml': READ_ONLY }, policy: policyOf('PowerUserAccess') },
    });
    const before = deployed(app);

    app.deploy({ 'two.yaml': READ_ONLY.replace('TestReadOnly', 'Other') });
    const id = await app.ask();
    await app.advance('PT1M');

    expect([before, deployed(app)]).toEqual([['TestReadOnly'], ['Other']]);
    expect((await app.request(id)).status).toBe('denied');
  });

  test('that cannot be used change nothing', async () => {
    app = await TestApp.start({ access: { permissionSets: { 'one.yaml': READ_ONLY } } });

    expect(() => {
      app.deploy({ 'one.yaml': 'nonsense: true' });
    }).toThrow('one.yaml');
    expect(deployed(app)).toEqual(['TestReadOnly']);
    expect(told(app)).toEqual(['CREATE_COMPLETE']);
  });

  test('are none but the policy where a test asks for none, and nobody is told of a deploy', async () => {
    app = await TestApp.start();

    expect(deployed(app)).toEqual([]);
    expect(told(app)).toEqual([]);
  });
});
