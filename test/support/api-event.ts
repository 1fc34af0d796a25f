import type { APIGatewayProxyEvent } from 'aws-lambda';

/** What a test says of a call; the rest is a `POST /requests` of the service desk. */
export interface ApiCall {
  readonly method?: string;
  readonly resource?: string;
  readonly id?: string;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
  readonly headers?: Record<string, string>;
  readonly query?: Record<string, string>;
  readonly userArn?: string | null;
}

/** A call as the gateway hands it to the function, as far as the function looks at it. */
export function apiEvent(call: ApiCall): APIGatewayProxyEvent {
  const { method = 'POST', resource = '/requests', headers = {}, query, id } = call;
  const { userArn = 'arn:aws:sts::222233334444:assumed-role/LatchkeyServiceDesk/desk' } = call;
  const context: Partial<APIGatewayProxyEvent['requestContext']> = {
    path: `/v1${resource}`,
    requestId: 'api-request-1',
    identity: { userArn } as APIGatewayProxyEvent['requestContext']['identity'],
  };
  return {
    httpMethod: method,
    resource,
    path: resource,
    headers,
    multiValueHeaders: {},
    body: call.body ?? null,
    isBase64Encoded: call.isBase64Encoded ?? false,
    pathParameters: id === undefined ? null : { id },
    queryStringParameters: query ?? null,
    multiValueQueryStringParameters: null,
    stageVariables: null,
    requestContext: context as APIGatewayProxyEvent['requestContext'],
  };
}
