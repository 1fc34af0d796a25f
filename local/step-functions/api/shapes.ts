import type { Execution } from '../run/execution';
import type { HistoryEvent } from '../run/history';
import type { RegisteredMachine } from '../registered-machine';

type Output = Readonly<Record<string, unknown>>;

/** A timestamp as the JSON protocols carry it: epoch seconds, milliseconds behind the point. */
export function epochSeconds(instant: number): number {
  return instant / 1000;
}

/** An item of `ListExecutions`. */
export function executionItem(execution: Execution): Output {
  const { start, machine, status, startDate, stopDate } = execution;
  return {
    executionArn: start.arn,
    stateMachineArn: machine.arn,
    name: start.name,
    status,
    startDate: epochSeconds(startDate),
    ...(stopDate === undefined ? {} : { stopDate: epochSeconds(stopDate) }),
    redriveCount: 0,
  };
}

/** What `DescribeExecution` answers. */
export function executionDescription(execution: Execution, withData: boolean): Output {
  const { start, ending, status } = execution;
  // Text, as it came out of the last state.
  const output = ending?.output === undefined ? undefined : JSON.stringify(ending.output);
  return {
    ...executionItem(execution),
    ...(withData ? { input: start.inputText, inputDetails: { included: true } } : {}),
    ...(withData && output !== undefined ? { output, outputDetails: { included: true } } : {}),
    ...(ending?.error === undefined ? {} : { error: ending.error }),
    ...(ending?.cause === undefined ? {} : { cause: ending.cause }),
    ...(start.traceHeader === undefined ? {} : { traceHeader: start.traceHeader }),
    // On AWS a failed execution can be redriven for 14 days; here it says why it cannot.
    redriveStatus: 'NOT_REDRIVABLE',
    redriveStatusReason:
      status === 'RUNNING' || status === 'SUCCEEDED'
        ? `Execution is ${status} and cannot be redriven`
        : 'the local runtime does not redrive executions',
  };
}

/** An item of `ListStateMachines`. */
export function machineItem(machine: RegisteredMachine): Output {
  return {
    stateMachineArn: machine.arn,
    name: machine.name,
    type: 'STANDARD',
    creationDate: epochSeconds(machine.creationDate),
  };
}

/** What `DescribeStateMachine` answers. */
export function machineDescription(machine: RegisteredMachine, withData: boolean): Output {
  return {
    ...machineItem(machine),
    status: machine.deleting ? 'DELETING' : 'ACTIVE',
    ...(withData ? { definition: machine.definition } : {}),
    roleArn: machine.roleArn,
    loggingConfiguration: machine.loggingConfiguration,
    tracingConfiguration: machine.tracingConfiguration,
  };
}

/** What `DescribeStateMachineForExecution` answers. */
export function machineOfExecution(machine: RegisteredMachine, withData: boolean): Output {
  return {
    stateMachineArn: machine.arn,
    name: machine.name,
    ...(withData ? { definition: machine.definition } : {}),
    roleArn: machine.roleArn,
    updateDate: epochSeconds(machine.creationDate),
    loggingConfiguration: machine.loggingConfiguration,
    tracingConfiguration: machine.tracingConfiguration,
  };
}

/** Members of an event that are execution data; `includeExecutionData: false` leaves them out. */
const DATA = new Set(['input', 'output', 'parameters', 'assignedVariables', 'error', 'cause']);

/** An event as `GetExecutionHistory` answers it. */
export function eventShape(event: HistoryEvent, withData: boolean): Output {
  const details = Object.entries(event.details).map(([key, members]) => {
    const shown = Object.entries(members).filter(([name]) => withData || !DATA.has(name));
    return [key, Object.fromEntries(shown)] as const;
  });
  return {
    timestamp: epochSeconds(event.timestamp),
    type: event.type,
    id: event.id,
    previousEventId: event.previousEventId,
    ...Object.fromEntries(details),
  };
}
