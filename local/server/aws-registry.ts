import { AwsError, type JsonService } from '../aws-api/json-service';
import type { AwsCaller } from '../step-functions/aws-caller';

/** Names of services in `aws-sdk:` task resources, with the target prefix by which the runtime knows them. */
const PREFIX_OF: Readonly<Record<string, string>> = {
  ssoadmin: 'SWBExternalService',
  identitystore: 'AWSIdentityStore',
  organizations: 'AWSOrganizationsV20161128',
  eventbridge: 'AWSEvents',
  events: 'AWSEvents',
  sqs: 'AmazonSQS',
  dynamodb: 'DynamoDB_20120810',
};

/**
 * The AWS APIs of this process, as state machines call them: JSON services directly, DynamoDB over the runtime's own port.
 */
export class AwsRegistry implements AwsCaller {
  constructor(
    private readonly services: readonly JsonService[],
    private readonly endpoint: () => string,
    private readonly uuid: () => string,
  ) {}

  supports(service: string, _operation: string): boolean {
    const prefix = PREFIX_OF[service];
    return prefix !== undefined && (isDynamoDb(prefix) || this.#find(prefix) !== undefined);
  }

  async call(
    service: string,
    operation: string,
    input: Readonly<Record<string, unknown>>,
  ): Promise<Readonly<Record<string, unknown>>> {
    const prefix = PREFIX_OF[service] ?? service;
    if (isDynamoDb(prefix)) return this.#overHttp(`${prefix}.${operation}`, input);
    const found = this.#find(prefix);
    if (found === undefined)
      throw new AwsError('UnknownOperationException', `no local API answers ${service}:${operation}`);
    return found.call({ operation, input, requestId: this.uuid() });
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

function isDynamoDb(prefix: string): boolean {
  return prefix.startsWith('DynamoDB_');
}

function messageOf(body: Readonly<Record<string, unknown>>): string {
  const message = body.message ?? body.Message;
  return typeof message === 'string' ? message : '';
}
