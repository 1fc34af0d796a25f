import { asFlag, asNumber, asObject, asOptionalText, asText, refuseUnknown } from '../assembly/json-values';
import type { LocalAssembly, LocalResource } from '../assembly/local-assembly';
import { compileSchema, type SchemaCheck } from './model-schema';

/** The longest that API Gateway waits for a function, unless the integration says less: 29 s. */
const LONGEST_TIMEOUT_MS = 29_000;

/** A method of a resource, ready to serve. */
export interface ApiMethod {
  /** `GET` …, or `ANY`. */
  readonly httpMethod: string;
  /** Whether the caller has to sign. */
  readonly signed: boolean;
  /** What the integration invokes. */
  readonly functionArn: string;
  readonly timeoutMs: number;
  /** Checks of the body by content type; empty if the body is not validated. */
  readonly bodyChecks: ReadonlyMap<string, SchemaCheck>;
  /** `querystring.name` or `header.name` that must be there; empty if parameters are not validated. */
  readonly requiredParameters: readonly string[];
}

/** Models that every API has without declaring them. */
const BUILT_IN_MODELS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['Empty', {}],
  ['Error', { type: 'object', properties: { message: { type: 'string' } } }],
]);

const METHOD_PROPERTIES = [
  'ApiKeyRequired',
  'AuthorizationType',
  'HttpMethod',
  'Integration',
  'MethodResponses',
  'OperationName',
  'RequestModels',
  'RequestParameters',
  'RequestValidatorId',
  'ResourceId',
  'RestApiId',
];

// Of these, Credentials is about permissions, PassthroughBehavior and IntegrationResponses have no effect on a proxy.
const INTEGRATION_PROPERTIES = [
  'Credentials',
  'IntegrationHttpMethod',
  'IntegrationResponses',
  'PassthroughBehavior',
  'TimeoutInMillis',
  'Type',
  'Uri',
];

/**
 * The function's ARN must be whole: one with a stage variable in it (`${stageVariables.…}`) could lead anywhere, and is refused.
 * The form is `arn:aws:apigateway:<region>:lambda:path/2015-03-31/functions/<function ARN>/invocations`.
 */
const INVOCATION_URI =
  /^arn:aws:apigateway:[^:]+:lambda:path\/2015-03-31\/functions\/(arn:aws:lambda:[^/${}]+)\/invocations$/;

function readIntegration(value: unknown, where: string): Pick<ApiMethod, 'functionArn' | 'timeoutMs'> {
  const integration = asObject(value, where);
  const type = asText(integration.Type, `${where}.Type`);
  if (type !== 'AWS_PROXY') {
    throw new Error(`${where} is of the type ${type}; the local gateway serves AWS_PROXY integrations only`);
  }
  refuseUnknown(integration, INTEGRATION_PROPERTIES, where);
  const uri = asText(integration.Uri, `${where}.Uri`);
  const functionArn = INVOCATION_URI.exec(uri)?.[1];
  if (functionArn === undefined) throw new Error(`${where}.Uri is not that of a Lambda function: ${uri}`);
  const timeout = integration.TimeoutInMillis;
  return {
    functionArn,
    timeoutMs: timeout === undefined ? LONGEST_TIMEOUT_MS : asNumber(timeout, `${where}.TimeoutInMillis`),
  };
}

function readAuthorization(method: LocalResource): boolean {
  const { logicalId, properties } = method;
  if (asFlag(properties.ApiKeyRequired, `${logicalId}.ApiKeyRequired`)) {
    throw new Error(`${logicalId} wants an API key, which the local gateway does not support`);
  }
  const type = asOptionalText(properties.AuthorizationType, `${logicalId}.AuthorizationType`) ?? 'NONE';
  if (type !== 'NONE' && type !== 'AWS_IAM') {
    throw new Error(`${logicalId} is authorized by ${type}; the local gateway supports NONE and AWS_IAM`);
  }
  return type === 'AWS_IAM';
}

/** What the validator that a method names looks at; a method without one is not validated. */
function readValidator(
  method: LocalResource,
  assembly: LocalAssembly,
): { body: boolean; parameters: boolean } {
  const id = method.properties.RequestValidatorId;
  if (id === undefined) return { body: false, parameters: false };
  const found = assembly
    .ofType('AWS::ApiGateway::RequestValidator')
    .find(({ logicalId }) => assembly.ref(logicalId) === id);
  if (found === undefined) {
    throw new Error(
      `${method.logicalId} names the request validator ${JSON.stringify(id)}, which is not there`,
    );
  }
  const { logicalId, properties } = found;
  return {
    body: asFlag(properties.ValidateRequestBody, `${logicalId}.ValidateRequestBody`),
    parameters: asFlag(properties.ValidateRequestParameters, `${logicalId}.ValidateRequestParameters`),
  };
}

function modelSchema(name: string, restApiId: unknown, assembly: LocalAssembly, where: string): unknown {
  const model = assembly
    .ofType('AWS::ApiGateway::Model')
    .find(
      ({ logicalId, properties }) => assembly.ref(logicalId) === name && properties.RestApiId === restApiId,
    );
  if (model !== undefined) {
    const { Schema } = model.properties;
    return typeof Schema === 'string' ? JSON.parse(Schema) : Schema;
  }
  if (!BUILT_IN_MODELS.has(name)) throw new Error(`${where} names the model ${name}, which is not there`);
  return BUILT_IN_MODELS.get(name);
}

function readBodyChecks(
  { logicalId, properties }: LocalResource,
  assembly: LocalAssembly,
): Map<string, SchemaCheck> {
  const models = Object.entries(asObject(properties.RequestModels, `${logicalId}.RequestModels`));
  return new Map(
    models.map(([contentType, model]) => {
      const name = asText(model, `${logicalId}.RequestModels.${contentType}`);
      return [
        contentType.toLowerCase(),
        compileSchema(modelSchema(name, properties.RestApiId, assembly, logicalId), `model ${name}`),
      ] as const;
    }),
  );
}

/** Path parameters are always there, so only the other two places can miss one. */
function readRequiredParameters({ logicalId, properties }: LocalResource): string[] {
  const parameters = Object.entries(asObject(properties.RequestParameters, `${logicalId}.RequestParameters`));
  return parameters.flatMap(([name, required]) => {
    const parameter = /^method\.request\.((?:querystring|header)\..+)$/.exec(name)?.[1];
    return parameter !== undefined && asFlag(required, `${logicalId}.${name}`) ? [parameter] : [];
  });
}

/**
 * Reads an `AWS::ApiGateway::Method`.
 *
 * @throws Error naming the method and what about it is not supported (MOCK and other integrations, authorizers, API keys)
 */
export function readMethod(method: LocalResource, assembly: LocalAssembly): ApiMethod {
  const { logicalId, properties } = method;
  refuseUnknown(properties, METHOD_PROPERTIES, logicalId);
  const validator = readValidator(method, assembly);
  // Compiled even if nobody validates with them, so that a keyword that is not supported is found either way.
  const bodyChecks = readBodyChecks(method, assembly);
  return {
    httpMethod: asText(properties.HttpMethod, `${logicalId}.HttpMethod`).toUpperCase(),
    signed: readAuthorization(method),
    ...readIntegration(properties.Integration, `${logicalId}.Integration`),
    bodyChecks: validator.body ? bodyChecks : new Map(),
    requiredParameters: validator.parameters ? readRequiredParameters(method) : [],
  };
}
