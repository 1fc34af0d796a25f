/** A policy document of these actions on everything, as the simple ones of AWS's managed policies are. */
function allow(...actions: readonly string[]): unknown {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] };
}

/**
 * Policies managed by AWS that a template here may name, by what follows `arn:aws:iam::aws:policy/`, as the "AWS managed
 * policy reference" gives them. Another one stops the start: what it allows is not known without an account.
 */
export const MANAGED_POLICIES: ReadonlyMap<string, unknown> = new Map([
  [
    'service-role/AWSLambdaBasicExecutionRole',
    allow('logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'),
  ],
  [
    'AWSXRayDaemonWriteAccess',
    allow(
      'xray:PutTraceSegments',
      'xray:PutTelemetryRecords',
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
      'xray:GetSamplingStatisticSummaries',
    ),
  ],
  [
    'service-role/AmazonAPIGatewayPushToCloudWatchLogs',
    allow(
      'logs:CreateLogGroup',
      'logs:CreateLogStream',
      'logs:DescribeLogGroups',
      'logs:DescribeLogStreams',
      'logs:PutLogEvents',
      'logs:GetLogEvents',
      'logs:FilterLogEvents',
    ),
  ],
]);
