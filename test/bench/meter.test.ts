import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Functions, Meter, costsOf } from './end-to-end/meter';

/** Functions of 512 MB that answer at once. */
function functions(): Functions {
  const invocation = { statusCode: 200, executedVersion: '$LATEST', requestId: 'id', payload: {} } as const;
  return {
    invoke: () => Promise.resolve(invocation),
    invokeAsEvent: () => Promise.resolve(invocation),
    definitionOf: (name) => ({
      name,
      arn: name,
      codePath: '',
      handler: 'index.handler',
      timeoutSeconds: 3,
      memorySize: 512,
      environment: {},
      layers: [],
    }),
  };
}

describe('the meter of the end-to-end run', () => {
  test('counts reads, writes and queue requests by the target of each call that a server takes', async () => {
    // GIVEN a server, and a meter that has begun to count
    const server = createServer((_request, response) => response.end('{}'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const call = (target: string): Promise<unknown> =>
      fetch(url, { method: 'POST', headers: { 'x-amz-target': target, connection: 'close' } });
    const meter = new Meter();
    const stop = meter.follow(functions());

    // WHEN it is called, and once more after the end of counting
    for (const operation of ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'UpdateItem'])
      await call(`DynamoDB_20120810.${operation}`);
    await call('AmazonSQS.SendMessage');
    await call('AWSEvents.PutEvents');
    stop();
    await call('DynamoDB_20120810.GetItem');
    server.closeAllConnections();
    server.close();
    await once(server, 'close');

    // THEN each counts where it belongs
    expect(meter.usage).toMatchObject({ tableReads: 2, tableWrites: 3, queueRequests: 1 });
  });

  test('counts invocations of both kinds with their memory, until it is stopped', async () => {
    const lambda = functions();
    const meter = new Meter();
    const stop = meter.follow(lambda);
    await lambda.invoke('one', {});
    await lambda.invokeAsEvent('other', {});
    stop();
    await lambda.invoke('one', {});
    expect(meter.usage.invocations).toBe(2);
    expect(meter.usage.gigabyteSeconds).toBeGreaterThan(0);
  });

  test('prices what was used part by part', () => {
    const usage = {
      invocations: 1_000_000,
      gigabyteSeconds: 1_000,
      tableReads: 1_000_000,
      tableWrites: 1_000_000,
      queueRequests: 1_000_000,
    };
    const { functions: ofFunctions, ...others } = costsOf(usage, 1_000_000);
    expect(others).toEqual({ 'state transitions': 25, table: 0.75, queues: 0.5 });
    expect(ofFunctions).toBeCloseTo(0.2 + 0.0133, 4);
  });
});
