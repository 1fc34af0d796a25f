import { Duration, type Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { STATE_MACHINE_NAMES } from '../../lambdas/runtime/contract';
import type { IdentityCenterPermissions } from '../identity-center-permissions';
import { type FunctionPlan, answerTokens, lookUpWildcards, startExecutions } from './function-plan';
import type { Ledger } from './ledger';
import type { ResultBus } from './result-bus';

/** What the plans refer to. */
export interface RequestFunctionParts {
  readonly stack: Stack;
  readonly ledger: Ledger;
  readonly bus: ResultBus;
  readonly identityCenter: IdentityCenterPermissions;
}

/** The functions that deal with access requests, each with all that it may do. */
export class RequestFunctionPlans {
  public constructor(private readonly parts: RequestFunctionParts) {}

  public requestApi(): FunctionPlan {
    return {
      name: 'request-api',
      description: 'Answers the request API',
      // Somebody waits; API Gateway gives up after 29 s.
      timeout: Duration.seconds(10),
      reach: 'none',
      readsAccess: ['policy', 'permission sets', 'baselines'],
      permissions: [
        ...this.parts.ledger.permissions({ queries: true, indexes: ['requests', 'finder'] }),
        this.#start(
          STATE_MACHINE_NAMES.accessRequest,
          STATE_MACHINE_NAMES.reconcile,
          STATE_MACHINE_NAMES.rollout,
        ),
        answerTokens(this.parts.stack),
      ],
    };
  }

  public resolveRequest(): FunctionPlan {
    const identityCenter = this.parts.identityCenter;
    return {
      name: 'resolve-request',
      description: 'Resolves principal, permission set and accounts of a request',
      // 500 accounts at the 20 DescribeAccount calls a second of the service are 25 s; throttled, several times that. A listing of
      // 2,000 accounts is 17 s, and a try reads tags for at most a minute.
      timeout: Duration.seconds(120),
      reach: 'reader',
      readsAccess: ['policy'],
      permissions: [
        ...this.parts.ledger.permissions(),
        identityCenter.readPermissionSets(),
        identityCenter.readDirectory(),
        identityCenter.readAccounts(),
        ...identityCenter.readOrganization(),
        ...identityCenter.useInstanceKey(),
      ],
      wildcards: lookUpWildcards(identityCenter, 'a ticket'),
    };
  }

  public decideRequest(): FunctionPlan {
    return {
      name: 'decide-request',
      description: 'Decides a request by the access policy',
      reach: 'none',
      readsAccess: ['policy'],
      permissions: [...this.parts.ledger.permissions(), this.parts.bus.publish()],
    };
  }

  public changeLeases(): FunctionPlan {
    return {
      name: 'change-leases',
      description: 'Opens and closes the leases of a request',
      // 500 accounts, a few conditional writes each.
      timeout: Duration.seconds(120),
      reach: 'none',
      permissions: [
        ...this.parts.ledger.permissions({ queries: true, callsDispatcher: true }),
        this.#start(STATE_MACHINE_NAMES.dispatcher),
      ],
    };
  }

  public awaitSignal(): FunctionPlan {
    return {
      name: 'await-signal',
      description: 'Keeps the token of a waiting request, or answers it at once',
      reach: 'none',
      permissions: [...this.parts.ledger.permissions({ queries: true }), answerTokens(this.parts.stack)],
    };
  }

  public announce(): FunctionPlan {
    return {
      name: 'announce',
      description: 'Tells what came of a request',
      // Reads the outcomes of up to 500 accounts.
      timeout: Duration.seconds(60),
      reach: 'none',
      permissions: [...this.parts.ledger.permissions({ queries: true }), this.parts.bus.publish()],
    };
  }

  #start(...machines: readonly string[]): iam.PolicyStatement {
    return startExecutions(this.parts.stack, machines);
  }
}
