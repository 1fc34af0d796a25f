import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Acknowledges one finding of cdk-nag on one construct. `id` is the granular one that the check prints, such as
 * `AwsSolutions-IAM5[Resource::*]`: the bare rule would hide later findings of the same rule as well, or match nothing.
 */
export function acknowledge(construct: IConstruct, id: string, reason: string): void {
  Validations.of(construct).acknowledge({ id, reason });
}
