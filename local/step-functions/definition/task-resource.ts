import type { Place } from './definition-error';

/** How a task waits for what it started. */
type TaskPattern = 'request' | 'sync' | 'sync:2' | 'token';

/** What a task calls. */
export type TaskResource =
  /** A function by its own ARN; its history has `LambdaFunction…` events. */
  | { readonly kind: 'function'; readonly arn: string; readonly pattern: 'request' }
  | {
      readonly kind: 'integration';
      readonly arn: string;
      /** `lambda`, `states`, `dynamodb`, `events`, or `aws-sdk:<service>`; as history's `resourceType`. */
      readonly service: string;
      /** `invoke`, `getItem` … without the pattern. */
      readonly api: string;
      /** The api with its pattern, as history's `resource`. */
      readonly resource: string;
      readonly pattern: TaskPattern;
    };

/** With or without a version or an alias behind the name. */
const FUNCTION = /^arn:aws[\w-]*:lambda:[\w-]*:\d{12}:function:[\w-]+(:[\w$-]+)?$/u;
/** `arn:aws:states:::service:api.pattern`; some write Region and account into it. */
const INTEGRATION = /^arn:aws[\w-]*:states:[\w-]*:\d*:(aws-sdk:\w+|[\w-]+):(\w+)(?:\.([\w:]+))?$/u;

/** What stands behind the api. */
const PATTERNS = new Map<string | undefined, TaskPattern>([
  [undefined, 'request'],
  ['sync', 'sync'],
  ['sync:2', 'sync:2'],
  ['waitForTaskToken', 'token'],
]);

/** Reads the `Resource` of a task. Throws `DefinitionError` for one that is neither a function nor an integration. */
export function parseResource(arn: string, place: Place): TaskResource {
  if (FUNCTION.test(arn)) return { kind: 'function', arn, pattern: 'request' };
  const [, service, api, suffix] = INTEGRATION.exec(arn) ?? [];
  const pattern = PATTERNS.get(suffix);
  if (service === undefined || api === undefined) {
    return place.refuse(`the resource '${arn}' is neither a Lambda function nor a service integration`);
  }
  if (service === 'activity')
    return place.refuse(`the resource '${arn}' is an activity, which is not supported`);
  if (pattern === undefined)
    return place.refuse(`the pattern '.${suffix ?? ''}' of '${arn}' is not supported`);
  const resource = suffix === undefined ? api : `${api}.${suffix}`;
  return { kind: 'integration', arn, service, api, resource, pattern };
}
