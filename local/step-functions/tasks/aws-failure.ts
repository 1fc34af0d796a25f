import { AwsError } from '../../aws-api/json-service';
import { StateError } from '../state-error';

/** What a failed call of a service is to a state machine. */
export interface FailureNames {
  /** What stands before the dot: `DynamoDb`. */
  readonly prefix: string;
  /** As the cause names it: `DynamoDb`, `Lambda`. */
  readonly service: string;
  /** Gives the error's name after the dot. @default - the code, with `Exception` behind it if it is not there */
  readonly shape?: (code: string) => string;
}

/** A code as the SDK names its shape: `ResourceNotFoundException`, `ValidationException`. */
export function shapeOf(code: string): string {
  return code.endsWith('Exception') ? code : `${code}Exception`;
}

/** Turns what a call threw into a failure of the state. What is no answer of the service is its `SdkClientException`. */
export function awsFailure(thrown: unknown, names: FailureNames, requestId: string): StateError {
  if (thrown instanceof StateError) return thrown;
  if (!(thrown instanceof AwsError)) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return new StateError(`${names.prefix}.SdkClientException`, why);
  }
  const shape = (names.shape ?? shapeOf)(thrown.code);
  return new StateError(
    `${names.prefix}.${shape}`,
    `${thrown.message} (Service: ${names.service}, Status Code: ${thrown.statusCode}, Request ID: ${requestId})`,
  );
}
