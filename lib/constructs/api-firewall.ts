import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';

/** Properties of {@link ApiFirewall}. */
export interface ApiFirewallProps {
  readonly stage: apigateway.Stage;
}

/** The largest body that the request API takes, in bytes. The function holds it exactly; this rule keeps floods off it. */
const LARGEST_BODY = 16_384;

/** Calls of one address in five minutes: two a second without a pause, which only a broken loop sends. */
const CALLS_PER_ADDRESS = 600;

/**
 * The web ACL of the request API. AWS's common rules come with a body limit of 8 KB, which is below what a ticket may
 * have, so that one rule only counts, and a rule of our own holds the limit that is documented.
 */
export class ApiFirewall extends Construct {
  public constructor(scope: Construct, id: string, props: ApiFirewallProps) {
    super(scope, id);
    const acl = new wafv2.CfnWebACL(this, 'WebAcl', {
      description: 'Keeps floods and oversized bodies off the request API',
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visible('latchkey-request-api'),
      rules: [
        {
          name: 'rate-of-one-address',
          priority: 0,
          action: { block: {} },
          statement: { rateBasedStatement: { aggregateKeyType: 'IP', limit: CALLS_PER_ADDRESS } },
          visibilityConfig: visible('rate-of-one-address'),
        },
        {
          name: 'size-of-body',
          priority: 1,
          action: { block: {} },
          statement: {
            sizeConstraintStatement: {
              // What is longer than the part that the firewall looks at (16 KB) is too large as well.
              fieldToMatch: { body: { oversizeHandling: 'MATCH' } },
              comparisonOperator: 'GT',
              size: LARGEST_BODY,
              textTransformations: [{ priority: 0, type: 'NONE' }],
            },
          },
          visibilityConfig: visible('size-of-body'),
        },
        {
          name: 'common-rules',
          priority: 2,
          overrideAction: { none: {} },
          statement: {
            managedRuleGroupStatement: {
              vendorName: 'AWS',
              name: 'AWSManagedRulesCommonRuleSet',
              ruleActionOverrides: [{ name: 'SizeRestrictions_BODY', actionToUse: { count: {} } }],
            },
          },
          visibilityConfig: visible('common-rules'),
        },
      ],
    });
    new wafv2.CfnWebACLAssociation(this, 'OnStage', {
      webAclArn: acl.attrArn,
      resourceArn: props.stage.stageArn,
    });
  }
}

function visible(metricName: string): wafv2.CfnWebACL.VisibilityConfigProperty {
  // No samples: they would show headers and bodies in the console.
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false };
}
