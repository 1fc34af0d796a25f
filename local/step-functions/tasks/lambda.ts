import type { Invocation } from '../../lambda/lambda-invoker';
import { type Json, type JsonObject, isObject } from '../json';
import { STATES, StateError } from '../state-error';
import { awsFailure, shapeOf } from './aws-failure';
import type { Integration, IntegrationCall } from './integration';
import { sdkMetadata } from './sdk-metadata';

/** Calls a function and answers its invocation. Throws `StateError` with the function's own error, or `Lambda.…`. */
export async function callFunction(
  call: Pick<IntegrationCall, 'ports' | 'execution' | 'letWork'>,
  name: string,
  payload: Json,
): Promise<Invocation> {
  const { lambda, permissions, uuid } = call.ports;
  let invocation: Invocation;
  try {
    permissions.check(call.execution.machine.arn, 'lambda', 'Invoke', { FunctionName: name });
    invocation = await call.letWork(() => lambda.invoke(name, payload));
  } catch (error) {
    throw awsFailure(error, { prefix: 'Lambda', service: 'Lambda', shape }, uuid());
  }
  if (invocation.functionError === undefined) return invocation;
  // The whole payload is the cause, so that a catcher can parse it and read message and trace.
  const error = invocation.payload as Json;
  const type = isObject(error) ? error.errorType : undefined;
  throw new StateError(typeof type === 'string' ? type : 'Lambda.Unknown', JSON.stringify(error));
}

/** A refusal has no shape of its own in Lambda's API: the integration calls it by the name of the whole client. */
function shape(code: string): string {
  return code === 'AccessDeniedException' ? 'AWSLambdaException' : shapeOf(code);
}

/** `lambda:invoke`. */
export const invokeLambda: Integration = async (call) => {
  const name = functionName(call.arguments);
  const invocation = await callFunction(call, name, call.arguments.Payload ?? {});
  return { response: responseOf(invocation, call.ports.clock.now()) };
};

/** The name or ARN, with the qualifier behind it. Types are only known when the arguments are evaluated. */
function functionName(given: JsonObject): string {
  const { FunctionName: name, Qualifier: qualifier, InvocationType: type } = given;
  if (typeof name !== 'string') {
    throw new StateError(STATES.runtime, `FunctionName must be a string, but was: ${JSON.stringify(name)}`);
  }
  if (type !== undefined && type !== 'RequestResponse') {
    throw new StateError(
      STATES.runtime,
      `InvocationType ${JSON.stringify(type)} is not supported: only RequestResponse is`,
    );
  }
  return typeof qualifier === 'string' ? `${name}:${qualifier}` : name;
}

/** The members and their order as recorded: version, payload, metadata, status. */
function responseOf(invocation: Invocation, now: number): Json {
  const payload = (invocation.payload ?? null) as Json;
  return {
    ExecutedVersion: invocation.executedVersion,
    Payload: payload,
    ...sdkMetadata(invocation.requestId, now, {
      'Content-Length': String(Buffer.byteLength(JSON.stringify(payload))),
      'X-Amz-Executed-Version': invocation.executedVersion,
      'x-amzn-Remapped-Content-Length': '0',
    }),
    StatusCode: invocation.statusCode,
  };
}
