import { type Json, type JsonObject, isArray, isObject } from '../json';
import { STATES, StateError } from '../state-error';
import { awsFailure } from './aws-failure';
import type { Integration, IntegrationCall } from './integration';
import { sdkMetadata } from './sdk-metadata';

/**
 * `events:putEvents`. As the service does, it writes a `Detail` that is an object as text, and names the execution and its
 * machine among the `Resources`. An entry that was not taken fails the task with `EventBridge.FailedEntry`.
 */
export const putEvents: Integration = async (call) => {
  const { aws, permissions, uuid, clock } = call.ports;
  const machineArn = call.execution.machine.arn;
  const requestId = uuid();
  let answer: JsonObject;
  try {
    const input = { Entries: entriesOf(call) };
    permissions.check(machineArn, 'events', 'PutEvents', input);
    answer = (await call.work(() => aws.call('eventbridge', 'PutEvents', input, machineArn))) as JsonObject;
  } catch (error) {
    throw awsFailure(error, { prefix: 'EventBridge', service: 'AmazonCloudWatchEvents' }, requestId);
  }
  const failed = answer.FailedEntryCount;
  if (typeof failed === 'number' && failed > 0) {
    throw new StateError('EventBridge.FailedEntry', JSON.stringify(answer));
  }
  return { response: { ...answer, ...sdkMetadata(requestId, clock.now()) } };
};

/** The entries as `PutEvents` takes them. */
function entriesOf(call: IntegrationCall): Json[] {
  const entries = call.arguments.Entries;
  if (!isArray(entries)) {
    throw new StateError(STATES.runtime, `Entries must be an array, but was: ${JSON.stringify(entries)}`);
  }
  return entries.map((entry) => {
    if (!isObject(entry))
      throw new StateError(STATES.runtime, `an entry must be an object: ${JSON.stringify(entry)}`);
    const { Detail: detail, Resources: resources } = entry;
    return {
      ...entry,
      ...(detail === undefined
        ? {}
        : { Detail: typeof detail === 'string' ? detail : JSON.stringify(detail) }),
      Resources: [...(isArray(resources) ? resources : []), call.execution.arn, call.execution.machine.arn],
    };
  });
}
