import * as fc from 'fast-check';
import { history, play } from './account-histories';

describe('thousands of histories of an account, of up to six changes, each told of 0 to 3 times', () => {
  test('leave what the rules give the account as it is in the end', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (actions) => {
        const { assigned, wanted, isRunning } = await play(actions);

        expect(assigned).toEqual(wanted);
        expect(isRunning).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});
