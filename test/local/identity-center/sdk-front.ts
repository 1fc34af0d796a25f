import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { AwsError, type JsonService } from '../../../local/aws-api/json-service';
import { createSeededRandom, uuidFrom } from '../../../local/clock/seeded-random';
import { ReplyLost } from '../../../local/identity-center/faults';

const ids = createSeededRandom(99);

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** The least HTTP front that the SDK can talk to. */
async function answer(
  services: readonly JsonService[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [prefix, operation = ''] = String(request.headers['x-amz-target']).split('.');
  const accessKeyId = /Credential=([^/]+)\//.exec(request.headers.authorization ?? '')?.[1];
  const input = JSON.parse(await textOf(request)) as Record<string, unknown>;
  const requestId = uuidFrom(ids);
  const send = (status: number, body: unknown): void => {
    response.writeHead(status, {
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-requestid': requestId,
    });
    response.end(JSON.stringify(body));
  };
  try {
    const service = services.find(({ targetPrefix }) => targetPrefix === prefix);
    const call = { operation, input, requestId, ...(accessKeyId === undefined ? {} : { accessKeyId }) };
    send(200, await service?.call(call));
  } catch (error) {
    if (error instanceof ReplyLost) {
      if (error.connection === 'closed') request.socket.destroy();
    } else if (error instanceof AwsError) {
      send(error.statusCode, { __type: error.code, message: error.message, ...error.members });
    } else send(500, { __type: 'InternalServerException', message: String(error) });
  }
}

/** What a client of the SDK is made with to reach the services, as the service desk's own role. */
export interface SdkFront {
  readonly config: {
    readonly endpoint: string;
    readonly region: string;
    readonly maxAttempts: number;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  close(): Promise<void>;
}

/** Listens on loopback. */
export async function openSdkFront(
  services: readonly JsonService[],
  accessKeyId = 'desk',
): Promise<SdkFront> {
  const server = createServer((request, response) => void answer(services, request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    config: {
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'eu-west-1',
      maxAttempts: 1,
      credentials: { accessKeyId, secretAccessKey: 's' },
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
