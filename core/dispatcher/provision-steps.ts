import { nextAttemptAfter, nextCallAfter } from '../assignments/operations';
import { type Refusal, classifyFailure, classifyRefusal } from '../assignments/outcomes';
import { CallRefusedError, type ProvisionTarget } from '../ports/identity-center';
import { changeProvision } from '../provisions/ask';
import {
  type Provision,
  type ProvisionOperation,
  acceptedProvision,
  describeTarget,
  endedProvision,
  lookedForProvision,
  recoveringProvision,
  submittingProvision,
  unknownProvision,
  waitingAgain,
} from '../provisions/provision';
import { UNKNOWN_STATUS_PATIENCE_MS, afterFinding, nextSearchAt, pauseAfter } from './follow';
import type { OperationEnd } from './operation-ends';
import type { StepPorts, Stepped } from './ports';

/** What became of sending a provision. */
export interface SubmittedProvision {
  readonly item: Provision;
  readonly refusal?: Refusal;
}

/** Sends a waiting provision (protocol R, steps 2 and 3): a read, two writes and one call. */
export async function submitProvision(
  ports: StepPorts,
  target: ProvisionTarget,
): Promise<SubmittedProvision> {
  const present = (await ports.provisions.read(target)) ?? unknownProvision(target);
  const { operation } = present;
  const now = ports.clock.now();
  if (operation?.state !== 'INTENT' || operation.notBefore > now) return { item: present };
  const written = await ports.provisions.write(submittingProvision(present, operation, now));
  const sent = written?.operation;
  // Where another writer was first, nothing has been sent: the next round begins anew.
  if (sent === undefined) return { item: present };
  let requestId: string;
  try {
    requestId = await ports.identityCenter.provision(target);
  } catch (error) {
    if (!(error instanceof CallRefusedError)) throw error;
    return { item: await refusedProvision(ports, target, sent, error.refusal), refusal: error.refusal };
  }
  ports.observer.note('provision accepted', { provision: describeTarget(target), requestId });
  const acceptedAt = ports.clock.now();
  const { item } = await step(ports, target, sent, (each, open) =>
    acceptedProvision(each, open, requestId, acceptedAt),
  );
  return { item };
}

async function refusedProvision(
  ports: StepPorts,
  target: ProvisionTarget,
  sent: ProvisionOperation,
  refusal: Refusal,
): Promise<Provision> {
  const { observer, random } = ports;
  const outcome = classifyRefusal('create', refusal);
  const fields = { provision: describeTarget(target), error: refusal.name, outcome };
  if (outcome === 'unknown') observer.warn('operation has an unknown outcome', fields);
  else observer.note('operation refused', fields);
  const isOver = outcome === 'terminal' || outcome === 'done';
  if (!isOver) observer.measure('OperationsRefused', 1, { kind: 'provision', outcome });
  const reason = `${refusal.name}: ${refusal.message}`;
  const moved = await step(ports, target, sent, (present, open, now) => {
    switch (outcome) {
      case 'unknown':
        return recoveringProvision(present, open);
      case 'done':
      case 'terminal':
        return endedProvision(present, open, 'FAILED', now, reason);
      case 'not accepted':
        return waitingAgain(present, open, reason, nextCallAfter(open.attempts, now, random));
      case 'not accepted, slowly':
        return waitingAgain(present, open, reason, nextAttemptAfter(open.attempts, true, now, random));
    }
  });
  if (isOver) measureEnd(ports, 'failed', moved);
  return moved.item;
}

/** Asks for the status of a provision that was accepted. */
export async function describeProvision(ports: StepPorts, provision: Provision): Promise<Stepped<Provision>> {
  const { clock, identityCenter, observer, random } = ports;
  const { operation, target } = provision;
  if (operation?.requestId === undefined) return { item: provision };
  const askedAt = clock.now();
  const { status, reason = 'no reason given' } = await identityCenter.describe(
    'provision',
    operation.requestId,
  );
  const age = askedAt - (operation.submittedAt ?? askedAt);
  switch (status) {
    case 'IN_PROGRESS':
      return { item: provision, seenAt: askedAt };
    case 'UNKNOWN':
      if (age < UNKNOWN_STATUS_PATIENCE_MS) return { item: provision, lookAt: clock.now() + pauseAfter(age) };
      return {
        item: (await step(ports, target, operation, recoveringProvision)).item,
        lookAt: clock.now(),
      };
    case 'SUCCEEDED':
    case 'FAILED': {
      const failure = status === 'FAILED' ? classifyFailure('create', reason) : undefined;
      // Of all accounts, some have failed and all others are done: whoever asked goes on with those that are left.
      const mayPass = failure === 'retry' || failure === 'retry slowly';
      const isOver = !mayPass || target.accountId === undefined;
      observer.note('provision ended', { provision: describeTarget(target), status });
      const moved = await step(ports, target, operation, (present, open, now) =>
        isOver
          ? endedProvision(present, open, status, now, failure === undefined ? undefined : reason)
          : waitingAgain(
              present,
              open,
              reason,
              nextAttemptAfter(open.attempts, failure === 'retry slowly', now, random),
            ),
      );
      measureEnd(ports, !isOver ? 'retried' : status === 'SUCCEEDED' ? 'succeeded' : 'failed', moved);
      return { item: moved.item };
    }
  }
}

