import type { ParallelState } from '../definition/machine';
import { type Step, runBlock } from './block';
import type { Visit } from './context';
import { fanOut } from './fan-out';
import { withRecovery } from './recovery';
import type { Strand } from './strand';

/** Runs a Parallel: the first branch that fails ends the others. */
export async function runParallel(strand: Strand, state: ParallelState, visit: Visit): Promise<Step> {
  return await withRecovery(strand, state, visit, async (view) => {
    const effective = await state.flow.effectiveInput(view.input, view);
    const input = await state.flow.arguments(effective, view);
    strand.record('ParallelStateStarted');
    // All branches get the same input; each one's variables are its own.
    const jobs = state.branches.map((branch) => ({
      mapContext: undefined,
      run: (branchStrand: Strand) => runBlock(branchStrand, branch, input),
    }));
    const result = await fanOut(strand, jobs, Infinity, (failure) => failure);
    strand.record('ParallelStateSucceeded');
    return await state.flow.finish(result, { ...view, result });
  });
}
