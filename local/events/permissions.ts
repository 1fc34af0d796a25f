import type { WantedCall } from '../iam/authorization';
import type { Destination } from './destinations';

/** Whether the role of a function lets Lambda call something in its name. */
export interface FunctionPermissions {
  /** Throws `AwsError` `AccessDeniedException` for a call that the role does not allow. */
  check(functionArn: string, call: WantedCall): void;
}

/** The call that brings something to a destination; undefined for a topic, as topics are only recorded here. */
export function callOf({ kind, arn }: Destination): WantedCall | undefined {
  switch (kind) {
    case 'queue':
      return { service: 'AmazonSQS', operation: 'SendMessage', input: { QueueName: arn.split(':').at(-1) } };
    case 'function':
      return { service: 'lambda', operation: 'Invoke', input: { FunctionName: arn } };
    default:
      return undefined;
  }
}
