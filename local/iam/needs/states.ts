import { arnOf, arns, EVERYTHING, textOf, type Needs } from './need';

/** Operations that IAM takes on everything or not at all. */
const ON_EVERYTHING: ReadonlySet<string> = new Set(['ListStateMachines', 'ValidateStateMachineDefinition']);

/**
 * What `states` actions need: the machine or the execution that the input names, a new machine's ARN, or, for the answer to a
 * task token, the machine whose task gave it. Source: the service authorization reference of Step Functions.
 */
export const statesNeeds: Needs = (operation, input, { region, accountId, machineOfToken }) => {
  const action = `states:${operation}`;
  if (ON_EVERYTHING.has(operation)) return [{ action, resources: EVERYTHING }];
  const token = textOf(input, 'taskToken');
  const resources = arns(
    textOf(input, 'executionArn'),
    textOf(input, 'stateMachineArn'),
    textOf(input, 'mapRunArn'),
    textOf(input, 'resourceArn'),
    operation === 'CreateStateMachine'
      ? arnOf(`arn:aws:states:${region}:${accountId}:stateMachine:`, textOf(input, 'name'))
      : undefined,
    token === undefined ? undefined : machineOfToken(token),
  );
  return [{ action, resources }];
};
