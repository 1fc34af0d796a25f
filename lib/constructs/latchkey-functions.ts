import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Settings } from '../../core/settings/settings';
import { DispatcherTimes } from '../../lambdas/dispatcher/contract';
import {
  ACCESS_FILE_IN_LAYER,
  BASELINES_FILE_IN_LAYER,
  Environment,
  PERMISSION_SETS_FILE_IN_LAYER,
  STATE_MACHINE_NAMES,
} from '../../lambdas/runtime/contract';
import { boundary } from '../identity-boundary';
import { IdentityCenterPermissions } from '../identity-center-permissions';
import { AccessFunction } from './access-function';
import { BaselineFunctionPlans } from './baseline-function-plans';
import { DeadLetterQueue } from './dead-letter-queue';
import { keyPermissions, type Ledger } from './ledger';
import type { ResultBus } from './result-bus';
import { type FunctionPlan, answerTokens, startExecutions } from './function-plan';
import { RequestFunctionPlans } from './request-function-plans';
import { RolloutFunctionPlans } from './rollout-function-plans';
import { executionArns, machineArn } from './standard-workflow';

/** Properties of {@link LatchkeyFunctions}. */
export interface LatchkeyFunctionsProps {
  readonly settings: Settings;
  /** The folder with one sub-folder per function, as `bundleFunctions` writes it. */
  readonly bundles: string;
  /** The folder with the compiled access definitions. */
  readonly accessDirectory: string;
  readonly ledger: Ledger;
  readonly bus: ResultBus;
  readonly key: kms.IKey;
}

/**
 * Every function of Latchkey with all that it may do, in one place to review. A function's construct id is part of its
 * logical id and of its role's: running executions keep the definition that they started with, so an id that is here
 * stays as it is.
 */
export class LatchkeyFunctions extends Construct {
  public readonly requestApi: lambda.Function;
  public readonly resolveRequest: lambda.Function;
  public readonly decideRequest: lambda.Function;
  public readonly changeLeases: lambda.Function;
  public readonly awaitSignal: lambda.Function;
  public readonly announce: lambda.Function;
  public readonly advanceOperations: lambda.Function;
  public readonly sweep: lambda.Function;
  public readonly startRollout: lambda.Function;
  public readonly planRollout: lambda.Function;
  public readonly applyRollout: lambda.Function;
  public readonly lookAtRollout: lambda.Function;
  public readonly reportRollout: lambda.Function;
  public readonly planPermissionSets: lambda.Function;
  public readonly noticeChange: lambda.Function;
  public readonly advanceBaseline: lambda.Function;
  public readonly advanceReconciliation: lambda.Function;
  public readonly planAccess: lambda.Function;
  /** Ticks that the sweep did not handle. */
  public readonly sweepDeadLetters: DeadLetterQueue;
  /** Deployments that did not lead to a rollout. */
  public readonly rolloutDeadLetters: DeadLetterQueue;
  /** Events and ticks that did not lead to a look. */
  public readonly changeDeadLetters: DeadLetterQueue;

  readonly #props: LatchkeyFunctionsProps;
  readonly #access: lambda.LayerVersion;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #identityCenter: IdentityCenterPermissions;

