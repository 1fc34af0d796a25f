import type { Construct } from 'constructs';
import { parseSettings, type Settings } from '../core/settings/settings';

/** The context key in `cdk.json` that holds the settings. */
export const SETTINGS_CONTEXT_KEY = 'latchkey';

/** The settings from the context of the app. Throws with every wrong key, its value and the remedy. */
export function readSettings(scope: Construct): Settings {
  const source = `context "${SETTINGS_CONTEXT_KEY}" in cdk.json`;
  const value: unknown = scope.node.tryGetContext(SETTINGS_CONTEXT_KEY);
  if (value === undefined)
    throw new Error(`${source} is missing: run npm run configure, which discovers and writes it`);
  return parseSettings(value, source);
}

/** The parts of the instance's ARN that other ARNs are made of. */
export interface InstanceParts {
  /** `aws`, `aws-us-gov`, … */
  readonly partition: string;
  /** `ssoins-…`, without the rest of the ARN. */
  readonly instanceId: string;
}

/** Takes an instance ARN (`arn:<partition>:sso:::instance/<id>`, already checked by the settings schema) to pieces. */
export function instanceParts(instanceArn: string): InstanceParts {
  const [, partition] = instanceArn.split(':');
  const [, instanceId] = instanceArn.split('/');
  if (partition === undefined || instanceId === undefined) {
    throw new Error(`instanceArn is ${instanceArn}: expected arn:aws:sso:::instance/ssoins-…`);
  }
  return { partition, instanceId };
}
