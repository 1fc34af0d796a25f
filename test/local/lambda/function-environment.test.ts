import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createWorld, endWorlds } from './lambda-world';

const PRINT = 'exports.handler = async () => ({ ...process.env });';

afterEach(endWorlds);

describe('the environment of a function', () => {
  test('has its own variables and those that Lambda sets, and nothing of the host', async () => {
    const { result, folder } = createWorld({
      f: { code: PRINT, memorySize: 256, environment: { TABLE: 'ledger', AWS_REGION: 'mars-1' } },
    });

    expect(await result('f')).toEqual({
      TABLE: 'ledger',
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'f',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/f',
      AWS_LAMBDA_LOG_STREAM_NAME: 'local/[$LATEST]',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_SESSION_TOKEN: 'test',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4600',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      LAMBDA_TASK_ROOT: path.join(folder, 'f'),
      LANG: 'en_US.UTF-8',
      TZ: ':UTC',
      _HANDLER: 'index.handler',
    });
  });

  test('names files of layers by their paths, of the last layer that has them', async () => {
    const { folder } = createWorld({});
    const layers = ['one', 'two'].map((name) => path.join(folder, name));
    for (const [index, layer] of layers.entries()) {
      mkdirSync(path.join(layer, 'access'), { recursive: true });
      writeFileSync(path.join(layer, 'access', 'policy.yaml'), `layer ${index}`);
    }
    writeFileSync(path.join(folder, 'one', 'only.txt'), '');

    const { result } = createWorld({
      f: {
        code: PRINT,
        layers,
        environment: { POLICY: '/opt/access/policy.yaml', ONLY: '/opt/only.txt', OTHER: '/optical' },
      },
    });

    expect(await result('f')).toMatchObject({
      POLICY: path.join(folder, 'two', 'access', 'policy.yaml'),
      ONLY: path.join(folder, 'one', 'only.txt'),
      OTHER: '/optical',
    });
  });

  test('is refused before anything runs if no layer has a file that it names', () => {
    const create = (): unknown =>
      createWorld({ f: { code: PRINT, environment: { POLICY: '/opt/policy.yaml' } } });

    expect(create).toThrow(
      'function f: POLICY names /opt/policy.yaml, which is in none of its layers (it has none)',
    );
  });
});
