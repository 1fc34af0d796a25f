import { OWNER_TAG } from '../../core/permission-sets/definition';
import { TestApp } from '../support/test-app';

const LOOKER = 'name: Looker\ndescription: Looks\nawsManagedPolicies: [ReadOnlyAccess]\n';

/** What a test reads of a set. */
interface SeenSet {
  readonly name: string;
  readonly status: string;
  readonly arn?: string;
  readonly last?: { readonly outcome: string; readonly reason?: string };
  readonly accounts?: {
    readonly current: number;
    readonly stale: number;
    readonly failed: readonly { readonly accountId: string; readonly reason: string }[];
  };
}

async function set(app: TestApp, name: string): Promise<SeenSet> {
  return (await app.get(`/permission-sets/${name}`)).body as unknown as SeenSet;
}

function inService(app: TestApp, name: string) {
  return app.runtime.simulator.world.permissionSets().find((each) => each.name === name);
}

describe('a rollout of permission sets', () => {
  let app: TestApp;

  afterEach(async () => {
    await app.stop();
  });

  test('creates what a deploy brings, with the tag of the owner', async () => {
    app = await TestApp.start({ access: { permissionSets: { 'looker.yaml': LOOKER } } });
    await app.advance('PT1M');

    const seen = await set(app, 'Looker');
    expect(seen).toMatchObject({ status: 'current', last: { outcome: 'created' } });
    expect(inService(app, 'Looker')?.tags).toEqual({ [OWNER_TAG.key]: OWNER_TAG.value });
  });
});
