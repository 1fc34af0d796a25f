import { AwsError } from '../../aws-api/json-service';
import type { Executions } from './executions';
import type { Machines } from './machines';
import { type Operation, includesData } from './operation';
import { pageOf } from './paging';
import { Request } from './request';
import { epochSeconds, eventShape, executionDescription, executionItem } from './shapes';

/** `PENDING_REDRIVE` is taken as a filter and never found: nothing is redriven here. */
const STATUSES = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE'] as const;

/** Lengths of an error's name and cause, in characters. */
const ERROR = { most: 256 };
const CAUSE = { most: 32_768 };

/** The operations on executions. */
export function executionOperations(
  machines: Machines,
  executions: Executions,
): Readonly<Record<string, Operation>> {
  return {
    StartExecution: (input) => startExecution(executions, input),
    DescribeExecution: (input) => {
      const request = new Request(input, ['executionArn', 'includedData']);
      return executionDescription(executions.find(request.string('executionArn')), includesData(request));
    },
    StopExecution: (input) => {
      const request = new Request(input, ['executionArn', 'error', 'cause']);
      const execution = executions.find(request.string('executionArn'));
      execution.abort(request.optionalString('error', ERROR), request.optionalString('cause', CAUSE));
      return { stopDate: epochSeconds(execution.stopDate ?? execution.startDate) };
    },
    ListExecutions: (input) => listExecutions(machines, executions, input),
    GetExecutionHistory: (input) => getHistory(executions, input),
  };
}

/** An execution that the same name and input started before is answered as if it had been started now. */
function startExecution(
  executions: Executions,
  input: Readonly<Record<string, unknown>>,
): ReturnType<Operation> {
  const request = new Request(input, ['stateMachineArn', 'name', 'input', 'traceHeader']);
  const name = request.optionalString('name');
  const traceHeader = request.optionalString('traceHeader', { most: 256 });
  const execution = executions.start({
    stateMachineArn: request.string('stateMachineArn'),
    input: request.optionalString('input') ?? '{}',
    ...(name === undefined ? {} : { name }),
    ...(traceHeader === undefined ? {} : { traceHeader }),
  });
  return { executionArn: execution.arn, startDate: epochSeconds(execution.startDate) };
}

/** The newest first. A token belongs to the machine and the filters that it was given for. */
function listExecutions(
  machines: Machines,
  executions: Executions,
  input: Readonly<Record<string, unknown>>,
): ReturnType<Operation> {
  const known = ['stateMachineArn', 'statusFilter', 'redriveFilter', 'maxResults', 'nextToken', 'mapRunArn'];
  const request = new Request(input, known);
  if (request.optionalString('mapRunArn') !== undefined) {
    throw new AwsError(
      'ValidationException',
      'the local runtime has no Distributed Map: leave out mapRunArn',
    );
  }
  const machine = machines.find(request.string('stateMachineArn'));
  const status = request.optionalOneOf('statusFilter', STATUSES);
  const redrive = request.optionalOneOf('redriveFilter', ['REDRIVEN', 'NOT_REDRIVEN']);
  const found = executions
    .of(machine)
    .filter((execution) => redrive !== 'REDRIVEN' && (status === undefined || execution.status === status));
  const list = `executions ${machine.arn} ${status ?? ''} ${redrive ?? ''}`;
  const token = request.optionalString('nextToken');
  const page = pageOf(found, (execution) => execution.arn, list, request.maxResults(), token);
  return { executions: page.items.map(executionItem), nextToken: page.nextToken };
}

/** Events in order, or the latest first. A history that grows meanwhile pages on without a gap. */
function getHistory(executions: Executions, input: Readonly<Record<string, unknown>>): ReturnType<Operation> {
  const known = ['executionArn', 'maxResults', 'reverseOrder', 'nextToken', 'includeExecutionData'];
  const request = new Request(input, known);
  const execution = executions.find(request.string('executionArn'));
  const reverse = request.boolean('reverseOrder', false);
  const withData = request.boolean('includeExecutionData', true);
  const { events } = execution.history;
  /** // The order is a part of the list: a token of one direction means nothing in the other. */
  const list = `history ${execution.arn} ${reverse}`;
  const token = request.optionalString('nextToken');
  const ordered = reverse ? [...events].reverse() : events;
  const page = pageOf(ordered, (event) => String(event.id), list, request.maxResults(), token);
  return { events: page.items.map((event) => eventShape(event, withData)), nextToken: page.nextToken };
}
