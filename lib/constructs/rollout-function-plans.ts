import { Duration, type Stack } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { RolloutTimes } from '../../lambdas/permission-sets/contract';
import { STATE_MACHINE_NAMES } from '../../lambdas/runtime/contract';
import type { IdentityCenterPermissions, SetRead } from '../identity-center-permissions';
import { type FunctionPlan, startExecutions } from './function-plan';
import type { Ledger } from './ledger';
import type { ResultBus } from './result-bus';

/** What the plans refer to. */
export interface RolloutFunctionParts {
  readonly stack: Stack;
  readonly ledger: Ledger;
  readonly bus: ResultBus;
  readonly identityCenter: IdentityCenterPermissions;
  /** Deployments that did not lead to a rollout. */
  readonly deadLetters: IQueue;
}

/** The functions that deal with permission sets, each with all that it may do. */
export class RolloutFunctionPlans {
  public constructor(private readonly parts: RolloutFunctionParts) {}

  public start(): FunctionPlan {
    const { stack, ledger, deadLetters } = this.parts;
    return {
      name: 'start-rollout',
      description: 'Asks for what follows when other permission sets or baselines were deployed',
      reach: 'none',
      readsAccess: ['permission sets', 'baselines'],
      deadLetters,
      permissions: [
        ...ledger.permissions(),
        startExecutions(stack, [STATE_MACHINE_NAMES.reconcile, STATE_MACHINE_NAMES.rollout]),
      ],
    };
  }

  public plan(): FunctionPlan {
    return {
      name: 'plan-rollout',
      description: 'Works out what a rollout has to do with each permission set',
      timeout: Duration.seconds(RolloutTimes.function),
      readsAccess: ['permission sets'],
      ...this.#reader('ListSets', 'DescribeSets', 'ReadSetTags', 'ListSetsOfAccounts'),
    };
  }

  public apply(): FunctionPlan {
    const { stack, identityCenter } = this.parts;
    const reader = this.#reader(
      'ListSets',
      'DescribeSets',
      'ReadSetContents',
      'ReadSetTags',
      'ListAccountsOfSets',
      'ListAssignments',
    );
    return {
      name: 'apply-rollout',
      description: 'The one editor: creates, changes, drains and deletes permission sets',
      timeout: Duration.seconds(RolloutTimes.function),
      readsAccess: ['permission sets'],
      ...reader,
      reach: 'editor',
      permissions: [
        ...reader.permissions,
        ...identityCenter.editPermissionSets(),
        startExecutions(stack, [STATE_MACHINE_NAMES.dispatcher]),
      ],
    };
  }

  public look(): FunctionPlan {
    const reader = this.#reader('ListAccountsOfSets');
    const { dispatcher, rollout } = STATE_MACHINE_NAMES;
    return {
      name: 'look-at-rollout',
      description: 'Follows the accounts of changed permission sets to the end',
      timeout: Duration.seconds(RolloutTimes.function),
      readsAccess: ['permission sets'],
      ...reader,
      permissions: [...reader.permissions, startExecutions(this.parts.stack, [dispatcher, rollout])],
    };
  }

  public report(): FunctionPlan {
    const { ledger, bus } = this.parts;
    return {
      name: 'report-rollout',
      description: 'Tells what came of a rollout',
      // Tells of every set that was changed: 500 are 500 events and writes.
      timeout: Duration.seconds(RolloutTimes.function),
      reach: 'none',
      readsAccess: ['permission sets'],
      permissions: [...ledger.permissions({ queries: true }), bus.publish()],
    };
  }

  public answerPlan(): FunctionPlan {
    return {
      name: 'plan-permission-sets',
      description: 'Answers what a rollout would do, and does nothing',
      // Somebody waits; API Gateway gives up after 29 s.
      timeout: Duration.seconds(28),
      readsAccess: ['policy', 'permission sets'],
      ...this.#reader(
        'ListSets',
        'DescribeSets',
        'ReadSetContents',
        'ReadSetTags',
        'ListAccountsOfSets',
        'ListSetsOfAccounts',
      ),
    };
  }

  /** Reads permission sets at the rate that it registers on the dispatcher's item. */
  #reader(...reads: readonly SetRead[]): Pick<FunctionPlan, 'reach' | 'permissions' | 'wildcards'> {
    const { ledger, identityCenter } = this.parts;
    return {
      reach: 'reader',
      permissions: [
        ...ledger.permissions({ queries: true, callsDispatcher: true }),
        ...identityCenter.readSets(...reads),
        ...identityCenter.useInstanceKey(),
      ],
      wildcards: {
        [identityCenter.permissionSets]:
          'sets come and go; the service itself decides by their tag which may be changed',
        [identityCenter.accounts]: 'a set may be in any account of the organization',
      },
    };
  }
}
