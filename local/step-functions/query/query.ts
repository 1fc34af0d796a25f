import type { Random } from '../../../core/ports/random';
import type { Json, JsonObject } from '../json';

/** What a field of a state can see when it is evaluated. */
export interface View {
  /** The state's raw input: `$states.input`, and what `ResultPath` merges into. */
  readonly input: Json;
  /** `$states.result`, once there is one. */
  readonly result?: Json;
  /** `$states.errorOutput`, inside a catcher. */
  readonly errorOutput?: Json;
  /** The context object: `$$` and `$states.context`. */
  readonly context: JsonObject;
  /** Every variable in reach, by name. */
  readonly variables: JsonObject;
}

/**
 * A compiled field. `root` is what `$` means to a JSONPath at this stage; JSONata does not see it.
 * Throws `EvaluationError`.
 */
export type Query = (root: Json, view: View) => Json | Promise<Json>;

/** The query languages. */
export type QueryLanguage = 'JSONPath' | 'JSONata';

/** Time and chance, as functions inside of queries see them. */
export interface QueryTools {
  readonly random: Random;
  readonly uuid: () => string;
  /** Virtual time, epoch milliseconds. */
  readonly now: () => number;
}

/** What a query may refer to; known when the machine is created. */
export interface QueryScope {
  readonly tools: QueryTools;
  /** The variables that some state in reach assigns. */
  readonly variables: ReadonlySet<string>;
  /** Which members `$states` has here besides `input` and `context`. */
  readonly states: ReadonlySet<'result' | 'errorOutput'>;
}
