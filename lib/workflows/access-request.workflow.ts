import { Duration } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type {
  AnnounceInput,
  AnnounceOutput,
  AwaitedSignal,
  ChangeLeasesInput,
  ChangeLeasesOutput,
  DecideOutput,
  ResolveOutput,
} from '../../lambdas/access-request/contract';
import { STATE_MACHINE_NAMES } from '../../lambdas/runtime/contract';
import { StandardWorkflow } from '../constructs/standard-workflow';
import { awaitTask, lambdaTask, mostEventsPerTask, thenAlways } from './lambda-task';

/** The functions behind the states. */
interface AccessRequestFunctions {
  readonly resolveRequest: lambda.IFunction;
  readonly decideRequest: lambda.IFunction;
  readonly changeLeases: lambda.IFunction;
  readonly awaitSignal: lambda.IFunction;
  readonly announce: lambda.IFunction;
}

/** Properties of {@link AccessRequestWorkflow}. */
export interface AccessRequestWorkflowProps {
  readonly functions: AccessRequestFunctions;
  readonly key: kms.IKey;
}

/**
 * How often one execution may wait or change leases before a fresh one takes over. A round is at most two tasks and two
 * choices: usually 17 history events, at the very worst (every retry used up) about 100, so 200 rounds stay below the
 * 25,000 events that end an execution. At the 15 minutes that a wait for a grant or a revoke may last, it is two days.
 */
export const ROUNDS_PER_EXECUTION = 200;

/** The most history events that the rounds of an execution can write; a test holds it against the limit of the service. */
export const MOST_EVENTS_IN_ROUNDS = ROUNDS_PER_EXECUTION * (2 * mostEventsPerTask() + 2 * 2);

/** Longer than any of the functions may run (its own timeout ends it first), short enough to be noticed. */
const TASK_TIMEOUT = Duration.seconds(150);

/** The two ids that every task gets. They are variables, so that no state has to hand them on. */
const IDS = { requestId: '{% $requestId %}', attempt: '{% $attempt %}' };
const NEXT_ROUND = { rounds: '{% $rounds + 1 %}' };
const SECONDS = { seconds: '{% $states.result.Payload.seconds %}' };

/** The tasks of the workflow, by what they do. */
interface States {
  readonly resolve: sfn.TaskStateBase;
  readonly decide: sfn.TaskStateBase;
  readonly openLeases: sfn.TaskStateBase;
  readonly closeLeases: sfn.TaskStateBase;
  readonly announceGrant: sfn.TaskStateBase;
  readonly announceEnd: sfn.TaskStateBase;
  readonly awaitStart: sfn.TaskStateBase;
  readonly awaitGrant: sfn.TaskStateBase;
  readonly awaitEnd: sfn.TaskStateBase;
  readonly awaitRevoke: sfn.TaskStateBase;
  readonly done: sfn.Succeed;
  readonly freshExecution: sfn.Fail;
}

/**
 * The life of one access request. The machine holds only order and waiting: every function reads the ledger, acts on the
 * difference and says what comes next, so a state may be repeated, and an execution may stop at any point and be followed
 * by another one.
 */
export class AccessRequestWorkflow extends Construct {
  public readonly stateMachine: sfn.StateMachine;

  public constructor(scope: Construct, id: string, props: AccessRequestWorkflowProps) {
    super(scope, id);
    const states: States = {
      ...tasksOf(this, props.functions),
      ...awaitsOf(this, props.functions.awaitSignal),
      done: sfn.Succeed.jsonata(this, 'Done'),
      freshExecution: sfn.Fail.jsonata(this, 'Continue in a fresh execution', {
        error: 'Latchkey.TooManyRounds',
        cause: `after ${ROUNDS_PER_EXECUTION} rounds the history is long enough: the sweep starts the next attempt of this request`,
      }),
    };
    const begin = sfn.Pass.jsonata(this, 'Begin', {
      comment: 'Keeps the two ids and counts the rounds from zero',
      assign: {
        requestId: '{% $states.input.requestId %}',
        attempt: '{% $states.input.attempt %}',
        rounds: 0,
      },
      outputs: {},
    });
    this.connect(states);
    const { resolveRequest, decideRequest, changeLeases, awaitSignal, announce } = props.functions;
    this.stateMachine = new StandardWorkflow(this, 'Workflow', {
      stateMachineName: STATE_MACHINE_NAMES.accessRequest,
      comment: 'The life of one access request, from the ticket to the end of the access',
      start: begin.next(states.resolve),
      // Named one by one: the object that is handed in may well have more functions than the states call.
      functions: [resolveRequest, decideRequest, changeLeases, awaitSignal, announce],
      key: props.key,
    }).stateMachine;
  }

