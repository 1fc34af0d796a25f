import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { LEASED_STEP_RETRY, mostEventsPerTask } from './lambda-task';

/**
 * What the machines have in common whose steps work under a lease and say what comes next: every state comes back to one choice, and the
 * steps are counted, so that the history stays bounded.
 */

/** Counts one step more. */
export const COUNTS_STEP = { steps: '{% $steps + 1 %}' } as const;

/** The first state: keeps these members of the input, and counts the steps from zero. */
export function begin(scope: Construct, members: readonly string[]): sfn.Pass {
  const kept = members.map((member) => [member, `{% $states.input.${member} %}`] as const);
  return sfn.Pass.jsonata(scope, 'Begin', {
    comment: `Keeps ${members.map((member) => WORDS[member] ?? member).join(' and ')} and counts the steps from zero`,
    assign: { ...Object.fromEntries(kept), steps: 0 },
    outputs: {},
  });
}

const WORDS: Readonly<Partial<Record<string, string>>> = { number: 'the number', accountId: 'the account' };

/**
 * The choice after every step, by the word `next` of its answer; `done` ends the execution, and a word that nobody knows fails it.
 * @param limit steps after which the machine ends by itself, should no function have handed over
 */
export function whatComesNext(
  scope: Construct,
  limit: number,
  branches: Readonly<Record<string, sfn.IChainable>>,
): sfn.Choice {
  const choice = sfn.Choice.jsonata(scope, 'What comes next?');
  choice.when(
    sfn.Condition.jsonata(`{% $steps >= ${limit} and $states.input.next != 'done' %}`),
    sfn.Fail.jsonata(scope, 'Continue in a fresh execution', {
      error: 'Latchkey.TooManySteps',
      cause: `after ${limit} steps the history is long enough: the sweep starts the next execution`,
    }),
  );
  for (const [next, state] of Object.entries({ ...branches, done: sfn.Succeed.jsonata(scope, 'Done') }))
    choice.when(sfn.Condition.jsonata(`{% $states.input.next = '${next}' %}`), state);
  return choice;
}

/** Waits for as many seconds as the step has said. */
export function waitAsSaid(scope: Construct, outputs?: Readonly<Record<string, string>>): sfn.Wait {
  return sfn.Wait.jsonata(scope, 'Wait', {
    time: sfn.WaitTime.seconds('{% $states.input.seconds %}'),
    ...(outputs === undefined ? {} : { outputs }),
  });
}

/** The most history events that so many steps can write, each with its choice and a wait, and a choice after that. */
export function mostEventsIn(steps: number): number {
  return steps * (mostEventsPerTask(LEASED_STEP_RETRY) + 2 + 2 + 2);
}
