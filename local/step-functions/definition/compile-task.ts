import { isObject } from '../json';
import { type NumberQuery, type NumberRule, compileNumber, compileNumberPath } from '../query/whole-number';
import type { Compilation } from './compilation';
import { compileFlow } from './compile-flow';
import { compileCatch, compileRetry } from './compile-recovery';
import type { Fields } from './fields';
import { checkArguments } from './integration-members';
import type { TaskState } from './machine';
import { type TaskResource, parseResource } from './task-resource';

/** The longest timeout of the service, in seconds; also what "no timeout" means there (3.2 years). */
const SECONDS: NumberRule = { least: 1, most: 99_999_999 };

/** Compiles what is a task's own. Throws `DefinitionError`. */
export function compileTask(
  fields: Fields,
  compilation: Compilation,
): Omit<TaskState, 'name' | 'comment' | 'next'> {
  const resource = parseResource(fields.string('Resource'), fields.at('Resource'));
  if (resource.kind === 'integration') checkIntegration(resource, fields, compilation);
  const timeoutSeconds = compileSeconds(fields, 'TimeoutSeconds', compilation);
  const heartbeatSeconds = compileSeconds(fields, 'HeartbeatSeconds', compilation);
  checkHeartbeat(fields, resource);
  return {
    type: 'Task',
    flow: compileFlow(fields, compilation, true),
    resource,
    timeoutSeconds,
    heartbeatSeconds,
    retry: compileRetry(fields),
    catch: compileCatch(fields, compilation),
  };
}

/**
 * What can be known of a call before it is made: that it exists, that its pattern fits, that its arguments have names
 * that the service knows. Values are only known when it runs.
 */
function checkIntegration(
  resource: Extract<TaskResource, { kind: 'integration' }>,
  fields: Fields,
  compilation: Compilation,
): void {
  const problem = compilation.checkResource(resource.service, resource.api);
  if (problem !== undefined)
    fields.at('Resource').refuse(`the resource '${resource.arn}' is not supported: ${problem},`);
  const syncs = resource.service === 'states' && resource.api === 'startExecution';
  if (resource.pattern.startsWith('sync') && !syncs) {
    fields
      .at('Resource')
      .refuse(`the pattern of '${resource.arn}' is not supported: only states:startExecution has .sync`);
  }
  if (resource.pattern === 'token' && resource.service === 'dynamodb') {
    fields.at('Resource').refuse(`'${resource.arn}' cannot wait for a task token: DynamoDB answers none`);
  }
  const key = compilation.language === 'JSONata' ? 'Arguments' : 'Parameters';
  const given = fields.get(key);
  if (isObject(given)) checkArguments(resource.service, resource.api, given, fields.at(key));
}

/** A literal, a path, or an expression. All three must be whole seconds from 1: 0 would time out what it starts. */
function compileSeconds(
  fields: Fields,
  key: 'TimeoutSeconds' | 'HeartbeatSeconds',
  compilation: Compilation,
): NumberQuery | undefined {
  const found = fields.oneOf([key, `${key}Path`], 0);
  if (found === undefined) return undefined;
  const scope = compilation.scope();
  if (found !== key) return compileNumberPath(fields.string(found), SECONDS, fields.at(found), scope);
  return compileNumber(fields.get(key) ?? null, SECONDS, compilation.language, fields.at(key), scope);
}

/** On a task that cannot send heartbeats the field would do nothing, silently; so it is refused. */
function checkHeartbeat(fields: Fields, resource: TaskResource): void {
  const key = fields.oneOf(['HeartbeatSeconds', 'HeartbeatSecondsPath'], 0);
  if (key === undefined) return;
  if (resource.pattern !== 'token') {
    fields.at(key).refuse(`only a task with .waitForTaskToken sends heartbeats, not '${resource.arn}'`);
  }
  const [timeout, heartbeat] = [fields.get('TimeoutSeconds'), fields.get('HeartbeatSeconds')];
  if (typeof timeout === 'number' && typeof heartbeat === 'number' && heartbeat >= timeout) {
    fields.at(key).refuse(`a heartbeat of ${heartbeat} s must be shorter than the timeout of ${timeout} s`);
  }
}
