import { asFlag, asList, asObject, asText, refuseUnknown } from '../assembly/json-values';
import type { LocalAssembly, LocalResource } from '../assembly/local-assembly';
import { readMethod } from './api-method';
import { compileGatewayResponses, type FaultRenderer } from './gateway-responses';
import { compileResourcePolicy, type ApiPlace, type ResourcePolicy } from './resource-policy';
import type { Route } from './routes';

/** A deployed stage. */
export interface Stage {
  readonly name: string;
  readonly deploymentId: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** A REST API as the template describes it. */
export interface ApiDefinition extends ApiPlace {
  readonly policy: ResourcePolicy | undefined;
  readonly binaryMediaTypes: readonly string[];
  readonly routes: readonly Route[];
  readonly stages: readonly Stage[];
  readonly renderFault: FaultRenderer;
}

// What is known here and not read has no effect on a laptop: names, tags, endpoint types, the source of API keys.
const API_PROPERTIES = [
  'ApiKeySourceType',
  'BinaryMediaTypes',
  'Description',
  'DisableExecuteApiEndpoint',
  'EndpointConfiguration',
  'FailOnWarnings',
  'Name',
  'Policy',
  'Tags',
];

// Logging, tracing and throttling of a stage (MethodSettings) are left to the cloud: one person's calls do not reach the limits.
const STAGE_PROPERTIES = [
  'AccessLogSetting',
  'DeploymentId',
  'Description',
  'MethodSettings',
  'RestApiId',
  'StageName',
  'Tags',
  'TracingEnabled',
  'Variables',
];

/** The resources of one type that belong to an API. */
function belonging(assembly: LocalAssembly, type: string, apiId: string): readonly LocalResource[] {
  return assembly.ofType(type).filter(({ properties }) => properties.RestApiId === apiId);
}

/** Full paths by resource id, from the tree that `ParentId` makes. */
function resourcePaths(assembly: LocalAssembly, apiId: string, rootId: string): Map<string, string> {
  const resources = new Map(
    belonging(assembly, 'AWS::ApiGateway::Resource', apiId).map(
      (resource) => [assembly.ref(resource.logicalId), resource] as const,
    ),
  );
  const pathOf = (id: string): string => {
    if (id === rootId) return '';
    const resource = resources.get(id);
    if (resource === undefined)
      throw new Error(`the API ${apiId} has no resource ${id} to hang another one on`);
    const { logicalId, properties } = resource;
    const parent = pathOf(asText(properties.ParentId, `${logicalId}.ParentId`));
    return `${parent}/${asText(properties.PathPart, `${logicalId}.PathPart`)}`;
  };
  return new Map([[rootId, '/'], ...[...resources.keys()].map((id) => [id, pathOf(id)] as const)]);
}

function readRoutes(assembly: LocalAssembly, apiId: string, rootId: string): Route[] {
  const methods = belonging(assembly, 'AWS::ApiGateway::Method', apiId);
  return [...resourcePaths(assembly, apiId, rootId)].map(([resourceId, resourcePath]) => {
    const own = methods.filter(({ properties }) => properties.ResourceId === resourceId);
    return {
      resourceId,
      resourcePath,
      methods: new Map(
        own.map((method) => {
          const read = readMethod(method, assembly);
          return [read.httpMethod, read] as const;
        }),
      ),
    };
  });
}

function readStage({ logicalId, properties }: LocalResource): Stage {
  refuseUnknown(properties, STAGE_PROPERTIES, logicalId);
  for (const setting of asList(properties.MethodSettings, `${logicalId}.MethodSettings`)) {
    if (asFlag(asObject(setting, logicalId).CachingEnabled, `${logicalId}: CachingEnabled`)) {
      throw new Error(`${logicalId} caches answers, which the local gateway does not support`);
    }
  }
  const variables = Object.entries(asObject(properties.Variables, `${logicalId}.Variables`));
  return {
    name: asText(properties.StageName, `${logicalId}.StageName`),
    deploymentId: asText(properties.DeploymentId, `${logicalId}.DeploymentId`),
    variables: Object.fromEntries(
      variables.map(([name, value]) => [name, asText(value, `${logicalId}.${name}`)]),
    ),
  };
}

function readApi({ logicalId, properties }: LocalResource, assembly: LocalAssembly): ApiDefinition {
  refuseUnknown(properties, API_PROPERTIES, logicalId);
  if (asFlag(properties.DisableExecuteApiEndpoint, `${logicalId}.DisableExecuteApiEndpoint`)) {
    throw new Error(`${logicalId} has no execute-api endpoint, and the local gateway serves no other`);
  }
  const apiId = assembly.ref(logicalId);
  const place = { apiId, region: assembly.region, accountId: assembly.accountId };
  return {
    ...place,
    policy:
      properties.Policy === undefined
        ? undefined
        : compileResourcePolicy(properties.Policy, place, `${logicalId}.Policy`),
    binaryMediaTypes: asList(properties.BinaryMediaTypes, `${logicalId}.BinaryMediaTypes`).map((type) =>
      asText(type, `${logicalId}.BinaryMediaTypes`).toLowerCase(),
    ),
    routes: readRoutes(assembly, apiId, assembly.attribute(logicalId, 'RootResourceId')),
    stages: belonging(assembly, 'AWS::ApiGateway::Stage', apiId).map(readStage),
    renderFault: compileGatewayResponses(belonging(assembly, 'AWS::ApiGateway::GatewayResponse', apiId)),
  };
}

/**
 * Reads the REST APIs of an assembly. Stages are served on one port, so their names may not repeat.
 *
 * @throws Error naming the resource and what about it is not supported
 */
export function readApis(assembly: LocalAssembly): readonly ApiDefinition[] {
  const apis = assembly.ofType('AWS::ApiGateway::RestApi').map((api) => readApi(api, assembly));
  const names = apis.flatMap(({ stages }) => stages.map(({ name }) => name));
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) {
    throw new Error(
      `two APIs have a stage "${repeated}"; the local gateway tells them apart by the stage alone`,
    );
  }
  return apis;
}
