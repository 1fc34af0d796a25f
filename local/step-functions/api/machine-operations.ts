import { AwsError } from '../../aws-api/json-service';
import type { Executions } from './executions';
import type { Machines, NewMachine } from './machines';
import { type Operation, includesData } from './operation';
import { pageOf } from './paging';
import { Request } from './request';
import { epochSeconds, machineDescription, machineItem, machineOfExecution } from './shapes';

/** The longest definition, in characters. */
const MAX_DEFINITION = 1_048_576;

/** The operations on state machines. */
export function machineOperations(
  machines: Machines,
  executions: Executions,
): Readonly<Record<string, Operation>> {
  return {
    CreateStateMachine: (input) => {
      const machine = machines.create(newMachine(input), true);
      return { stateMachineArn: machine.arn, creationDate: epochSeconds(machine.creationDate) };
    },
    DeleteStateMachine: (input) => {
      const machine = machines.delete(new Request(input, ['stateMachineArn']).string('stateMachineArn'));
      if (machine !== undefined) executions.forgetDeleted(machine);
      return {};
    },
    DescribeStateMachine: (input) => {
      const request = new Request(input, ['stateMachineArn', 'includedData']);
      return machineDescription(machines.find(request.string('stateMachineArn')), includesData(request));
    },
    DescribeStateMachineForExecution: (input) => {
      const request = new Request(input, ['executionArn', 'includedData']);
      const { machine } = executions.find(request.string('executionArn'));
      return machineOfExecution(machine, includesData(request));
    },
    // By name, so that a page is the same however often machines were made and deleted.
    ListStateMachines: (input) => {
      const request = new Request(input, ['maxResults', 'nextToken']);
      const token = request.optionalString('nextToken');
      const page = pageOf(machines.list(), (machine) => machine.arn, 'machines', request.maxResults(), token);
      return { stateMachines: page.items.map(machineItem), nextToken: page.nextToken };
    },
  };
}

/**
 * What `CreateStateMachine` was sent. What it asks for and this runtime has not, such as EXPRESS machines, versions or
 * encryption, is refused.
 */
function newMachine(input: Readonly<Record<string, unknown>>): NewMachine {
  const request = new Request(input, [
    ...['name', 'definition', 'roleArn', 'type', 'publish', 'tags'],
    ...['loggingConfiguration', 'tracingConfiguration'],
  ]);
  const type = request.optionalOneOf('type', ['STANDARD', 'EXPRESS']);
  if (type === 'EXPRESS') {
    throw new AwsError(
      'StateMachineTypeNotSupported',
      'the local runtime has no EXPRESS state machines: use STANDARD',
    );
  }
  if (request.boolean('publish', false)) {
    throw new AwsError('ValidationException', 'the local runtime has no versions: leave out publish');
  }
  const logging = request.optionalObject('loggingConfiguration');
  const tracing = request.optionalObject('tracingConfiguration');
  return {
    name: request.string('name'),
    definition: request.string('definition', { least: 1, most: MAX_DEFINITION }),
    roleArn: request.string('roleArn', { least: 1, most: 256 }),
    tags: request.list('tags'),
    ...(logging === undefined ? {} : { loggingConfiguration: logging }),
    ...(tracing === undefined ? {} : { tracingConfiguration: tracing }),
  };
}
