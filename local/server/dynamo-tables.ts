import { EventEmitter } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import type { LocalAssembly, LocalResource } from '../assembly/local-assembly';

/** DynamoDB in memory: the template's tables, answered by dynalite. */
export interface DynamoTables {
  /** Answers one request of DynamoDB's API. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** The same for a request whose body was read already. */
  handleRead(request: IncomingMessage, body: Buffer, response: ServerResponse): void;
  stop(): Promise<void>;
}

/** What `CreateTable` takes from a table's template; the rest of it (encryption, backups, deletion) has no local meaning. */
const TABLE_MEMBERS = ['KeySchema', 'AttributeDefinitions', 'BillingMode'] as const;

/** Members of a table's template that are known, and change nothing here. */
const WITHOUT_LOCAL_MEANING = new Set([
  'TableName',
  'GlobalSecondaryIndexes',
  'DeletionProtectionEnabled',
  'PointInTimeRecoverySpecification',
  'SSESpecification',
  'Tags',
  'TimeToLiveSpecification',
  'ContributorInsightsSpecification',
]);

/**
 * Makes the tables of `AWS::DynamoDB::Table`.
 * @throws Error naming the table and the member that is not supported
 */
export async function createTables(assembly: LocalAssembly): Promise<DynamoTables> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  // A socket of its own is needed for the set-up alone; the runtime's front hands requests over directly.
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  for (const table of assembly.ofType('AWS::DynamoDB::Table')) {
    await createTable(server, assembly.ref(table.logicalId), table);
  }
  return {
    handle: (request, response) => {
      server.emit('request', request, response);
    },
    handleRead: ({ method, url, headers }, body, response) => {
      // All that the emulator looks at in a request, which costs less than a stream.
      const replay = Object.assign(new EventEmitter(), { method, url, headers });
      server.emit('request', replay, response);
      replay.emit('data', body);
      replay.emit('end');
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      }),
  };
}

async function createTable(
  server: Server,
  name: string,
  { logicalId, properties }: LocalResource,
): Promise<void> {
  const unknown = Object.keys(properties).filter(
    (member) => !WITHOUT_LOCAL_MEANING.has(member) && !(TABLE_MEMBERS as readonly string[]).includes(member),
  );
  if (unknown.length > 0)
    throw new Error(`table ${logicalId} has ${unknown.join(', ')}, which the local runtime does not support`);
  const members = TABLE_MEMBERS.filter((member) => properties[member] !== undefined);
  const indexes = (properties.GlobalSecondaryIndexes ?? []) as readonly Readonly<Record<string, unknown>>[];
  const input = {
    TableName: name,
    ...Object.fromEntries(members.map((member) => [member, properties[member]])),
    ...(indexes.length === 0
      ? {}
      : {
          GlobalSecondaryIndexes: indexes.map(({ IndexName, KeySchema, Projection }) => ({
            IndexName,
            KeySchema,
            Projection,
          })),
        }),
  };
  const answer = await callDynamoDb((server.address() as AddressInfo).port, 'CreateTable', input);
  if (answer.statusCode !== 200) throw new Error(`table ${logicalId} cannot be made: ${answer.body}`);
}

/** One signed-looking call of DynamoDB's API on loopback; signatures are not verified. */
function callDynamoDb(
  port: number,
  operation: string,
  input: object,
): Promise<{ statusCode: number; body: string }> {
  return new Promise((resolve, reject) => {
    const call = httpRequest(
      {
        host: '127.0.0.1',
        port,
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': `DynamoDB_20120810.${operation}`,
          authorization:
            'AWS4-HMAC-SHA256 Credential=test/20261124/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
          'x-amz-date': '20261124T000000Z',
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          resolve({ statusCode: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
        });
      },
    );
    call.on('error', reject);
    call.end(JSON.stringify(input));
  });
}
