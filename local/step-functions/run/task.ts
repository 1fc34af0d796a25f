import type { TaskState } from '../definition/machine';
import type { View } from '../query/query';
import type { Step } from './block';
import type { Visit } from './context';
import { withRecovery } from './recovery';
import type { Strand } from './strand';
import { TaskAttempt } from './task-attempt';

/** Runs a Task, attempt by attempt; each one evaluates its arguments anew and has a token of its own. */
export async function runTask(strand: Strand, state: TaskState, visit: Visit): Promise<Step> {
  return await withRecovery(strand, state, visit, async (attemptView) => {
    const attempt = new TaskAttempt(strand, state);
    try {
      const view = withToken(attemptView, attempt.token);
      const effective = await state.flow.effectiveInput(view.input, view);
      const timeoutSeconds = await state.timeoutSeconds?.(effective, view);
      const heartbeatSeconds = await state.heartbeatSeconds?.(effective, view);
      const given = await state.flow.arguments(effective, view);
      const result = await attempt.run(given, { timeoutSeconds, heartbeatSeconds });
      return await state.flow.finish(result, { ...view, result });
    } finally {
      attempt.close();
    }
  });
}

/** `$$.Task.Token` is there in every field of the state, the output included. */
function withToken(view: View, token: string | undefined): View {
  return token === undefined ? view : { ...view, context: { ...view.context, Task: { Token: token } } };
}
