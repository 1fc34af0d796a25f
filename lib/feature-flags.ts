/**
 * Switches of the CDK itself. They change the template, so the deployed app and the in-process synthesis of the local
 * runtime take them from here and not from `cdk.json`, which only the CDK command line reads.
 */
export const FEATURE_FLAGS: Readonly<Record<string, boolean>> = {
  // `arn:aws:…` in clear where the Region is known: exact ARNs that a reviewer can read.
  '@aws-cdk/core:enablePartitionLiterals': true,
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/aws-lambda:recognizeLayerVersion': true,
  '@aws-cdk/aws-apigateway:requestValidatorUniqueId': true,
  '@aws-cdk/aws-events:eventsTargetQueueSameAccount': true,
  '@aws-cdk/aws-kms:reduceCrossAccountRegionPolicyScope': true,
  '@aws-cdk/aws-dynamodb:resourcePolicyPerReplica': true,
};
