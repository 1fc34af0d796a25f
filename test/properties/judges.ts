import type { Assignment } from '../../core/assignments/assignment';
import { wanted } from '../../core/assignments/claims';
import type { Provision } from '../../core/provisions/provision';
import type { QuotaOperation, Submission } from '../support/quota-settings';
import type { SchedulerWorld } from './scheduler-world';

const MINUTE = 60_000;

/** Absence is proved by looks that agree for so long. */
const PROOF_MS = 90_000;

/**
 * What must never be, read off the service and the ledger while a schedule happens. Breaches are collected rather than thrown, since
 * the domain survives what its ports throw.
 */
export class Judge {
  /** An operation was sent to an assignment on which another was under way. */
  readonly overlaps: string[] = [];
  /** The service ran something that the ledger showed to nobody. */
  readonly hidden: string[] = [];
  /** Something was sent again although nobody could know that it had not been started. */
  readonly repeats: string[] = [];
  readonly #world: SchedulerWorld;
  readonly #sent = new Map<string, Sent>();

  constructor(world: SchedulerWorld) {
    this.#world = world;
    world.identityCenter.onSubmission = (submission) => {
      this.#hear(submission);
    };
  }

  /** Compares what is under way with what the ledger shows. */
  look(): void {
    for (const operation of this.#world.identityCenter.underWay()) {
      const why = this.#hiddenBecause(operation);
      if (why !== undefined)
        this.hidden.push(`${operation.id}, ${operation.call} of ${operation.name}: ${why}`);
    }
  }

  /** Accepted operations of which the ledger knows nothing although all is at rest. */
  unsettled(): string[] {
    const { identityCenter } = this.#world;
    const lost = new Set(
      identityCenter.submissions.flatMap(({ known, started }) =>
        known === 'nothing' && started !== undefined ? [started.id] : [],
      ),
    );
    return identityCenter.operations.flatMap(({ id, name, isForgotten }) => {
      const isKnown = this.#item(name)?.requestIds?.includes(id) === true;
      return isKnown || isForgotten || lost.has(id) ? [] : [`${id} of ${name}`];
    });
  }

  /**
   * Assignments that exist although nothing wants them, or the other way round, or of which the ledger believes the wrong thing. A
   * claim that has just ended is the next sweep's: it comes every minute.
   */
  wrongs(): string[] {
    const now = this.#world.now();
    return [...this.#world.assignments.items.values()].flatMap((item) => {
      const isDue = item.lookAt !== undefined && item.lookAt <= now && now - item.lookAt < MINUTE;
      if (isDue) return [];
      const isThere = this.#world.identityCenter.exists(item.key);
      const isBelieved = item.seen?.exists === true;
      const isWanted = wanted(item, now);
      const isRight = isThere === isBelieved && isThere === (isWanted === 'present');
      return isRight ? [] : [`${item.key.accountId}: ${isWanted}, seen ${isBelieved}, is there ${isThere}`];
    });
  }

  /** Accounts that have an older version of a set although no provision of it failed for good. */
  outdated(): string[] {
    const { provisions, identityCenter } = this.#world;
    const items = [...provisions.items.values()];
    const failed = new Set(
      items.flatMap(({ target, outcome }) => (outcome?.status === 'FAILED' ? [target.permissionSetArn] : [])),
    );
    const sets = new Set(items.map(({ target }) => target.permissionSetArn));
    return [...sets].flatMap((each) => (failed.has(each) ? [] : identityCenter.outdated(each)));
  }

  #hear(submission: Submission): void {
    const { name, call, started, at } = submission;
    const { identityCenter } = this.#world;
    const other = identityCenter.underWay().find((each) => each.name === name && each.id !== started?.id);
    if (other !== undefined) this.overlaps.push(`${call} of ${name} while ${other.id} was under way`);
    const item = this.#item(name);
    const sent: Sent = { ...submission, generation: generationOf(item) };
    const before = this.#sent.get(name);
    const why = before === undefined ? undefined : repeatOf(before, sent, item?.requestIds ?? []);
    if (why !== undefined) this.repeats.push(`${call} of ${name} at ${at}: ${why}`);
    this.#sent.set(name, sent);
    this.look();
  }

  #hiddenBecause({ id, name }: QuotaOperation): string | undefined {
    const item = this.#item(name);
    const { operation } = item ?? {};
    if (operation === undefined) return 'there is no open operation';
    if (operation.state === 'INTENT') return 'the open operation says that it waits to be sent';
    if (operation.state === 'FOLLOWING' && operation.requestId !== id)
      return `${operation.requestId ?? 'nothing'} is followed`;
    if (item !== undefined && 'claims' in item && item.lookAt === undefined)
      return 'no sweep will look at it';
    return undefined;
  }

  #item(name: string): Assignment | Provision | undefined {
    const target = name.replace(/^provision /, '');
    return this.#world.assignments.items.get(name) ?? this.#world.provisions.items.get(target);
  }
}

interface Sent extends Submission {
  /** Undefined for provisions, which have none. */
  readonly generation: number | undefined;
}

function generationOf(item: Assignment | Provision | undefined): number | undefined {
  return item !== undefined && 'generation' in item ? item.generation : undefined;
}

/** Why something must not have been sent after what was sent before it; undefined where it may. */
function repeatOf(before: Sent, sent: Sent, knownIds: readonly string[]): string | undefined {
  if (before.known === 'refused') return undefined;
  if (sent.generation !== undefined && sent.generation <= (before.generation ?? Infinity))
    return `generation ${sent.generation} again`;
  if (before.known === 'accepted') return undefined;
  const wasFound = before.started !== undefined && knownIds.includes(before.started.id);
  const waited = sent.at - before.at;
  return wasFound || waited >= PROOF_MS
    ? undefined
    : `${waited} ms after one whose reply was lost, which had not been found`;
}

/** The most calls that arrived within `ms`. */
export function mostWithin(arrivals: readonly number[], ms: number): number {
  let [first, most] = [0, 0];
  arrivals.forEach((at, n) => {
    while (at - (arrivals[first] ?? at) >= ms) first += 1;
    most = Math.max(most, n - first + 1);
  });
  return most;
}
