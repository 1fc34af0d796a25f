import { AwsError, type JsonService } from '../aws-api/json-service';
import type { Authorization } from '../iam/authorization';
import type { AwsCaller } from '../step-functions/aws-caller';
import type { MachinePermissions } from '../step-functions/run/ports';

/** Names of services in task resources, with the target prefix by which the runtime knows them. */
const PREFIX_OF: Readonly<Record<string, string>> = {
  ssoadmin: 'SWBExternalService',
  identitystore: 'AWSIdentityStore',
  organizations: 'AWSOrganizationsV20161128',
  eventbridge: 'AWSEvents',
  events: 'AWSEvents',
  sqs: 'AmazonSQS',
  dynamodb: 'DynamoDB_20120810',
};

/** Services that the interpreter calls by itself. */
const OWN_PREFIX_OF: Readonly<Record<string, string>> = { sfn: 'AWSStepFunctions', lambda: 'lambda' };

/**
 * The AWS APIs of this process, as state machines call them: JSON services directly, DynamoDB over the runtime's own port.
 */
export class AwsRegistry implements AwsCaller, MachinePermissions {
  constructor(
    private readonly services: readonly JsonService[],
    private readonly endpoint: () => string,
    private readonly uuid: () => string,
    private readonly authorization: Authorization,
  ) {}

  supports(service: string, _operation: string): boolean {
    const prefix = PREFIX_OF[service];
    return prefix !== undefined && (isDynamoDb(prefix) || this.#find(prefix) !== undefined);
  }

  /** As {@link MachinePermissions.check}. A machine that is not of the template has no role here, and may call everything. */
  check(
    machineArn: string,
    service: string,
    operation: string,
    input: Readonly<Record<string, unknown>>,
  ): void {
    this.authorization.check(this.authorization.sessionOf(machineArn), {
      service: PREFIX_OF[service] ?? OWN_PREFIX_OF[service] ?? service,
      operation,
      // The tasks of Step Functions' own API write members with a capital letter, the API with a small one.
      input: service === 'sfn' ? withSmallLetters(input) : input,
    });
  }

  async call(
    service: string,
    operation: string,
    input: Readonly<Record<string, unknown>>,
    machineArn: string,
  ): Promise<Readonly<Record<string, unknown>>> {
    const prefix = PREFIX_OF[service] ?? service;
    if (isDynamoDb(prefix)) return this.#overHttp(`${prefix}.${operation}`, input);
    const found = this.#find(prefix);
    if (found === undefined)
      throw new AwsError('UnknownOperationException', `no local API answers ${service}:${operation}`);
    const session = this.authorization.sessionOf(machineArn);
    return found.call({
      operation,
      input,
      requestId: this.uuid(),
      ...(session === undefined ? {} : { accessKeyId: session.credentials.accessKeyId }),
    });
  }

  #find(prefix: string): JsonService | undefined {
    return this.services.find(({ targetPrefix }) => targetPrefix === prefix);
  }

  async #overHttp(
    target: string,
    input: Readonly<Record<string, unknown>>,
  ): Promise<Readonly<Record<string, unknown>>> {
    const response = await fetch(this.endpoint(), {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        // In nobody's name: the call was allowed before it came here.
        'x-amz-target': target,
        'x-amz-date': '20261124T000000Z',
        authorization:
          'AWS4-HMAC-SHA256 Credential=test/20261124/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      },
      body: JSON.stringify(input),
    });
    const body = (await response.json()) as Readonly<Record<string, unknown>>;
    if (response.ok) return body;
    const type = typeof body.__type === 'string' ? body.__type : 'UnknownError';
    throw new AwsError(type.split('#').at(-1) ?? type, messageOf(body), response.status);
  }
}

function withSmallLetters(input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value]),
  );
}

function isDynamoDb(prefix: string): boolean {
  return prefix.startsWith('DynamoDB_');
}

function messageOf(body: Readonly<Record<string, unknown>>): string {
  const message = body.message ?? body.Message;
  return typeof message === 'string' ? message : '';
}
