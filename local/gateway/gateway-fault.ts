/**
 * The kinds of answer that the gateway gives by itself and a template may reword (`AWS::ApiGateway::GatewayResponse`), with
 * the status code that each has unless the template says otherwise. `DEFAULT_4XX` and `DEFAULT_5XX` stand for the rest.
 */
export const RESPONSE_TYPES = {
  ACCESS_DENIED: 403,
  API_CONFIGURATION_ERROR: 500,
  BAD_REQUEST_BODY: 400,
  BAD_REQUEST_PARAMETERS: 400,
  DEFAULT_4XX: undefined,
  DEFAULT_5XX: undefined,
  EXPIRED_TOKEN: 403,
  INTEGRATION_FAILURE: 504,
  INTEGRATION_TIMEOUT: 504,
  INVALID_API_KEY: 403,
  INVALID_SIGNATURE: 403,
  MISSING_AUTHENTICATION_TOKEN: 403,
  QUOTA_EXCEEDED: 429,
  REQUEST_TOO_LARGE: 413,
  RESOURCE_NOT_FOUND: 404,
  THROTTLED: 429,
  UNAUTHORIZED: 401,
  UNSUPPORTED_MEDIA_TYPE: 415,
  WAF_FILTERED: 403,
} as const;

/** One of {@link RESPONSE_TYPES}. */
export type ResponseType = keyof typeof RESPONSE_TYPES;

/** An answer that the gateway gives by itself, instead of the function's. */
export class GatewayFault extends Error {
  public constructor(
    public readonly responseType: ResponseType,
    /** Status code before a gateway response of the template may change it. */
    public readonly statusCode: number,
    /** What the service puts into `x-amzn-ErrorType`. */
    public readonly errorType: string,
    message: string,
    /** `$context.error.validationErrorString`; only for `BAD_REQUEST_BODY`. */
    public readonly validationErrors?: string,
  ) {
    super(message);
    this.name = 'GatewayFault';
  }
}

/** No route for this method and path: the service answers as if a token were missing. */
export function missingAuthenticationToken(): GatewayFault {
  return new GatewayFault(
    'MISSING_AUTHENTICATION_TOKEN',
    403,
    'MissingAuthenticationTokenException',
    'Missing Authentication Token',
  );
}

/** The integration failed in a way that the caller learns nothing about. */
export function internalServerError(statusCode: 500 | 502): GatewayFault {
  return new GatewayFault('DEFAULT_5XX', statusCode, 'InternalServerErrorException', 'Internal server error');
}

/** The function did not answer in the time that the integration gives it. */
export function integrationTimeout(): GatewayFault {
  return new GatewayFault(
    'INTEGRATION_TIMEOUT',
    504,
    'InternalServerErrorException',
    'Endpoint request timed out',
  );
}
