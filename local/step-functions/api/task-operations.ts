import { AwsError } from '../../aws-api/json-service';
import { MAX_PAYLOAD_BYTES, parseJson } from '../json';
import type { TaskTokens } from '../tasks/task-tokens';
import type { Operation } from './operation';
import { Request } from './request';

/** Lengths of a token, in characters; the service says the same of its own. */
const TOKEN = { least: 1, most: 2048 };

/**
 * The operations that answer a task token. Their errors, `InvalidToken`, `TaskDoesNotExist` and `TaskTimedOut`, come from
 * {@link TaskTokens}; whoever sends counts them as "nobody waits any more".
 */
export function taskOperations(tokens: TaskTokens): Readonly<Record<string, Operation>> {
  return {
    SendTaskSuccess: (input) => {
      const request = new Request(input, ['taskToken', 'output']);
      const token = request.string('taskToken', TOKEN);
      // Checked before the token is spent: a sender that sent broken JSON may send again.
      const output = checkedOutput(request.string('output', { most: MAX_PAYLOAD_BYTES }));
      tokens.answer(token, (holder) => {
        holder.succeed(output);
      });
      return {};
    },
    SendTaskFailure: (input) => {
      const request = new Request(input, ['taskToken', 'error', 'cause']);
      const error = request.optionalString('error', { most: 256 });
      const cause = request.optionalString('cause', { most: 32_768 });
      tokens.answer(request.string('taskToken', TOKEN), (holder) => {
        holder.fail(error, cause);
      });
      return {};
    },
    SendTaskHeartbeat: (input) => {
      const request = new Request(input, ['taskToken']);
      tokens.holder(request.string('taskToken', TOKEN)).heartbeat();
      return {};
    },
  };
}

/** The output as it was sent, if it is JSON. Throws `InvalidOutput`. */
function checkedOutput(output: string): string {
  try {
    parseJson(output);
    return output;
  } catch (error) {
    throw new AwsError(
      'InvalidOutput',
      `Invalid Output: '${error instanceof Error ? error.message : String(error)}'`,
    );
  }
}
