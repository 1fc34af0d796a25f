import type { LocalAssembly, LocalResource } from '../../../local/assembly/local-assembly';
import { functionsOf } from '../../../local/lambda/lambda-function';

/** An assembly of such resources, in which a `Ref` is `ref:<logical id>` and an asset lies in `/assets`. */
function assemblyOf(resources: readonly LocalResource[]): LocalAssembly {
  return {
    region: 'us-east-1',
    accountId: '111122223333',
    stackName: 'latchkey',
    ofType: (type) => resources.filter((resource) => resource.type === type),
    ref: (logicalId) => `ref:${logicalId}`,
    attribute: (logicalId, name) => `${name} of ${logicalId}`,
    assetPath: (s3Key) => `/assets/${s3Key}`,
  };
}

const lambdaFunction = (properties: Record<string, unknown>): LocalResource => ({
  logicalId: 'Sweep',
  type: 'AWS::Lambda::Function',
  properties: {
    Code: { S3Bucket: 'b', S3Key: 'abc.zip' },
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    ...properties,
  },
});
const layer: LocalResource = {
  logicalId: 'Access',
  type: 'AWS::Lambda::LayerVersion',
  properties: { Content: { S3Bucket: 'b', S3Key: 'access.zip' } },
};

describe('functionsOf', () => {
  test('reads a function with its code, environment and layers', () => {
    const resource = lambdaFunction({
      Timeout: 45,
      MemorySize: 512,
      Environment: { Variables: { TABLE: 'ledger' } },
      Layers: ['ref:Access'],
      ReservedConcurrentExecutions: 1,
      Architectures: ['arm64'],
    });

    expect(functionsOf(assemblyOf([resource, layer]))).toEqual([
      {
        name: 'ref:Sweep',
        arn: 'Arn of Sweep',
        codePath: '/assets/abc.zip',
        handler: 'index.handler',
        timeoutSeconds: 45,
        memorySize: 512,
        environment: { TABLE: 'ledger' },
        layers: ['/assets/access.zip'],
        reservedConcurrency: 1,
      },
    ]);
  });

  test('fills in what Lambda takes by default', () => {
    expect(functionsOf(assemblyOf([lambdaFunction({})]))).toEqual([
      expect.objectContaining({ timeoutSeconds: 3, memorySize: 128, environment: {}, layers: [] }),
    ]);
  });

  test.each([
    ['code in the template', { Code: { ZipFile: 'x' } }, 'Code.S3Key'],
    ['another runtime', { Runtime: 'python3.14' }, 'Runtime'],
    ['a container image', { PackageType: 'Image' }, 'PackageType'],
    ['a file system', { FileSystemConfigs: [{}] }, 'FileSystemConfigs'],
  ])('refuses %s and names it', (_case, properties, named) => {
    const read = (): unknown => functionsOf(assemblyOf([lambdaFunction(properties)]));

    expect(read).toThrow(`AWS::Lambda::Function Sweep cannot run locally: ${named}`);
  });

  test('refuses a layer that is not in the stack', () => {
    const foreign = 'arn:aws:lambda:us-east-1:999999999999:layer:x:1';
    const read = (): unknown => functionsOf(assemblyOf([lambdaFunction({ Layers: [foreign] })]));

    expect(read).toThrow(`function Sweep uses the layer ${foreign}, which is not in the stack`);
  });
});
