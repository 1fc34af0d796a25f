import { Duration, type Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { BaselineTimes } from '../../lambdas/baselines/contract';
import { ReconcileTimes } from '../../lambdas/reconcile/contract';
import { STATE_MACHINE_NAMES } from '../../lambdas/runtime/contract';
import type { IdentityCenterPermissions } from '../identity-center-permissions';
import { type FunctionPlan, lookUpWildcards, startExecutions } from './function-plan';
import type { Ledger } from './ledger';
import type { ResultBus } from './result-bus';

/** What the plans refer to. */
export interface BaselineFunctionParts {
  readonly stack: Stack;
  readonly ledger: Ledger;
  readonly bus: ResultBus;
  readonly identityCenter: IdentityCenterPermissions;
  /** Events that did not lead to a look. */
  readonly changeDeadLetters: IQueue;
}

/** The functions that deal with what rules of baselines give, and with what changes outside of Latchkey; each with all that it may do. */
export class BaselineFunctionPlans {
  public constructor(private readonly parts: BaselineFunctionParts) {}

  /** Hears events. */
  public noticeChange(): FunctionPlan {
    const { stack, ledger, changeDeadLetters } = this.parts;
    const { baseline, dispatcher, reconcile, rollout } = STATE_MACHINE_NAMES;
    return {
      name: 'notice-change',
      description: 'Hears what changes outside of Latchkey, and has it looked at',
      // The claims of somebody who is gone: a hundred at a time. A listing of 2,000 accounts is 17 s.
      timeout: Duration.seconds(BaselineTimes.function),
      reach: 'reader',
      deadLetters: changeDeadLetters,
      readsAccess: ['baselines'],
      permissions: [
        ...ledger.permissions({ queries: true, callsDispatcher: true, indexes: ['finder'] }),
        ...this.#rules(),
        startExecutions(stack, [baseline, dispatcher, reconcile, rollout]),
      ],
      wildcards: this.#wildcards(),
    };
  }

  /** The steps of one account's baseline. */
  public advanceBaseline(): FunctionPlan {
    const { stack, ledger, bus, identityCenter } = this.parts;
    return {
      name: 'advance-baseline',
      description: 'Works out what the rules give in an account, and follows it to the end',
      timeout: Duration.seconds(BaselineTimes.function),
      reach: 'reader',
      readsAccess: ['baselines'],
      permissions: [
        ...ledger.permissions({ queries: true, callsDispatcher: true }),
        ...this.#rules(),
        identityCenter.readAccounts(),
        identityCenter.readAccountPlaces(),
        startExecutions(stack, [STATE_MACHINE_NAMES.baseline, STATE_MACHINE_NAMES.dispatcher]),
        bus.publish(),
      ],
      wildcards: this.#wildcards(),
    };
  }

  /** The steps of a reconciliation. */
  public advanceReconciliation(): FunctionPlan {
    const { stack, ledger, bus, identityCenter } = this.parts;
    const { baseline, dispatcher, reconcile } = STATE_MACHINE_NAMES;
    return {
      name: 'advance-reconciliation',
      description: 'Compares what Identity Center has with what the claims want',
      timeout: Duration.seconds(ReconcileTimes.function),
      reach: 'reader',
      readsAccess: ['policy', 'baselines'],
      permissions: [
        ...ledger.permissions({ queries: true, callsDispatcher: true, indexes: ['finder', 'requests'] }),
        ...this.#rules(),
        ...identityCenter.readSets('ListAccountsOfSets', 'ListAssignments'),
        identityCenter.listAssignmentsOfPrincipals(),
        identityCenter.listGroups(),
        startExecutions(stack, [baseline, dispatcher, reconcile]),
        bus.publish(),
      ],
      wildcards: {
        ...this.#wildcards(),
        [identityCenter.accounts]: 'a set may be in any account of the organization',
      },
    };
  }

  /** Answers plans. */
  public planAccess(): FunctionPlan {
    const { ledger, identityCenter } = this.parts;
    return {
      name: 'plan-access',
      description: 'Answers what a request, or other baselines, would do, and does nothing',
      // Somebody waits; API Gateway gives up after 29 s.
      timeout: Duration.seconds(28),
      reach: 'reader',
      readsAccess: ['policy', 'baselines'],
      permissions: [
        ...ledger.permissions({ queries: true }),
        ...this.#rules(),
        identityCenter.readAccounts(),
      ],
      wildcards: this.#wildcards(),
    };
  }

  /** Looking up what rules name, and where they mean it. */
  #rules(): iam.PolicyStatement[] {
    const { identityCenter } = this.parts;
    return [
      identityCenter.readPermissionSets(),
      identityCenter.readDirectory(),
      ...identityCenter.readOrganization(),
      ...identityCenter.useInstanceKey(),
    ];
  }

  #wildcards(): Readonly<Record<string, string>> {
    return lookUpWildcards(this.parts.identityCenter, 'a rule');
  }
}
