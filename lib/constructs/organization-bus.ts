import { Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Settings } from '../../core/settings/settings';
import { forwarderPlans, forwarderRoleName, ORGANIZATION_BUS_NAME } from '../organization-events';
import type { DeadLetterQueue } from './dead-letter-queue';
import { encryptedBus } from './encrypted-bus';

/** Properties of {@link OrganizationBus}. */
export interface OrganizationBusProps {
  readonly settings: Settings;
  readonly key: kms.IKey;
}

/**
 * The bus that takes what the management account sends on. It lets in the roles that the forwarding stacks make there, by their names,
 * and nobody else: the account itself is the principal, because a policy that names a role is refused until that role is there, and the
 * condition says which of its roles. Without such stacks the bus has no policy, and nobody of another account gets in.
 */
export class OrganizationBus extends Construct {
  public readonly bus: events.EventBus;
  /** Events that the bus could not handle. */
  public readonly deadLetters: DeadLetterQueue;

  public constructor(scope: Construct, id: string, props: OrganizationBusProps) {
    super(scope, id);
    const { settings, key } = props;
    const { bus, deadLetters } = encryptedBus(this, {
      eventBusName: ORGANIZATION_BUS_NAME,
      description: 'What happens in the organization, sent on by the management account',
      key,
    });
    this.bus = bus;
    this.deadLetters = deadLetters;
    this.#letIn(settings);
  }

  #letIn(settings: Settings): void {
    const { managementAccountId } = settings;
    const { partition } = Stack.of(this);
    const roles = forwarderPlans(settings).map(
      ({ region }) => `arn:${partition}:iam::${managementAccountId}:role/${forwarderRoleName(region)}`,
    );
    if (roles.length === 0) return;
    const sid = 'ForwardersOfTheManagementAccount';
    // The CDK's own class for this uses properties of CloudFormation that are deprecated, and prints so at each synthesis.
    new events.CfnEventBusPolicy(this, 'Policy', {
      eventBusName: this.bus.eventBusName,
      statementId: sid,
      statement: new iam.PolicyStatement({
        sid,
        principals: [new iam.AccountPrincipal(managementAccountId)],
        actions: ['events:PutEvents'],
        resources: [this.bus.eventBusArn],
        conditions: { ArnEquals: { 'aws:PrincipalArn': roles } },
      }).toStatementJson() as Readonly<Record<string, unknown>>,
    });
  }
}
