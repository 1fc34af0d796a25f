import { Duration, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Settings } from '../../core/settings/settings';
import { type ChangeGroup, type ChangePattern, CHANGES } from '../organization-events';
import { DeadLetterQueue } from './dead-letter-queue';

/** Properties of {@link ChangeRules}. */
export interface ChangeRulesProps {
  readonly settings: Settings;
  /** Gets every event, and a tick every 15 minutes. */
  readonly noticeChange: lambda.Function;
  /** Carries the events of the management account. */
  readonly organizationBus: events.EventBus;
  /** Roles of Latchkey that change assignments and permission sets: what they do is no news. */
  readonly ownRoles: readonly [iam.IRole, ...iam.IRole[]];
  readonly key: kms.IKey;
}

/** An event that is a day old says nothing that the sweeps have not seen; EventBridge has the same limits. */
const DELIVERY = { retryAttempts: 185, maxEventAge: Duration.hours(24) };

/** A tick is worth nothing once the next one is there. */
const TICK = { retryAttempts: 10, maxEventAge: Duration.minutes(15) };

/**
 * The rules by which Latchkey hears of changes: of its own account's calls on the default bus, and of everything that the management
 * account sent on. Each matches the account that AWS says the event is of: nobody can put an event that says another, or one of a
 * service.
 */
export class ChangeRules extends Construct {
  /** Events and ticks that could not be delivered. */
  public readonly deadLetters: DeadLetterQueue;
  readonly #props: ChangeRulesProps;

  public constructor(scope: Construct, id: string, props: ChangeRulesProps) {
    super(scope, id);
    this.#props = props;
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', { key: props.key });
    const own = { account: Stack.of(this).account, groups: ['identities'] } as const;
    this.#rules('Own', own);
    this.#rules('Forwarded', {
      account: props.settings.managementAccountId,
      groups: ['organization', 'control tower', 'identities'],
      eventBus: props.organizationBus,
    });
    new events.Rule(this, 'EveryQuarterOfAnHour', {
      description: 'Looks for accounts that no event told of',
      schedule: events.Schedule.rate(Duration.minutes(15)),
      targets: [this.#target(TICK)],
    });
  }

  #rules(
    prefix: string,
    where: {
      readonly account: string;
      readonly groups: readonly ChangeGroup[];
      /** @default - the default bus */
      readonly eventBus?: events.EventBus;
    },
  ): void {
    const { account, groups, eventBus } = where;
    for (const [name, pattern] of groups.flatMap((group) => Object.entries(CHANGES[group]))) {
      new events.Rule(this, `${prefix}${name}`, {
        description: `Somebody changed something: ${name}`,
        ...(eventBus === undefined ? {} : { eventBus }),
        eventPattern: this.#pattern(account, pattern),
        targets: [this.#target(DELIVERY)],
      });
    }
  }

  /** An event without a role as its issuer, such as one by a person of Identity Center, is somebody else's as well. */
  #pattern(account: string, { source, detailType, detail }: ChangePattern): events.EventPattern {
    const isOfIdentityCenter = source.includes('aws.sso');
    const roles = this.#props.ownRoles.map(({ roleArn }) => roleArn);
    const issuer = { arn: [{ exists: false }, { 'anything-but': roles }] };
    const byOthers = { userIdentity: { sessionContext: { sessionIssuer: issuer } } };
    return {
      source: [...source],
      account: [account],
      detailType: [...detailType],
      ...(detail === undefined ? {} : { detail: { ...detail, ...(isOfIdentityCenter ? byOthers : {}) } }),
    };
  }

  #target(
    limits: Pick<targets.LambdaFunctionProps, 'retryAttempts' | 'maxEventAge'>,
  ): targets.LambdaFunction {
    return new targets.LambdaFunction(this.#props.noticeChange, {
      deadLetterQueue: this.deadLetters,
      ...limits,
    });
  }
}
