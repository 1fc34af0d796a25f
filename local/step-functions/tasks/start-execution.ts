import { type Json, type JsonObject, parseJson } from '../json';
import type { Execution } from '../run/execution';
import { STATES, StateError } from '../state-error';
import { awsFailure, shapeOf } from './aws-failure';
import type { Integration } from './integration';
import { sdkMetadata } from './sdk-metadata';

/** `states:startExecution`. The reply carries the child, for `.sync`. */
export const startExecution: Integration = (call) => {
  const { executions, permissions, uuid, clock } = call.ports;
  const requestId = uuid();
  try {
    permissions.check(call.execution.machine.arn, 'sfn', 'StartExecution', call.arguments);
    const child = executions.start(requestOf(call.arguments));
    // Recorded executions give dates of this integration as epoch milliseconds.
    const response = {
      ExecutionArn: child.arn,
      StartDate: child.startDate,
      ...sdkMetadata(requestId, clock.now()),
    };
    return Promise.resolve({ response, child });
  } catch (error) {
    return Promise.reject(
      awsFailure(error, { prefix: 'StepFunctions', service: 'AWSStepFunctions', shape }, requestId),
    );
  }
};

/** Errors that every API has, and this one names by the whole client. */
const UNMODELLED = new Set(['AccessDeniedException', 'ValidationException']);

/** The one error of this API that has no `Exception` behind its name here, as recorded. */
function shape(code: string): string {
  if (code === 'ExecutionAlreadyExists') return code;
  return UNMODELLED.has(code) ? 'AWSStepFunctionsException' : shapeOf(code);
}

/** An `Input` that is no text is sent as its JSON text. */
function requestOf(
  given: JsonObject,
): Parameters<Parameters<Integration>[0]['ports']['executions']['start']>[0] {
  const { Input: input } = given;
  const text = (key: string): string | undefined => {
    const value = given[key];
    if (value === undefined || typeof value === 'string') return value;
    throw new StateError(STATES.runtime, `${key} must be a string, but was: ${JSON.stringify(value)}`);
  };
  const [name, traceHeader] = [text('Name'), text('TraceHeader')];
  return {
    stateMachineArn: text('StateMachineArn') ?? '',
    input: typeof input === 'string' ? input : JSON.stringify(input ?? {}),
    ...(name === undefined ? {} : { name }),
    ...(traceHeader === undefined ? {} : { traceHeader }),
  };
}

/**
 * What `.sync` answers of a child that has ended; input and output are text, with `.sync:2` JSON.
 * Throws `States.TaskFailed` with the same as cause, for a child that did not succeed.
 */
export function childResult(child: Execution, asJson: boolean): Json {
  const { start, ending } = child;
  const text = (json: string): Json => (asJson ? parseJson(json) : json);
  const description: JsonObject = {
    ...(ending?.cause === undefined ? {} : { Cause: ending.cause }),
    ...(ending?.error === undefined ? {} : { Error: ending.error }),
    ExecutionArn: child.arn,
    Input: text(start.inputText),
    InputDetails: { Included: true },
    Name: start.name,
    ...(ending?.output === undefined
      ? {}
      : { Output: text(JSON.stringify(ending.output)), OutputDetails: { Included: true } }),
    RedriveCount: 0,
    RedriveStatus: 'NOT_REDRIVABLE',
    StartDate: child.startDate,
    StateMachineArn: child.machine.arn,
    Status: child.status,
    StopDate: child.stopDate ?? child.startDate,
  };
  if (child.status !== 'SUCCEEDED') throw new StateError(STATES.taskFailed, JSON.stringify(description));
  return description;
}
