import type { AssignmentKey } from '../../core/assignments/assignment';
import { changeAssignment } from '../../core/assignments/change';
import { settled } from '../../core/assignments/operations';
import { Telling } from '../../core/dispatcher/tell';
import { announceEnd, announceGrant } from '../../core/requests/announce';
import { awaitSignal } from '../../core/requests/await-signal';
import { closeLeases, openLeases } from '../../core/requests/change-leases';
import { revokeRequest } from '../../core/requests/receive';
import { sweep } from '../../core/sweep/sweep';
import type { Waiting } from '../../core/requests/access-request';
import { keyOf } from '../support/dispatcher-world';
import type { Program } from './replayed-actor';
import { REQUEST_ID, type Waker } from './waking-moments';
import { type WakingPorts, portsOf } from './waking-ports';

/** How a function that is killed looks to its state machine: a task that failed, which is tried again. */
export class FunctionDied extends Error {}

/** The state machine of a request, by what its states call; `next` names the states as the functions do. */
export type State =
  | 'openLeases'
  | 'closeLeases'
  | 'awaitGrant'
  | 'announceGrant'
  | 'awaitEnd'
  | 'awaitRevoke'
  | 'announceEnd'
  | 'done';

/** What an execution needs from whoever lets it run. */
export type MachineCall = (method: string, ...args: readonly unknown[]) => Promise<unknown>;

/** The production code of each kind of waker. */
export function programOf(waker: Waker, accounts: number): Program {
  return async (call, clock) => {
    const ports = portsOf(call, clock);
    switch (waker) {
      case 'pass':
        return passOf(
          ports,
          Array.from({ length: accounts }, (_, index) => keyOf(index + 1)),
        );
      case 'sweep':
        return sweep(ports);
      case 'early end':
        return revokeRequest(ports, REQUEST_ID, 'somebody', undefined);
    }
  };
}

/** The execution of an attempt, from a state on until it is done or comes to one that nobody asks about. */
export function executionFrom(begins: State, attempt: number, endsBefore: readonly State[]): Program {
  return async (call, clock) => {
    const machine: MachineCall = (method, ...args) => call('machine', method, args);
    const own = portsOf((port, method, args) => call(`own ${port}`, method, args), clock);
    return runExecution({ waiting: portsOf(call, clock), others: own }, machine, {
      begins,
      attempt,
      endsBefore,
    });
  };
}

/**
 * See {@link executionFrom}. A state begins only if the machine goes on; its function is tried again where it dies. What comes before
 * and after an *Await* is made in one step: `others` are the ports of its functions.
 */
export async function runExecution(
  { waiting, others: ports }: { readonly waiting: WakingPorts; readonly others: WakingPorts },
  machine: MachineCall,
  {
    begins,
    attempt,
    endsBefore,
  }: { readonly begins: State; readonly attempt: number; readonly endsBefore: readonly State[] },
): Promise<State> {
  let tokens = 0;
  const task = async (work: () => Promise<{ readonly next: State }>): Promise<State> => {
    for (;;) {
      try {
        return (await work()).next;
      } catch (error) {
        if (!(error instanceof FunctionDied)) throw error;
      }
    }
  };
  const awaits = async (signal: Waiting['signal']): Promise<unknown> => {
    for (;;) {
      const token = `${attempt}.${(tokens += 1)}`;
      await machine('makes token', token);
      const untilItDies = new Promise<'died'>((resolve) => {
        awaitSignal(waiting, { requestId: REQUEST_ID, attempt }, { signal, token }).catch(() => {
          resolve('died');
        });
      });
      // Answered while its function is still at work, the state is over; the function goes on beside the next ones.
      const how = await Promise.race([machine('waits', token, signal), untilItDies]);
      if (how !== 'died') return how;
      if ((await machine('gives token up', token)) === 'answered') return 'answered';
    }
  };
  let how: unknown;
  for (let state = begins; ;) {
    await machine('goes on');
    if (state === 'done' || endsBefore.includes(state)) return state;
    switch (state) {
      case 'openLeases':
        state = await task(() => openLeases(ports, REQUEST_ID));
        break;
      case 'closeLeases':
        state = await task(() => closeLeases(ports, REQUEST_ID));
        break;
      case 'awaitGrant':
        how = await awaits('grant');
        state = 'announceGrant';
        break;
      case 'announceGrant':
        state = await task(() => announceGrant(ports, REQUEST_ID));
        if (state === 'awaitGrant') await machine('goes back', how);
        break;
      case 'awaitEnd':
        await awaits('end');
        state = 'closeLeases';
        break;
      case 'awaitRevoke':
        how = await awaits('revoke');
        state = 'announceEnd';
        break;
      case 'announceEnd':
        state = await task(() => announceEnd(ports, REQUEST_ID));
        if (state === 'awaitRevoke') await machine('goes back', how);
        break;
    }
  }
}

/**
 * A pass: the outcome of the first account comes in, and that of the next one while the first is told. What a pass before it has left
 * to tell is told too.
 */
async function passOf(ports: WakingPorts, keys: readonly AssignmentKey[]): Promise<void> {
  const [first, ...others] = keys;
  if (first !== undefined) await settle(ports, first);
  await Promise.all([tellAll(ports), ...others.map((key) => settle(ports, key))]);
  await tellAll(ports);
}

/** Identity Center has done what the open operation asked for. */
async function settle(ports: WakingPorts, key: AssignmentKey): Promise<void> {
  await changeAssignment(ports, key, (present, now) =>
    present.operation === undefined ? undefined : settled(present, present.operation, 'SUCCEEDED', now),
  );
}

/** Tells whatever the index shows, without the pauses of a pass: in an order, how long ago something was makes no difference. */
async function tellAll(ports: WakingPorts): Promise<void> {
  for (;;) {
    const keys = await ports.assignments.underWay();
    const items = await Promise.all(keys.map((key) => ports.assignments.read(key)));
    const untold = items.filter((item) => item !== undefined && item.toTell.length > 0);
    if (untold.length === 0) return;
    const telling = new Telling(ports);
    for (const item of untold) if (item !== undefined) telling.add(item);
    await telling.tell();
  }
}