/**
 * Searches for a provision whose reply was lost; where the lists do not show it for 90 s, the accounts tell: if none has an older
 * version, it worked, otherwise it is sent again, which does no harm.
 */
export async function checkProvision(
  ports: StepPorts,
  provision: Provision,
  leaseTakenAt: number,
): Promise<Stepped<Provision>> {
  const { clock, identityCenter, observer } = ports;
  const { operation, target } = provision;
  const { submittedAt = 0 } = operation ?? {};
  if (operation?.state === 'SUBMITTING' && submittedAt < leaseTakenAt) {
    observer.warn('operation lost its reply', { provision: describeTarget(target), kind: 'provision' });
    return { item: (await step(ports, target, operation, recoveringProvision)).item, lookAt: clock.now() };
  }
  if (operation?.state !== 'RECOVERING') return { item: provision, lookAt: clock.now() + 1_000 };
  const dueAt = nextSearchAt(operation);
  if (clock.now() < dueAt) return { item: provision, lookAt: dueAt };
  const searched = await ports.lostReplies.search({
    name: describeTarget(target),
    call: 'provision',
    submittedAt,
    knownIds: provision.requestIds,
    ...(operation.requestId === undefined ? {} : { ownId: operation.requestId }),
    isAbout: (subject) =>
      subject.permissionSetArn === target.permissionSetArn && subject.accountId === target.accountId,
  });
  if (searched.is === 'going on') return { item: provision, lookAt: searched.goOnAt };
  if (searched.is === 'found') {
    const { requestId } = searched;
    observer.measure('Recoveries', 1, { verdict: 'found' });
    const { item } = await step(ports, target, operation, (each, open) =>
      acceptedProvision(each, open, requestId),
    );
    return { item, lookAt: afterFinding(operation, requestId, clock.now()) };
  }
  const stale = await identityCenter.staleAccounts(target.permissionSetArn);
  const isUpToDate = target.accountId === undefined ? stale.length === 0 : !stale.includes(target.accountId);
  const { operation: looked, isOver } = lookedForProvision(operation, isUpToDate, clock.now());
  const moved = await step(ports, target, operation, (present, _open, now) => {
    if (!isOver) return { ...present, operation: looked };
    return isUpToDate
      ? endedProvision(present, looked, 'ADOPTED', now)
      : waitingAgain(present, looked, 'the reply was lost and no effect was seen', now);
  });
  if (!isOver) return { item: moved.item, lookAt: nextSearchAt(looked) };
  observer.measure('Recoveries', 1, { verdict: isUpToDate ? 'as wanted' : 'not as wanted' });
  measureEnd(ports, isUpToDate ? 'adopted' : 'retried', moved);
  return { item: moved.item };
}

/** Counts a provision that ended, once: where another pass was first, that one counts it. */
function measureEnd(
  { observer }: StepPorts,
  outcome: OperationEnd,
  { isMoved }: { readonly isMoved: boolean },
): void {
  if (isMoved) observer.measure('OperationsEnded', 1, { kind: 'provision', outcome });
}

/** Only the dispatcher moves an operation on; others only ask for more. */
async function step(
  ports: StepPorts,
  target: ProvisionTarget,
  operation: ProvisionOperation,
  transition: (present: Provision, open: ProvisionOperation, now: number) => Provision,
): Promise<{ readonly item: Provision; readonly isMoved: boolean }> {
  let isMoved = false;
  const item = await changeProvision(ports, target, (present, now) => {
    const open = present.operation;
    isMoved = open?.submittedAt === operation.submittedAt && open?.attempts === operation.attempts;
    return open === undefined || !isMoved ? undefined : transition(present, open, now);
  });
  return { item, isMoved };
}
