import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../cli/bundle-functions';
import { type LocalApp, startLocalApp } from '../../cli/local-app';

describe('a local app', () => {
  let access: string;
  let app: LocalApp;

  beforeAll(async () => {
    access = mkdtempSync(join(tmpdir(), 'latchkey-access-'));
    mkdirSync(join(access, 'permission-sets'));
    copyFileSync(join(PROJECT_ROOT, 'access', 'policy.yaml'), join(access, 'policy.yaml'));
    write('one.yaml', 'name: One\n');
    app = await startLocalApp({ access, clock: 'manual', runtime: { announceDeploy: false } });
  });

  afterAll(async () => {
    await app.stop();
    rmSync(access, { recursive: true });
  });

  function write(file: string, text: string): void {
    writeFileSync(join(access, 'permission-sets', file), text);
  }

  /** The permission sets that the functions find in their layer. */
  function deployed(): string[] {
    const [layer = ''] = app.runtime.lambda.functions().flatMap(({ layers }) => layers);
    const file = join(layer, 'permission-sets.json');
    const { definitions } = JSON.parse(readFileSync(file, 'utf8')) as { definitions: { name: string }[] };
    return definitions.map(({ name }) => name);
  }

  function told(): unknown[] {
    return app.runtime.events.events
      .recorded('default')
      .filter(({ source }) => source === 'aws.cloudformation')
      .map(({ detail }) => (detail['status-details'] as { status: string }).status);
  }

  test('takes changed files with the next deploy, and nothing of files that cannot be used', () => {
    const first = deployed();

    write('two.yaml', 'name: Two\n');
    const before = deployed();
    app.deploy();
    const after = deployed();
    write('two.yaml', 'name: [Two]\n');

    expect(() => {
      app.deploy();
    }).toThrow('two.yaml');
    expect([first, before, after, deployed()]).toEqual([['One'], ['One'], ['One', 'Two'], ['One', 'Two']]);
    expect(told()).toEqual(['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_COMPLETE']);
  });
});