  private connect(states: States): void {
    const { resolve, decide, openLeases, closeLeases, announceGrant, announceEnd, done } = states;
    const { awaitStart, awaitGrant, awaitEnd, awaitRevoke } = states;
    resolve.next(
      this.choice<ResolveOutput['next']>('Was anything resolved?', states, { decide, announceEnd }),
    );
    decide.next(
      this.choice<DecideOutput['next']>('What was decided?', states, { awaitStart, openLeases, announceEnd }),
    );
    const whatLeasesNeed = this.choice<ChangeLeasesOutput['next']>('What do the leases wait for?', states, {
      awaitGrant,
      awaitRevoke,
      closeLeases,
      announceEnd,
    });
    openLeases.next(whatLeasesNeed);
    closeLeases.next(whatLeasesNeed);
    const whatIsAnnounced = this.choice<AnnounceOutput['next']>('What is left to do?', states, {
      awaitGrant,
      awaitEnd,
      closeLeases,
      awaitRevoke,
      done,
    });
    announceGrant.next(whatIsAnnounced);
    announceEnd.next(whatIsAnnounced);
    thenAlways(awaitStart, resolve, NEXT_ROUND);
    thenAlways(awaitGrant, announceGrant, NEXT_ROUND);
    thenAlways(awaitEnd, closeLeases, NEXT_ROUND);
    thenAlways(awaitRevoke, announceEnd, NEXT_ROUND);
  }

  /**
   * Goes where the function before it says. Every loop leads through a state that counts a round and through one of
   * these, so this is where the limit is held. An answer that is not in the contract ends the execution
   * (`States.NoChoiceMatched`), and the sweep starts the next attempt.
   */
  private choice<Next extends string>(
    name: string,
    states: States,
    branches: Record<Next, sfn.IChainable>,
  ): sfn.Choice {
    const choice = sfn.Choice.jsonata(this, name);
    choice.when(
      sfn.Condition.jsonata(`{% $rounds >= ${ROUNDS_PER_EXECUTION} and $states.input.next != 'done' %}`),
      states.freshExecution,
    );
    for (const [next, state] of Object.entries<sfn.IChainable>(branches)) {
      choice.when(sfn.Condition.jsonata(`{% $states.input.next = '${next}' %}`), state);
    }
    return choice;
  }
}

function tasksOf(
  scope: Construct,
  functions: AccessRequestFunctions,
): Pick<States, 'resolve' | 'decide' | 'openLeases' | 'closeLeases' | 'announceGrant' | 'announceEnd'> {
  const changeLeases = (
    name: string,
    change: ChangeLeasesInput['change'],
    comment: string,
  ): sfn.TaskStateBase =>
    lambdaTask(scope, name, {
      target: functions.changeLeases,
      input: { ...IDS, change },
      comment,
      timeout: TASK_TIMEOUT,
      assign: { ...SECONDS, ...NEXT_ROUND },
    });
  const announceTo = (
    name: string,
    announce: AnnounceInput['announce'],
    comment: string,
  ): sfn.TaskStateBase =>
    lambdaTask(scope, name, {
      target: functions.announce,
      input: { ...IDS, announce },
      comment,
      timeout: TASK_TIMEOUT,
      assign: SECONDS,
    });
  return {
    resolve: lambdaTask(scope, 'Resolve principal and accounts', {
      target: functions.resolveRequest,
      input: IDS,
      comment:
        'Finds the principal and the permission set by name and pins the accounts that can take access',
      timeout: TASK_TIMEOUT,
    }),
    decide: lambdaTask(scope, 'Decide', {
      target: functions.decideRequest,
      input: IDS,
      comment: 'Holds the pinned request against the access policy',
      timeout: TASK_TIMEOUT,
      assign: SECONDS,
    }),
    openLeases: changeLeases('Open leases', 'open', 'Claims the assignments and lets the dispatcher know'),
    closeLeases: changeLeases('Close leases', 'close', 'Gives the claims up and lets the dispatcher know'),
    announceGrant: announceTo(
      'Announce grant',
      'grant',
      'Says which accounts were granted, once enough is known',
    ),
    announceEnd: announceTo(
      'Announce end',
      'end',
      'Says how the request ended, once every account is settled',
    ),
  };
}

function awaitsOf(
  scope: Construct,
  target: lambda.IFunction,
): Pick<States, 'awaitStart' | 'awaitGrant' | 'awaitEnd' | 'awaitRevoke'> {
  const awaitSignal = (name: string, signal: AwaitedSignal, comment: string): sfn.TaskStateBase =>
    awaitTask(scope, name, {
      target,
      input: { ...IDS, signal },
      comment,
      seconds: '{% $seconds %}',
      assign: NEXT_ROUND,
    });
  return {
    awaitStart: awaitSignal('Await start', 'start', 'Until the start of the access, or a revocation'),
    awaitGrant: awaitSignal(
      'Await grant',
      'grant',
      'Until the dispatcher has settled the accounts, or it is time to look',
    ),
    awaitEnd: awaitSignal('Await end', 'end', 'Until the access expires, or a revocation'),
    awaitRevoke: awaitSignal(
      'Await revoke',
      'revoke',
      'Until the access is gone everywhere, or it is time to look',
    ),
  };
}