  public constructor(scope: Construct, id: string, props: LatchkeyFunctionsProps) {
    super(scope, id);
    this.#props = props;
    this.#identityCenter = new IdentityCenterPermissions(props.settings);
    this.#access = new lambda.LayerVersion(this, 'AccessDefinitions', {
      description: 'Who may call, and who may have what: access/, compiled',
      code: lambda.Code.fromAsset(props.accessDirectory),
      compatibleRuntimes: [lambda.Runtime.NODEJS_24_X],
      compatibleArchitectures: [lambda.Architecture.ARM_64],
    });
    const stack = Stack.of(this);
    // No function needs to know who is told of alarms.
    const { alarmEmail: _topicOnly, ...settings } = props.settings;
    this.#environment = {
      [Environment.ledgerTable]: props.ledger.table.tableName,
      [Environment.accessRequestMachine]: machineArn(stack, STATE_MACHINE_NAMES.accessRequest),
      [Environment.dispatcherMachine]: machineArn(stack, STATE_MACHINE_NAMES.dispatcher),
      [Environment.rolloutMachine]: machineArn(stack, STATE_MACHINE_NAMES.rollout),
      [Environment.baselineMachine]: machineArn(stack, STATE_MACHINE_NAMES.baseline),
      [Environment.reconcileMachine]: machineArn(stack, STATE_MACHINE_NAMES.reconcile),
      [Environment.eventBus]: props.bus.bus.eventBusName,
      [Environment.settings]: JSON.stringify(settings),
    };
    this.sweepDeadLetters = new DeadLetterQueue(this, 'SweepDeadLetters', { key: props.key });
    this.rolloutDeadLetters = new DeadLetterQueue(this, 'RolloutDeadLetters', { key: props.key });
    this.changeDeadLetters = new DeadLetterQueue(this, 'ChangeDeadLetters', { key: props.key });
    const requests = new RequestFunctionPlans({
      stack,
      ledger: props.ledger,
      bus: props.bus,
      identityCenter: this.#identityCenter,
    });
    this.requestApi = this.#add('RequestApi', requests.requestApi());
    this.resolveRequest = this.#add('ResolveRequest', requests.resolveRequest());
    this.decideRequest = this.#add('DecideRequest', requests.decideRequest());
    this.changeLeases = this.#add('ChangeLeases', requests.changeLeases());
    this.awaitSignal = this.#add('AwaitSignal', requests.awaitSignal());
    this.announce = this.#add('Announce', requests.announce());
    this.advanceOperations = this.#add('AdvanceOperations', this.#advanceOperations());
    this.sweep = this.#add('Sweep', this.#sweep());
    const rollout = new RolloutFunctionPlans({
      stack,
      ledger: props.ledger,
      bus: props.bus,
      identityCenter: this.#identityCenter,
      deadLetters: this.rolloutDeadLetters,
    });
    this.startRollout = this.#add('StartRollout', rollout.start());
    this.planRollout = this.#add('PlanRollout', rollout.plan());
    this.applyRollout = this.#add('ApplyRollout', rollout.apply());
    this.lookAtRollout = this.#add('LookAtRollout', rollout.look());
    this.reportRollout = this.#add('ReportRollout', rollout.report());
    this.planPermissionSets = this.#add('PlanPermissionSets', rollout.answerPlan());
    const baseline = new BaselineFunctionPlans({
      stack,
      ledger: props.ledger,
      bus: props.bus,
      identityCenter: this.#identityCenter,
      changeDeadLetters: this.changeDeadLetters,
    });
    this.noticeChange = this.#add('NoticeChange', baseline.noticeChange());
    this.advanceBaseline = this.#add('AdvanceBaseline', baseline.advanceBaseline());
    this.advanceReconciliation = this.#add('AdvanceReconciliation', baseline.advanceReconciliation());
    this.planAccess = this.#add('PlanAccess', baseline.planAccess());
  }

  #add(id: string, plan: FunctionPlan): lambda.Function {
    const { name, reach, permissions, readsAccess = [], ...rest } = plan;
    const { bundles, key } = this.#props;
    return new AccessFunction(this, id, {
      ...rest,
      key,
      bundle: join(bundles, name),
      permissions: [...permissions, keyPermissions(Stack.of(this), key), boundary(reach)],
      environment: {
        ...this.#environment,
        ...(readsAccess.includes('policy') ? { [Environment.accessFile]: ACCESS_FILE_IN_LAYER } : {}),
        ...(readsAccess.includes('permission sets')
          ? { [Environment.permissionSetsFile]: PERMISSION_SETS_FILE_IN_LAYER }
          : {}),
        ...(readsAccess.includes('baselines')
          ? { [Environment.baselinesFile]: BASELINES_FILE_IN_LAYER }
          : {}),
      },
      ...(readsAccess.length > 0 ? { layers: [this.#access] } : {}),
    }).function;
  }

  #advanceOperations(): FunctionPlan {
    return {
      name: 'advance-operations',
      description: 'The one writer: makes the asynchronous calls to Identity Center and follows them',
      timeout: Duration.seconds(DispatcherTimes.function),
      reach: 'writer',
      permissions: [
        ...this.#props.ledger.permissions({ queries: true, callsDispatcher: true, indexes: ['work'] }),
        ...this.#identityCenter.writeAssignments(),
        ...this.#identityCenter.useInstanceKey(),
        answerTokens(Stack.of(this)),
        this.#start(STATE_MACHINE_NAMES.dispatcher),
      ],
      wildcards: {
        [this.#identityCenter.permissionSets]:
          'the access policy says which sets may be assigned, not the role',
        [this.#identityCenter.accounts]:
          'the organization grows; the two accounts that are off limits are denied',
      },
    };
  }

  #sweep(): FunctionPlan {
    const executions = executionArns(Stack.of(this), STATE_MACHINE_NAMES.accessRequest);
    return {
      name: 'sweep',
      description: 'Finds every minute what no event told, and starts it again',
      // Shorter than the minute between two ticks, and never two at one time.
      timeout: Duration.seconds(50),
      reservedConcurrency: 1,
      reach: 'reader',
      deadLetters: this.sweepDeadLetters,
      readsAccess: ['permission sets', 'baselines'],
      permissions: [
        ...this.#props.ledger.permissions({
          queries: true,
          callsDispatcher: true,
          indexes: ['looks', 'work', 'requests'],
        }),
        this.#start(
          STATE_MACHINE_NAMES.accessRequest,
          STATE_MACHINE_NAMES.dispatcher,
          STATE_MACHINE_NAMES.rollout,
          STATE_MACHINE_NAMES.baseline,
          STATE_MACHINE_NAMES.reconcile,
        ),
        answerTokens(Stack.of(this)),
        new iam.PolicyStatement({
          sid: 'ListExecutions',
          actions: ['states:ListExecutions'],
          resources: [machineArn(Stack.of(this), STATE_MACHINE_NAMES.accessRequest)],
        }),
        new iam.PolicyStatement({
          sid: 'DescribeExecutions',
          actions: ['states:DescribeExecution'],
          resources: [executions],
        }),
        this.#identityCenter.readInstances(),
        ...this.#identityCenter.useInstanceKey(),
        this.#props.bus.publish(),
      ],
      wildcards: {
        [executions]: 'every execution has a name of its own',
        '*': 'sso:ListInstances and X-Ray have no resource to name',
      },
    };
  }

  #start(...machines: readonly string[]): iam.PolicyStatement {
    return startExecutions(Stack.of(this), machines);
  }
}
