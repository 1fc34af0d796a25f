import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  InvalidToken,
  SFNClient,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
  paginateListExecutions,
} from '@aws-sdk/client-sfn';
import type { BaselineStarter } from '../../core/ports/baseline-ledger';
import type { ReconcileStarter } from '../../core/ports/reconcile-ledger';
import type { Answer, ExecutionState, RolloutStarter, Workflows } from '../../core/ports/workflows';
import type { AccessRequestInput } from '../access-request/contract';
import type { AccountBaselineInput } from '../baselines/contract';
import type { DispatcherInput } from '../dispatcher/contract';
import type { RolloutInput } from '../permission-sets/contract';
import type { ReconcileInput } from '../reconcile/contract';
import { REPEATABLE } from './clients';

/** ARNs of the machines that a function may start. */
export interface MachineArns {
  readonly accessRequest: () => string;
  readonly dispatcher: () => string;
  readonly rollout: () => string;
  readonly baseline: () => string;
  readonly reconcile: () => string;
}

/** The state machines through the SDK. */
export class SdkWorkflows implements Workflows, RolloutStarter, BaselineStarter, ReconcileStarter {
  readonly #client = new SFNClient(REPEATABLE);

  constructor(private readonly machines: MachineArns) {}

  async startAccessRequest(requestId: string, attempt: number): Promise<void> {
    const input: AccessRequestInput = { requestId, attempt };
    await this.#start(this.machines.accessRequest(), `${requestId}-${attempt}`, input);
  }

  async startDispatcher(epoch: number): Promise<void> {
    const input: DispatcherInput = { epoch };
    await this.#start(this.machines.dispatcher(), `dispatcher-${epoch}`, input);
  }

  async startRollout(number: number): Promise<void> {
    const input: RolloutInput = { number };
    await this.#start(this.machines.rollout(), `rollout-${number}`, input);
  }

  async startAccountBaseline(accountId: string, number: number): Promise<void> {
    const input: AccountBaselineInput = { accountId, number };
    await this.#start(this.machines.baseline(), `${accountId}-${number}`, input);
  }

  async startReconciliation(number: number): Promise<void> {
    const input: ReconcileInput = { number };
    await this.#start(this.machines.reconcile(), `reconcile-${number}`, input);
  }

  async accessRequestState(requestId: string, attempt: number): Promise<ExecutionState> {
    const executionArn = `${this.machines.accessRequest().replace(':stateMachine:', ':execution:')}:${requestId}-${attempt}`;
    try {
      const { status } = await this.#client.send(new DescribeExecutionCommand({ executionArn }));
      return status === 'RUNNING' ? 'running' : 'over';
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return 'none';
      throw error;
    }
  }

  async runningAccessRequests(): Promise<ReadonlySet<string>> {
    const names = new Set<string>();
    const pages = paginateListExecutions(
      { client: this.#client, pageSize: 1000 },
      { stateMachineArn: this.machines.accessRequest(), statusFilter: 'RUNNING' },
    );
    for await (const { executions = [] } of pages) {
      for (const { name } of executions) if (name !== undefined) names.add(name);
    }
    return names;
  }

  async answer(token: string, answer: Answer): Promise<void> {
    try {
      await this.#client.send(
        new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify(answer) }),
      );
    } catch (error) {
      const isAnswered =
        error instanceof TaskTimedOut || error instanceof TaskDoesNotExist || error instanceof InvalidToken;
      if (!isAnswered) throw error;
    }
  }

  /** The same name with the same input is as good as started; closed or open, it must not run twice. */
  async #start(stateMachineArn: string, name: string, input: object): Promise<void> {
    try {
      await this.#client.send(
        new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }),
      );
    } catch (error) {
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    }
  }
}
