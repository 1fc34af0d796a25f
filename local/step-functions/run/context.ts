import type { Json, JsonObject } from '../json';
import type { View } from '../query/query';
import type { Strand } from './strand';

/** An instant as the context object shows it. */
function isoTime(instant: number): string {
  return new Date(instant).toISOString();
}

/** What is known of a state that a strand is in. */
export interface Visit {
  readonly stateName: string;
  /** The id of its `…StateEntered` event. */
  readonly enteredId: number;
  readonly enteredAt: number;
  readonly input: Json;
}

/** What the state's fields can see. */
export function viewOf(strand: Strand, visit: Visit, retryCount = 0): View {
  const { start, startDate, machine } = strand.execution;
  // Members and their order as the service writes them.
  const context: JsonObject = {
    Execution: {
      Id: start.arn,
      Input: start.input,
      StartTime: isoTime(startDate),
      Name: start.name,
      RoleArn: machine.roleArn,
      RedriveCount: 0,
    },
    StateMachine: { Id: machine.arn, Name: machine.name },
    State: { Name: visit.stateName, EnteredTime: isoTime(visit.enteredAt), RetryCount: retryCount },
    ...(strand.mapContext === undefined ? {} : { Map: strand.mapContext }),
  };
  return { input: visit.input, context, variables: strand.variables.all() };
}
