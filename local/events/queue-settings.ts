import { asFlag, asNumber, asObject, asText, refuseUnknown } from '../assembly/json-values';
import type { LocalAssembly, LocalResource } from '../assembly/local-assembly';
import type { QueueSettings } from './queue';

const QUEUE_PROPERTIES = [
  'DelaySeconds',
  'FifoQueue',
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'QueueName',
  'ReceiveMessageWaitTimeSeconds',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
  'Tags',
  'VisibilityTimeout',
];

/** SQS's defaults: 30 seconds, four days, 256 KiB. */
const DEFAULTS = { visibility: 30, retention: 345_600, largestMessage: 262_144 };

/**
 * Reads an `AWS::SQS::Queue`. Encryption and who may send are the cloud's alone.
 *
 * @throws Error naming the queue and what about it is not supported
 */
export function readQueue({ logicalId, properties }: LocalResource, assembly: LocalAssembly): QueueSettings {
  refuseUnknown(properties, QUEUE_PROPERTIES, logicalId);
  if (asFlag(properties.FifoQueue, `${logicalId}.FifoQueue`)) {
    throw new Error(`${logicalId} is a FIFO queue, which the local runtime does not support`);
  }
  const seconds = (name: string, otherwise: number) =>
    asNumber(properties[name] ?? otherwise, `${logicalId}.${name}`) * 1000;
  const redrive = asObject(properties.RedrivePolicy, `${logicalId}.RedrivePolicy`);
  return {
    name: assembly.attribute(logicalId, 'QueueName'),
    arn: assembly.attribute(logicalId, 'Arn'),
    url: assembly.ref(logicalId),
    visibilityMs: seconds('VisibilityTimeout', DEFAULTS.visibility),
    retentionMs: seconds('MessageRetentionPeriod', DEFAULTS.retention),
    delayMs: seconds('DelaySeconds', 0),
    largestMessage: asNumber(
      properties.MaximumMessageSize ?? DEFAULTS.largestMessage,
      `${logicalId}.MaximumMessageSize`,
    ),
    redrive:
      properties.RedrivePolicy === undefined
        ? undefined
        : {
            deadLetterArn: asText(
              redrive.deadLetterTargetArn,
              `${logicalId}.RedrivePolicy.deadLetterTargetArn`,
            ),
            receives: asNumber(redrive.maxReceiveCount, `${logicalId}.RedrivePolicy.maxReceiveCount`),
          },
  };
}
