import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError, type JsonService } from '../aws-api/json-service';
import type { LocalClock } from '../clock/local-clock';
import { ReplyLost } from '../identity-center/faults';
import type { Authorization, WantedCall } from '../iam/authorization';
import { accessKeyOf } from './access-key';
import type { DynamoTables } from './dynamo-tables';
import { readBody } from './loopback-server';

/** What the AWS APIs at `POST /` are made of. */
export interface AwsFrontParts {
  readonly clock: LocalClock;
  readonly services: readonly JsonService[];
  /** @default - DynamoDB is not answered */
  readonly tables?: DynamoTables;
  /** Throws an {@link AwsError} for a request that is not signed as it must be. @default - any credential is accepted */
  readonly verify?: (request: IncomingMessage, body: Buffer, service: JsonService) => void;
  /** Whether roles of the template let their sessions call. @default - everybody may call everything */
  readonly authorization?: Authorization;
  readonly uuid: () => string;
  /** Takes what went wrong inside, for the terminal. */
  readonly report: (sentence: string) => void;
}

const DYNAMODB_TARGET = 'DynamoDB_';

/**
 * The AWS JSON APIs: `POST /` with `x-amz-target`. Who calls is told by the access key.
 * While a call is answered the clock is held, so that virtual time does not move under it.
 */
export class AwsFront {
  constructor(private readonly parts: AwsFrontParts) {}

  /** Answers one request; `body` is undefined for DynamoDB, which reads the stream itself. */
  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    target: string,
    body: Buffer,
  ): Promise<void> {
    const requestId = this.parts.uuid();
    const [prefix = '', operation = ''] = target.split('.');
    const service = this.parts.services.find(({ targetPrefix }) => targetPrefix === prefix);
    const leave = this.parts.clock.enter(target);
    try {
      if (service === undefined) throw unknownTarget(target, this.parts);
      this.parts.verify?.(request, body, service);
      const accessKeyId = accessKeyOf(request.headers);
      const input = readInput(body);
      this.#allow(accessKeyId, { service: prefix, operation, input });
      const output = await service.call({
        operation,
        input,
        requestId,
        ...(accessKeyId === undefined ? {} : { accessKeyId }),
      });
      write(response, 200, service.jsonVersion, requestId, output);
    } catch (error) {
      if (error instanceof ReplyLost) {
        loseReply(request, response, error);
        return;
      }
      const known = error instanceof AwsError ? error : this.#defect(target, error);
      const answer = { __type: known.code, message: known.message, ...known.members };
      write(response, known.statusCode, service?.jsonVersion ?? '1.1', requestId, answer);
    } finally {
      leave();
    }
  }

  /** Whether a target is DynamoDB's. */
  isDynamoDb(target: string): boolean {
    return this.parts.tables !== undefined && target.startsWith(DYNAMODB_TARGET);
  }

  /** Hands a request to the tables, which answer in real time; the clock is held until they have. */
  async toTables(request: IncomingMessage, response: ServerResponse, target: string): Promise<void> {
    const { authorization, clock, tables, uuid } = this.parts;
    const leave = clock.enter('DynamoDB');
    response.once('close', leave);
    const accessKeyId = accessKeyOf(request.headers);
    if (authorization?.sessionOfKey(accessKeyId) === undefined) {
      tables?.handle(request, response);
      return;
    }
    const body = await readBody(request);
    const [service = '', operation = ''] = target.split('.');
    try {
      this.#allow(accessKeyId, { service, operation, input: readInput(body) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      // With the names that DynamoDB gives both.
      const answer = { __type: `com.amazon.coral.service#${error.code}`, Message: error.message };
      write(response, error.statusCode, '1.0', uuid(), answer);
      return;
    }
    tables?.handleRead(request, body, response);
  }

  #allow(accessKeyId: string | undefined, call: WantedCall): void {
    const { authorization } = this.parts;
    authorization?.check(authorization.sessionOfKey(accessKeyId), call);
  }

  #defect(target: string, error: unknown): AwsError {
    const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.parts.report(`${target} failed inside the local runtime: ${cause}`);
    return new AwsError('InternalFailure', 'the local runtime failed; its terminal says why', 500);
  }
}

/** Body of a call as JSON; an empty one is an empty input. */
function readInput(body: Buffer): Readonly<Record<string, unknown>> {
  if (body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Answered below, as the services do.
  }
  throw new AwsError('SerializationException', 'the body is not a JSON object');
}

function write(
  response: ServerResponse,
  status: number,
  version: string,
  requestId: string,
  body: object,
): void {
  response.writeHead(status, {
    'content-type': `application/x-amz-json-${version}`,
    'x-amzn-requestid': requestId,
  });
  response.end(JSON.stringify(body));
}

/**
 * A closed connection is reset at once; a silent one stays open until the client gives up. A client that is a function waits in
 * virtual time, so it is told by an interim response that only time can end its wait; Node's HTTP client hands that to nobody
 * but who asks for it, while others (urllib3) would take it for the answer.
 */
function loseReply(request: IncomingMessage, response: ServerResponse, { connection }: ReplyLost): void {
  if (connection === 'closed') request.socket.destroy();
  else if (request.headers['user-agent']?.startsWith('aws-sdk-js/') === true) response.writeProcessing();
}

function unknownTarget(target: string, { services, tables }: AwsFrontParts): AwsError {
  const known = services.map(({ targetPrefix }) => targetPrefix);
  if (tables !== undefined) known.push('DynamoDB_20120810');
  return new AwsError(
    'UnknownOperationException',
    `no local API answers "${target}"; there are ${known.join(', ')}`,
  );
}
