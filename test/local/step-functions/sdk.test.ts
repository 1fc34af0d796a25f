import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  SFNClient,
  StartExecutionCommand,
  paginateGetExecutionHistory,
  paginateListExecutions,
} from '@aws-sdk/client-sfn';
import { AwsError } from '../../../local/aws-api/json-service';
import { ROLE, Runtime, START, single } from './support/runtime';

/** The smallest front that carries AWS JSON 1.0. */
function serve(runtime: Runtime): Promise<Server> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).replace('AWSStepFunctions.', '');
      const body = Buffer.concat(parts).toString();
      const answer = (status: number, value: unknown): void => {
        response
          .writeHead(status, { 'content-type': 'application/x-amz-json-1.0' })
          .end(JSON.stringify(value));
      };
      runtime.api(operation, JSON.parse(body === '' ? '{}' : body) as Record<string, unknown>).then(
        (value) => {
          answer(200, value);
        },
        (error: unknown) => {
          if (error instanceof AwsError)
            answer(error.statusCode, { __type: error.code, message: error.message });
          else answer(500, { __type: 'InternalFailure' });
        },
      );
    });
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      resolve(server);
    }),
  );
}

describe('@aws-sdk/client-sfn', () => {
  const runtime = new Runtime({ mode: 'manual' });
  let server: Server;
  let client: SFNClient;

  beforeAll(async () => {
    server = await serve(runtime);
    const { port } = server.address() as AddressInfo;
    client = new SFNClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    });
  });

  afterAll(async () => {
    client.destroy();
    runtime.stop();
    await new Promise((resolve) => server.close(resolve));
  });

  test('creates a machine, runs it and reads its history', async () => {
    const created = await client.send(
      new CreateStateMachineCommand({
        name: 'hello',
        roleArn: ROLE,
        definition: JSON.stringify(single({ Type: 'Pass', Output: { hello: '{% $states.input.name %}' } })),
      }),
    );
    const started = await client.send(
      new StartExecutionCommand({
        stateMachineArn: created.stateMachineArn,
        name: 'one',
        input: '{"name":"Ann"}',
      }),
    );
    await runtime.clock.quiet();
    const described = await client.send(new DescribeExecutionCommand({ executionArn: started.executionArn }));
    expect(described).toMatchObject({
      status: 'SUCCEEDED',
      output: '{"hello":"Ann"}',
      startDate: new Date(START),
    });
    const types: unknown[] = [];
    const pages = paginateGetExecutionHistory(
      { client, pageSize: 3 },
      { executionArn: started.executionArn },
    );
    for await (const page of pages) types.push(...(page.events ?? []).map((event) => event.type));
    expect(types).toEqual(['ExecutionStarted', 'PassStateEntered', 'PassStateExited', 'ExecutionSucceeded']);
  });

  test('gets typed errors, and pages through lists', async () => {
    const stateMachineArn = runtime.create(single({ Type: 'Pass' }), 'listed');
    for (const name of ['a', 'b', 'c']) runtime.start(stateMachineArn, {}, name);
    await runtime.clock.quiet();
    const again = client.send(new StartExecutionCommand({ stateMachineArn, name: 'a' }));
    await expect(again).rejects.toBeInstanceOf(ExecutionAlreadyExists);
    const names: unknown[] = [];
    for await (const page of paginateListExecutions({ client, pageSize: 2 }, { stateMachineArn })) {
      names.push(...(page.executions ?? []).map(({ name }) => name));
    }
    expect(names).toEqual(['c', 'b', 'a']);
  });
});
